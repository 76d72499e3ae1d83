"""The public register as anybody reads it: searched, counted by area and field, each base as it stands (Art. 6)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, extract, func, or_, select

from casework.certificates import Validity, validity_of
from core.clock import today
from models.certificate import Certificate, RegisterEntry
from models.publication import Announcement, AnnouncementItem

EARLIEST, LATEST = 2000, 2100


@dataclass(frozen=True)
class Base:
    """A line of the register as the public sees it; what an announcement says is empty before there is one."""

    entry: RegisterEntry
    certificate: Certificate
    announcement: Announcement | None

    @property
    def number(self) -> str:
        """The certificate's number."""
        return self.certificate.number

    @property
    def token(self) -> str:
        """The certificate's check code."""
        return self.certificate.token

    @property
    def name(self) -> str:
        """The institution."""
        return self.entry.name

    @property
    def base_name(self) -> str:
        """What the base is called."""
        return self.entry.base_name

    @property
    def area_code(self) -> str:
        """The area, GB/T 2260."""
        return self.entry.area_code

    @property
    def fields(self) -> list[str]:
        """The fields, by key."""
        return self.entry.fields.split()

    @property
    def published_on(self) -> date:
        """Since when it is in the register."""
        return self.entry.published_on

    @property
    def validity(self) -> Validity:
        """Whether its certificate holds today."""
        return validity_of(self.certificate)

    @property
    def valid_until(self) -> date | None:
        """The last valid day; none for one without end."""
        return self.certificate.valid_until

    @property
    def revoked(self) -> bool:
        """Whether its certificate was revoked."""
        return self.certificate.revoked_at is not None

    @property
    def announcement_id(self) -> UUID | None:
        """The announcement that lists it."""
        return self.announcement.id if self.announcement else None

    @property
    def announcement_number(self) -> str:
        """The number of that announcement."""
        return self.announcement.number if self.announcement else ""

    @property
    def announced_on(self) -> date | None:
        """The day of that announcement."""
        return self.announcement.dated_on if self.announcement else None


@dataclass(frozen=True)
class Asked:
    """What the register is asked for; everything may be empty. `field` is a key, `year` the year of publication."""

    words: str = ""
    area: str = ""
    field: str = ""
    year: str = ""
    validity: str = ""


ALL = Asked()


def search(session: Session, asked: Asked = ALL, *, after: str = "", limit: int | None = 50) -> list[Base]:
    """Search the register, in the order of the numbers, after a number; no limit: all of it."""
    found = (
        select(RegisterEntry, Certificate, Announcement)
        .join(Certificate, col(Certificate.id) == RegisterEntry.certificate_id)
        .join(AnnouncementItem, col(AnnouncementItem.certificate_id) == Certificate.id, isouter=True)
        .join(Announcement, col(Announcement.id) == AnnouncementItem.announcement_id, isouter=True)
        .where(*_conditions(asked))
    )
    if after:
        found = found.where(Certificate.number > after)
    return [Base(*row) for row in session.exec(found.order_by(Certificate.number).limit(limit))]


def base_of(session: Session, number: str) -> Base | None:
    """Return the base whose certificate has this number."""
    found = search(session, Asked(words=number), limit=None) if number.strip() else []
    return next((base for base in found if base.number == number), None)


def years(session: Session) -> list[int]:
    """Return the years in which bases were published, the latest first."""
    found = select(extract("year", RegisterEntry.published_on)).distinct()
    return sorted((int(year) for year in session.exec(found)), reverse=True)


@dataclass(frozen=True)
class Spread:
    """How many bases there are: by area, by field, and by both; a base with several fields counts in each."""

    total: int
    areas: Counter[str]
    fields: Counter[str]
    cells: Counter[tuple[str, str]]


def spread(session: Session, validity: Validity = Validity.VALID) -> Spread:
    """Count the bases over areas and fields."""
    found = select(RegisterEntry.area_code, RegisterEntry.fields, func.count())
    found = found.join(Certificate, col(Certificate.id) == RegisterEntry.certificate_id)
    found = found.where(*_conditions(Asked(validity=validity))).group_by(RegisterEntry.area_code, RegisterEntry.fields)
    told = Spread(0, Counter(), Counter(), Counter())
    total = 0
    for area, fields, count in session.exec(found):
        total += count
        told.areas[area] += count
        for field in fields.split():
            told.fields[field] += count
            told.cells[area, field] += count
    return Spread(total, told.areas, told.fields, told.cells)


def changed_at(bases: list[Base]) -> datetime | None:
    """Return when something about these bases changed last: published, announced, revoked."""
    moments = [at for base in bases for at in _moments(base)]
    return max(moments, default=None)


def _moments(base: Base) -> list[datetime]:
    announced = base.announcement.published_at if base.announcement else None
    return [at for at in (base.certificate.created_at, base.certificate.revoked_at, announced) if at]


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    columns = (RegisterEntry.name, RegisterEntry.base_name, Certificate.number)
    conditions: list[ColumnElement[bool]] = [
        or_(*(col(c).icontains(word, autoescape=True) for c in columns)) for word in asked.words.split()
    ]
    if asked.area:
        conditions.append(col(RegisterEntry.area_code) == asked.area)
    if asked.field:
        conditions.append(func.concat(" ", RegisterEntry.fields, " ").contains(f" {asked.field} ", autoescape=True))
    if asked.year:
        conditions.append(_in_year(asked.year))
    if asked.validity:
        conditions.append(_holding(asked.validity))
    return conditions


def _in_year(year: str) -> ColumnElement[bool]:
    known = year.isdecimal() and EARLIEST <= int(year) < LATEST
    published = col(RegisterEntry.published_on)
    return published.between(date(int(year), 1, 1), date(int(year), 12, 31)) if known else published.is_(None)


def _holding(validity: str) -> ColumnElement[bool]:
    revoked, until = col(Certificate.revoked_at), col(Certificate.valid_until)
    if validity == Validity.REVOKED:
        return revoked.is_not(None)
    if validity == Validity.EXPIRED:
        return and_(revoked.is_(None), until < today())
    if validity == Validity.VALID:
        return and_(revoked.is_(None), or_(until.is_(None), until >= today()))
    return revoked.is_(None) & revoked.is_not(None)
