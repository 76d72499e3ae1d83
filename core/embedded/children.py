"""One child process: how it is described, born, tied to its parent, and stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals

from core.embedded.account import Account, myself

STOP_SECONDS = 10
TAIL_LINES = 12
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Service:
    """A program to keep running: its command, how to see that it is ready, and how it likes to be told to stop."""

    name: str
    log: str
    command: Sequence[str]
    ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=myself)
    stop: Signals = signal.SIGTERM
    orphaned: Signals = signal.SIGKILL
    patience: float = 60
    hint: str = ""
    address: str = ""


class Child:
    """A running service. It leads its own session, so a Ctrl-C in the terminal reaches the parent alone."""

    def __init__(self, service: Service, logs: Path) -> None:
        """Start the service; the log of the start before is kept beside the new one."""
        self.service = service
        self.born = time.monotonic()
        self.log = logs / f"{service.log}.log"
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = _spawn(service, log.fileno())

    @property
    def died(self) -> str:
        """How it ended (`exit 1`, `SIGKILL`); empty while it lives."""
        code = self.process.poll()
        if code is None:
            return ""
        return f"exit {code}" if code >= 0 else Signals(-code).name

    def tail(self) -> str:
        """Return the last lines it wrote."""
        return "\n".join(self.log.read_text("utf-8", "replace").rstrip().splitlines()[-TAIL_LINES:])

    def end(self) -> None:
        """Ask it to stop; after a while, make it."""
        if self.died:
            return
        self.process.send_signal(self.service.stop)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _spawn(service: Service, log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the commands are our own
        list(service.command),
        env={**os.environ, **service.env},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=_tie(os.getpid(), service.orphaned),  # noqa: PLW1509 - see _tie
        **service.account.identity(),
    )


def _tie(parent: int, orphaned: Signals) -> Callable[[], None]:
    """Return what the child does before it becomes the program.

    It gives back the SIGINT that a shell's `&` takes away (a program that turns SIGTERM into SIGINT could not be
    stopped), and asks Linux to end it with its parent, so that nothing survives a `kill -9`. It touches nothing but
    two system calls, which is why it may run between fork and exec.
    """

    def tie() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(orphaned))
            if os.getppid() != parent:
                os._exit(1)

    return tie
