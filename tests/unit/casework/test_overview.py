"""The search behind table, file and API: every case once, in every order, for those who may see it."""

from dataclasses import replace

import pytest
from sqlmodel import select

from casework.boards import board, figures, tallies
from casework.calls import all_calls
from casework.demonstration import CALL, HOME
from casework.overview import ORDERS, Search, count_cases, every_case, search_cases
from casework.paging import cursor
from casework.people import recommending_bodies
from core import clock
from core.db import reading, transaction
from core.errors import Invalid, NotPermitted
from models.case import Case
from models.organisation import Organisation
from regulation.outcomes import Outcome
from tests import cast
from tests.stories.telling import Story, an_application
from tests.unit.casework.crowd import a_crowd, case_of
from tests.unit.pages.visitor import counted

EVERY_ORDER = [sign + name for name in ORDERS for sign in ("", "-")]


@pytest.fixture
def crowd(database):
    del database
    with transaction() as session:
        return a_crowd(session, 60)


def walk(search, email=cast.OFFICE):
    """Read all pages; return the rows of them all."""
    with reading() as session:
        person = cast.person(email, session)
        rows = []
        while True:
            found = search_cases(session, person, search)
            assert len(found.rows) <= search.limit
            rows += found.rows
            if not found.next:
                return rows
            search = replace(search, after=found.next)


def found(email=cast.OFFICE, **asked):
    return [row.case.reference for row in walk(Search(**asked), email)]


@pytest.mark.parametrize("order", EVERY_ORDER)
def test_every_case_is_on_exactly_one_page_in_order(crowd, order):
    rows = walk(Search(sort=order, limit=7))
    assert sorted(row.case.reference for row in rows) == crowd.references
    wanted = ORDERS[order.removeprefix("-")]
    places = [(wanted.of(row), row.case.reference) for row in rows]
    assert places == sorted(places, reverse=order.startswith("-") != wanted.turned)


def test_what_is_added_or_settled_meanwhile_moves_nothing_else(crowd):
    with transaction() as session:
        person = cast.person(cast.OFFICE, session)
        first = search_cases(session, person, Search(sort="reference", limit=10))
        case_of(session, first.rows[-1].case.reference).reference = "JD-2026-0001"
        session.flush()
        second = search_cases(session, person, Search(sort="reference", limit=10, after=first.next))
    assert [row.case.reference for row in second.rows] == crowd.references[10:20]


def test_words_find_reference_unit_base_and_credit_code(crowd):
    one = walk(Search(words=crowd.references[20]))[0]
    for words in (
        one.unit,
        one.base_name,
        one.credit_code,
        one.credit_code[:-2].lower(),
        f"{one.unit} {one.base_name}",
    ):
        assert one.case.reference in found(words=words)
    assert found(words=f"{one.unit} JD-1999") == []
    assert found(words="%") == found(words="_") == []


def test_filters_say_what_they_say(crowd):
    assert sorted(found(stalled=True)) == sorted(crowd.stalled)
    assert sorted(found(overdue=True)) == sorted(crowd.overdue)
    assert sorted(found(outcome="closed")) == sorted(crowd.closed)
    assert sorted(found(outcome="open")) == sorted(set(crowd.references) - set(crowd.closed))
    assert {row.case.outcome for row in walk(Search(outcome="refused"))} == {Outcome.REFUSED}
    assert {row.case.stage for row in walk(Search(stage="local-review"))} == {"local-review"}
    assert {row.area for row in walk(Search(area="420500"))} == {"420500"}
    assert len(found(call=CALL)) == 60
    assert found(call="2019-9") == []
    with reading() as session:
        body = recommending_bodies(session)[3]
    assert {row.recommender for row in walk(Search(recommender=body.id))} == {body.name}


def test_whose_turn_finds_those_who_must_act_and_no_stalled_case(crowd):
    for row in walk(Search(turn="office")):
        assert {turn.assignment.duty.role for turn in row.turns} == {"office"}
    assert not set(found(turn="expert")) & set(crowd.stalled)
    assert found(turn="expert")


def test_rows_say_whose_turn_it_is_and_since_when(crowd):
    row = walk(Search(words=crowd.references[2]))[0]
    assert [turn.holder for turn in row.turns] == ["黄主任示例", "赵教授示例", "钱教授示例"]
    assert row.days == 2
    assert row.overdue
    stalled = walk(Search(stalled=True))[0]
    assert [turn.holder for turn in stalled.turns] == ["系统运维"]
    assert all(row.turns == [] and row.due_on is None for row in walk(Search(outcome="closed")))


def test_a_page_costs_two_questions_however_many_cases_there_are(crowd):
    assert len(crowd.references) == 60
    with reading() as session:
        person = cast.person(cast.OFFICE, session)
        with counted() as statements:
            assert len(search_cases(session, person, Search(limit=60)).rows) == 60
        assert len(statements) == 2
        with counted() as statements:
            board(session, person, Search(limit=20))
        assert len(statements) == 5


