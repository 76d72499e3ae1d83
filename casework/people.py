"""People as the rest of the house sees them, and the accounts they have."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from casework.passwords import password_problem
from casework.turnstile import pass_through
from core.clock import today
from core.errors import Fault, Invalid
from core.i18n import marked
from core.security import hashed
from core.settings import settings
from models.delegation import Delegation
from models.organisation import Organisation, OrganisationKind
from models.person import User, UserRole
from regulation import credit_code
from regulation.areas import AREAS
from regulation.roles import Role


@dataclass(frozen=True)
class Absent:
    """Somebody whose duties another does these days, as far as they can be delegated."""

    id: UUID
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class Person:
    """Who is acting: an account with its roles and its organisation, and whom it stands in for today.

    `initial_password`: somebody else chose it, so it must be changed before anything else is done; likewise
    `second_factor_owed`: a role needs one and there is none. `in_place_of` is set for one act: the absent person whose
    duty it is.
    """

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    organisation_id: UUID
    organisation_name: str
    locale: str = "zh"
    sign_in_id: UUID | None = None
    csrf: str = ""
    initial_password: bool = False
    second_factor_owed: bool = False
    absent: tuple[Absent, ...] = ()
    in_place_of: Absent | None = None

    @property
    def stands_in_for(self) -> frozenset[UUID]:
        """Those whose duties this person does today."""
        return frozenset(one.id for one in self.absent)

    def has(self, *roles: Role) -> bool:
        """Whether the person has one of the roles."""
        return bool(self.roles & set(roles))


@dataclass(frozen=True)
class NewAccount:
    """What an applicant gives to open an account for its institution."""

    email: str
    password: str
    name: str
    organisation: str
    credit_code: str
    area_code: str = ""


def person_of(session: Session, user: User, sign_in_id: UUID | None = None, csrf: str = "") -> Person:
    """Return the person behind an account."""
    organisation = session.get_one(Organisation, user.organisation_id)
    roles, absent = roles_and_absent(session, user.id)
    return Person(
        user.id, user.name, user.email, roles, organisation.id, organisation.name, user.locale,
        sign_in_id, csrf, user.initial_password, absent=absent,
    )  # fmt: skip


def roles_of(session: Session, user_id: UUID) -> frozenset[Role]:
    """Return the roles of an account."""
    return frozenset(Role(role) for role in session.exec(select(UserRole.role).where(UserRole.user_id == user_id)))


def roles_and_absent(session: Session, user_id: UUID) -> tuple[frozenset[Role], tuple[Absent, ...]]:
    """Return the roles of an account and, by name, whom it stands in for today: asked at every request, so at once."""
    absent = select(Delegation.absent_id).where(Delegation.deputy_id == user_id, *on_that_day(today()))
    found = session.exec(
        select(User.id, User.name, UserRole.role)
        .join(UserRole, col(UserRole.user_id) == User.id)
        .where(or_(col(User.id) == user_id, col(User.id).in_(absent)))
    )
    roles: dict[UUID, set[Role]] = {user_id: set()}
    names: dict[UUID, str] = {}
    for one, name, role in found:
        roles.setdefault(one, set()).add(Role(role))
        names[one] = name
    others = sorted(names.keys() - {user_id}, key=lambda one: names[one])
    return frozenset(roles[user_id]), tuple(Absent(one, names[one], frozenset(roles[one])) for one in others)


def deputies_of(session: Session, user_ids: Collection[UUID], on: date) -> list[User]:
    """Return who stands in for any of these people on a day, by name."""
    found = select(User).join(Delegation, col(Delegation.deputy_id) == User.id)
    found = found.where(col(Delegation.absent_id).in_(user_ids), col(User.closed_at).is_(None), *on_that_day(on))
    return list(session.exec(found.order_by(User.name).distinct()))


def on_that_day(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a delegation holds on a day."""
    return (
        col(Delegation.ended_at).is_(None),
        col(Delegation.first_on) <= day,
        col(Delegation.last_on) >= day,
    )


