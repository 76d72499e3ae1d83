"""Nobody accepts, scores and decides one file: refused at the act, with the earlier act and its day."""

import pytest
from sqlmodel import select

from casework.experts.conflicts import grounds_of
from core.clock import today
from core.db import reading, transaction
from core.errors import DutiesApart
from models.case import Case
from models.expert import ConflictKind
from models.person import User, UserRole
from regulation.outcomes import Outcome
from regulation.roles import PARTS, Duty, Role
from tests import cast
from tests.stories.telling import Story, an_application

pytestmark = pytest.mark.usefixtures("database")


def given(email: str, role: Role) -> None:
    with transaction() as session:
        user = session.exec(select(User).where(User.email == email)).one()
        session.add(UserRole(user_id=user.id, role=role))


def told() -> Story:
    with transaction() as session:
        return Story(an_application(session))


def test_whoever_scored_a_file_does_not_decide_it() -> None:
    story = told()
    story.submits()
    for act in (story.recommends, story.assembles_panel, story.review, story.concludes, story.assembles_team,
                story.inspect):  # fmt: skip
        act()
    given(cast.CHAIR, Role.DECIDER)
    with pytest.raises(DutiesApart) as refused:
        story.decides(cast.CHAIR, Duty.CERTIFY, Outcome.APPROVED)
    assert today().isoformat() in refused.value.sentence()
    assert "评审申报材料" in refused.value.sentence()
    story.certifies()


def test_whoever_let_a_file_in_is_not_named_to_judge_it() -> None:
    story = told()
    story.submits()
    story.recommends()
    given(cast.RECOMMENDER, Role.EXPERT)
    with reading() as session:
        case = session.exec(select(Case)).one()
        kinds = {one.kind for one in grounds_of(session, case, cast.person(cast.RECOMMENDER, session).id)}
        assert ConflictKind.PART in kinds
        assert not grounds_of(session, case, cast.person(cast.EXPERTS[0], session).id)


def test_three_parts_cover_every_duty_that_judges() -> None:
    assert set(PARTS.values()) == {"accepting", "scoring", "deciding"}
    left = {Duty.CORRECT, Duty.ASSEMBLE_PANEL, Duty.ANSWER, Duty.ASSEMBLE_TEAM, Duty.PUBLICISE}
    assert set(Duty) - set(PARTS) == left
