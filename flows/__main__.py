"""The worker as a process: `python -m flows [name]`; `jidi worker` sets the environment and becomes this."""

import asyncio
import sys

from core import logging
from core.settings import settings
from flows.worker import work

logging.configure(json=not settings().embedded)
asyncio.run(work(sys.argv[1] if len(sys.argv) > 1 else None))
