"""One application: its overview, its papers and its submission."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.applications import attach, detach, is_editable, save
from casework.cases import of_application, submissions_of
from casework.people import Person
from casework.printing import paper_name, printed
from casework.submissions import submit
from core.db import reading, transaction
from core.errors import Conflict, Invalid, JidiError, NotFound, Stale, TooLarge, Unavailable, UnsupportedFile
from core.files import fetch
from core.i18n import gettext, marked
from flows.gateway import ring
from models.case import Case
from pages.applicant_pages import View, draft_page, filed_page
from pages.applicant_work import PROMISE, Applicant, ApplicationId, held_draft, opened
from pages.downloads import download
from pages.forms import Form
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.form.definition import ATTACHMENTS
from regulation.form.field import Field

router = APIRouter()

LARGEST_READ = 25
"""Megabytes a form may bring; how large a paper may be is judged by `core.files`, with its own status."""

NOT_ATTACHED = marked("附件没有上传，请按提示处理。")
IN_PLACE = {PROMISE} | {asked.key for asked in ATTACHMENTS}
"""What is filled in on this very page."""

CHANGED_SINCE = marked("申报表在您打开本页之后已被修改，请核对最新内容后再提交。")


@router.get("/applications/{application_id}")
def overview(request: Request, application_id: ApplicationId, person: Applicant, check: str = "") -> Response:
    """Show how far the application has come, or what was filed."""
    return _shown(request, application_id, person, View(checking=bool(check)))


@router.post("/applications/{application_id}")
def act(
    request: Request, application_id: ApplicationId, form: Submitted, person: Applicant, after: BackgroundTasks
) -> Response:
    """Do what one of the page's buttons says; refused, the page is shown again with the reason in its place."""
    acts: dict[str, Callable[[UUID, Form, Person], str | Case]] = {
        "submit": _submit,
        "attach": _attach,
        "detach": _detach,
    }
    chosen = acts.get(form.value("act"))
    if not chosen:
        raise Invalid
    try:
        done = chosen(application_id, form, person)
    except (Invalid, Conflict, Stale, TooLarge, UnsupportedFile, Unavailable) as refused:
        return _shown(request, application_id, person, _refused(form, refused))
    if isinstance(done, Case):
        after.add_task(ring, done.id)
        notice = gettext("已提交，编号 {n}。", n=done.reference)
        return redirect(request, f"/applications/{application_id}", notice=notice)
    return redirect(request, f"/applications/{application_id}#papers", notice=done)


@router.get("/applications/{application_id}/files/{sha256}")
def paper(application_id: ApplicationId, sha256: str, person: Applicant) -> Response:
    """Give one of the application's papers, of the draft or of what was filed."""
    with reading() as session:
        work = opened(session, application_id, person)
        names = {document.sha256: document.filename for document in work.documents.values()}
        for submission in submissions_of(session, work.case) if work.case else ():
            names |= {document["sha256"]: document["filename"] for document in submission.documents}
    if sha256 not in names:
        raise NotFound
    return download(fetch(sha256), names[sha256])


@router.get("/applications/{application_id}/pdf")
def on_paper(application_id: ApplicationId, person: Applicant) -> Response:
    """Give the printable form: the draft, said to be one, or what was filed."""
    with reading() as session:
        work = opened(session, application_id, person)
        return download(printed(session, work.application), paper_name(work.application.content))


def _submit(application_id: UUID, form: Form, person: Person) -> Case:
    """Take the promise and file the draft that this person was looking at, in one transaction."""
    with transaction() as session:
        application = held_draft(session, application_id, person)
        if is_editable(session, application, of_application(session, application.id)):
            if form.value("version") != str(application.version):
                raise Stale(CHANGED_SINCE)
            save(session, application_id, {PROMISE: form.ticked(PROMISE)}, None, by=person)
        return submit(session, application_id, by=person)


def _attach(application_id: UUID, form: Form, person: Person) -> str:
    kind = form.value("kind")
    title = gettext(_paper_field(kind).title)
    upload = form.file(kind, gettext("“{title}”", title=title), megabytes=LARGEST_READ)
    form.refuse_faults()
    if not upload:
        raise NotFound
    try:
        with transaction() as session:
            held_draft(session, application_id, person)
            attach(session, application_id, kind, (upload.filename, upload.content), by=person)
    except (TooLarge, UnsupportedFile, Unavailable) as refused:
        form.fault(kind, refused.message, **refused.values)
        raise
    return gettext("“{title}”已上传。", title=title)


def _detach(application_id: UUID, form: Form, person: Person) -> str:
    kind = form.value("kind")
    title = gettext(_paper_field(kind).title)
    with transaction() as session:
        held_draft(session, application_id, person)
        detach(session, application_id, kind, by=person)
    return gettext("“{title}”已删除。", title=title)


def _paper_field(kind: str) -> Field:
    found = next((asked for asked in ATTACHMENTS if asked.key == kind), None)
    if not found:
        raise NotFound
    return found


def _refused(form: Form, refused: JidiError) -> View:
    """Say why in the right places: a paper's fault beside the paper, everything a submission lacks in its list."""
    form.sentence = gettext(NOT_ATTACHED) if form.faults else refused.sentence()
    told = refused.faults if isinstance(refused, Invalid) and form.value("act") == "submit" else []
    form.faults += [fault for fault in told if fault.field in IN_PLACE]
    return View(form, told, status=refused.status)


def _shown(request: Request, application_id: UUID, person: Person, view: View) -> Response:
    with reading() as session:
        work = opened(session, application_id, person)
        if not work.editable:
            filed = filed_page(session, work, view, viewer=person)
            return page(request, "applicant/filed.html", filed, status=view.status)
        draft = draft_page(session, work, view, viewer=person)
    return page(request, "applicant/draft.html", draft, status=view.status)
