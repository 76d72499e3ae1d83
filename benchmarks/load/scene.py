"""Who takes part in the closing day, entered before it begins: complete drafts, sessions and tokens."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlmodel import Session, select

from casework.api_tokens import new_api_token
from casework.demonstration import HOME, PASSWORD
from casework.people import add_user, person_of
from casework.sign_ins import NOWHERE, begin_session
from core.db import transaction
from models.organisation import Organisation
from models.person import User
from regulation.roles import Role
from tests import cast
from tests.factories import another_institution
from tests.stories.telling import an_application

SHARES = {"applicant": 0.6, "recommender": 0.06, "expert": 0.1, "office": 0.02}
"""Of all people; the rest looks from outside. On a closing day most who come are applicants."""
TYPING, OFFERED = "base_name", "示例继续教育基地（第{n}稿）"


@dataclass(frozen=True)
class Player:
    """One person with a browser that is signed in, and a token; an applicant with its draft."""

    cookie: str
    token: str
    application: str = ""


@dataclass
class Scene:
    """All who take part, by their part, and how many look from outside."""

    players: dict[str, list[Player]] = field(default_factory=dict)
    outside: int = 0

    def write(self, file: Path) -> None:
        """Write it for the process that plays the people."""
        told = {part: [asdict(one) for one in players] for part, players in self.players.items()}
        file.write_text(json.dumps({"players": told, "outside": self.outside}), encoding="utf-8")


def enter(people: int, say: Callable[[str], None]) -> Scene:
    """Enter so many people into the demonstration's call."""
    number = {part: max(1, round(share * people)) for part, share in SHARES.items()}
    scene = Scene(outside=max(1, people - sum(number.values())))
    scene.players["applicant"] = list(applicants(number["applicant"], say))
    with transaction() as session:
        bureau = session.exec(select(Organisation).where(Organisation.name == HOME)).one()
        colleagues = [colleague(session, bureau, n) for n in range(number["recommender"])]
        experts = [account(session, [cast.CHAIR, *cast.EXPERTS][n % 3]) for n in range(number["expert"])]
        scene.players["recommender"] = [player(session, user) for user in colleagues]
        scene.players["expert"] = [player(session, user) for user in experts]
        office = account(session, cast.OFFICE)
        scene.players["office"] = [player(session, office) for _ in range(number["office"])]
    return scene


def applicants(number: int, say: Callable[[str], None]) -> Iterator[Player]:
    """Yield institutions, each with a complete draft."""
    for n in range(1, number + 1):
        with transaction() as session:
            email = another_institution(session)
            application = an_application(session, email)
            yield player(session, account(session, email), str(application))
        if not n % 30:
            say(f"{n} of {number} drafts are complete")


def colleague(session: Session, bureau: Organisation, number: int) -> User:
    """Enter somebody else of the recommending body."""
    email = f"tongshi{bureau.area_code}-{number}@example.com"
    known = session.exec(select(User).where(User.email == email)).first()
    return known or add_user(session, email, f"示例同事{number}", PASSWORD, of=bureau, roles=[Role.RECOMMENDER])


def account(session: Session, email: str) -> User:
    """Return an account."""
    return session.exec(select(User).where(User.email == email)).one()


def player(session: Session, user: User, application: str = "") -> Player:
    """Sign somebody in, without the pains of a password."""
    session.flush()
    _, token = new_api_token(session, "load", by=person_of(session, user))
    return Player(begin_session(session, user, NOWHERE).token, token, application)
