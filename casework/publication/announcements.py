"""Announcements 公布文件: the numbered document in which the department makes recognised bases known (Art. 6)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from casework import journal
from casework.access import require
from casework.letters import applicants_of, post
from casework.people import Person
from casework.publication.announcement_pdf import Line, pdf
from casework.publication.waiting import Unannounced, unannounced
from core.clock import local, now, today
from core.errors import Conflict, Fault, Invalid, NotFound
from core.files import keep
from core.i18n import gettext, marked
from models.application import Call
from models.case import Case
from models.certificate import Certificate, RegisterEntry
from models.person import User
from models.publication import Announcement, AnnouncementItem
from regulation.roles import Role

LONGEST_TITLE, LONGEST_NUMBER = 100, 60
MOST = 500
NUMBER = re.compile(r"[\u4e00-\u9fff]{2,20}〔(?:19|20)[0-9]{2}〕[1-9][0-9]{0,4}号")
BRACKETS = str.maketrans("[]()（）【】［］", "〔〕〔〕〔〕〔〕〔〕")

PREVIEW = "预览（草稿）"
NUMBER_TO_COME, SOME_NUMBER = "（文号待定）", "示例〔2000〕1号"
"""What a preview without a number shows, and what is read in its place."""

NO_NUMBER = marked(
    "文号由机关代字、年份和顺序号组成，年份用六角括号，顺序号不编虚位，例如 鄂人社函〔2026〕128号（GB/T 9704—2012）。"
)
NO_TITLE = marked("请填写公布文件标题（不超过 100 字）。")
NO_DAY = marked("成文日期不能晚于今天。")
TOO_EARLY = marked("成文日期不能早于名单中证书的发证日期（{on}）。")
NOBODY = marked("请选择列入公布文件的基地。")
TAKEN = marked("文号“{number}”已由{by}于{at}用于另一公布文件，请核对。")
ELSEWHERE = marked("下列基地已在其他公布文件中公布、已撤销或不属于本批次，不能列入：{numbers}。请刷新页面后重新选择。")


@dataclass(frozen=True)
class NewAnnouncement:
    """What the office has composed; `certificates` are numbers, their order does not matter."""

    number: str
    title: str
    dated_on: date | None
    certificates: Sequence[str]


@dataclass(frozen=True)
class Published:
    """An announcement with its call and how many bases it lists."""

    announcement: Announcement
    call: Call
    size: int


def announce(session: Session, call: Call, new: NewAnnouncement, *, by: Person) -> Announcement:
    """Announce bases of a call: number the document, set its PDF, tell the institutions.

    Raises `NotPermitted`, `Invalid` with every fault, `Conflict` for a base that is announced already or a number that
    is taken.
    """
    composed = _composed(session, call, new, by=by, hold=True)
    found = composed.found
    announcement = _entered(session, call, (composed.number, composed.title, composed.dated_on), by)
    announcement.sha256 = keep(pdf(announcement, call, [_line(place, one) for place, one in enumerate(found, 1)]))
    for place, one in enumerate(found, 1):
        _list(session, announcement, place, one, by)
    return announcement


def preview(session: Session, call: Call, new: NewAnnouncement, *, by: Person) -> bytes:
    """Set the document as it would be announced, marked as a preview; nothing is kept, numbered or told.

    The number may still be missing; all else is refused as `announce` would.
    """
    numbered = new if new.number.strip() else replace(new, number=SOME_NUMBER)
    composed = _composed(session, call, numbered, by=by, hold=False)
    number = composed.number if new.number.strip() else NUMBER_TO_COME
    draft = Announcement(
        call_id=call.id, number=number, title=composed.title, dated_on=composed.dated_on, sha256="", published_by=by.id
    )
    return pdf(draft, call, [_line(place, one) for place, one in enumerate(composed.found, 1)], mark=PREVIEW)


def announcements(session: Session) -> list[Published]:
    """Return the announcements, the newest first."""
    size = select(func.count()).where(AnnouncementItem.announcement_id == Announcement.id).correlate(Announcement)
    found = select(Announcement, Call, size.scalar_subquery()).join(Call, col(Call.id) == Announcement.call_id)
    order = col(Announcement.dated_on).desc(), col(Announcement.published_at).desc()
    return [Published(*row) for row in session.exec(found.order_by(*order).limit(MOST))]


def announcement_of(session: Session, announcement_id: UUID) -> tuple[Published, list[tuple[Line, Certificate]]]:
    """Return one announcement and what it lists, as printed, with each certificate as it stands now."""
    announcement = session.get(Announcement, announcement_id)
    if not announcement:
        raise NotFound
    rows = session.exec(
        select(AnnouncementItem, Certificate, RegisterEntry)
        .join(Certificate, col(Certificate.id) == AnnouncementItem.certificate_id)
        .join(RegisterEntry, col(RegisterEntry.certificate_id) == Certificate.id)
        .where(AnnouncementItem.announcement_id == announcement.id)
        .order_by(col(AnnouncementItem.place))
    )
    lines = [(Line(item.place, certificate, entry, item.recommender), certificate) for item, certificate, entry in rows]
    return Published(announcement, session.get_one(Call, announcement.call_id), len(lines)), lines


@dataclass(frozen=True)
class Composed:
    """An announcement that could be made as it stands."""

    number: str
    title: str
    dated_on: date
    found: Sequence[Unannounced]


def _composed(session: Session, call: Call, new: NewAnnouncement, *, by: Person, hold: bool) -> Composed:
    """Read what the office has composed; `hold` locks the cases. Raises `Invalid` with every fault, or `Conflict`."""
    require(by, Role.OFFICE)
    wanted = set(new.certificates)
    found = unannounced(session, call, by=by, only=wanted, hold=hold)
    number, title = _tidied(new.number).translate(BRACKETS), new.title.strip()
    faults = _faults(number, title, new.dated_on, found)
    if not wanted:
        faults.append(Fault("certificates", NOBODY))
    if faults or not new.dated_on:
        raise Invalid(faults=faults)
    if missing := sorted(wanted - {one.certificate.number for one in found}):
        raise Conflict(ELSEWHERE, numbers="、".join(missing[:20]))
    return Composed(number, title, new.dated_on, found)


def _tidied(text: str) -> str:
    return "".join(text.split())


def _faults(number: str, title: str, dated_on: date | None, found: Sequence[Unannounced]) -> list[Fault]:
    faults = []
    if not NUMBER.fullmatch(number) or len(number) > LONGEST_NUMBER:
        faults.append(Fault("number", NO_NUMBER))
    if not 0 < len(title) <= LONGEST_TITLE:
        faults.append(Fault("title", NO_TITLE))
    issued = max((one.certificate.issued_on for one in found), default=None)
    if not dated_on or dated_on > today():
        faults.append(Fault("dated_on", NO_DAY))
    elif issued and dated_on < issued:
        faults.append(Fault("dated_on", gettext(TOO_EARLY, on=issued.isoformat())))
    return faults


def _entered(session: Session, call: Call, told: tuple[str, str, date], by: Person) -> Announcement:
    """Take the number; of two who take the same one at once the second waits, and is told who was first."""
    number, title, dated_on = told
    entry = insert(Announcement).values(
        id=uuid4(), call_id=call.id, number=number, title=title, dated_on=dated_on, sha256="", published_by=by.id,
        published_at=now(),
    )  # fmt: skip
    taken = session.execute(entry.on_conflict_do_nothing(index_elements=["number"]).returning(col(Announcement.id)))
    if made := taken.scalar_one_or_none():
        return session.get_one(Announcement, made)
    first = session.exec(select(Announcement).where(Announcement.number == number)).one()
    user = session.get_one(User, first.published_by)
    raise Conflict(TAKEN, number=number, by=user.name, at=f"{local(first.published_at):%Y-%m-%d %H:%M}")


def _list(session: Session, announcement: Announcement, place: int, one: Unannounced, by: Person) -> None:
    """Put a base on the list, and tell the institution."""
    session.add(
        AnnouncementItem(
            announcement_id=announcement.id,
            certificate_id=one.certificate.id,
            place=place,
            recommender=one.recommender,
        )
    )
    case = session.get_one(Case, one.certificate.case_id)
    journal.note(session, "announced", case=case, by=by, number=announcement.number)
    for applicant in applicants_of(session, case):
        post(
            session,
            "announced",
            applicant,
            about=str(one.certificate.id),
            case=case,
            number=one.certificate.number,
            document=announcement.number,
            document_title=announcement.title,
            dated_on=announcement.dated_on.isoformat(),
            announcement_path=f"/announcements/{announcement.id}",
        )


def _line(place: int, one: Unannounced) -> Line:
    return Line(place, one.certificate, one.entry, one.recommender)
