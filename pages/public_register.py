"""The public register of bases, and whether a certificate is valid."""

from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.limits import Limited
from casework.certificates import VALIDITIES, Validity, entry_of, validity_of, verify
from casework.limits import SEARCH
from casework.publication import register
from casework.publication.register import Asked, Base, base_of
from casework.trust.seals import latest
from core.addresses import Words
from core.db import reading
from core.errors import Invalid, NotFound
from core.files import digest, fetch
from core.i18n import gettext, marked
from models.certificate import Certificate
from models.journal import JournalSeal
from pages.downloads import download
from pages.forms import Form
from pages.kit import Column, Crumb, Option
from pages.public import area_options
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.areas import AREA_NAMES
from regulation.form.domain import DOMAINS

router = APIRouter()

ON_A_PAGE = 20
DOMAIN_TITLES = {domain.key: domain.title for domain in DOMAINS}
COLUMNS = (marked("基地名称"), marked("申报单位"), marked("地区"), marked("证书编号"), marked("公布日期"))
BADGES = {Validity.VALID: "approved", Validity.EXPIRED: "lapsed", Validity.REVOKED: "refused"}


@dataclass(frozen=True)
class RegisterPage:
    """One page of the register."""

    bases: list[Base]
    asked: Asked
    areas: list[Option]
    domains: list[Option]
    years: list[Option]
    states: list[Option]
    badges: dict[Validity, tuple[str, str]]
    area_names: dict[str, str]
    columns: list[Column]
    next: str
    first: bool
    seal: JournalSeal | None


@dataclass(frozen=True)
class EntryPage:
    """One base."""

    base: Base
    badge_of: tuple[str, str]
    area: str
    domains: str
    crumbs: list[Crumb]


@dataclass(frozen=True)
class VerificationPage:
    """What is known of a certificate; `same` says whether a given file is the one that was issued."""

    form: Form
    asked: str = ""
    certificate: Certificate | None = None
    standing: str = "unknown"
    listed: bool = False
    same: bool | None = None
    file_sha256: str = ""
    crumbs: list[Crumb] = field(default_factory=list)


@dataclass(frozen=True)
class More:
    """What the address asks for beside words and area."""

    field: Words = ""
    year: Words = ""
    state: Words = ""


@router.get("/register", dependencies=[Depends(Limited(SEARCH))])
def bases(
    request: Request, more: Annotated[More, Depends()], q: Words = "", area: Words = "", after: Words = ""
) -> Response:
    """Search the register."""
    asked = Asked(q, area, more.field, more.year, more.state)
    with reading() as session:
        found = register.search(session, asked, after=after, limit=ON_A_PAGE + 1)
        years = register.years(session)
        seal = latest(session)
    shown = found[:ON_A_PAGE]
    context = RegisterPage(
        bases=shown,
        asked=asked,
        areas=area_options(),
        domains=[Option(key, gettext(title)) for key, title in DOMAIN_TITLES.items()],
        years=[Option(str(year), str(year)) for year in years],
        states=[Option(str(one), gettext(title)) for one, title in VALIDITIES.items()],
        badges=badges(),
        area_names={code: gettext(name) for code, name in AREA_NAMES.items()},
        columns=[Column(gettext(title)) for title in (*COLUMNS, marked("状态"))],
        next=shown[-1].number if len(found) > ON_A_PAGE else "",
        first=not after,
        seal=seal,
    )
    return page(request, "public/register.html", context)


@router.get("/register/{number}")
def base(request: Request, number: Words) -> Response:
    """Show one base of the register."""
    with reading() as session:
        found = base_of(session, number)
    if not found:
        raise NotFound
    context = EntryPage(
        base=found,
        badge_of=badges()[found.validity],
        area=gettext(AREA_NAMES.get(found.area_code, "")) if found.area_code else "",
        domains=gettext("、").join(gettext(DOMAIN_TITLES.get(key, key)) for key in found.fields),
        crumbs=[Crumb(gettext("基地名录"), "/register"), Crumb(found.base_name)],
    )
    return page(request, "public/entry.html", context)


def badges() -> dict[Validity, tuple[str, str]]:
    """Return the badge of each state: its text and its look."""
    return {one: (gettext(title), BADGES[one]) for one, title in VALIDITIES.items()}


@router.get("/verify", dependencies=[Depends(Limited(SEARCH))])
def ask(request: Request, q: Words = "") -> Response:
    """Ask for a number or a check code, and lead to what is known of it."""
    if not q:
        return page(request, "public/verify.html", VerificationPage(Form.of()))
    with reading() as session:
        certificate = verify(session, q)
    if certificate:
        return redirect(request, f"/verify/{quote(certificate.token)}")
    return page(request, "public/verification.html", VerificationPage(Form.of(), asked=q), status=404)


@router.get("/verify/{token}", dependencies=[Depends(Limited(SEARCH))])
def verification(request: Request, token: Words) -> Response:
    """Say whether a certificate is valid, revoked or unknown; QR codes lead here."""
    known = _known(token)
    return page(request, "public/verification.html", known, status=200 if known.certificate else 404)


@router.post("/verify/{token}")
def compare(request: Request, token: Words, form: Submitted) -> Response:
    """Compare a file with the one that was issued; it is read once and kept nowhere."""
    known = _known(token, form)
    if not known.certificate:
        raise NotFound
    try:
        given = form.file("file", marked("证书文件"))
        form.refuse_faults()
    except Invalid as refused:
        form.refused(refused)
        return page(request, "public/verification.html", known, status=422)
    sha256 = digest(given.content) if given else ""
    context = _known(token, form, sha256)
    return page(request, "public/verification.html", context)


@router.get("/certificates/{token}.pdf")
def certificate_file(token: Words) -> Response:
    """Give the certificate as it was issued."""
    with reading() as session:
        certificate = verify(session, token)
    if not certificate or certificate.token != token or not certificate.sha256:
        raise NotFound
    return download(fetch(certificate.sha256), f"{certificate.number}.pdf")


def _known(token: str, form: Form | None = None, file_sha256: str = "") -> VerificationPage:
    with reading() as session:
        certificate = verify(session, token)
        listed = bool(certificate and entry_of(session, certificate))
    return VerificationPage(
        form=form or Form.of(),
        asked=token,
        certificate=certificate,
        standing=str(validity_of(certificate)) if certificate else "unknown",
        listed=listed,
        same=file_sha256 == certificate.sha256 if certificate and file_sha256 else None,
        file_sha256=file_sha256,
        crumbs=[Crumb(gettext("证书核验"), "/verify"), Crumb(gettext("核验结果"))],
    )
