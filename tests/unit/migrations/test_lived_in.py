"""Migrations on a database that is lived in: rows of the time of 0012 come to the newest schema, and go on."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from alembic import command
from sqlalchemy import text
from sqlmodel import col, select

from casework.policies import policy_on
from casework.policy_rulings import changes_of
from casework.reruns import ask
from casework.trust.chains import broken_chains, broken_ends, every_line
from casework.trust.seals import seal, unlike_their_seal
from casework.trust.soundness import QUESTIONS, changed_papers
from core import db
from core.clock import HUBEI
from core.db import reading, transaction
from core.schema import configuration, is_current, migrate
from flows.rehearsal import plans_of
from models.case import Assignment, Case
from models.certificate import Certificate
from models.expert import Draw
from models.message import Message
from models.objection import Objection, ObjectionResult
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.conftest import environment, execute
from tests.stories import objecting, panels, scoring
from tests.stories.telling import Story

OF_THEN = Path(__file__).with_name("lived_in.sql")
TUESDAY, AUTUMN = datetime(2026, 9, 22, 9, tzinfo=HUBEI), datetime(2026, 10, 20, 9, tzinfo=HUBEI)
REVIEWED, TAKEN_BACK, STALLED, PUBLIC, INVITED = (f"JD-2026-000{n}" for n in (2, 3, 4, 5, 6))


@dataclass(frozen=True)
class Before:
    """What was in the database of then: rows a table, open duties with their days, calls with their policy."""

    counts: dict[str, int]
    duties: dict[UUID, tuple[str, date]]
    calls: list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def made(postgres_url, tmp_path_factory):
    """Make a database of the time of 0012 and bring it to the newest schema; yield its name and what was in it."""
    name = f"lived_in_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE DATABASE {name}")
    home = str(tmp_path_factory.mktemp("lived-in"))
    with environment(JIDI_DATABASE_URL=postgres_url.format(database=name), JIDI_HOME=home):
        command.upgrade(configuration(), "0012")
        with db.engine().begin() as connection:
            connection.exec_driver_sql(OF_THEN.read_text(encoding="utf-8").replace("%", "%%"))
        before = Before(counted(), open_duties(), calls())
        migrate()
    yield name, before
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def before(made, postgres_url, tmp_path):
    """Give the test a copy of its own of the upgraded database; yield what was in it before."""
    template, known = made
    name = f"{template}_copy"
    execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    url = postgres_url.format(database=name)
    with environment(JIDI_DATABASE_URL=url, JIDI_HOME=str(tmp_path / "home"), JIDI_MAIL_HOST=""):
        yield known
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock():
    with time_machine.travel(TUESDAY) as traveller:
        yield traveller


def rows(question):
    with db.engine().connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def counted():
    tables = [name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return {name: rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables if name != "alembic_version"}  # noqa: S608 - our own


def calls():
    return rows("SELECT code, policy FROM calls ORDER BY code")


def open_duties():
    found = rows("SELECT id, duty, due_on FROM assignments WHERE ended_at IS NULL ORDER BY id")
    return {identity: (duty, due_on) for identity, duty, due_on in found}


def told(reference, applicant=""):
    """Take up one of its stories."""
    with reading() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        return Story(case.application_id, case.id, applicant=applicant or cast.APPLICANT)


def sound():
    """Whether journal and record are as they were written; what lies on the disk is none of it."""
    with reading() as session:
        assert list(broken_chains(every_line(session))) == []
        assert list(broken_ends(session)) == []
        assert list(unlike_their_seal(session)) == []
        assert list(changed_papers(session)) == []
        return {sentence: rows(question) for sentence, question in QUESTIONS.items()}


def test_nothing_is_lost(before):
    assert is_current()
    after = counted()
    assert {name: after[name] for name in before.counts} == before.counts
    assert (
        min(before.counts[name] for name in ("users", "cases", "journal", "policy_changes", "messages", "reviews")) > 1
    )


def test_the_journal_is_chained_and_sound(before):
    del before
    assert not any(sound().values())
    lines = rows("SELECT case_id, number FROM journal ORDER BY case_id, id")
    numbers = {}
    for case, number in lines:
        assert number == numbers.get(case, 0) + 1, "a chain a case, in the order in which its lines were written"
        numbers[case] = number


def test_the_policy_of_then_holds_now(before):
    assert calls() == before.calls
    with reading() as session:
        assert policy_on(session, date(2026, 9, 20)).policy.panel_size == 7
        assert policy_on(session, date(2027, 1, 1)).policy.review_days == 12
        recorded = changes_of(session, by=cast.person(cast.OFFICE, session))
    assert [(one.confirmed, one.withdrawn, one.decider) for one in recorded] == [(True, False, None)] * 2


def test_open_duties_are_open_and_a_recommendation_is_due_within_its_window(before):
    then, now = before.duties, open_duties()
    moved = [identity for identity in then if then[identity] != now[identity]]
    assert then.keys() == now.keys()
    assert [(then[one][0], now[one][1]) for one in moved] == [("recommend", date(2026, 9, 30))]


def test_people_and_letters_go_on_as_they_were(before, clock):
    del before, clock
    with reading() as session:
        office = cast.person(cast.OFFICE, session)
        states = session.exec(select(Message.state).distinct().order_by(Message.state)).all()
        assert states == ["due", "sent"]
    assert office.name == "周敏示例"
    assert rows("SELECT awaits_code FROM sign_ins") == [(False,)]


def test_every_case_goes_on_to_its_end(before, clock):
    del before
    reviewed = told(REVIEWED, cast.OTHER_APPLICANT)
    reviewed.reviews(cast.EXPERTS[1], 88)
    assert reviewed.goes_on_to_publication() == "Certified"
    assert told(TAKEN_BACK, "shenbao4@example.com").goes_on_to_publication() == "Certified"
    stalled = told(STALLED)
    with transaction() as session:
        ask(session, plans_of([stalled.case_id]), by=cast.person(cast.OPERATOR, session))
    assert stalled.turn() == "Certified"
    drawn = told(INVITED)
    panels.all_accept(drawn, the_only(Draw))
    leader, *others = panels.panel_of(drawn)
    for email in (leader, *others):
        scoring.scores(drawn, email, scoring.GOOD)
    drawn.decides(leader, Duty.CONCLUDE, Outcome.APPROVED)
    assert drawn.goes_on_to_publication() == "Awaiting the end of publicity"
    objecting.concludes(the_only(Objection).id, ObjectionResult.DISMISSED)
    clock.move_to(AUTUMN)
    for story in (drawn, told(PUBLIC)):
        assert story.time_passes() == "Certified"
    with transaction() as session:
        assert not session.exec(select(Case).where(col(Case.closed_at).is_(None))).all()
        assert len(session.exec(select(Certificate)).all()) == 6
        assert not session.exec(select(Assignment).where(col(Assignment.ended_at).is_(None))).all()
        seal(session)
    assert not any(sound().values())


def the_only(kind):
    with reading() as session:
        return session.exec(select(kind)).one()
