"""The pool brought as a workbook: what is wrong row by row, or everybody who was entered."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.experts.importing import Taken, import_pool
from core.db import transaction
from core.errors import Invalid
from core.i18n import gettext, marked
from pages.account import spoken
from pages.forms import Form
from pages.kit import Crumb
from pages.office_experts import ADDRESS
from pages.office_lines import Officer
from pages.rendering import page
from pages.submission import Submitted

router = APIRouter()

IMPORT = f"{ADDRESS}/import"
MEGABYTES = 5


@dataclass(frozen=True)
class ImportPage:
    """The form with the faults of what was brought, or everybody who was entered."""

    form: Form
    faults: list[str]
    taken: list[Taken]
    megabytes: int
    crumbs: list[Crumb]


@router.get(IMPORT)
def blank(request: Request, person: Officer) -> Response:
    """Offer the form."""
    del person
    return _page(request, Form.of())


@router.post(IMPORT)
def take(request: Request, form: Submitted, person: Officer) -> Response:
    """Enter everybody of a workbook, or nobody and say what is wrong; new accounts are invited by letter."""
    try:
        given = form.file("file", marked("专家库工作簿"), megabytes=MEGABYTES)
        form.refuse_faults()
        with transaction() as session:
            taken = import_pool(session, given.content if given else b"", by=person)
    except Invalid as refused:
        told = spoken(refused)
        rows = [fault.message for fault in told.faults if fault.field != "file"]
        told.faults = [fault for fault in told.faults if fault.field == "file"]
        return _page(request, form.refused(told), faults=rows, status=refused.status)
    return _page(request, Form.of(), taken=taken)


def _page(
    request: Request,
    form: Form,
    *,
    faults: list[str] | None = None,
    taken: list[Taken] | None = None,
    status: int = 200,
) -> Response:
    crumbs = [Crumb(gettext("专家库"), ADDRESS), Crumb(gettext("导入"))]
    return page(
        request,
        "office/experts-import.html",
        ImportPage(form, faults or [], taken or [], MEGABYTES, crumbs),
        status=status,
    )
