"""Meetings: certification is decided collectively (Art. 15), with the day of the meeting and the number of its minutes.

Whoever departs from the experts or from the ranking says why. A call whose policy asks for no minutes may do without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from casework.cases import call_of, policy_for
from casework.people import Person
from casework.summary import Standing, ranked, standings_of
from casework.turnstile import pass_through
from core.clock import today
from core.errors import Fault
from core.i18n import gettext, marked
from models.application import Call
from models.case import Case, StageRound
from models.judgement import Decision
from models.person import User
from models.publication import Meeting, MeetingKind, Resolution
from regulation.outcomes import Outcome

STAGE = "certification"
LONGEST_TITLE, LONGEST_NUMBER = 100, 60

KINDS = {MeetingKind.LEADING_GROUP: marked("领导小组会议"), MeetingKind.DEPARTMENT: marked("厅务会")}

NO_MEETING = marked("本批次的审定须载明会议日期和纪要文号。")
NO_STAGE = marked("本环节不载明会议。")
NO_KIND = marked("请选择会议类型。")
NO_TITLE = marked("请填写会议名称（不超过 100 字）。")
NO_DAY = marked("请填写会议日期，如 2026-09-25。")
FUTURE = marked("会议日期不能晚于今天。")
NO_NUMBER = marked("请填写会议纪要文号（不超过 60 字）。")
OTHER_DAY = marked("纪要文号 {number} 已登记为 {on} 的会议，请核对日期或文号。")
BELOW = marked("评审结果未达到通过要求而予以认定，须说明理由。")
OVERTAKES = marked("评审排名在前的 {reference} 未予认定，认定本申报须说明理由。")


@dataclass(frozen=True)
class Agenda:
    """What a meeting has before it: the ranked figures of the call, and what is decided there, by case."""

    standings: Sequence[Standing]
    decided: Mapping[UUID, Outcome]

    def of(self, case_id: UUID) -> Standing | None:
        """Return the figures of one case."""
        return next((one for one in self.standings if one.case.id == case_id), None)

    def with_decided(self, outcomes: Mapping[UUID, Outcome]) -> "Agenda":
        """Return the agenda with these outcomes decided as well."""
        return Agenda(self.standings, {**self.decided, **outcomes})


@dataclass(frozen=True)
class Sitting:
    """The meeting that decides, as it is named in the minutes; `agenda` is set where several cases are decided."""

    kind: str
    title: str
    held_on: date | None
    minutes_number: str
    agenda: Agenda | None = field(default=None, compare=False, repr=False)


def agenda_of(session: Session, call: Call) -> Agenda:
    """Return the figures of a call as a meeting has them before it."""
    standings = ranked(standings_of(session, call))
    return Agenda(standings, {one.case.id: one.decided[STAGE] for one in standings if STAGE in one.decided})


def faults_of(
    session: Session, case: Case, at: StageRound, outcome: Outcome, given: tuple[str, Sitting | None]
) -> list[Fault]:
    """Return what is wrong with the meeting behind a conclusion, and the reason that a deviation lacks.

    `given` are the reasons and the meeting.
    """
    reasons, sitting = given
    if at.stage != STAGE:
        return [Fault("meeting", NO_STAGE)] if sitting else []
    required = bool(policy_for(session, case).minutes_required)
    if not sitting:
        return [Fault("meeting", NO_MEETING)] if required else []
    call = call_of(session, case)
    faults = meeting_faults(session, call, sitting)
    if not reasons.strip() and outcome is Outcome.APPROVED:
        sentence = deviation(sitting.agenda or agenda_of(session, call), case.id)
        faults += [Fault("reasons", sentence)] if sentence else []
    return faults


def meeting_faults(session: Session, call: Call, sitting: Sitting) -> list[Fault]:
    """Return what is wrong with a meeting: its kind, title, day or number."""
    faults = []
    number = sitting.minutes_number.strip()
    if sitting.kind not in set(MeetingKind):
        faults.append(Fault("meeting.kind", NO_KIND))
    if not 1 < len(sitting.title.strip()) <= LONGEST_TITLE:
        faults.append(Fault("meeting.title", NO_TITLE))
    if not sitting.held_on:
        faults.append(Fault("meeting.held_on", NO_DAY))
    elif sitting.held_on > today():
        faults.append(Fault("meeting.held_on", FUTURE))
    if not 0 < len(number) <= LONGEST_NUMBER:
        faults.append(Fault("meeting.minutes_number", NO_NUMBER))
    known = by_number(session, call.id, number)
    if known and sitting.held_on and known.held_on != sitting.held_on:
        sentence = gettext(OTHER_DAY, number=number, on=known.held_on.isoformat())
        faults.append(Fault("meeting.held_on", sentence))
    return faults


def deviation(agenda: Agenda, case_id: UUID) -> str:
    """Return the sentence about an approval that departs from the experts' result or overtakes a better-ranked case."""
    standing = agenda.of(case_id)
    if not standing or not standing.result:
        return ""
    if not standing.result.passed:
        return gettext(BELOW)
    better = [one for one in agenda.standings if one.rank and standing.rank and one.rank < standing.rank]
    refused = next((one for one in better if agenda.decided.get(one.case.id) is Outcome.REFUSED), None)
    return gettext(OVERTAKES, reference=refused.case.reference) if refused else ""


