"""Several people, or several runs, at the very same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from core.errors import JidiError


def at_once(number: int, act: Callable[..., Any], *each: list[Any]) -> list[Any]:
    """Do something so many times at once, with the nth of each list; return what came of it, refusals among it."""
    start = Barrier(number)

    def one(*given: Any) -> Any:
        start.wait(timeout=10)
        try:
            return act(*given)
        except JidiError as refused:
            return refused

    with ThreadPoolExecutor(number) as people:
        awaited = [people.submit(one, *given) for given in (zip(*each, strict=True) if each else [()] * number)]
        return [answer.result(timeout=30) for answer in awaited]
