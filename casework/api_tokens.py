"""Tokens for programs: shown once, kept as hashes, they act as the person who made them."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from casework.people import Person, person_of
from casework.sign_ins import in_full
from core.clock import now
from core.errors import Fault, Invalid, NotFound, PasswordUnchanged, SecondFactorOwed
from core.i18n import marked
from core.security import digest, new_token
from models.organisation import Organisation
from models.person import ApiToken, User

TOKEN_PREFIX = "jidi_"  # noqa: S105 - tells our tokens from others'


def new_api_token(session: Session, name: str, *, by: Person, days: int = 90) -> tuple[ApiToken, str]:
    """Make a token for programs that acts as this person; its text is returned this once and never again."""
    if by.initial_password:
        raise PasswordUnchanged
    if by.second_factor_owed:
        raise SecondFactorOwed
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
        select(ApiToken, User, Organisation)
        .join(User, col(User.id) == ApiToken.user_id)
        .join(Organisation, col(Organisation.id) == User.organisation_id)
        .where(ApiToken.token_hash == digest(text), col(ApiToken.ended_at).is_(None), col(ApiToken.expires_at) > at)
        .where(col(User.closed_at).is_(None))
    ).first()
    if not found:
        return None
    token, user, _ = found
    if not token.last_used_at or token.last_used_at < at - timedelta(minutes=1):
        token.last_used_at = at
        session.add(token)
    return in_full(session, person_of(session, user))


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
