"""The demonstration."""

from collections.abc import Callable


def play(say: Callable[[str], None]) -> None:
    """Play."""


def summarise(say: Callable[[str], None]) -> None:
    """Sum up."""
