"""Posting letters: the same about the same to the same person once, and sent again by an operator only."""

from uuid import uuid4

import pytest
from sqlmodel import select
from starlette.routing import Match

from app import create_app
from casework.journal import timeline_of
from casework.letters import post, send_again
from core.db import reading, transaction
from core.errors import Conflict, NotFound, NotPermitted
from models.case import Case
from models.message import Message, MessageState
from models.person import User
from tests import cast


def posts(about: str, to: str = cast.OFFICE) -> None:
    with transaction() as session:
        person = session.exec(select(User).where(User.email == to)).one()
        post(session, "overdue", person, about=about, case=session.exec(select(Case)).one())


def test_every_letter_of_a_whole_case_leads_to_a_page_that_is_there(opened_at):
    opened_at("certified")
    with reading() as session:
        facts = [letter.facts for letter in session.exec(select(Message))]
    paths = {value for told in facts for name, value in told.items() if name.endswith("path")}
    paths |= {"/operator/stalled", f"/applications/{uuid4()}"}
    routes = create_app().routes
    astray = [path for path in paths if not any(leads_to(route, path) for route in routes)]
    assert not astray


def leads_to(route, path: str) -> bool:
    return route.matches({"type": "http", "path": path, "method": "GET", "root_path": ""})[0] is Match.FULL


def test_the_same_letter_is_posted_once(opened_at):
    opened_at("local review")
    posts("a duty")
    posts("a duty")
    posts("another duty")
    posts("a duty", cast.DECIDER)
    with reading() as session:
        assert len(session.exec(select(Message).where(Message.letter == "overdue")).all()) == 3


def test_it_goes_to_the_address_and_in_the_language_of_the_moment(opened_at):
    opened_at("local review")
    with transaction() as session:
        session.exec(select(User).where(User.email == cast.OFFICE)).one().locale = "en"
    posts("a duty")
    with reading() as session:
        letter = session.exec(select(Message).where(Message.letter == "overdue")).one()
    assert (letter.address, letter.recipient, letter.locale) == (cast.OFFICE, "周敏示例", "en")
    assert letter.facts["path"] == f"/cases/{letter.facts['reference']}"
    assert letter.message_id == f"<{letter.id}@example.com>"


@pytest.mark.parametrize("state", list(MessageState))
def test_what_may_be_sent_again(opened_at, state):
    opened_at("local review")
    with transaction() as session:
        letter = session.exec(select(Message)).first()
        letter.state, letter.attempts, letter.error = state, 7, "refused"
    may = state in {MessageState.FAILED, MessageState.UNKNOWN, MessageState.DUE}
    with transaction() as session:
        operator = cast.person(cast.OPERATOR, session)
        if not may:
            with pytest.raises(Conflict):
                send_again(session, letter.id, by=operator)
            return
        again = send_again(session, letter.id, by=operator)
        assert (again.state, again.attempts, again.error) == (MessageState.DUE, 0, "")
        assert again.message_id == letter.message_id
        assert timeline_of(session, letter.case_id)[-1][0].act == "letter-sent-again"


def test_only_an_operator_sends_again(opened_at):
    story = opened_at("local review")
    with transaction() as session:
        letter = session.exec(select(Message)).first()
        with pytest.raises(NotPermitted):
            send_again(session, letter.id, by=cast.person(cast.OFFICE, session))
        with pytest.raises(NotFound):
            send_again(session, story.case_id, by=cast.person(cast.OPERATOR, session))
