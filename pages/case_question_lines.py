"""Questions of the panel and their answers, as this reader may know them: who asked is told by role, not by name."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from casework.clarifications import Asked, clarifications_for, is_answerable
from casework.naming import Naming
from models.case import Case
from regulation.roles import Role


@dataclass(frozen=True)
class QuestionLine:
    """One question; `open`: an answer would still be taken."""

    number: int
    question: str
    who: str
    at: datetime
    due_on: date
    answer: str
    answerer: str
    answered_at: datetime | None
    open: bool
    sha256: str


def question_lines(session: Session, case: Case, naming: Naming) -> list[QuestionLine]:
    """Return the questions of a case that the reader may see, the first one first."""
    return [_line(asked, naming) for asked in clarifications_for(session, case, naming.sight)]


def _line(asked: Asked, naming: Naming) -> QuestionLine:
    question, at, asker, answerer = asked
    answered_by = answerer.name if answerer and (naming.sight.owner or naming.sight.names) else naming.unit
    return QuestionLine(
        number=question.number,
        question=question.question,
        who=naming.person(asker, Role.EXPERT),
        at=question.asked_at,
        due_on=question.due_on,
        answer=question.answer,
        answerer=answered_by,
        answered_at=question.answered_at,
        open=is_answerable(question, at),
        sha256=question.sha256,
    )
