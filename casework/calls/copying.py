"""What a new call takes over from an earlier one beside words and rules: places, scoring sheet, papers of the notice.

Windows are never taken over: the dates of a call are its own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from casework import journal
from casework.access import require
from casework.calls.attachments import attachments_of
from casework.calls.windows import by_code
from casework.people import Person, recommending_bodies
from casework.quotas import own_rows, set_quotas
from core.errors import Fault, Invalid, NotFound
from core.i18n import gettext, marked
from models.application import Call
from models.call import NoticeAttachment
from regulation.roles import Role
from regulation.sheet import sheet_of, with_sheet

UNKNOWN = marked("没有编号为“{code}”的批次。")
NO_PAPER = marked("所选文件不在批次“{call}”的通知附件中。")


@dataclass(frozen=True)
class Wanted:
    """What is to be taken over from the call of this code; `papers` are hashes, None: every paper of the notice."""

    code: str
    quotas: bool = True
    sheet: bool = True
    papers: Collection[str] | None = None


@dataclass(frozen=True)
class Taken:
    """What there is to take over, or what was: bodies with places of their own, items of the sheet, papers."""

    title: str
    bodies: int
    items: int
    papers: list[NoticeAttachment]


def there_is_to_take(session: Session, code: str) -> Taken:
    """Return what a call offers to a later one; raises `NotFound`."""
    earlier = by_code(session, code)
    sheet = sheet_of(earlier.policy)
    own = _places(session, earlier)
    return Taken(earlier.title, len(own), len(sheet.items) if sheet else 0, attachments_of(session, earlier))


def copy_into(session: Session, call: Call, wanted: Wanted, *, by: Person) -> Taken:
    """Take over what is wanted into a call that was just opened; places of bodies that are none any more stay behind.

    Raises `NotPermitted`, or `Invalid` for a call or a paper that there is not.
    """
    require(by, Role.OFFICE)
    try:
        earlier = by_code(session, wanted.code)
    except NotFound as unknown:
        raise Invalid(faults=[Fault("copies", gettext(UNKNOWN, code=wanted.code))]) from unknown
    papers = _papers(session, earlier, wanted.papers)
    places = _places(session, earlier) if wanted.quotas else {}
    set_quotas(session, call, places, by=by)
    sheet = sheet_of(earlier.policy) if wanted.sheet else None
    if wanted.sheet:
        call.policy = with_sheet(call.policy, sheet)
    for one in papers:
        told = one.model_dump(include={"filename", "size", "sha256"})
        session.add(NoticeAttachment(call_id=call.id, attached_by=by.id, **told))
    session.flush()
    items = len(sheet.items) if sheet else 0
    counts: dict[str, Any] = {"bodies": len(places), "items": items, "papers": [one.filename for one in papers]}
    journal.note(session, "call-copied", case=None, by=by, call=call.code, copied_from=earlier.code, **counts)
    return Taken(earlier.title, len(places), items, papers)


def _places(session: Session, earlier: Call) -> dict[UUID, int]:
    bodies = {body.id for body in recommending_bodies(session)}
    return {body: places for body, places in own_rows(session, earlier.id).items() if body in bodies}


def _papers(session: Session, earlier: Call, wanted: Collection[str] | None) -> list[NoticeAttachment]:
    there = attachments_of(session, earlier)
    if wanted is None:
        return there
    if not {one.sha256 for one in there}.issuperset(wanted):
        raise Invalid(faults=[Fault("papers", gettext(NO_PAPER, call=earlier.title))])
    return [one for one in there if one.sha256 in wanted]
