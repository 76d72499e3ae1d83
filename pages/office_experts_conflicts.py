"""Conflicts of one case in the office's hands: against whom what stands, and what was ruled."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, BackgroundTasks, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.experts.avoiding import asked_for
from casework.experts.conflicts import SENTENCES, Ground
from casework.experts.overview import (
    IN_POOL,
    INVITED,
    SEATED,
    STANDS_IN,
    TEAM,
    Concerned,
    concerned_in,
    panel_round,
    ruled_in,
)
from casework.experts.rulings import Ruling, rule
from casework.people import Person
from casework.replacing import substitutes
from core.addresses import Words, maybe_identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotPermitted
from core.i18n import gettext, marked
from flows.gateway import ring
from models.case import Assignment
from models.expert import Conflict as Raised
from models.expert import ConflictKind
from models.person import User
from pages.account import spoken
from pages.case_pages import File, opened, way_to
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.office_lines import Officer
from pages.rendering import page, redirect
from pages.submission import Submitted

router = APIRouter()

PATH = "/office/cases/{reference}/conflicts"
PLACES = {
    SEATED: marked("委员"),
    INVITED: marked("已邀请"),
    TEAM: marked("考察人员"),
    STANDS_IN: marked("代行考察"),
    IN_POOL: marked("专家库"),
}
LOOKS = {SEATED: "info", INVITED: "waiting", TEAM: "info", STANDS_IN: "waiting", IN_POOL: "plain"}


@dataclass(frozen=True)
class GroundLine:
    """One conflict to rule on; `upheld` when it was ruled on already; `form` holds what was just typed for it."""

    ground: Ground
    sentence: str
    upheld: bool
    key: str
    form: Form


@dataclass(frozen=True)
class PersonLine:
    """One person with what stands against him or her."""

    user: User
    place: tuple[str, str]
    lines: list[GroundLine]
    seat: Assignment | None
    substitutes: list[Option]


@dataclass(frozen=True)
class RuledLine:
    """One ruling."""

    conflict: Raised
    name: str
    sentence: str
    who: str


@dataclass(frozen=True)
class ConflictsPage:
    """The conflicts of a case."""

    file: File
    address: str
    form: Form
    found: Form
    people: list[PersonLine]
    members: list[Option]
    asked: list[tuple[str, str]]
    ruled: list[RuledLine]
    crumbs: list[Crumb]


@router.get(PATH)
def show(request: Request, reference: Words, person: Officer) -> Response:
    """Show against whom what stands."""
    return _page(request, reference, person, Form.of())


@router.post(PATH)
def act(request: Request, reference: Words, form: Submitted, person: Officer, after: BackgroundTasks) -> Response:
    """Dismiss or uphold one conflict; refused, the page is shown again with the reason."""
    with reading() as session:
        case_id = opened(session, reference, person).case.id
    ruling = Ruling(
        upheld=form.value("act") != "dismiss",
        reason=form.value("reason"),
        conflict_id=maybe_identity(form.value("conflict")),
        user_id=maybe_identity(form.value("user")),
        kind=form.value("kind"),
        grounds=form.value("grounds"),
        substitute=maybe_identity(form.value("substitute")),
    )
    try:
        with transaction() as session:
            rule(session, case_id, ruling, by=person)
    except Invalid as refused:
        return _page(request, reference, person, form.refused(spoken(refused)), refused.status)
    except (Conflict, NotPermitted) as refused:
        form.sentence = refused.sentence()
        return _page(request, reference, person, form, refused.status)
    after.add_task(ring, case_id)
    done = gettext("已认定应当回避。") if ruling.upheld else gettext("已认定无须回避。")
    return redirect(request, PATH.format(reference=reference), notice=done)


def _page(request: Request, reference: str, person: Person, form: Form, status: int = 200) -> Response:
    with reading() as session:
        file = opened(session, reference, person)
        at = panel_round(session, file.case)
        concerned = concerned_in(session, file.case, at)
        seats = [one for one in concerned if one.seat]
        context = ConflictsPage(
            file=file,
            address=PATH.format(reference=file.case.reference),
            form=form,
            found=form if form.value("key") == "found" else Form.of(),
            people=[_line(session, one, form) for one in concerned if one.grounds],
            members=[Option(str(one.user.id), one.user.name) for one in seats],
            asked=asked_for(session, file.case),
            ruled=_ruled(ruled_in(session, file.case)),
            crumbs=[*way_to(file), Crumb(file.case.reference, file.address), Crumb(gettext("回避"))],
        )
    return page(request, "office/experts-conflicts.html", context, status=status)


def _line(session: Session, one: Concerned, form: Form) -> PersonLine:
    able = substitutes(session, one.seat) if one.seat else []
    return PersonLine(
        user=one.user,
        place=(gettext(PLACES[one.place]), LOOKS[one.place]),
        lines=[_ground(ground, form) for ground in one.grounds],
        seat=one.seat,
        substitutes=[Option(str(each.user.id), each.user.name) for each in able if not each.conflicts],
    )


def _ground(ground: Ground, form: Form) -> GroundLine:
    raised = ground.conflict
    key = str(raised.id) if raised else f"{ground.user_id}-{ground.kind}"
    return GroundLine(
        ground=ground,
        sentence=ground.sentence,
        upheld=bool(raised and raised.upheld),
        key=key,
        form=form if form.value("key") == key else Form.of(),
    )


def _ruled(found: Sequence[tuple[Raised, User]]) -> list[RuledLine]:
    return [RuledLine(one, one.name, gettext(SENTENCES[ConflictKind(one.kind)], grounds=one.grounds), user.name)
            for one, user in found]  # fmt: skip
