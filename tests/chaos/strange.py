"""Processes that are not as they should be.

python -m tests.chaos.strange clock DAYS web|worker NAME     its clock is days ahead, or behind
python -m tests.chaos.strange housekeeper worker NAME        dies in the middle of keeping house
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import time_machine

WHAT, *_, PROCESS, NAME = sys.argv[1:]
if WHAT == "clock":  # before anything else is imported: whoever asks for the time later is told the wrong one
    time_machine.travel(datetime.now(UTC) + timedelta(days=int(sys.argv[2])), tick=True).start()

import cli  # noqa: E402
import flows.housekeeping  # noqa: E402
from flows.worker import work  # noqa: E402
from tests.chaos.points import die, wrap  # noqa: E402

if WHAT == "housekeeper":
    wrap(flows.housekeeping, "tidy", before=die)
if PROCESS == "worker":
    asyncio.run(work(NAME))
else:
    sys.argv[1:] = ["web"]
    cli.main()
