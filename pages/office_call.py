"""One call in the office's hands: its figures, its windows and their extensions, its notice's papers, its rules."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.boards import tallies
from casework.calls import by_code
from casework.calls.attachments import attach_to_notice, attachments_of, may_take_from_notice, take_from_notice
from casework.calls.extensions import extensions_of
from casework.overview import OPEN
from casework.people import Person
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, JidiError, TooLarge, Unavailable, UnsupportedFile
from core.i18n import gettext
from models.person import User
from pages.forms import Attached, Form
from pages.kit import Attachment, Column, Crumb, Tile
from pages.office_calls import CallRow, call_row
from pages.office_lines import ENDINGS, Officer, Overseer
from pages.public_call_parts import (
    ExtensionLine,
    extension_columns,
    extension_lines,
    materials,
    papers,
    rule_columns,
    windows,
)
from pages.public_sources import RuleChapter, rules
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.definition import stages_under
from regulation.policy import Policy
from regulation.roles import Role
from regulation.sourced import SourcedPolicy

router = APIRouter()

PAPER = "paper"


@dataclass(frozen=True)
class CallPage:
    """One call: its figures, its windows, its notice, its rules; `form` is that of a further paper."""

    row: CallRow
    form: Form
    tiles: list[Tile]
    windows: list[tuple[str, str]]
    extensions: list[ExtensionLine]
    extension_columns: list[Column]
    papers: list[Attachment]
    materials: list[str]
    facts: list[tuple[str, str]]
    rules: list[RuleChapter]
    rule_columns: list[Column]
    crumbs: list[Crumb]
    may_act: bool


@router.get("/office/calls/{code}")
def call(request: Request, code: Words, person: Overseer) -> Response:
    """Show one call: its figures by stage, its windows, its notice, and the rules it was opened with."""
    with reading() as session:
        context = _call_page(session, code, person, Form.of())
    return page(request, "office/call.html", context)


@router.post("/office/calls/{code}/attachments")
def attach(request: Request, code: Words, form: Submitted, person: Officer) -> Response:
    """Attach a paper to the call's notice, or show the call again with what is wrong with the file."""
    try:
        given = form.file(PAPER, gettext("通知附件"))
        form.refuse_faults()
        filename = _attached(code, given, person)
    except (Invalid, Conflict, TooLarge, UnsupportedFile, Unavailable) as refused:
        faults = refused.faults if isinstance(refused, Invalid) else [Fault(PAPER, refused.sentence())]
        with reading() as session:
            context = _call_page(session, code, person, form.refused(Invalid(faults=faults)))
        return page(request, "office/call.html", context, status=refused.status)
    return redirect(request, f"/office/calls/{quote(code)}", notice=gettext("“{name}”已公布。", name=filename))


@router.post("/office/calls/{code}/attachments/{sha256}/removal")
def detach(
    request: Request, code: Words, sha256: Annotated[str, Path(max_length=64)], form: Submitted, person: Officer
) -> Response:
    """Take a paper out of the notice of a call that has not opened."""
    del form
    with transaction() as session:
        take_from_notice(session, code, sha256, by=person)
    return redirect(request, f"/office/calls/{quote(code)}", notice=gettext("通知附件已删除。"))


def _attached(code: str, given: Attached | None, person: Person) -> str:
    if not given:
        raise JidiError
    with transaction() as session:
        return attach_to_notice(session, code, (given.filename, given.content), by=person).filename


def _call_page(session: Session, code: str, person: Person, form: Form) -> CallPage:
    found = by_code(session, code)
    row = call_row(found, tallies(session, [found], by=person)[found.id])
    opener = session.get(User, found.opened_by) if found.opened_by else None
    may_act = person.has(Role.OFFICE)
    kept = SourcedPolicy.kept(found.policy)
    return CallPage(
        row=row,
        form=form,
        tiles=_tiles(row, kept.policy),
        windows=windows(found),
        extensions=extension_lines(extensions_of(session, found), names=True),
        extension_columns=extension_columns(),
        papers=papers(found, attachments_of(session, found), removable=may_act and may_take_from_notice(found)),
        materials=materials(kept.policy),
        facts=[
            (gettext("批次编号"), found.code),
            (gettext("开通人"), opener.name if opener else gettext("系统")),
        ],
        rules=rules(kept),
        rule_columns=rule_columns(),
        crumbs=[Crumb(gettext("批次管理"), "/office/calls"), Crumb(found.code)],
        may_act=may_act,
    )


def _tiles(row: CallRow, policy: Policy) -> list[Tile]:
    """Count the call's cases: drafts, each stage, each ending that has happened."""
    tally, code = row.tally, row.call.code
    stages = [
        Tile(gettext(one.title), str(number), gettext("在办"), _table(code, stage=one.key, outcome=OPEN))
        for one in stages_under(policy)
        if (number := tally.stages.get(one.key, 0)) or one.duty
    ]
    ended = [
        Tile(gettext(ENDINGS[one]), str(times), gettext("已办结"), _table(code, outcome=one))
        for one in ENDINGS
        if (times := tally.outcomes.get(one))
    ]
    return [Tile(gettext("填报中"), str(tally.drafts), gettext("尚未提交")), *stages, *ended]


def _table(code: str, **asked: str) -> str:
    return f"/office/cases?{urlencode({'call': code} | asked)}"
