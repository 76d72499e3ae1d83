"""Conflicts of many people in many cases are found with a fixed number of questions to the record."""

from datetime import date

import pytest
from sqlmodel import col, select

from casework.experts.conflicts import holding, plain, recent
from core.db import reading, transaction
from models.case import Case
from models.person import User
from tests import cast
from tests.stories.panels import a_pool
from tests.stories.telling import Story, an_application
from tests.unit.pages.visitor import counted

ON = date(2026, 9, 14)


def test_a_fixed_number_of_questions(database):
    del database
    for applicant in (cast.APPLICANT, cast.OTHER_APPLICANT):
        with transaction() as session:
            story = Story(an_application(session, applicant), applicant=applicant)
        story.submits()
    few = asked(cases=1, people=1)
    a_pool(10)
    assert asked(cases=2, people=15) == few


def asked(cases: int, people: int) -> int:
    with reading() as session:
        found = session.exec(select(Case).order_by(Case.reference).limit(cases)).all()
        users = session.exec(select(User.id).order_by(col(User.created_at)).limit(people)).all()
        assert (len(found), len(users)) == (cases, people)
        with counted() as statements:
            holding(session, found, users)
        return len(statements)


@pytest.mark.parametrize(
    ("left", "years", "within"),
    [
        (None, 0, True),
        ("2023-09-14", 3, True),
        ("2023-09-13", 3, False),
        ("2026-09-13", 0, False),
        ("2024-02-29", 2, False),
    ],
    ids=["still there", "to the day", "a day more", "only present ones", "a leap day"],
)
def test_how_long_an_employment_counts(left, years, within):
    day = date.fromisoformat(left) if left else None
    assert recent(day, years, ON) is within


def test_names_are_compared_as_people_mean_them():
    assert plain(" 江汉 示例（学院）") == plain("江汉示例(学院)")
