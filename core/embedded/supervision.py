"""Keeps child processes: starts them with a line each, restarts what falls, stops all in reverse order."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from core.embedded.children import Child, Service
from core.errors import Unavailable
from core.i18n import gettext, marked

DIED = marked("{name}未能启动（{how}）。日志见 {log}，末尾如下：\n{tail}")
SLOW = marked("{name}在 {seconds} 秒内未能就绪。日志见 {log}，末尾如下：\n{tail}")
GAVE_UP = marked("{name}反复退出（{how}），不再重启。日志见 {log}，末尾如下：\n{tail}")

STILL_SECONDS = 10
CALM_SECONDS = 60
RESTARTS = 3


class Supervisor:
    """Owns the children of one command, from the first to the last.

    Used as a context: however the block ends (done, failed, Ctrl-C, SIGTERM), every child is stopped.
    """

    def __init__(self, logs: Path, say: Callable[[str], None] = print) -> None:
        """Take the folder for the children's logs and where to tell progress."""
        self._logs = logs
        self._say = say
        self._children: list[Child] = []
        self._falls: dict[str, list[float]] = {}

    def __enter__(self) -> Self:
        """Let every signal that ends a program end this block."""
        self._before = {number: signal.signal(number, _interrupt) for number in _ENDING}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop every child, the youngest first; a second Ctrl-C does not leave any behind."""
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)
        for child in reversed(self._children):
            child.end()
            self._say(gettext("{name}：已停止", name=gettext(child.service.name)))
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def start(self, service: Service) -> None:
        """Start one service and wait until it is ready."""
        self.wait(self.launch(service))

    @property
    def children(self) -> tuple[Child, ...]:
        """What it keeps, in the order it was started; a child that was started again has the place of the fallen."""
        return tuple(self._children)

    def launch(self, service: Service) -> Child:
        """Start one service without waiting for it."""
        hint = gettext(service.hint)
        self._say(gettext("{name}：正在启动……{hint}", name=gettext(service.name), hint=hint))
        child = Child(service, self._logs)
        self._children.append(child)
        return child

    def newest(self, log: str) -> Child:
        """Return the child that was started last of those that write that log."""
        return next(child for child in reversed(self._children) if child.service.log == log)

    def wait(self, child: Child) -> None:
        """Wait until the child is ready; a child that dies or dawdles is told with its last words."""
        began = told = time.monotonic()
        while not child.service.ready():
            spent = time.monotonic() - began
            if child.died:
                raise Unavailable(DIED, **_epitaph(child))
            if spent > child.service.patience:
                raise Unavailable(SLOW, seconds=round(spent), **_epitaph(child))
            if time.monotonic() - told > STILL_SECONDS:
                told = time.monotonic()
                self._say(gettext("{name}：仍在启动，已 {seconds} 秒……", **_words(child), seconds=round(spent)))
            time.sleep(0.05)
        if child.died:  # somebody else answered in its place
            raise Unavailable(DIED, **_epitaph(child))
        seconds = f"{time.monotonic() - child.born:.1f}"
        self._say(gettext("{name}：已就绪，用时 {seconds} 秒　{address}", **_words(child), seconds=seconds))

    def serve(self) -> None:
        """Go on until a signal comes; a child that falls is started again, unless it keeps falling."""
        while True:
            for child in self.children:
                if child.died:
                    self._again(child)
            time.sleep(0.5)

    def replace(self, fallen: Child) -> Child:
        """Start the service of a child that has died once more, in its place, without waiting for it."""
        child = Child(fallen.service, self._logs)
        self._children[self._children.index(fallen)] = child
        return child

    def _again(self, fallen: Child) -> None:
        moment = time.monotonic()
        falls = [fall for fall in self._falls.get(fallen.service.name, []) if moment - fall < CALM_SECONDS]
        self._falls[fallen.service.name] = [*falls, moment]
        if len(falls) >= RESTARTS:
            raise Unavailable(GAVE_UP, **_epitaph(fallen))
        self._say(gettext("{name}意外退出（{how}），正在重新启动……", **_words(fallen), how=fallen.died))
        time.sleep(1 + len(falls))
        self.replace(fallen)


_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _words(child: Child) -> dict[str, object]:
    return {"name": gettext(child.service.name), "address": child.service.address}


def _epitaph(child: Child) -> dict[str, object]:
    return {"name": child.service.name, "how": child.died, "log": str(child.log), "tail": child.tail()}
