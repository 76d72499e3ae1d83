"""Logs: one line an event, with the request, the case and the run it belongs to; readable, or JSON for machines.

What is secret or personal does not belong in a line, and what a library or an exception brings along of it is taken
out of every line before it is written (`core.discretion`).
"""

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from structlog.typing import Processor

from core.discretion import DiscreetRecord, discreet

SEVERAL = "several"
_ABOUT: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)
"""What the lines of this request or run have in common; threads that serve it write to the same sheet."""


def configure(*, json: bool = False) -> None:
    """Write the lines of our own code, and the warnings of libraries, to standard error.

    What a library's own handlers write or send elsewhere, as Prefect's do, is as discreet.
    """
    logging.setLogRecordFactory(DiscreetRecord)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        carry,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.processors.format_exc_info,
        discreet,
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        ),
    ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    tidy = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[tidy, *last]))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def begin(**values: str) -> None:
    """Begin the sheet of a request: what every line from here on carries."""
    _ABOUT.set(values)


@contextmanager
def about(**values: str) -> Iterator[None]:
    """Have every line of a block carry these values, and what is noted in it."""
    token = _ABOUT.set(values)
    try:
        yield
    finally:
        _ABOUT.reset(token)


def note(**values: str) -> None:
    """Add to what the lines of this request or run carry, which may come to be about several; elsewhere do nothing."""
    if (sheet := _ABOUT.get()) is not None:
        sheet.update({name: value if sheet.get(name, value) == value else SEVERAL for name, value in values.items()})


def request_id() -> str:
    """Return the number of the request that is being answered; empty where there is none."""
    return (_ABOUT.get() or {}).get("request_id", "")


def carry(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Give a line what the sheet says; its own words come first."""
    for name, value in (_ABOUT.get() or {}).items():
        event.setdefault(name, value)
    return event
