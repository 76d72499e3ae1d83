"""The vocabulary of Art. 6: announcing, and the plaque's life."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import select

from casework.calls import by_code
from casework.demonstration import CALL
from casework.publication import plaques
from casework.publication.announcements import NewAnnouncement, announce
from casework.publication.plaques import PlaqueLine
from casework.revocations import confirm, propose
from core.clock import today
from core.db import reading, transaction
from models.certificate import Certificate
from models.publication import Announcement
from tests import cast

NUMBER = "鄂人社函〔2026〕128号"
TITLE = "关于公布湖北省专业技术人员继续教育基地名单的通知"


def numbers() -> list[str]:
    """Return the numbers of all certificates."""
    with reading() as session:
        return list(session.exec(select(Certificate.number).order_by(Certificate.number)))


def announces(
    certificates: Sequence[str] | None = None, number: str = NUMBER, *, title: str = TITLE, dated_on: date | None = None
) -> Announcement:
    """The office announces the bases, all there are unless told."""
    chosen = numbers() if certificates is None else certificates
    with transaction() as session:
        new = NewAnnouncement(number, title, dated_on or today(), chosen)
        return announce(session, by_code(session, CALL), new, by=cast.person(cast.OFFICE, session))


def revoked(number: str) -> None:
    """Two persons revoke a certificate."""
    with transaction() as session:
        office, decider = (cast.person(email, session) for email in (cast.OFFICE, cast.DECIDER))
        confirm(session, propose(session, number, "《行政许可法》第六十九条", "申报材料不实", by=office).id, by=decider)


def enters(number: str) -> UUID:
    """The office enters the plaque of a certificate."""
    with transaction() as session:
        return plaques.enter(session, number, by=cast.person(cast.OFFICE, session)).id


def made(plaque: UUID, on: date | None = None) -> None:
    with transaction() as session:
        plaques.record_made(session, plaque, on or today(), by=cast.person(cast.OFFICE, session))


def handed(plaque: UUID, to: str = "江汉示例职业技术学院（林晓示例）", on: date | None = None) -> None:
    with transaction() as session:
        plaques.hand_over(session, plaque, on or today(), to, by=cast.person(cast.OFFICE, session))


def ended(plaque: UUID, ending: str = "returned", on: date | None = None) -> None:
    with transaction() as session:
        plaques.end(session, plaque, on or today(), ending, by=cast.person(cast.OFFICE, session))


def the_plaques() -> list[PlaqueLine]:
    with reading() as session:
        return plaques.plaques(session, by=cast.person(cast.OFFICE, session))
