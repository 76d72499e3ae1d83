"""Signing in and out: sessions and tokens in the database, lock-out after failures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from casework.people import Person, normalised_email, password_problem, person_of
from core.clock import now
from core.errors import Fault, Invalid, NotFound, NotSignedIn, PasswordUnchanged, TooManyAttempts
from core.i18n import marked
from core.security import NOBODY, digest, hashed, matches, new_token, signature
from core.settings import settings
from models.person import ApiToken, SignIn, User

FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=15)
TOKEN_PREFIX = "jidi_"  # noqa: S105 - tells our tokens from others'


@dataclass(frozen=True)
class Attempt:
    """What came of a try to sign in: the new session's token, or the refusal to raise after the commit."""

    token: str = ""
    refusal: NotSignedIn | TooManyAttempts | None = None


def sign_in(session: Session, email: str, password: str, *, agent: str = "", address: str = "") -> Attempt:
    """Try to sign in; the failure is counted in the same transaction, so it is returned and not raised."""
    user = session.exec(select(User).where(User.email == normalised_email(email)).with_for_update()).first()
    at = now()
    if user and user.locked_until and user.locked_until > at:
        minutes = int((user.locked_until - at).total_seconds() // 60) + 1
        return Attempt(refusal=TooManyAttempts(minutes=minutes))
    if not matches(password, user.password_hash if user else NOBODY) or not user or user.closed_at:
        if user:
            count_failure(user, at)
        return Attempt(refusal=NotSignedIn(marked("邮箱或密码不正确。")))
    user.failed_sign_ins, user.locked_until = 0, None
    token = new_token()
    hours = settings().web.session_hours
    session.add(
        SignIn(
            user_id=user.id,
            token_hash=digest(token),
            agent=agent[:200],
            address=address[:45],
            expires_at=at + timedelta(hours=hours),
        )
    )
    return Attempt(token)


def count_failure(user: User, at: datetime) -> None:
    """Count a wrong password; the fifth locks the account for a quarter of an hour."""
    user.failed_sign_ins += 1
    if user.failed_sign_ins >= FAILURES_BEFORE_LOCK:
        user.failed_sign_ins, user.locked_until = 0, at + LOCKED_FOR


def signed_in(session: Session, token: str) -> Person | None:
    """Return the person of a session's token while it lives, and note that it was seen (at most once a minute)."""
    at = now()
    found = session.exec(
        select(SignIn, User)
        .join(User, col(User.id) == SignIn.user_id)
        .where(SignIn.token_hash == digest(token), col(User.closed_at).is_(None))
        .where(*alive(at))
    ).first()
    if not found:
        return None
    sign, user = found
    if sign.last_seen_at < at - timedelta(minutes=1):
        sign.last_seen_at = at
        session.add(sign)
    return person_of(session, user, sign.id, signature("csrf", str(sign.id)))


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


def sign_ins_of(session: Session, person: Person) -> list[SignIn]:
    """Return the person's living sessions, the last used first."""
    living = select(SignIn).where(SignIn.user_id == person.id, *alive(now()))
    return list(session.exec(living.order_by(col(SignIn.last_seen_at).desc())))


def change_password(session: Session, old: str, new: str, *, by: Person) -> None:
    """Change one's password; every other session of the account ends, and every token that it gave to programs."""
    user = session.get_one(User, by.id)
    if not matches(old, user.password_hash):
        raise Invalid(faults=[Fault("old", marked("原密码不正确。"))])
    if problem := password_problem(new):
        raise Invalid(faults=[Fault("new", problem)])
    if new == old:
        raise Invalid(faults=[Fault("new", marked("新密码不能与原密码相同。"))])
    user.password_hash, user.initial_password = hashed(new), False
    others = update(SignIn).where(col(SignIn.user_id) == by.id, col(SignIn.ended_at).is_(None))
    if by.sign_in_id:
        others = others.where(col(SignIn.id) != by.sign_in_id)
    tokens = update(ApiToken).where(col(ApiToken.user_id) == by.id, col(ApiToken.ended_at).is_(None))
    for living in (others, tokens):
        session.exec(living.values(ended_at=now()))


def renewed(session: Session, sign_in_id: UUID) -> str:
    """Give a session another token and return it; the one it had opens nothing any more."""
    token = new_token()
    session.get_one(SignIn, sign_in_id).token_hash = digest(token)
    return token


def new_api_token(session: Session, name: str, *, by: Person, days: int = 90) -> tuple[ApiToken, str]:
    """Make a token for programs that acts as this person; its text is returned this once and never again."""
    if by.initial_password:
        raise PasswordUnchanged
    if not name.strip():
        raise Invalid(faults=[Fault("name", marked("请填写令牌用途。"))])
    text = TOKEN_PREFIX + new_token()
    token = ApiToken(
        user_id=by.id, name=name.strip()[:50], token_hash=digest(text), expires_at=now() + timedelta(days=days)
    )
    session.add(token)
    session.flush()
    return token, text


def bearer(session: Session, text: str) -> Person | None:
    """Return the person an API token acts as while it lives."""
    at = now()
    found = session.exec(
        select(ApiToken, User)
        .join(User, col(User.id) == ApiToken.user_id)
        .where(ApiToken.token_hash == digest(text), col(ApiToken.ended_at).is_(None), col(ApiToken.expires_at) > at)
        .where(col(User.closed_at).is_(None))
    ).first()
    if not found:
        return None
    token, user = found
    if not token.last_used_at or token.last_used_at < at - timedelta(minutes=1):
        token.last_used_at = at
        session.add(token)
    return person_of(session, user)


def end_api_token(session: Session, token_id: UUID, *, by: Person) -> None:
    """End one of the person's own tokens."""
    token = session.get(ApiToken, token_id)
    if not token or token.user_id != by.id:
        raise NotFound
    token.ended_at = token.ended_at or now()


def api_tokens_of(session: Session, person: Person) -> list[ApiToken]:
    """Return the person's living tokens."""
    living = select(ApiToken).where(
        ApiToken.user_id == person.id, col(ApiToken.ended_at).is_(None), col(ApiToken.expires_at) > now()
    )
    return list(session.exec(living.order_by(col(ApiToken.created_at).desc())))
