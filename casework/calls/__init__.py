"""Calls (批次): dated invitations to apply, each with its own snapshot of the policy (Art. 3, 5)."""

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
    "all_calls",
    "by_code",
    "is_open",
    "open_call",
    "open_calls",
    "recommends_still",
    "require_open",
    "require_time_to_recommend",
]
