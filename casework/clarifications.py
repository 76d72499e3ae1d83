"""Clarification questions: a panel asks, the institution answers in words, and the frozen papers stay as they are.

An answer explains and adds nothing (招标投标法 Art. 39, model). An open question holds up no review.
"""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from casework import journal
from casework.access import Sight, sight_of
from casework.cases import held, latest_submission
from casework.decisions import refuse_if_ended
from casework.letters import applicants_of, post
from casework.people import Person
from core.clock import local, now, today
from core.errors import AlreadyDecided, Fault, Invalid, NotAssigned, NotFound, StageClosed
from core.i18n import gettext, marked
from models.case import Assignment, Case, StageRound
from models.clarification import Clarification
from models.person import User
from regulation.calendar import official
from regulation.roles import Duty, Role

LONGEST_QUESTION, LONGEST_ANSWER = 1000, 2000
MOST = 20
NO_TIME = marked("您的办理期限为{due}，已来不及请申报单位答复，请根据申报材料评审。")
TOO_MANY = marked("本申报已提出 {n} 个询问，不能再提。")
TOO_LATE = marked("答复期限为{due}，已过期；专家将根据申报材料评审。")
ANSWERED = marked("答复询问")

Asked = tuple[Clarification, StageRound, User, User | None]


def ask(session: Session, case_id: UUID, question: str, *, by: Person) -> Clarification:
    """Ask the institution about its papers, as a member of the panel that is at work; it does not learn who asks.

    To be answered by the working day before the member's own duty is due. Raises `NotFound`, `NotAssigned`,
    `AlreadyDecided`, `StageClosed`, `Invalid`.
    """
    case = held(session, case_id)
    duty, at = _duty_of(session, case, by)
    refuse_if_ended(session, case, at)
    due_on = last_day(duty)
    if not due_on:
        raise StageClosed(NO_TIME, due=duty.due_on.isoformat())
    number = 1 + session.exec(select(func.count()).where(Clarification.case_id == case.id)).one()
    if number > MOST:
        raise StageClosed(TOO_MANY, n=MOST)
    asked = Clarification(
        case_id=case.id,
        number=number,
        stage_round_id=at.id,
        asked_by=by.id,
        question=_words("question", question, LONGEST_QUESTION),
        sha256=latest_submission(session, case).sha256,
        due_on=due_on,
    )
    session.add(asked)
    session.flush()
    journal.note(session, "clarification-asked", case=case, by=by, stage=at.stage, round=at.round, number=number)
    for applicant in applicants_of(session, case):
        _tell(session, "clarification", applicant, asked, case)
    return asked


def answer(session: Session, case_id: UUID, number: int, words: str, *, by: Person) -> Clarification:
    """Answer a question, once, by its day and while the panel is at work; whoever asked is told.

    Raises `NotFound`, `NotAssigned`, `AlreadyDecided`, `StageClosed`, `Invalid`.
    """
    case = held(session, case_id)
    if not sight_of(session, by, case).owner or not by.has(Role.APPLICANT):
        raise NotAssigned
    found = select(Clarification).where(Clarification.case_id == case.id, Clarification.number == number)
    asked = session.exec(found.execution_options(populate_existing=True)).first()
    if not asked:
        raise NotFound
    if asked.answered_at:
        raise AlreadyDecided(by=by.organisation_name, at=f"{local(asked.answered_at):%Y-%m-%d %H:%M}", outcome=ANSWERED)
    at = session.get_one(StageRound, asked.stage_round_id)
    refuse_if_ended(session, case, at, to_applicant=True)
    if asked.due_on < today():
        raise StageClosed(TOO_LATE, due=asked.due_on.isoformat())
    asked.answer = _words("answer", words, LONGEST_ANSWER)
    asked.answered_at, asked.answered_by = now(), by.id
    session.flush()
    journal.note(session, "clarification-answered", case=case, by=by, stage=at.stage, round=at.round, number=number)
    asker = session.get_one(User, asked.asked_by)
    if not asker.closed_at:
        _tell(session, "clarified", asker, asked, case, answer=asked.answer)
    return asked


def clarifications_for(session: Session, case: Case, sight: Sight) -> list[Asked]:
    """Return the questions of a case to whoever may see them: the institution, the panel, those who oversee."""
    if not may_see(sight):
        return []
    asker, answerer = aliased(User), aliased(User)
    rows = session.exec(
        select(Clarification, StageRound, asker, answerer)
        .join(StageRound, col(StageRound.id) == Clarification.stage_round_id)
        .join(asker, col(asker.id) == Clarification.asked_by)
        .join(answerer, col(answerer.id) == Clarification.answered_by, isouter=True)
        .where(Clarification.case_id == case.id)
        .order_by(col(Clarification.number))
    )
    return list(rows)


def may_see(sight: Sight) -> bool:
    """Whether somebody with this sight may read questions and answers."""
    return sight.owner or sight.own_review or sight.all_reviews


def may_ask(session: Session, case: Case, person: Person) -> date | None:
    """Return the day by which a question asked now would be answered; None where the person may not ask."""
    duty = _open_duty(session, case, person)
    return last_day(duty) if duty else None


def last_day(duty: Assignment) -> date | None:
    """Return the working day before a duty is due; None when it has passed."""
    day = official().before(duty.due_on, 1)
    return day if day >= today() else None


def is_answerable(asked: Clarification, at: StageRound) -> bool:
    """Whether an answer would still be taken."""
    return not asked.answered_at and not at.closed_at and asked.due_on >= today()


def _duty_of(session: Session, case: Case, by: Person) -> tuple[Assignment, StageRound]:
    """Return the duty that lets a person ask; raises `NotFound` for a stranger, `NotAssigned` for whoever has none."""
    sight_of(session, by, case)
    duty = _open_duty(session, case, by)
    if not duty:
        raise NotAssigned
    return duty, session.get_one(StageRound, duty.stage_round_id)


def _open_duty(session: Session, case: Case, person: Person) -> Assignment | None:
    duties = select(Assignment).where(
        Assignment.case_id == case.id,
        Assignment.user_id == person.id,
        col(Assignment.duty).in_([Duty.REVIEW, Duty.CONCLUDE]),
        col(Assignment.ended_at).is_(None),
    )
    return session.exec(duties).first()


def _words(field: str, given: str, longest: int) -> str:
    words = given.strip()
    if not words:
        raise Invalid(faults=[Fault(field, gettext("请填写内容。"))])
    if len(words) > longest:
        raise Invalid(faults=[Fault(field, gettext("内容不超过 {n} 字，现有 {now} 字。", n=longest, now=len(words)))])
    return words


def _tell(session: Session, letter: str, to: User, asked: Clarification, case: Case, **more: str) -> None:
    """Post a letter about a question; it leads to the page of the case's questions."""
    path = f"/cases/{case.reference}/clarifications"
    facts = {"question": asked.question, "due_on": asked.due_on.isoformat(), "path": path, **more}
    post(session, letter, to, about=str(asked.id), case=case, **facts)
