"""What the stories of recommending and accepting share: a call in full, several applications, a second body."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from casework.calls import by_code
from casework.demonstration import CALL, HOME, INSTITUTIONS, PASSWORD
from casework.people import Person, add_user, person_of
from casework.quotas import set_quotas
from core.clock import HUBEI
from core.db import reading, transaction
from models.application import Application
from models.case import Case
from models.organisation import Organisation
from models.person import User
from regulation.roles import Role
from tests import cast
from tests.stories.record import snapshot
from tests.stories.telling import Story, an_application

OTHER_BODY, OTHER_CLERK = "黄石市人力资源和社会保障局", "huangshi@example.com"
FULL = {"acceptance_days": 5}


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=HUBEI)


def others_apply(number: int = 1, body: str = HOME) -> list[Story]:
    """Let other institutions file in the same call, each with a story of its own."""
    return [applies(email, body) for *_, email, _ in INSTITUTIONS[1 : 1 + number]]


def applies(email: str, body: str = HOME) -> Story:
    with transaction() as session:
        told = Story(an_application(session, email), applicant=email)
        recommender = session.exec(select(Organisation).where(Organisation.name == body)).one()
        session.get_one(Application, told.application_id).recommender_id = recommender.id
    told.submits()
    return told


def another_clerk() -> Person:
    """Enter a clerk of another bureau."""
    with transaction() as session:
        body = session.exec(select(Organisation).where(Organisation.name == OTHER_BODY)).one()
        add_user(session, OTHER_CLERK, "胡经办示例", PASSWORD, of=body, roles=[Role.RECOMMENDER])
    return cast.person(OTHER_CLERK)


def colleague() -> Person:
    """Return a second clerk of the first bureau."""
    with transaction() as session:
        first = session.exec(select(User).where(User.email == cast.RECOMMENDER)).one()
        body = session.get_one(Organisation, first.organisation_id)
        user = add_user(session, "tuijian2@example.com", "李经办示例", PASSWORD, of=body, roles=[Role.RECOMMENDER])
        return person_of(session, user)


def places(body: str, number: int | None) -> int:
    """Let the office give a body so many places in the call."""
    with transaction() as session:
        call, office = by_code(session, CALL), cast.person(cast.OFFICE, session)
        return set_quotas(session, call, {body_id(body): number}, by=office)


def body_id(name: str) -> UUID:
    with reading() as session:
        return session.exec(select(Organisation.id).where(Organisation.name == name)).one()


def reference(story: Story) -> str:
    with reading() as session:
        return session.get_one(Case, story.case_id).reference


def replay(*stories: Story) -> None:
    """Run every case again over its own record: nothing may change; the story that was opened comes last."""
    for story in stories:
        story.turn()
    before = snapshot()
    for story in stories:
        story.turn()
    assert snapshot() == before
