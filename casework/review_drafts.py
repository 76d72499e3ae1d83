"""Drafts of reviews: what an expert has typed so far is kept as it was typed, right or wrong."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session, select

from casework.assignments import held_duty, own
from casework.decisions import refuse_if_ended
from casework.people import Person
from casework.sheets import sheet_for
from core.clock import now
from core.errors import Fault, Invalid, NotAssigned, StageClosed, Stale
from core.i18n import gettext, marked
from models.judgement import ReviewDraft
from regulation.roles import Duty
from regulation.sheet import Sheet

LONGEST = 4000
TOO_LONG = marked("内容过长，单项不超过 4000 字。")
IN_ANOTHER_WINDOW = marked("这份评审草稿已在另一窗口修改，您刚才的填写尚未保存。")


def fields_of(sheet: Sheet | None) -> list[str]:
    """Return what an expert fills in, by field: marks and remarks by item, or one score; advice and opinion."""
    marks = [f"{part}.{item.key}" for item in sheet.items for part in ("marks", "remarks")] if sheet else ["score"]
    return [*marks, "recommendation", "opinion"]


def draft_of(session: Session, assignment_id: UUID, *, by: Person) -> ReviewDraft | None:
    """Return one's own draft; raises `NotFound`, or `NotAssigned` if the duty is somebody else's."""
    own(session, assignment_id, by)
    return session.exec(select(ReviewDraft).where(ReviewDraft.assignment_id == assignment_id)).first()


def save_draft(
    session: Session, assignment_id: UUID, typed: Mapping[str, str], version: int, *, by: Person
) -> ReviewDraft:
    """Keep what was typed; `version` is the one it was typed over, 0 for none.

    Raises `NotFound`, `NotAssigned`, `AlreadyDecided`, `StageClosed`, `Invalid`, or `Stale` with the fields that would
    be overwritten.
    """
    assignment, case, at = held_duty(session, assignment_id)
    if assignment.user_id != by.id or assignment.duty is not Duty.REVIEW:
        raise NotAssigned
    refuse_if_ended(session, case, at)
    if assignment.ended_at:
        raise StageClosed
    known = fields_of(sheet_for(session, case))
    faults = [Fault(name, gettext(TOO_LONG)) for name in known if len(typed.get(name, "")) > LONGEST]
    if faults:
        raise Invalid(faults=faults)
    kept = {name: typed[name] for name in known if typed.get(name)}
    draft = draft_of(session, assignment_id, by=by) or ReviewDraft(assignment_id=assignment_id, typed={}, version=0)
    if version != draft.version and (differing := _differing(draft.typed, kept)):
        raise Stale(IN_ANOTHER_WINDOW, changed=differing)
    if kept != draft.typed or not draft.version:
        draft.typed, draft.version, draft.saved_at = kept, draft.version + 1, now()
        session.add(draft)
        session.flush()
    return draft


def discard(session: Session, assignment_id: UUID) -> None:
    """Let the draft go: the opinion was submitted."""
    draft = session.exec(select(ReviewDraft).where(ReviewDraft.assignment_id == assignment_id)).first()
    if draft:
        session.delete(draft)


def _differing(stored: Mapping[str, str], typed: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*stored, *typed} if stored.get(name, "") != typed.get(name, ""))
