"""Signing in and out: sessions in the database, lock-out after failures, the second factor.

Whoever is not known learns nothing: an unknown address, a wrong password and a locked account are answered alike and
as slowly. A locked account is not even looked at, so the lock confirms no guess; its holder hears of it by letter, and
a link by letter ends it. An address that guesses much is told to wait, which says nothing of any account.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from casework import journal, limits, second_factors
from casework.letters import post
from casework.passwords import password_problem
from casework.people import Person, normalised_email, person_of
from core.clock import local, now, today
from core.errors import Fault, Invalid, NotFound, NotSignedIn, TooManyAttempts
from core.i18n import marked
from core.security import NOBODY, digest, hashed, matches, new_token, signature
from core.settings import settings
from models.organisation import Organisation
from models.person import ApiToken, SignIn, User

FAILURES_BEFORE_LOCK = 5
CODE_WITHIN = timedelta(minutes=10)
"""How long a right password waits for its code."""
WRONG = marked("邮箱或密码不正确。连续输错多次的，将暂停登录一段时间，请稍后再试，或通过“忘记密码”重设。")


@dataclass(frozen=True)
class Place:
    """Where somebody signs in from: the browser or program, and its address."""

    agent: str = ""
    address: str = ""


NOWHERE = Place()


@dataclass(frozen=True)
class Attempt:
    """What came of a try to sign in: the new session's token, or the refusal to raise after the commit.

    `awaits_code`: the session is good for nothing but giving the second factor's code.
    """

    token: str = ""
    refusal: NotSignedIn | TooManyAttempts | None = None
    awaits_code: bool = False


def sign_in(session: Session, email: str, password: str, place: Place = NOWHERE) -> Attempt:
    """Try to sign in; the failure is counted in the same transaction, so it is returned and not raised."""
    if minutes := limits.pause_of(session, place.address):
        return Attempt(refusal=TooManyAttempts(minutes=minutes))
    user = session.exec(select(User).where(User.email == normalised_email(email)).with_for_update()).first()
    at = now()
    right = matches(password, user.password_hash if user else NOBODY)
    if user and is_locked(user, at):
        right = False
    elif user and not right:
        count_failure(session, user, at)
    if not right or not user or user.closed_at:
        limits.count_wrong(session, place.address)
        return Attempt(refusal=NotSignedIn(WRONG))
    return begin_session(session, user, place)


def begin_session(session: Session, user: User, place: Place) -> Attempt:
    """Begin a session of somebody who was recognised; it awaits a code where the person has a second factor."""
    token, at, owed = new_token(), now(), second_factors.has_one(session, user.id)
    lives = CODE_WITHIN if owed else timedelta(hours=settings().web.session_hours)
    session.add(
        SignIn(
            user_id=user.id,
            token_hash=digest(token),
            agent=place.agent[:200],
            address=place.address[:45],
            expires_at=at + lives,
            awaits_code=owed,
        )
    )
    if not owed:
        user.failed_sign_ins, user.locked_until = 0, None
    return Attempt(token, awaits_code=owed)


def give_code(session: Session, token: str, code: str) -> Attempt:
    """Give the second factor's code: the session lives from now on, with another token. Wrong ones count."""
    found = session.exec(
        select(SignIn, User)
        .join(User, col(User.id) == SignIn.user_id)
        .where(SignIn.token_hash == digest(token), col(SignIn.awaits_code), *alive(now()))
        .where(col(User.closed_at).is_(None))
        .with_for_update()
    ).first()
    if not found:
        return Attempt(refusal=NotSignedIn())
    sign, user = found
    at = now()
    if is_locked(user, at) or not second_factors.verify(session, user.id, code):
        if not is_locked(user, at):
            count_failure(session, user, at)
        return Attempt(refusal=NotSignedIn(second_factors.WRONG_CODE), awaits_code=True)
    sign.awaits_code, sign.started_at = False, at
    sign.last_seen_at, sign.expires_at = at, at + timedelta(hours=settings().web.session_hours)
    user.failed_sign_ins, user.locked_until = 0, None
    return Attempt(renewed(session, sign.id))


def awaits_code(session: Session, token: str) -> bool:
    """Whether a session's token is good for giving a code."""
    waiting = select(SignIn.id).where(SignIn.token_hash == digest(token), col(SignIn.awaits_code), *alive(now()))
    return session.exec(waiting).first() is not None


