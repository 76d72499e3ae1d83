"""Parts of a step that people did in its place 人工办理: proposed with a reason, confirmed, read by the step itself.

A step asks `parts_done` and passes over what was done. What the flow draws its conclusions from (rounds, the chair's
call, the certificate, the register) is no such part: see docs/decisions/0013.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from casework import journal
from casework.access import require
from casework.cases import held
from casework.foresight import Foreseen
from casework.letters import post
from casework.people import Person, holders_of
from casework.run_words import STEPS
from core.clock import now
from core.errors import CaseClosed, Conflict, Fault, Invalid, NotFound, NotPermitted
from core.i18n import marked
from models.case import Case
from models.operating import Part, StepWaiver
from models.person import User
from regulation.outcomes import ENDINGS
from regulation.roles import Role

State = Literal["waiting", "counts", "used", "withdrawn"]

CONFIRMERS = (Role.OPERATOR, Role.DECIDER)
ADDRESS = "/operator/by-hand"
LONGEST_REASON = 500
IRREVOCABLE = frozenset({Part.LETTERS, Part.NOTICE})
"""What cannot be made up for once the step has passed it over: a second person confirms it."""

TITLES = {
    Part.LETTERS: marked("告知函件"),
    Part.NOTICE: marked("受理（不予受理）通知书及告知函件"),
    Part.VISIT_DAYS: marked("考察日程收尾"),
    Part.FREED_PLACE: marked("告知候补单位有空余名额"),
}
MEANINGS = {
    Part.LETTERS: marked("已用书面、电话等方式告知有关人员；系统不再生成本步骤的函件。"),
    Part.NOTICE: marked("已另行制发加盖印章的通知书并送达申报单位；系统不再生成通知书及函件，文号请写入理由。"),
    Part.VISIT_DAYS: marked("已与考察组、申报单位确认考察安排；系统不再变更或取消考察日程。"),
    Part.FREED_PLACE: marked("已告知推荐单位有空余名额；系统不再发送该函件。"),
}

NO_REASON = marked("请写明由何人、何时、以何种方式办理（不超过 500 字）。")
NOT_OFFERED = marked("该步骤的这一部分不能由人工代替，请处理原因后重新运行。")
STANDS = marked("该部分已登记为人工办理，不必重复登记。")
BY_ANOTHER = marked("须由提出人以外的运维人员或审定人员确认。")
CONFIRMED = marked("该登记已经确认。")
WITHDRAWN = marked("该登记已经撤回。")
USED = marked("该登记已被步骤采用，不能撤回。")
NOT_STALLED = marked("该申报未处于停滞状态，不能登记人工办理。")


def parts_of(foreseen: Foreseen | None) -> tuple[Part, ...]:
    """Return what people may do in place of parts of a step that would be taken next."""
    if not foreseen:
        return ()
    ends = foreseen.did.rpartition(" ")[2] in set(ENDINGS)
    match foreseen.step, foreseen.stage:
        case "publish", _:
            return (Part.LETTERS,)
        case "open_round", "submission":
            return (Part.LETTERS,)
        case "close_round", stage:
            notice = stage == "acceptance" and (ends or foreseen.did.endswith(" approved"))
            parts = {Part.LETTERS: ends, Part.NOTICE: notice, Part.VISIT_DAYS: stage == "site-inspection",
                     Part.FREED_PLACE: ends}  # fmt: skip
            return tuple(part for part, offered in parts.items() if offered)
        case _:
            return ()


@dataclass(frozen=True)
class Place:
    """Where in a case a part stands: the step, and the round it is about."""

    step: str
    stage: str = ""
    round: int = 0

    @classmethod
    def of(cls, foreseen: Foreseen) -> "Place":
        """Return the place of a step."""
        return cls(foreseen.step, foreseen.stage, foreseen.round)


def propose(
    session: Session, case: Case, foreseen: Foreseen | None, given: tuple[str, str], *, by: Person
) -> StepWaiver:
    """Say that a part of the step a stalled case stands at was done by hand, and why.

    `given`: the part and the reason. A part that can be made up for counts at once, the others when confirmed.
    """
    require(by, Role.OPERATOR)
    part, reason = given[0], given[1].strip()
    if case.closed_at:
        raise CaseClosed
    if not case.stalled_at:
        raise Conflict(NOT_STALLED)
    if foreseen is None or part not in parts_of(foreseen):
        raise Invalid(faults=[Fault("part", NOT_OFFERED)])
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(faults=[Fault("reason", NO_REASON)])
    at = Place.of(foreseen)
    if session.exec(_standing(case.id, at).where(StepWaiver.part == part)).first():
        raise Conflict(STANDS)
    made = StepWaiver(
        case_id=case.id, step=at.step, part=Part(part), stage=at.stage, round=at.round, reason=reason,
        proposed_by=by.id,
    )  # fmt: skip
    if made.part not in IRREVOCABLE:
        made.confirmed_at = now()
    session.add(made)
    session.flush()
    _note(session, "by-hand-proposed", made, by)
    if not made.confirmed_at:
        ask_for_confirmation(session, case, made, by=by)
    return made


def ask_for_confirmation(session: Session, case: Case, made: StepWaiver, *, by: Person) -> None:
    """Post the letter to everybody who may be the second person."""
    facts = {
        "part": TITLES[made.part],
        "meaning": MEANINGS[made.part],
        "of_step": STEPS.get(made.step, made.step),
        "reasons": made.reason,
        "proposer": by.name,
        "path": ADDRESS,
    }
    able = {user.id: user for role in CONFIRMERS for user in holders_of(session, role) if user.id != by.id}
    for user in able.values():
        post(session, "by-hand-proposed", user, about=str(made.id), case=case, **facts)


def is_second(made: StepWaiver, person: Person) -> bool:
    """Whether this person is another than the proposer, and does not stand in for the proposer."""
    return person.id != made.proposed_by and made.proposed_by not in person.stands_in_for


def confirm(session: Session, waiver_id: UUID, *, by: Person) -> StepWaiver:
    """Confirm as the second person, an operator or a decider, that a part was done by hand."""
    require(by, *CONFIRMERS)
    made = _held(session, waiver_id)
    if made.withdrawn_at:
        raise Conflict(WITHDRAWN)
    if made.confirmed_at:
        raise Conflict(CONFIRMED)
    if not is_second(made, by):
        raise NotPermitted(BY_ANOTHER)
    made.confirmed_by, made.confirmed_at = by.id, now()
    _note(session, "by-hand-confirmed", made, by)
    return made


def withdraw(session: Session, waiver_id: UUID, *, by: Person) -> StepWaiver:
    """Take it back, or refuse it as the second person, as long as no step has used it."""
    require(by, *CONFIRMERS)
    made = _held(session, waiver_id)
    if made.used_at:
        raise Conflict(USED)
    if made.withdrawn_at:
        raise Conflict(WITHDRAWN)
    made.withdrawn_by, made.withdrawn_at = by.id, now()
    _note(session, "by-hand-withdrawn", made, by)
    return made


def parts_done(session: Session, case: Case, at: Place) -> frozenset[Part]:
    """Return the parts of the step being taken that were done by hand; from now on they are used."""
    standing = _standing(case.id, at).where(col(StepWaiver.confirmed_at).is_not(None))
    found = session.exec(standing.where(col(StepWaiver.used_at).is_(None))).all()
    for made in found:
        made.used_at = now()
        _note(session, "by-hand-used", made, None)
    return frozenset(made.part for made in found)


def waivers_of(session: Session, case_id: UUID) -> list[StepWaiver]:
    """Return what was done by hand in a case, the newest first."""
    found = select(StepWaiver).where(StepWaiver.case_id == case_id)
    return list(session.exec(found.order_by(col(StepWaiver.proposed_at).desc())))


def listed(session: Session, limit: int = 100) -> list[tuple[StepWaiver, Case]]:
    """Return what was done by hand, what waits for a second person first, then the newest."""
    found = select(StepWaiver, Case).join(Case, col(Case.id) == StepWaiver.case_id)
    found = found.order_by(waits().desc(), col(StepWaiver.proposed_at).desc())
    return [(made, case) for made, case in session.exec(found.limit(limit))]


def names_in(session: Session, made: Sequence[StepWaiver]) -> dict[UUID, str]:
    """Return what the people in these are called."""
    people = {one for waiver in made for one in (waiver.proposed_by, waiver.confirmed_by, waiver.withdrawn_by) if one}
    return {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(people)))}


def state_of(made: StepWaiver) -> State:
    """Return where it stands."""
    if made.withdrawn_at:
        return "withdrawn"
    if made.used_at:
        return "used"
    return "counts" if made.confirmed_at else "waiting"


def to_confirm(session: Session, person: Person) -> int:
    """Count what waits for this person as the second one."""
    found = select(func.count()).select_from(StepWaiver).where(waits(), StepWaiver.proposed_by != person.id)
    return session.exec(found).one()


def waits() -> ColumnElement[bool]:
    """Return the condition under which a second person is awaited."""
    return col(StepWaiver.confirmed_at).is_(None) & col(StepWaiver.withdrawn_at).is_(None)


def _standing(case_id: UUID, at: Place):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a statement
    return select(StepWaiver).where(
        StepWaiver.case_id == case_id,
        StepWaiver.step == at.step,
        StepWaiver.stage == at.stage,
        StepWaiver.round == at.round,
        col(StepWaiver.withdrawn_at).is_(None),
    )


def _held(session: Session, waiver_id: UUID) -> StepWaiver:
    """Hold the case of a waiver, so that no step uses it meanwhile, and read it anew."""
    made = session.get(StepWaiver, waiver_id)
    if not made:
        raise NotFound
    held(session, made.case_id)
    session.refresh(made)
    return made


def _note(session: Session, act: str, made: StepWaiver, by: Person | None) -> None:
    case = session.get_one(Case, made.case_id)
    told = {"step": made.step, "part": str(made.part), "reason": made.reason}
    journal.note(session, act, case=case, by=by, stage=made.stage, round=made.round, **told)
