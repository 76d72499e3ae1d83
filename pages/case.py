"""One case for everyone who may see it: where it stands, what happened, its papers, and its withdrawal."""

from dataclasses import dataclass

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.cases import submissions_of
from casework.decisions import withdraw
from casework.printing import paper_name, printed_submission
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned, NotFound
from core.files import fetch
from core.i18n import gettext, marked
from flows.gateway import ring
from pages.case_pages import File, case_page, opened, way_to
from pages.case_papers import Papers, document_names, papers_of
from pages.downloads import download
from pages.forms import Form
from pages.kit import Crumb
from pages.rendering import page, redirect
from pages.session import SignedIn
from pages.submission import Submitted

router = APIRouter()


@dataclass(frozen=True)
class PapersPage:
    """One filed version for reading."""

    file: File
    papers: Papers
    numbers: list[int]
    crumbs: list[Crumb]


@router.get("/cases/{reference}")
def show(request: Request, reference: Words, person: SignedIn) -> Response:
    """Show a case as far as this person may see it."""
    with reading() as session:
        context = case_page(session, opened(session, reference, person), Form.of())
    return page(request, "case/case.html", context)


@router.post("/cases/{reference}")
def take_back(
    request: Request, reference: Words, form: Submitted, person: SignedIn, after: BackgroundTasks
) -> Response:
    """Withdraw the application; refused, the page is shown again with the reason and what was typed."""
    with reading() as session:
        case_id = opened(session, reference, person).case.id
    try:
        reasons = form.text("reasons", marked("撤回理由"), required=False, longest=500)
        form.refuse_faults()
        with transaction() as session:
            withdraw(session, case_id, reasons, by=person)
    except NotAssigned:
        raise
    except (Invalid, Conflict) as refused:
        form.sentence = refused.sentence()
        with reading() as session:
            context = case_page(session, opened(session, reference, person), form)
        return page(request, "case/case.html", context, status=refused.status)
    after.add_task(ring, case_id)
    return redirect(request, f"/cases/{reference}", notice=gettext("已撤回申报。"))


@router.get("/cases/{reference}/papers/{number}")
def papers(request: Request, reference: Words, number: Words, person: SignedIn) -> Response:
    """Show one filed version: the whole form, its files, and what differs from the version before."""
    with reading() as session:
        file = opened(session, reference, person)
        if not file.sight.papers:
            raise NotFound
        submissions = submissions_of(session, file.case)
    context = PapersPage(
        file=file,
        papers=papers_of(file.case, submissions, _number(number), personal=file.sight.personal),
        numbers=[one.number for one in submissions],
        crumbs=[
            *way_to(file),
            Crumb(file.case.reference, file.address),
            Crumb(gettext("第 {n} 次提交", n=number)),
        ],
    )
    return page(request, "case/papers.html", context)


@router.get("/cases/{reference}/papers/{number}/pdf")
def on_paper(reference: Words, number: Words, person: SignedIn) -> Response:
    """Give the printable form of one filed version, to whoever may see the papers."""
    with reading() as session:
        file = opened(session, reference, person)
        found = submissions_of(session, file.case) if file.sight.papers else []
        filed = next((one for one in found if one.number == _number(number)), None)
        if not filed:
            raise NotFound
        paper = printed_submission(session, file.case, filed, personal=file.sight.personal)
    return download(paper, paper_name(filed.content, f"-{file.case.reference}-{filed.number}"))


@router.get("/cases/{reference}/files/{sha256}")
def paper(reference: Words, sha256: Words, person: SignedIn) -> Response:
    """Give one of the files that were filed, to whoever may see the papers."""
    with reading() as session:
        file = opened(session, reference, person)
        names = document_names(submissions_of(session, file.case)) if file.sight.papers else {}
    if sha256 not in names:
        raise NotFound
    return download(fetch(sha256), names[sha256])


def _number(text: str) -> int:
    """Return the number in an address; what is none leads nowhere."""
    if not text.isascii() or not text.isdigit() or not int(text):
        raise NotFound
    return int(text)
