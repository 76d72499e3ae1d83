"""Undoing one's own mistaken decision, offered on the page of the case while nothing has followed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from casework.naming import Naming
from casework.undoing import may_undo, obstacle_to
from core.i18n import gettext
from models.case import Case
from models.judgement import Decision
from models.person import User
from regulation.definition import stage


@dataclass(frozen=True)
class Undoable:
    """One decision that the reader may still take back."""

    title: str
    href: str


def undoable(
    session: Session, case: Case, decisions: Sequence[tuple[Decision, User | None]], naming: Naming
) -> list[Undoable]:
    """Return the decisions that this reader may take back now: at most the newest one."""
    newest = max((one for one, _ in decisions), key=lambda one: one.decided_at, default=None)
    if not newest or not may_undo(newest, naming.viewer) or obstacle_to(session, case, newest):
        return []
    at = stage(newest.stage)
    title = gettext("{stage}：{outcome}", stage=gettext(at.title), outcome=gettext(at.words_for(newest.outcome)))
    return [Undoable(title, f"/decisions/{newest.id}/undoing")]
