"""Public lists for everybody: what is to be recognised, until when, and how to object in writing."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.limits import Limited
from casework.limits import OBJECTION
from casework.objections.filing import NewObjection, Upload, object_to
from casework.objections.letters import follow_path
from casework.objections.looking import Listed, by_token
from casework.objections.on_paper import paper, paper_name
from casework.organisations import PROVINCE
from casework.public_lists import ListedCase, PublicList, item_on, list_of, lists
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, TooManyAttempts, Unavailable
from core.i18n import gettext, marked
from models.objection import ObjectorKind
from pages.downloads import download
from pages.forms import Form
from pages.kit import Column, Crumb, Option
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.form.domain import DOMAINS

router = APIRouter()

DOMAIN_TITLES = {domain.key: domain.title for domain in DOMAINS}
STATES = {"open": marked("公示中"), "ahead": marked("即将公示"), "closed": marked("公示期满")}
BADGES = {"open": "open", "ahead": "ahead", "closed": "lapsed"}
KINDS = {ObjectorKind.PERSON: marked("个人（实名）"), ObjectorKind.UNIT: marked("单位（加盖公章）")}
EVIDENCE = range(1, 6)
"""The form asks for each piece of evidence by itself, so that it works without JavaScript."""


@dataclass(frozen=True)
class ListsPage:
    """Every list, the newest first."""

    lists: list[PublicList]
    states: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class ListPage:
    """One list with what one must know to object."""

    public: PublicList
    state: tuple[str, str]
    rows: list[tuple[ListedCase, str]]
    columns: list[Column]
    contact: list[str]
    authority: str
    crumbs: list[Crumb]


@dataclass(frozen=True)
class ObjectionPage:
    """The form of an objection."""

    form: Form
    public: PublicList
    listed: ListedCase
    kinds: list[Option]
    evidence: range
    refusal: str
    crumbs: list[Crumb]


@dataclass(frozen=True)
class FollowPage:
    """How an objection stands, for whoever holds its link; it names nobody."""

    listed: Listed
    kind: str
    standing: str
    answer: str
    link: str


@router.get("/publicity")
def publicities(request: Request) -> Response:
    """List the public lists."""
    with reading() as session:
        context = ListsPage(lists(session), list_states())
    return page(request, "public/publicities.html", context)


@router.get("/publicity/{publicity_id}")
def publicity(request: Request, publicity_id: Words) -> Response:
    """Show one list."""
    with reading() as session:
        public, cases = list_of(session, identity(publicity_id))
    titles = (marked("序号"), marked("单位名称"), marked("拟挂牌基地名称"), marked("领域"), marked("推荐单位"))
    context = ListPage(
        public=public,
        state=list_states()[public.state],
        rows=[(one, _domains(one)) for one in cases],
        columns=[Column(gettext(title)) for title in titles],
        contact=[line for line in public.publicity.contact.splitlines() if line.strip()],
        authority=gettext(PROVINCE),
        crumbs=[Crumb(gettext("公示"), "/publicity"), Crumb(public.publicity.title)],
    )
    return page(request, "public/publicity.html", context)


@router.get("/publicity/{publicity_id}/objections/{item_id}")
def blank(request: Request, publicity_id: Words, item_id: Words) -> Response:
    """Offer the form of an objection to one case on a list."""
    return _shown(request, (identity(publicity_id), identity(item_id)), Form.of())


@router.post("/publicity/{publicity_id}/objections/{item_id}", dependencies=[Depends(Limited(OBJECTION))])
def file(request: Request, publicity_id: Words, item_id: Words, form: Submitted) -> Response:
    """File the objection, or show the form again with everything that is wrong with it."""
    place = identity(publicity_id), identity(item_id)
    with reading() as session:
        item_on(session, *place)
    new = _read(form)
    try:
        with transaction() as session:
            address = request.client.host if request.client else ""
            link = follow_path(object_to(session, place[1], new, address=address))
    except Invalid as refused:
        faults = [Fault(fault.field, gettext(fault.message)) for fault in refused.faults]
        return _shown(request, place, form.refused(Invalid(faults=faults)), status=refused.status)
    except (Conflict, TooManyAttempts, Unavailable) as refused:
        return _shown(request, place, form, refused.sentence(), refused.status)
    return redirect(request, link, notice=gettext("异议已提交，请保存本页地址，以便查询办理情况。"))


@router.get("/objections/{link}")
def follow(request: Request, link: Words) -> Response:
    """Show how an objection stands to whoever holds its secret link."""
    with reading() as session:
        found = by_token(session, link)
    objection = found.objection
    context = FollowPage(
        listed=found,
        kind=gettext(KINDS[objection.kind]),
        standing=gettext(found.standing),
        answer=objection.answer,
        link=follow_path(objection),
    )
    answer = page(request, "public/objection.html", context)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@router.get("/objections/{link}/pdf")
def on_paper(link: Words) -> Response:
    """Give the receipt, or the written answer, to be printed."""
    with reading() as session:
        found = by_token(session, link)
    return download(paper(found), paper_name(found))


def _shown(request: Request, place: tuple[UUID, UUID], form: Form, refusal: str = "", status: int = 200) -> Response:
    with reading() as session:
        public, listed = item_on(session, *place)
    context = ObjectionPage(
        form=form,
        public=public,
        listed=listed,
        kinds=[Option(str(kind), gettext(title)) for kind, title in KINDS.items()],
        evidence=EVIDENCE,
        refusal=refusal,
        crumbs=[
            Crumb(gettext("公示"), "/publicity"),
            Crumb(public.publicity.title, f"/publicity/{public.publicity.id}"),
            Crumb(gettext("提出异议")),
        ],
    )
    return page(request, "public/objection-new.html", context, status=status)


def _read(form: Form) -> NewObjection:
    """Read what was typed; the record says what is wrong with it, all at once."""
    asked = [(f"evidence-{n}", gettext("证据材料")) for n in EVIDENCE]
    files = [form.file(name, label, required=False) for name, label in asked]
    sealed = form.file("sealed", gettext("盖章的异议书"), required=False)
    return NewObjection(
        kind=form.value("kind"),
        name=form.value("name"),
        contact=form.value("contact"),
        phone=form.value("phone"),
        email=form.value("email"),
        facts=form.value("facts"),
        grounds=form.value("grounds"),
        sealed=Upload(sealed.filename, sealed.content) if sealed else None,
        evidence=[Upload(one.filename, one.content) for one in files if one],
    )


def list_states() -> dict[str, tuple[str, str]]:
    """Return the words and the badge of each state a list can be in."""
    return {state: (gettext(title), BADGES[state]) for state, title in STATES.items()}


def _domains(listed: ListedCase) -> str:
    return gettext("、").join(gettext(DOMAIN_TITLES.get(key, key)) for key in listed.domains)
