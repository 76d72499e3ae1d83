"""Identities elsewhere: an account is linked by its owner, signed in or invited; none is opened by them."""

from uuid import UUID

from sqlmodel import Session, or_, select

from casework import journal
from casework.links import look_at, use_up
from casework.people import Person, normalised_email
from casework.sign_ins import Attempt, Place, begin_session
from core.errors import Conflict, NotSignedIn
from core.i18n import marked
from core.oidc import Identity
from core.settings import settings
from models.person import User
from models.sign_in import ExternalIdentity, LinkPurpose

TAKEN = marked("该身份或您的账号已有关联，不能再次关联。")
UNKNOWN = marked("该身份尚未关联本系统账号。请先用邮箱和密码登录，在“我的账户”中关联。")


def sign_in_by(session: Session, identity: Identity, place: Place) -> Attempt:
    """Begin a session of whoever is linked; a second factor is asked for here as well."""
    user = _linked(session, identity) or _by_email(session, identity)
    if not user or user.closed_at or user.initial_password:
        return Attempt(refusal=NotSignedIn(UNKNOWN))
    return begin_session(session, user, place)


def take_up(session: Session, identity: Identity, invitation: str, place: Place) -> Attempt:
    """Link the account that somebody was invited to, in place of choosing a password, and begin a session.

    Raises `LinkOver` when the invitation is, and `Conflict` when the identity is somebody else's already.
    """
    user = look_at(session, LinkPurpose.INVITATION, invitation).user
    if _linked(session, identity):
        raise Conflict(TAKEN)
    use_up(session, user, LinkPurpose.INVITATION)
    _enter(session, identity, user.id, by=None)
    return begin_session(session, user, place)


def link(session: Session, identity: Identity, *, by: Person) -> None:
    """Link one's account; raises `Conflict` when either side is linked already."""
    known = session.exec(
        select(ExternalIdentity)
        .where(ExternalIdentity.issuer == identity.issuer)
        .where(or_(ExternalIdentity.subject == identity.subject, ExternalIdentity.user_id == by.id))
    ).all()
    if any(one.user_id == by.id and one.subject == identity.subject for one in known):
        return
    if known:
        raise Conflict(TAKEN)
    _enter(session, identity, by.id, by=by)


def _linked(session: Session, identity: Identity) -> User | None:
    return session.exec(
        select(User)
        .join(ExternalIdentity)
        .where(ExternalIdentity.issuer == identity.issuer, ExternalIdentity.subject == identity.subject)
    ).first()


def _by_email(session: Session, identity: Identity) -> User | None:
    """Return whose address the provider has verified, where the settings let that be enough; linked from now on."""
    if not settings().oidc.by_email or not identity.email:
        return None
    user = session.exec(select(User).where(User.email == normalised_email(identity.email))).first()
    if not user or user.closed_at or user.initial_password:
        return None
    linked = select(ExternalIdentity.id).where(
        ExternalIdentity.user_id == user.id, ExternalIdentity.issuer == identity.issuer
    )
    if session.exec(linked).first():
        return None
    _enter(session, identity, user.id, by=None)
    return user


def _enter(session: Session, identity: Identity, user_id: UUID, *, by: Person | None) -> None:
    session.add(ExternalIdentity(user_id=user_id, issuer=identity.issuer, subject=identity.subject))
    journal.note(session, "identity-linked", case=None, by=by, account=str(user_id), issuer=identity.issuer)
    session.flush()
