"""One expert: the profile with its employers, suspensions; or a new one with a new account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.accounts import NewStaff, open_account
from casework.experts.pool import FIELDS, KINDS, Entry, expert_of
from casework.experts.profiles import Employer, NewProfile, resume, save_profile, suspend
from casework.organisations import bodies
from casework.people import Person
from core.addresses import Words, identity, maybe_identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid
from core.i18n import gettext, marked
from models.expert import Expert
from pages.account import spoken
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.office_experts import ADDRESS, ExpertLine, field_options, kind_options, line_of
from pages.office_lines import Officer
from pages.office_new_person import INVITED
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.roles import Role

router = APIRouter()

NEW = f"{ADDRESS}/new"
SPARE_ROWS = 2
KIND, FIELD, FROM, TO = marked("专家类别"), marked("专业领域"), marked("聘期起"), marked("聘期止")
SINCE, UNTIL = marked("任职起"), marked("任职止")


@dataclass(frozen=True)
class ExpertPage:
    """The form of a profile; without `line` of somebody who has no account yet."""

    line: ExpertLine | None
    form: Form
    rows: list[Form]
    kinds: list[Option]
    fields: list[Option]
    organisations: list[Option]
    address: str
    crumbs: list[Crumb]


@router.get(NEW)
def blank(request: Request, person: Officer) -> Response:
    """Offer the form of a new expert."""
    return _page(request, None, Form.of({"organisation_id": person.organisation_id}))


@router.post(NEW)
def take(request: Request, form: Submitted, person: Officer) -> Response:
    """Open an account, which is invited by letter, and enter the profile."""
    try:
        user_id = _entered(form, person)
    except Invalid as refused:
        return _page(request, None, form.refused(spoken(refused)), status=refused.status)
    return redirect(request, f"{ADDRESS}/{user_id}", notice=gettext(INVITED))


@router.get(f"{ADDRESS}/{{user_id}}")
def show(request: Request, user_id: Words, person: Officer) -> Response:
    """Show one expert."""
    del person
    return _page(request, identity(user_id))


@router.post(f"{ADDRESS}/{{user_id}}")
def act(request: Request, user_id: Words, form: Submitted, person: Officer) -> Response:
    """Save the profile, suspend or resume; refused, the page is shown again with the reason."""
    known = identity(user_id)
    chosen, sentence = ACTS.get(form.value("act"), ACTS["save"])
    try:
        with transaction() as session:
            chosen(session, known, form, person)
    except Invalid as refused:
        return _page(request, known, form.refused(spoken(refused)), status=refused.status)
    except Conflict as refused:
        form.sentence = refused.sentence()
        return _page(request, known, form, status=refused.status)
    return redirect(request, f"{ADDRESS}/{known}", notice=gettext(sentence))


ACTS: Mapping[str, tuple[Callable[..., Expert], str]] = {
    "save": (lambda s, u, f, p: save_profile(s, u, _profile(f), by=p), marked("专家档案已保存。")),
    "suspend": (lambda s, u, f, p: suspend(s, u, f.value("reason"), by=p), marked("已暂停，该专家不再列入抽取。")),
    "resume": (lambda s, u, _, p: resume(s, u, by=p), marked("已恢复，该专家可以列入抽取。")),
}


def _entered(form: Form, person: Person) -> UUID:
    profile = _profile(form, refuse=False)
    roles = [Role.EXPERT, *([Role.CHAIR] if form.ticked("chairs") else [])]
    body = maybe_identity(form.value("organisation_id"))
    new = NewStaff(form.value("email"), form.value("name"), roles, form.value("title")[:50], organisation_id=body)
    with transaction() as session:
        user = open_account(session, new, by=person)
        form.refuse_faults()
        session.flush()
        save_profile(session, user.id, profile, by=person)
        return user.id


def _profile(form: Form, *, refuse: bool = True) -> NewProfile:
    """Read a profile; what cannot be read is told with what the record objects to."""
    profile = NewProfile(
        kind=form.choice("kind", KIND, KINDS, required=False),
        fields=form.choices("fields", FIELD, FIELDS, required=False),
        title=form.value("title"),
        recommending_unit=form.value("recommending_unit"),
        valid_from=form.day("valid_from", FROM, required=False),
        valid_to=form.day("valid_to", TO, required=False),
        employers=[_employer(row) for row in form.rows("employers") if any(row.value(name) for name in FIELDS_OF_ROW)],
    )
    if refuse:
        form.refuse_faults()
    return profile


FIELDS_OF_ROW = ("name", "credit_code", "from_on", "to_on")


def _employer(row: Form) -> Employer:
    since = row.day("from_on", SINCE, required=False)
    return Employer(row.value("name"), row.value("credit_code"), since, row.day("to_on", UNTIL, required=False))


def _page(request: Request, user_id: UUID | None, form: Form | None = None, *, status: int = 200) -> Response:
    with reading() as session:
        entry = expert_of(session, user_id) if user_id else None
        listed = [Option(str(body.id), body.name) for body in bodies(session)]
    filled = form if form and form.value("act") in {"", "save"} and (form.faults or not entry) else _filled(entry)
    if form and filled is not form:
        filled.sentence, filled.faults = form.sentence, form.faults
    context = ExpertPage(
        line=line_of(entry) if entry else None,
        form=filled,
        rows=_rows(filled, entry),
        kinds=kind_options(),
        fields=field_options(),
        organisations=listed,
        address=f"{ADDRESS}/{entry.user.id}" if entry else NEW,
        crumbs=[Crumb(gettext("专家库"), ADDRESS), Crumb(entry.user.name if entry else gettext("新增专家"))],
    )
    return page(request, "office/experts-one.html", context, status=status)


def _filled(entry: Entry | None) -> Form:
    """Return the form as the record has it."""
    if not entry or not entry.profile:
        return Form.of()
    known = entry.profile
    values: dict[str, object] = known.model_dump(include={"kind", "fields", "title", "recommending_unit"})
    values |= {"valid_from": known.valid_from, "valid_to": known.valid_to or ""}
    for number, one in enumerate(entry.employments):
        row = {"name": one.employer, "credit_code": one.credit_code, "from_on": one.from_on, "to_on": one.to_on or ""}
        values |= {f"employers-{number}-{name}": value for name, value in row.items()}
    return Form.of(values)


def _rows(form: Form, entry: Entry | None) -> list[Form]:
    known = len(form.rows("employers"))
    return [form.row("employers", number) for number in range(known + (SPARE_ROWS if entry or not known else 1))]
