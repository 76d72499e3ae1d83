"""Clarification questions: the panel asks and the institution answers on one page; the papers stay as filed."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.clarifications import LONGEST_ANSWER, LONGEST_QUESTION, answer, ask, may_ask, may_see
from casework.people import Person
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned, NotFound
from core.i18n import gettext, marked
from pages.case_pages import File, opened, way_to
from pages.case_question_lines import QuestionLine, question_lines
from pages.forms import Form
from pages.kit import Crumb
from pages.rendering import page, redirect
from pages.session import SignedIn
from pages.submission import Submitted

router = APIRouter()

QUESTION, ANSWER = marked("询问内容"), marked("答复")


@dataclass(frozen=True)
class QuestionsPage:
    """The questions of a case; `answer_by` is the day that a new one would be answered by, if the reader may ask."""

    file: File
    questions: list[QuestionLine]
    answer_by: date | None
    form: Form
    longest_question: int
    longest_answer: int
    crumbs: list[Crumb]


@router.get("/cases/{reference}/clarifications")
def show(request: Request, reference: Words, person: SignedIn) -> Response:
    """Show the questions and answers, with a form for whoever may ask or answer."""
    return _shown(request, reference, person, Form.of())


@router.post("/cases/{reference}/clarifications")
def put(request: Request, reference: Words, form: Submitted, person: SignedIn) -> Response:
    """Put a question to the institution."""
    case_id = _opened(reference, person).case.id
    try:
        question = form.text("question", QUESTION, longest=LONGEST_QUESTION)
        form.refuse_faults()
        with transaction() as session:
            ask(session, case_id, question, by=person)
    except NotAssigned:
        raise
    except (Invalid, Conflict) as refused:
        return _refused(request, reference, person, form, refused)
    return redirect(request, _address(reference), notice=gettext("询问已提出，已通知申报单位。"))


@router.post("/cases/{reference}/clarifications/{number}")
def reply(request: Request, reference: Words, number: Words, form: Submitted, person: SignedIn) -> Response:
    """Answer a question."""
    case_id = _opened(reference, person).case.id
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        raise NotFound
    try:
        words = form.text(f"answer-{number}", ANSWER, longest=LONGEST_ANSWER)
        form.refuse_faults()
        with transaction() as session:
            answer(session, case_id, int(number), words, by=person)
    except NotAssigned:
        raise
    except (Invalid, Conflict) as refused:
        return _refused(request, reference, person, form, refused)
    return redirect(request, _address(reference), notice=gettext("答复已提交，评审专家可以看到。"))


def _opened(reference: str, person: Person) -> File:
    """Open a case for somebody who may see its questions; raises `NotFound`, or `NotAssigned` for who only sees it."""
    with reading() as session:
        file = opened(session, reference, person)
    if not may_see(file.sight):
        raise NotAssigned
    return file


def _refused(request: Request, reference: str, person: Person, form: Form, refused: Invalid | Conflict) -> Response:
    if isinstance(refused, Invalid) and refused.faults:
        form.faults += [fault for fault in refused.faults if fault not in form.faults]
    form.sentence = refused.sentence()
    return _shown(request, reference, person, form, refused.status)


def _shown(request: Request, reference: str, person: Person, form: Form, status: int = 200) -> Response:
    with reading() as session:
        file = opened(session, reference, person)
        if not may_see(file.sight):
            raise NotFound
        context = QuestionsPage(
            file=file,
            questions=question_lines(session, file.case, file.naming),
            answer_by=may_ask(session, file.case, person),
            form=form,
            longest_question=LONGEST_QUESTION,
            longest_answer=LONGEST_ANSWER,
            crumbs=[*way_to(file), Crumb(file.case.reference, file.address), Crumb(gettext("询问与答复"))],
        )
    return page(request, "case/clarifications.html", context, status=status)


def _address(reference: str) -> str:
    return f"/cases/{reference}/clarifications"