def is_locked(user: User, at: datetime) -> bool:
    """Whether an account is not looked at for now."""
    return user.locked_until is not None and user.locked_until > at


def count_failure(session: Session, user: User, at: datetime) -> None:
    """Count a wrong password or code; the fifth in a row locks for a minute, each further one for twice as long.

    The holder is told by letter, once a day.
    """
    user.failed_sign_ins += 1
    if user.failed_sign_ins < FAILURES_BEFORE_LOCK:
        return
    user.locked_until = at + limits.growing(user.failed_sign_ins - FAILURES_BEFORE_LOCK)
    journal.note(session, "account-locked", case=None, by=None, account=str(user.id), name=user.name)
    told: dict[str, Any] = {"failures": FAILURES_BEFORE_LOCK, "at": f"{local(at):%Y-%m-%d %H:%M}", "path": "/forgotten"}
    post(session, "account-locked", user, about=str(today()), **told)


def signed_in(session: Session, token: str) -> Person | None:
    """Return the person of a session's token while it lives, and note that it was seen (at most once a minute)."""
    at = now()
    found = session.exec(
        select(SignIn, User, Organisation)
        .join(User, col(User.id) == SignIn.user_id)
        .join(Organisation, col(Organisation.id) == User.organisation_id)
        .where(SignIn.token_hash == digest(token), col(User.closed_at).is_(None))
        .where(*alive(at), ~col(SignIn.awaits_code))
    ).first()
    if not found:
        return None
    sign, user, _ = found
    if sign.last_seen_at < at - timedelta(minutes=1):
        sign.last_seen_at = at
        session.add(sign)
    return in_full(session, person_of(session, user, sign.id, signature("csrf", str(sign.id))))


def in_full(session: Session, person: Person) -> Person:
    """Return the person with what is owed before anything else may be done."""
    return replace(person, second_factor_owed=True) if second_factors.owes_one(session, person) else person


def alive(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a session lives: neither ended, nor expired, nor idle for too long."""
    idle = at - timedelta(minutes=settings().web.session_idle_minutes)
    return col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > at, col(SignIn.last_seen_at) > idle


def sign_out(session: Session, sign_in_id: UUID, *, by: Person) -> None:
    """End one of the person's own sessions."""
    sign = session.get(SignIn, sign_in_id)
    if not sign or sign.user_id != by.id:
        raise NotFound
    sign.ended_at = sign.ended_at or now()


def sign_out_elsewhere(session: Session, *, by: Person) -> None:
    """End every session of the person but the one at hand."""
    others = update(SignIn).where(col(SignIn.user_id) == by.id, col(SignIn.ended_at).is_(None))
    if by.sign_in_id:
        others = others.where(col(SignIn.id) != by.sign_in_id)
    session.exec(others.values(ended_at=now()))


def sign_ins_of(session: Session, person: Person) -> list[SignIn]:
    """Return the person's living sessions, the last used first."""
    living = select(SignIn).where(SignIn.user_id == person.id, *alive(now()), ~col(SignIn.awaits_code))
    return list(session.exec(living.order_by(col(SignIn.last_seen_at).desc())))


def change_password(session: Session, old: str, new: str, *, by: Person) -> None:
    """Change one's password; every other session of the account ends, and every token that it gave to programs."""
    user = session.get_one(User, by.id)
    if not matches(old, user.password_hash):
        raise Invalid(faults=[Fault("old", marked("原密码不正确。"))])
    if problem := password_problem(new, (by.name, by.email, by.organisation_name)):
        raise Invalid(faults=[Fault("new", problem)])
    if new == old:
        raise Invalid(faults=[Fault("new", marked("新密码不能与原密码相同。"))])
    user.password_hash, user.initial_password = hashed(new), False
    sign_out_elsewhere(session, by=by)
    tokens = update(ApiToken).where(col(ApiToken.user_id) == by.id, col(ApiToken.ended_at).is_(None))
    session.exec(tokens.values(ended_at=now()))
    journal.note(session, "password-changed", case=None, by=by, account=str(by.id), name=by.name)


def renewed(session: Session, sign_in_id: UUID) -> str:
    """Give a session another token and return it; the one it had opens nothing any more."""
    token = new_token()
    session.get_one(SignIn, sign_in_id).token_hash = digest(token)
    return token
