"""Who comes to the door: fifteen kinds of people, and what each brings along."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from sqlmodel import Session, select

from casework.api_tokens import new_api_token
from casework.people import Person, add_user
from core.clock import now
from core.db import transaction
from core.security import digest, new_token, signature
from models.organisation import Organisation
from models.person import SignIn, User
from regulation.roles import Role
from tests import cast

NEIGHBOUR_BUREAU = "襄阳市人力资源和社会保障局"


class Who(StrEnum):
    """A principal, as seen from the case that the matrix calls our own."""

    ANONYMOUS = "anonymous"
    APPLICANT = "applicant"
    OTHER_APPLICANT = "other applicant"
    RECOMMENDER = "recommender"
    OTHER_RECOMMENDER = "recommender of another area"
    EXPERT = "expert on the panel"
    OTHER_EXPERT = "expert not on the panel"
    CHAIR = "chair"
    INSPECTOR = "inspector on the team"
    OTHER_INSPECTOR = "other inspector"
    DECIDER = "decider"
    OFFICE = "office"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator of accounts"
    AUDITOR = "auditor"


EMAILS = {
    Who.APPLICANT: cast.APPLICANT,
    Who.OTHER_APPLICANT: cast.OTHER_APPLICANT,
    Who.RECOMMENDER: cast.RECOMMENDER,
    Who.OTHER_RECOMMENDER: "tuijian2@example.com",
    Who.EXPERT: cast.EXPERTS[0],
    Who.OTHER_EXPERT: cast.OTHER_EXPERT,
    Who.CHAIR: cast.CHAIR,
    Who.INSPECTOR: cast.INSPECTORS[0],
    Who.OTHER_INSPECTOR: "kaocha3@example.com",
    Who.DECIDER: cast.DECIDER,
    Who.OFFICE: cast.OFFICE,
    Who.OPERATOR: cast.OPERATOR,
    Who.ADMINISTRATOR: cast.ADMINISTRATOR,
    Who.AUDITOR: cast.AUDITOR,
}
CLOSED = "closed@example.com"


@dataclass
class Principal:
    """Somebody who was let in once: with a token for programs, and a browser session whenever one is needed."""

    who: Who

    @cached_property
    def person(self) -> Person:
        """Return the person as the record knows them."""
        return cast.person(EMAILS[self.who])

    @cached_property
    def bearer(self) -> dict[str, str]:
        """Return the header of a program that acts for this person."""
        if self.who is Who.ANONYMOUS:
            return {}
        with transaction() as session:
            _, text = new_api_token(session, "matrix", by=self.person)
        return {"Authorization": f"Bearer {text}"}

    @cached_property
    def browser(self) -> tuple[dict[str, str], str]:
        """Return the session that this person keeps."""
        return self.new_browser()

    def new_browser(self) -> tuple[dict[str, str], str]:
        """Begin a session; return the header with its cookie, and the word against forgery that its pages hold."""
        if self.who is Who.ANONYMOUS:
            return {}, ""
        token = new_token()
        with transaction() as session:
            expires = now().replace(year=now().year + 1)
            sign = SignIn(user_id=self.person.id, token_hash=digest(token), expires_at=expires)
            session.add(sign)
            session.flush()
            return {"Cookie": f"jidi={token}"}, signature("csrf", str(sign.id))


def enter_the_others(session: Session) -> None:
    """Enter the people whom the demonstration lacks."""
    for email, name, body, role in (
        (EMAILS[Who.OTHER_RECOMMENDER], "襄推荐示例", NEIGHBOUR_BUREAU, Role.RECOMMENDER),
        (EMAILS[Who.OTHER_INSPECTOR], "周考察示例", "湖北省人力资源和社会保障厅", Role.INSPECTOR),
        (CLOSED, "已离任示例", "湖北省人力资源和社会保障厅", Role.AUDITOR),
    ):
        of = session.exec(select(Organisation).where(Organisation.name == body)).one()
        add_user(session, email, name, "unused pass phrase", of=of, roles=[role])
    session.exec(select(User).where(User.email == CLOSED)).one().closed_at = now()