@pytest.mark.parametrize(
    "asked",
    [
        {"sort": "credit_code"},
        {"sort": "--due"},
        {"outcome": "happy"},
        {"after": "nonsense"},
        {"after": "\ud800"},
        {"after": cursor("reference", "x", "JD-2026-0101")},
        {"after": cursor("due", "x", "JD-2026-0101")},
        {"after": cursor("due", "2026-01-01", "\0")},
        {"after": cursor("due", "2026-01-01")},
        {"after": cursor("stage", 10**30, "JD"), "sort": "stage"},
        {"after": cursor("stage", True, "JD"), "sort": "stage"},
        {"after": "W" * 5000},
    ],
)
def test_what_cannot_be_understood_is_refused(database, asked):
    del database
    with pytest.raises(Invalid):
        walk(Search(**asked))


def test_everybody_finds_only_what_is_theirs(crowd):
    with transaction() as session:
        story = Story(an_application(session))
        story_unit = cast.person(cast.APPLICANT, session).organisation_name
    story.submits()
    with reading() as session:
        bureau = session.exec(select(Organisation.id).where(Organisation.name == HOME)).one()
        own = session.get_one(Case, story.case_id).reference
    assert found(cast.APPLICANT) == [own]
    assert found(cast.OTHER_APPLICANT) == []
    assert sorted(found(cast.RECOMMENDER)) == sorted(found(recommender=bureau))
    with_panels = {row.case.reference for row in walk(Search(stage="expert-review", outcome="open"))}
    assert 0 < len(found(cast.EXPERTS[0])) < len(with_panels)
    for email in (cast.OFFICE, cast.AUDITOR, cast.DECIDER, cast.OPERATOR):
        assert len(found(email)) == len(crowd.references) + 1
    assert walk(Search(), cast.APPLICANT)[0].unit == story_unit


def test_names_of_experts_are_for_those_who_oversee(crowd):
    del crowd
    for email in (cast.EXPERTS[0], cast.OPERATOR):
        holders = {turn.holder for row in walk(Search(turn="expert"), email) for turn in row.turns}
        assert holders == {"评审专家"}


def test_every_case_goes_on_past_the_largest_page(database):
    del database
    with transaction() as session:
        crowd = a_crowd(session, 230)
    with reading() as session:
        rows = list(every_case(session, cast.person(cast.OFFICE, session), Search(sort="unit")))
        assert count_cases(session, cast.person(cast.OFFICE, session), Search()) == 230
    assert sorted(row.case.reference for row in rows) == crowd.references


def test_the_board_holds_every_open_case_once_the_stalled_and_most_urgent_first(crowd):
    with reading() as session:
        seen = board(session, cast.person(cast.OFFICE, session), Search(limit=100))
    rows = [row for column in seen.columns for row in column.rows]
    assert sorted(row.case.reference for row in rows) == sorted(set(crowd.references) - set(crowd.closed))
    for column in seen.columns:
        assert {row.case.stage for row in column.rows} <= {column.stage}
        assert column.total == len(column.rows)
        urgency = [(row.case.stalled_at is None, row.due_on, row.case.reference) for row in column.rows]
        assert urgency == sorted(urgency)
    assert {row.case.outcome for row in seen.certified} == {Outcome.APPROVED}


def test_a_full_column_shows_its_first_and_counts_them_all(crowd):
    del crowd
    with reading() as session:
        seen = board(session, cast.person(cast.OFFICE, session), Search(limit=3))
    assert [len(column.rows) for column in seen.columns] == [3, 3, 3, 3, 3, 0]
    assert all(column.total > 3 for column in seen.columns[:5])


def test_figures_agree_with_the_lists(crowd):
    with reading() as session:
        seen = figures(session, cast.person(cast.OFFICE, session), Search())
    assert seen.open == 60 - len(crowd.closed)
    assert seen.stalled == len(crowd.stalled)
    assert seen.overdue == len(crowd.overdue)
    assert seen.office == len(found(turn="office"))
    this_year = [row for row in walk(Search(outcome="closed")) if clock.local(row.since).year == clock.today().year]
    assert seen.certified + seen.ended == len(this_year)
    assert seen.certified == len([row for row in this_year if row.case.outcome is Outcome.APPROVED])
    assert seen.certified_lately == len(found(outcome="approved")) > 0


def test_calls_are_counted_with_their_drafts(crowd):
    with transaction() as session:
        an_application(session)
    with reading() as session:
        call = all_calls(session)[0]
        tally = tallies(session, [call], by=cast.person(cast.OFFICE, session))[call.id]
        assert (tally.drafts, tally.filed) == (1, 60)
        assert sum(tally.outcomes.values()) == len(crowd.closed)
        with pytest.raises(NotPermitted):
            tallies(session, [call], by=cast.person(cast.RECOMMENDER, session))
