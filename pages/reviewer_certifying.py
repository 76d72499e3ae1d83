"""What whoever certifies or reconsiders has before their eyes: the figures and rank, the meeting, the objections."""

from dataclasses import dataclass

from sqlmodel import Session

from casework.objections.looking import Listed, objections
from casework.summary import summary_of
from pages.case_pages import File
from pages.kit import Option
from pages.meeting_fields import kind_options
from pages.office_summary import SummaryLine, line_of
from regulation.policy import policy_of
from regulation.roles import Duty


@dataclass(frozen=True)
class Certifying:
    """The case in figures, the kinds of meeting and whether one must be named, the objections that were made."""

    line: SummaryLine | None
    cases: int
    kinds: list[Option]
    required: bool
    objections: list[Listed]


def certifying_for(session: Session, duty: Duty, file: File) -> Certifying | None:
    """Gather it for the duties that certify or reconsider; nothing for the others."""
    if duty not in {Duty.CERTIFY, Duty.RECONSIDER}:
        return None
    viewer = file.naming.viewer
    standings = summary_of(session, file.call, by=viewer)
    own = next((one for one in standings if one.case.id == file.case.id), None)
    return Certifying(
        line=line_of(own) if own else None,
        cases=sum(one.rank is not None for one in standings),
        kinds=kind_options(),
        required=bool(policy_of(file.call.policy).minutes_required),
        objections=objections(session, by=viewer, case_id=file.case.id) if duty is Duty.RECONSIDER else [],
    )
