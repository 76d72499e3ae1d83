"""Who may see what of a case, and which cases are in one's lists."""

from dataclasses import asdict

import pytest
from sqlmodel import select

from casework.access import require, sight_of, visible
from core.db import reading
from core.errors import NotFound, NotPermitted
from models.application import Application
from models.case import Case
from regulation.outcomes import Outcome
from regulation.roles import Role
from tests import cast

NOTHING: set[str] = set()
OVERSEEING = {
    "papers", "decisions", "names", "all_reviews", "reviews_at_once", "inspection", "examinations", "runs", "journal",
    "letters",
}  # fmt: skip
OWNING = {"owner", "papers", "personal", "decisions"}
RECOMMENDING = {"papers", "may_unmask", "decisions", "examinations"}
OPERATING = {"runs", "journal", "letters", "engine"}
IN_REVIEW = {
    cast.APPLICANT: OWNING,
    cast.OTHER_APPLICANT: NOTHING,
    cast.RECOMMENDER: RECOMMENDING,
    cast.OFFICE: OVERSEEING | {"may_unmask"},
    cast.DECIDER: OVERSEEING,
    cast.AUDITOR: OVERSEEING,
    cast.CHAIR: {"papers", "own_review"},
    cast.EXPERTS[0]: {"papers", "own_review"},
    cast.OTHER_EXPERT: NOTHING,
    cast.INSPECTORS[0]: NOTHING,
    cast.OPERATOR: OPERATING,
}


def seen(email: str) -> set[str]:
    with reading() as session:
        try:
            sight = sight_of(session, cast.person(email, session), session.exec(select(Case)).one())
        except NotFound:
            return NOTHING
    return {what for what, allowed in asdict(sight).items() if allowed}


def listed(email: str) -> bool:
    with reading() as session:
        cases = select(Case.id).join(Application, Application.id == Case.application_id)
        return bool(session.exec(cases.where(visible(cast.person(email, session)))).all())


def test_everyone_sees_what_their_part_needs_and_no_more(opened_at):
    opened_at("expert review")
    assert {email: seen(email) for email in IN_REVIEW} == IN_REVIEW


@pytest.mark.parametrize("page", ["local review", "expert review", "certified"])
def test_a_case_is_in_the_lists_of_those_who_may_open_it(opened_at, page):
    opened_at(page)
    assert {email: listed(email) for email in IN_REVIEW} == {email: bool(seen(email)) for email in IN_REVIEW}


def test_experts_see_nothing_before_they_are_named(opened_at):
    opened_at("panel to be named")
    assert seen(cast.CHAIR) == NOTHING


def test_the_chair_sees_names_and_reviews_when_asked_for_the_conclusion(opened_at):
    opened_at("conclusion")
    assert seen(cast.CHAIR) == {"papers", "own_review", "all_reviews", "names"}
    assert seen(cast.EXPERTS[0]) == {"papers", "own_review"}


def test_inspectors_see_papers_and_the_visit(opened_at):
    opened_at("site inspection")
    assert seen(cast.INSPECTORS[0]) == {"papers", "inspection"}


def test_a_sight_lasts_after_the_case_has_ended(opened_at):
    opened_at("local review").recommends(Outcome.REFUSED)
    assert seen(cast.APPLICANT) == OWNING
    assert seen(cast.RECOMMENDER) == RECOMMENDING


def test_roles_are_required(opened_at):
    opened_at("complete form")
    require(cast.person(cast.OFFICE), Role.DECIDER, Role.OFFICE)
    with pytest.raises(NotPermitted):
        require(cast.person(cast.AUDITOR), Role.DECIDER, Role.OFFICE)
