"""Panels that are drawn: a pool of experts, and what people do until all of them sit."""

from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from casework.demonstration import PASSWORD
from casework.experts.answers import ACCEPT, DECLINE, Answer, answer
from casework.experts.confirming import confirm
from casework.experts.draws import draw_panel
from casework.experts.invitations import invitations_of
from casework.experts.pool import expert_of
from casework.experts.profiles import Employer, NewProfile, save_profile
from casework.experts.rulings import Ruling, rule
from casework.people import add_user
from core.db import reading, transaction
from models.case import Assignment
from models.expert import Draw, ExpertKind, InvitationState
from models.organisation import Organisation
from models.person import User
from regulation.roles import Duty, Role
from tests import cast
from tests.stories.telling import Story

EDUCATION, FIELD = ExpertKind.CONTINUING_EDUCATION, ExpertKind.FIELD
DOMAIN = "information-technology"
"""The field of the complete example."""


def a_profile(kind: ExpertKind = EDUCATION, employer: str = "示例大学", **more: object) -> NewProfile:
    """Return the profile of an expert without any tie to an applicant."""
    fields = [DOMAIN] if kind is FIELD else []
    given = {"title": "教授", "recommending_unit": "示例大学", "valid_from": date(2026, 1, 1)}
    given |= {"employers": [Employer(employer, "", date(2015, 7, 1))]}
    return NewProfile(kind, fields, **(given | more))  # type: ignore[arg-type]


def an_expert(session: Session, name: str, profile: NewProfile, *, chairs: bool = False) -> User:
    """Enter an expert with an account."""
    office = cast.person(cast.OFFICE, session)
    province = session.get_one(Organisation, office.organisation_id)
    number = len(session.exec(select(User.id)).all())
    roles = [Role.EXPERT, *([Role.CHAIR] if chairs else [])]
    user = add_user(session, f"chi{number}@example.com", name, PASSWORD, of=province, roles=roles)
    session.flush()
    save_profile(session, user.id, profile, by=office)
    session.flush()
    return user


def a_pool(size: int = 8) -> None:
    """Fill the pool: every second one of continuing education, every third may chair."""
    with transaction() as session:
        for number in range(size):
            kind = EDUCATION if number % 2 == 0 else FIELD
            an_expert(session, f"池{number}示例", a_profile(kind), chairs=number % 3 == 0)


def draws(story: Story, seed: str = "2026-1", *, by: str = cast.OFFICE) -> Draw:
    with transaction() as session:
        return draw_panel(session, [story.duty(Duty.ASSEMBLE_PANEL).id], seed, by=cast.person(by, session))


def invites(draw: Draw) -> None:
    with transaction() as session:
        confirm(session, draw.id, by=cast.person(cast.OFFICE, session))


def drawn_and_invited(story: Story, size: int = 8) -> Draw:
    """Fill the pool, draw a panel of three and invite it."""
    a_pool(size)
    draw = draws(story)
    invites(draw)
    return draw


def invited(draw: Draw, *states: InvitationState) -> list[str]:
    """Return the e-mails of those whose invitation is in one of these states, in the order they were invited."""
    wanted = states or tuple(InvitationState)
    with reading() as session:
        found = [one.user_id for one in invitations_of(session, draw.id) if one.state in wanted]
        return [session.get_one(User, one).email for one in found]


def answers(story: Story, email: str, word: str = ACCEPT, reason: str = "") -> str:
    """Let an expert answer; without a reason an acceptance with the promise."""
    given = Answer(word, promise=word == ACCEPT, reason=reason or ("" if word == ACCEPT else "因公出国"))
    with transaction() as session:
        person = cast.person(email, session)
        answer(session, open_duty(session, story, email, Duty.ANSWER).id, given, by=person)
    return story.turn()


def declines(story: Story, email: str) -> str:
    return answers(story, email, DECLINE)


def all_accept(story: Story, draw: Draw) -> str:
    for email in invited(draw, InvitationState.OPEN):
        answers(story, email)
    return story.state


def panel_of(story: Story) -> list[str]:
    """Return who sits on the panel now, whoever leads first."""
    with reading() as session:
        seats = select(User.email).join(Assignment, col(Assignment.user_id) == User.id)
        seats = seats.where(Assignment.case_id == story.case_id, Assignment.duty == Duty.REVIEW)
        seats = seats.where(col(Assignment.voided_at).is_(None), col(Assignment.replaced_by).is_(None))
        return list(session.exec(seats.order_by(col(Assignment.leads).desc(), User.name)))


def open_duty(session: Session, story: Story, email: str, duty: Duty) -> Assignment:
    found = select(Assignment).where(Assignment.case_id == story.case_id, Assignment.duty == duty)
    found = found.where(Assignment.user_id == cast.person(email, session).id, col(Assignment.ended_at).is_(None))
    return session.exec(found).one()


def rules(story: Story, email: str, *, upheld: bool = True, kind: str = "found", **more: object) -> str:
    """Let the office rule on a conflict of somebody."""
    given = {"user_id": identity(email), "kind": kind, "reason": "与申报单位负责人为近亲属"} | more
    with transaction() as session:
        assert story.case_id
        rule(session, story.case_id, Ruling(upheld, **given), by=cast.person(cast.OFFICE, session))  # type: ignore[arg-type]
    return story.turn()


def identity(email: str) -> UUID:
    return cast.person(email).id


def state_in_pool(email: str) -> str:
    with reading() as session:
        return expert_of(session, identity(email)).state
