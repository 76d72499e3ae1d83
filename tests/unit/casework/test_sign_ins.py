"""Signing in: counted failures, sessions that end, tokens that are kept as hashes."""

from datetime import timedelta

import pytest
from sqlmodel import select

from casework import api_tokens, sign_ins
from casework.demonstration import PASSWORD
from core.clock import now
from core.db import reading, transaction
from core.errors import Invalid, NotFound, NotSignedIn
from core.settings import settings
from models.message import Message
from models.person import ApiToken, SignIn, User
from tests import cast


@pytest.fixture(autouse=True)
def book(opened_at):
    opened_at("complete form")


def signs_in(password: str = PASSWORD, email: str = cast.APPLICANT):
    with transaction() as session:
        return sign_ins.sign_in(session, email, password)


def who(token: str):
    with transaction() as session:
        return sign_ins.signed_in(session, token)


def test_a_session_is_the_persons_and_kept_as_a_hash():
    token = signs_in(email=" SHENBAO@example.com").token
    assert who(token).email == cast.APPLICANT
    with reading() as session:
        assert token not in session.exec(select(SignIn.token_hash)).all()
    assert who("") is who(token + "x") is None


@pytest.mark.parametrize("email", [cast.APPLICANT, "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(email):
    refusal = signs_in("falsch", email).refusal
    assert (type(refusal), refusal.sentence()) == (NotSignedIn, sign_ins.WRONG)


def test_the_fifth_failure_locks_for_a_minute_and_each_further_one_for_twice_as_long(clock):
    for _ in range(sign_ins.FAILURES_BEFORE_LOCK - 1):
        signs_in("falsch")
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        assert refused("falsch") == sign_ins.WRONG
        clock.move_to(now() + timedelta(minutes=minutes, seconds=-2))
        assert refused() == sign_ins.WRONG, "the right password is not looked at, and the answer does not say so"
        assert signs_in(email=cast.OTHER_APPLICANT).token, "others are not locked out"
        clock.move_to(now() + timedelta(seconds=3))
    assert signs_in().token
    assert refused("falsch") == sign_ins.WRONG
    assert signs_in().token, "a success begins anew"


def test_at_most_ten_guesses_are_looked_at_in_a_quarter_of_an_hour(clock):
    looked_at = []
    for _ in range(15 * 12):
        before = failures()
        signs_in("falsch")
        looked_at.append(failures() - before)
        clock.move_to(now() + timedelta(seconds=5))
    assert 5 < sum(looked_at) <= 10


def test_the_holder_hears_of_a_lock_once_a_day():
    for _ in range(12):
        signs_in("falsch")
    with reading() as session:
        letters = session.exec(select(Message.letter).where(Message.letter == "account-locked")).all()
    assert letters == ["account-locked"]


def failures() -> int:
    with reading() as session:
        return session.exec(select(User.failed_sign_ins).where(User.email == cast.APPLICANT)).one()


def refused(password: str = PASSWORD) -> str:
    refusal = signs_in(password).refusal
    assert isinstance(refusal, NotSignedIn)
    return refusal.sentence()


def test_a_success_forgets_the_failures_before_it():
    for _ in range(2):
        for _ in range(sign_ins.FAILURES_BEFORE_LOCK - 1):
            signs_in("falsch")
        assert signs_in().token


def test_a_closed_account_does_not_sign_in_and_its_session_ends():
    token = signs_in().token
    with transaction() as session:
        session.exec(select(User).where(User.email == cast.APPLICANT)).one().closed_at = now()
    assert who(token) is None
    assert isinstance(signs_in().refusal, NotSignedIn)


def test_an_idle_session_ends_and_a_used_one_lasts_its_hours(clock):
    token, idle = signs_in().token, timedelta(minutes=settings().web.session_idle_minutes)
    begun = now()
    while now() < begun + timedelta(hours=settings().web.session_hours) - idle:
        clock.move_to(now() + idle - timedelta(minutes=2))
        assert who(token)
    clock.move_to(begun + timedelta(hours=settings().web.session_hours, seconds=5))
    assert who(token) is None
    other = signs_in().token
    clock.move_to(now() + idle + timedelta(seconds=1))
    assert who(other) is None


def test_one_sees_and_ends_ones_own_living_sessions_only(clock):
    idle = signs_in()
    clock.move_to(now() + timedelta(minutes=settings().web.session_idle_minutes + 1))
    one, two = who(signs_in().token), who(signs_in().token)
    assert who(idle.token) is None
    with transaction() as session:
        assert {sign.id for sign in sign_ins.sign_ins_of(session, one)} == {one.sign_in_id, two.sign_in_id}
        sign_ins.sign_out(session, two.sign_in_id, by=one)
    with transaction() as session:
        assert [sign.id for sign in sign_ins.sign_ins_of(session, one)] == [one.sign_in_id]
        with pytest.raises(NotFound):
            sign_ins.sign_out(session, one.sign_in_id, by=cast.person(cast.OFFICE, session))


def test_a_new_password_ends_the_other_sessions():
    mine, other = signs_in().token, signs_in().token
    with transaction() as session:
        sign_ins.change_password(session, PASSWORD, "xin-mima-2026", by=sign_ins.signed_in(session, mine))
    assert who(mine)
    assert who(other) is None
    assert isinstance(signs_in().refusal, NotSignedIn)
    assert signs_in("xin-mima-2026").token


@pytest.mark.parametrize(("old", "new", "field"), [("falsch", "xin-mima-2026", "old"), (PASSWORD, "kurz", "new")])
def test_a_password_is_not_changed_so(old, new, field):
    with pytest.raises(Invalid) as refused, transaction() as session:
        sign_ins.change_password(session, old, new, by=cast.person(cast.APPLICANT, session))
    assert [fault.field for fault in refused.value.faults] == [field]
    assert signs_in().token


def test_a_token_for_programs_acts_as_its_owner_until_it_ends(clock):
    with transaction() as session:
        owner = cast.person(cast.OFFICE, session)
        (first, text), (second, other) = (
            api_tokens.new_api_token(session, name, by=owner) for name in ("报表", "对账")
        )
        with pytest.raises(Invalid):
            api_tokens.new_api_token(session, " ", by=owner)
    with transaction() as session:
        assert api_tokens.bearer(session, text).email == cast.OFFICE
        assert api_tokens.bearer(session, "jidi_unknown") is None
        assert text not in session.exec(select(ApiToken.token_hash)).all()
        with pytest.raises(NotFound):
            api_tokens.end_api_token(session, first.id, by=cast.person(cast.APPLICANT, session))
        api_tokens.end_api_token(session, first.id, by=owner)
    with transaction() as session:
        assert api_tokens.bearer(session, text) is None
        assert [token.id for token in api_tokens.api_tokens_of(session, owner)] == [second.id]
    clock.move_to(now() + timedelta(days=91))
    with transaction() as session:
        assert api_tokens.bearer(session, other) is None
