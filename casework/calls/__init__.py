"""Calls (批次): dated invitations to apply, each with its own snapshot of the policy (Art. 3, 5)."""

from casework.calls.copying import Wanted, there_is_to_take
from casework.calls.opening import NewCall, open_call
from casework.calls.windows import (
    all_calls,
    by_code,
    is_open,
    open_calls,
    recommends_still,
    require_open,
    require_time_to_recommend,
)

__all__ = [
    "NewCall",
    "Wanted",
    "all_calls",
    "by_code",
    "is_open",
    "open_call",
    "open_calls",
    "recommends_still",
    "require_open",
    "require_time_to_recommend",
    "there_is_to_take",
]
