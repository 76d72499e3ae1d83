"""A process that dies at a named point: `python -m tests.chaos.faulty worker POINT NAME`, `… sender POINT`, `web`."""

import asyncio
import sys

import cli
from flows.worker import work
from notifications.delivery import deliver
from tests.chaos.points import POINTS, WEBSITES

PROCESS, POINT = sys.argv[1:3]
for point in (*POINTS, *WEBSITES):
    if str(point) == POINT:
        point.arm()
if PROCESS == "worker":
    asyncio.run(work(sys.argv[3]))
elif PROCESS == "sender":
    deliver()
else:
    sys.argv[1:] = ["web"]
    cli.main()