def sign_up(session: Session, new: NewAccount) -> User:
    """Open an account for an institution that wants to apply (Art. 5(1)); the first one also enters the institution.

    Raises `Invalid` with every fault at once.
    """
    email, code = normalised_email(new.email), credit_code.cleaned(new.credit_code)
    faults = faults_of(new, code)
    pass_through(session, "sign-up")
    if session.exec(select(User).where(User.email == email)).first():
        faults.append(Fault("email", marked("该邮箱已注册，请直接登录。")))
    known = session.exec(select(Organisation).where(Organisation.credit_code == code)).first()
    if known:
        faults.append(Fault("credit_code", marked("该单位已注册账号，请联系本单位的管理人员，或与继教办联系。")))
    elif session.exec(select(Organisation).where(Organisation.name == new.organisation.strip())).first():
        faults.append(Fault("organisation", marked("该单位名称已被登记，请核对名称与统一社会信用代码。")))
    if faults:
        raise Invalid(faults=faults)
    institution = Organisation(
        kind=OrganisationKind.INSTITUTION, name=new.organisation.strip(), credit_code=code, area_code=new.area_code
    )
    session.add(institution)
    session.flush()
    return add_user(session, email, new.name.strip(), new.password, of=institution, roles=[Role.APPLICANT])


def faults_of(new: NewAccount, code: str) -> list[Fault]:
    """Return what is wrong with the details of a new account, without asking the record."""
    faults = []
    if problem := email_problem(new.email):
        faults.append(Fault("email", problem))
    if problem := password_problem(new.password, (new.name, new.email, new.organisation)):
        faults.append(Fault("password", problem))
    if not 1 < len(new.name.strip()) <= 50:
        faults.append(Fault("name", marked("请填写经办人姓名（2 至 50 字）。")))
    if not 1 < len(new.organisation.strip()) <= 100:
        faults.append(Fault("organisation", marked("请填写单位全称（不超过 100 字）。")))
    if problem := credit_code.problem(code):
        faults.append(Fault("credit_code", problem))
    if new.area_code and new.area_code not in {area.code for area in AREAS}:
        faults.append(Fault("area_code", marked("请选择所在地区。")))
    return faults


def email_problem(email: str) -> str:
    """Return what is wrong with an address, or an empty text."""
    try:
        validate_email(normalised_email(email), check_deliverability=False, test_environment=settings().embedded)
    except EmailNotValidError:
        return marked("请填写有效的邮箱地址。")
    return ""


def normalised_email(email: str) -> str:
    """Return the address as accounts are known by it."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def add_user(session: Session, email: str, name: str, password: str, *, of: Organisation, roles: list[Role]) -> User:  # noqa: PLR0913 - what an account is
    """Enter an account with its roles."""
    user = User(email=email, name=name, password_hash=hashed(password), organisation_id=of.id)
    session.add(user)
    session.flush()
    session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
    return user


def holders_of(session: Session, role: Role, organisation_id: UUID | None = None) -> list[User]:
    """Return the people with a role, of one organisation or of all, by name."""
    found = select(User).join(UserRole, col(UserRole.user_id) == User.id).where(UserRole.role == role)
    if organisation_id:
        found = found.where(User.organisation_id == organisation_id)
    return list(session.exec(found.where(col(User.closed_at).is_(None)).order_by(User.name)))


def recommending_bodies(session: Session) -> list[Organisation]:
    """Return the bodies that may recommend, Art. 5(3): the 17 areas' bureaux, then the departments."""
    bodies = select(Organisation).where(
        col(Organisation.kind).in_([OrganisationKind.AREA_BUREAU, OrganisationKind.DEPARTMENT])
    )
    return list(session.exec(bodies.order_by(Organisation.kind, Organisation.area_code, Organisation.name)))
