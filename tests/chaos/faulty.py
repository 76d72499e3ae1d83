"""A process that dies at a named point: `python -m tests.chaos.faulty worker POINT NAME` or `… web`."""

import asyncio
import sys

import api.acts
import cli
from flows.worker import work
from tests.chaos.points import POINTS, die, wrap

if sys.argv[1] == "worker":
    next(point for point in POINTS if str(point) == sys.argv[2]).arm()
    asyncio.run(work(sys.argv[3]))
else:  # between the fact and its bell: the decision is committed, nobody was told
    wrap(api.acts, "ring", before=die)
    sys.argv[1:] = ["web"]
    cli.main()