def keep(session: Session, case: Case, decision: Decision, sitting: Sitting, *, by: Person) -> Resolution:
    """Enter a decision in the minutes of its meeting, which is recorded with its first one."""
    call = call_of(session, case)
    meeting = meeting_for(session, call, sitting, by=by)
    agenda = sitting.agenda or agenda_of(session, call)
    standing = agenda.of(case.id)
    refused = decision.outcome is Outcome.REFUSED
    resolution = Resolution(
        meeting_id=meeting.id,
        decision_id=decision.id,
        case_id=case.id,
        rank=standing.rank if standing else None,
        deviates=refused or bool(deviation(agenda, case.id)),
    )
    session.flush()
    session.add(resolution)
    return resolution


def meeting_for(session: Session, call: Call, sitting: Sitting, *, by: Person) -> Meeting:
    """Return the meeting with these minutes, entering it if it is new."""
    number = sitting.minutes_number.strip()
    pass_through(session, f"meeting {call.id} {number}")
    known = by_number(session, call.id, number)
    if known:
        return known
    meeting = Meeting(
        call_id=call.id,
        kind=MeetingKind(sitting.kind),
        title=sitting.title.strip(),
        held_on=sitting.held_on,  # type: ignore[arg-type]  # checked before
        minutes_number=number,
        recorded_by=by.id,
    )
    session.add(meeting)
    session.flush()
    return meeting


def by_number(session: Session, call_id: UUID, number: str) -> Meeting | None:
    """Return the meeting of a call that has these minutes."""
    return session.exec(select(Meeting).where(Meeting.call_id == call_id, Meeting.minutes_number == number)).first()


def told(sitting: Sitting | None) -> dict[str, str]:
    """Return what the journal says of the meeting behind a decision."""
    if not sitting or not sitting.held_on:
        return {}
    return {"minutes": sitting.minutes_number.strip(), "held_on": sitting.held_on.isoformat()}


def meetings_of(session: Session, call_id: UUID) -> list[tuple[Meeting, User]]:
    """Return the meetings of a call with who recorded them, the last first."""
    found = select(Meeting, User).join(User, col(User.id) == Meeting.recorded_by).where(Meeting.call_id == call_id)
    return list(session.exec(found.order_by(col(Meeting.held_on).desc(), col(Meeting.recorded_at).desc())))


def minutes_of(session: Session, case_id: UUID) -> dict[UUID, tuple[Meeting, Resolution]]:
    """Return the meetings that decided on a case, each with the item of its minutes, by the decision."""
    found = select(Meeting, Resolution).join(Resolution, col(Resolution.meeting_id) == Meeting.id)
    rows = session.exec(found.where(Resolution.case_id == case_id))
    return {resolution.decision_id: (meeting, resolution) for meeting, resolution in rows}


def meeting_of(session: Session, decision_id: UUID) -> tuple[Meeting, Resolution] | None:
    """Return the meeting that took a decision, and the item of its minutes."""
    found = select(Meeting, Resolution).join(Resolution, col(Resolution.meeting_id) == Meeting.id)
    return session.exec(found.where(Resolution.decision_id == decision_id)).first()
