"""The pool of experts: what is known of everybody who may sit on a committee, kept by the office."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, String, cast, col, func, or_, select, tuple_

from casework.paging import Page, cursor, cut, place_of
from core.clock import today
from core.errors import NotFound
from core.i18n import marked
from models.expert import Employment, Expert, ExpertKind
from models.organisation import Organisation
from models.person import User, UserRole
from regulation.form.domain import DOMAINS
from regulation.roles import Role

KINDS = {
    ExpertKind.CONTINUING_EDUCATION: marked("继续教育专家"),
    ExpertKind.FIELD: marked("领域专家"),
}
FIELDS = {choice.key: choice.title for choice in DOMAINS}
STATES = {
    "active": marked("可抽取"),
    "unknown": marked("未建档案"),
    "ahead": marked("聘期未到"),
    "expired": marked("聘期已满"),
    "suspended": marked("已暂停"),
    "closed": marked("账号已停用"),
}
"""Where an expert stands; only an active one can be drawn."""
MOST_WORDS = 8


@dataclass(frozen=True)
class Entry:
    """One expert of the pool; without a profile somebody who has the role only."""

    user: User
    organisation: Organisation
    profile: Expert | None
    employments: list[Employment]
    may_chair: bool

    @property
    def state(self) -> str:
        """The one word of `STATES` that matters most."""
        known, on = self.profile, today()
        if self.user.closed_at:
            return "closed"
        if not known:
            return "unknown"
        if known.suspended_at:
            return "suspended"
        if known.valid_from > on:
            return "ahead"
        return "expired" if known.valid_to and known.valid_to < on else "active"


@dataclass(frozen=True)
class PoolSearch:
    """What is asked for."""

    words: str = ""
    kind: str = ""
    field: str = ""
    after: str = ""
    limit: int = 50


def experts(session: Session, search: PoolSearch) -> Page[Entry]:
    """Return a page of the pool by name; raises `Invalid` for a broken cursor."""
    place = tuple_(col(User.name), cast(User.id, String))
    found = _selected().where(*_conditions(search)).order_by(col(User.name), cast(User.id, String))
    if search.after:
        found = found.where(place > tuple_(*place_of(search.after, "experts", str, str)))
    rows = session.exec(found.limit(search.limit + 1)).all()
    page = cut(rows, search.limit, lambda row: cursor("experts", row[0].name, str(row[0].id)))
    return Page(_entries(session, page.rows), page.next)


def count_experts(session: Session, search: PoolSearch) -> int:
    """Count what a search finds."""
    return session.exec(select(func.count()).select_from(_selected().where(*_conditions(search)).subquery())).one()


def whole_pool(session: Session) -> list[Entry]:
    """Return everybody with the role, by name."""
    return _entries(session, session.exec(_selected().order_by(col(User.name), cast(User.id, String))).all())


def expert_of(session: Session, user_id: UUID) -> Entry:
    """Return one expert; raises `NotFound` for who has not the role."""
    return next(iter(entries_of(session, [user_id])), None) or _nobody()


def entries_of(session: Session, user_ids: Collection[UUID]) -> list[Entry]:
    """Return these experts."""
    return _entries(session, session.exec(_selected().where(col(User.id).in_(user_ids))).all())


def _selected() -> Any:  # noqa: ANN401 - a statement
    holds = select(UserRole.user_id).where(UserRole.role == Role.EXPERT)
    return (
        select(User, Organisation, Expert)
        .join(Organisation, col(Organisation.id) == User.organisation_id)
        .join(Expert, col(Expert.user_id) == User.id, isouter=True)
        .where(col(User.id).in_(holds))
    )


def _conditions(search: PoolSearch) -> list[Any]:
    worked = select(Employment.expert_id).where(col(Employment.expert_id) == Expert.id)
    wanted: list[Any] = []
    for word in search.words.split()[:MOST_WORDS]:
        texts = col(User.name), col(User.email), col(Expert.title), col(Expert.recommending_unit)
        employed = worked.where(col(Employment.employer).icontains(word, autoescape=True)).exists()
        wanted.append(or_(employed, *(text.icontains(word, autoescape=True) for text in texts)))
    if search.kind:
        wanted.append(col(Expert.kind) == search.kind)
    if search.field:
        wanted.append(col(Expert.fields).contains([search.field]))
    return wanted


def _entries(session: Session, rows: Sequence[Any]) -> list[Entry]:
    profiles = [profile.id for _, _, profile in rows if profile]
    worked: dict[UUID, list[Employment]] = {}
    found = select(Employment).where(col(Employment.expert_id).in_(profiles))
    for one in session.exec(found.order_by(col(Employment.to_on).desc().nulls_first(), col(Employment.from_on).desc())):
        worked.setdefault(one.expert_id, []).append(one)
    chairs = set(session.exec(select(UserRole.user_id).where(UserRole.role == Role.CHAIR)))
    return [
        Entry(user, organisation, profile, worked.get(profile.id, []) if profile else [], user.id in chairs)
        for user, organisation, profile in rows
    ]


def _nobody() -> Entry:
    raise NotFound
