"""Lists: page by page, each line once, with a bounded number of questions to the record."""

import pytest

from casework.calls import by_code
from casework.demonstration import CALL
from core.db import transaction
from models.application import Call
from regulation.policy import Policy
from tests import cast
from tests.factories import another_institution
from tests.stories.telling import Story, an_application
from tests.unit.api.program import Program, as_person, reference_of
from tests.unit.pages.visitor import counted

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def five(database: str) -> list[str]:
    """Five cases of five institutions, at their recommending body."""
    del database
    stories = []
    for _ in range(5):
        with transaction() as session:
            email = another_institution(session)
            stories.append(Story(an_application(session, email), applicant=email))
        stories[-1].submits()
    return [reference_of(story.case_id) for story in stories]


def all_pages(program: Program, path: str, **params: object) -> list[list[dict[str, object]]]:
    """Follow `Link: rel="next"` to the end; the address and the `next` of the body say the same."""
    pages = []
    answer = program.send("GET", path, params=params, status=200)
    while True:
        page = answer.json()
        pages.append(page["items"])
        link = answer.headers.get("link", "")
        assert bool(link) == bool(page["next"])
        if not link:
            return pages
        address = link.removeprefix("<").partition(">")[0]
        answer = program.send("GET", address, status=200)


def test_cases_page_by_page(five: list[str]) -> None:
    office = as_person(cast.OFFICE)
    pages = all_pages(office, "cases", limit=2, sort="reference")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [case["reference"] for page in pages for case in page] == five
    backwards = all_pages(office, "cases", limit=3, sort="-reference")
    assert [case["reference"] for page in backwards for case in page] == five[::-1]


def test_assignments_page_by_page(five: list[str]) -> None:
    pages = all_pages(as_person(cast.RECOMMENDER), "assignments", limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {duty["case"] for page in pages for duty in page} == set(five)


def test_letters_page_by_page(five: list[str]) -> None:
    del five
    operator = as_person(cast.OPERATOR)
    pages = all_pages(operator, "messages", limit=3)
    ids = [letter["id"] for page in pages for letter in page]
    assert len(ids) == len(set(ids)) == len(operator.get("messages", limit=200)["items"])


def test_looks_at_personal_data_page_by_page(five: list[str]) -> None:
    for reference in five:
        as_person(cast.OFFICE).post(f"cases/{reference}/unmasking", {"purpose": "联系申报单位核实申报内容"})
    auditor = as_person(cast.AUDITOR)
    pages = all_pages(auditor, "unmaskings", limit=2, person="周敏")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [look["case"] for page in pages for look in page] == five[::-1], "the latest first"
    assert auditor.get("unmaskings", case=five[1][-4:])["items"] == [pages[1][1]]
    assert auditor.get("unmaskings", person="王芳")["items"] == []


def test_calls_and_recommenders_page_by_page(database: str) -> None:
    del database
    with transaction() as session:
        first = by_code(session, CALL)
        for number in range(2, 6):
            call = Call(
                code=f"2026-{number}",
                title="批次",
                opens_at=first.opens_at,
                closes_at=first.closes_at,
                policy=Policy().snapshot(),
            )
            session.add(call)
    codes = [call["code"] for page in all_pages(Program(), "calls", limit=2) for call in page]
    assert codes == [f"2026-{n}" for n in range(1, 6)]
    assert len([body for page in all_pages(Program(), "recommenders", limit=10) for body in page]) == 38


def test_cases_by_what_is_asked(five: list[str]) -> None:
    office = as_person(cast.OFFICE)
    assert [case["reference"] for case in office.get("cases", q=five[2])["items"]] == [five[2]]
    assert office.get("cases", q="'; DROP TABLE cases; --")["items"] == []
    assert office.get("cases", q="%_\\")["items"] == []
    assert len(office.get("cases", stage="local-review")["items"]) == 5
    assert office.get("cases", stage="expert-review")["items"] == []
    assert office.get("cases", overdue=True)["items"] == []
    assert office.get("cases", stalled=True)["items"] == []
    assert len(office.get("cases", outcome="open", turn="recommender", call=CALL)["items"]) == 5
    unknown = office.refused("GET", "cases", 422, params={"stage": "none"})
    assert unknown["errors"] == [{"parameter": "stage", "detail": "没有这个环节。"}]


@pytest.mark.parametrize("path", ["cases", "assignments", "tokens"])
def test_limits(path: str) -> None:
    person = as_person(cast.OFFICE)
    for limit in ("0", "201", "-1", "x", "", "9" * 30, "9" * 5000):
        problem = person.refused("GET", path, 422, params={"limit": limit})
        assert [e["parameter"] for e in problem["errors"]] == ["limit"]


def test_cursors_that_are_none(five: list[str]) -> None:
    del five
    for path in ("cases", "assignments", "messages", "register", "calls"):
        person = as_person(cast.OPERATOR if path == "messages" else cast.RECOMMENDER)
        for after in ("x", "W10", "bnVsbA", "WyJkdWUiLCAiXHVkODAwIiwgIngiXQ", "é", "a" * 1201, "\u0000"):
            person.refused("GET", path, 422, params={"after": after})


@pytest.mark.parametrize("path", ["cases", "assignments?list=inbox"])
def test_as_many_questions_for_five_as_for_one(five: list[str], path: str) -> None:
    assert len(five) == 5
    person = as_person(cast.RECOMMENDER)
    more = "&" if "?" in path else "?"
    person.get("me")  # notes that the token was used
    with counted() as for_one:
        assert len(person.get(f"{path}{more}limit=1")["items"]) == 1
    with counted() as for_five:
        assert len(person.get(path)["items"]) == 5
    assert len(for_five) == len(for_one)


def test_a_case_in_a_bounded_number_of_questions(five: list[str]) -> None:
    office = as_person(cast.OFFICE)
    office.get("me")
    with counted() as asked:
        office.get(f"cases/{five[0]}")
    assert len(asked) <= 18, "\n".join(asked)
