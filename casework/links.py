"""Single-use links: by letter, to choose a password; for a new account, or when the password is forgotten.

The link's text is in the letter only: in the record stands its hash, and the letter's row holds it sealed.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select, update

from casework import journal
from casework.letters import post
from casework.limits import RESET_OF_ONE, wait_for
from casework.passwords import password_problem
from casework.people import Person, normalised_email
from core.clock import local, now
from core.errors import Conflict, Fault, Invalid
from core.i18n import marked
from core.security import SEALED, digest, hashed, new_token, seal
from core.settings import settings
from models.organisation import Organisation
from models.person import ApiToken, SignIn, User
from models.sign_in import LinkPurpose, SingleUseLink

LIVES = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=1)}
PATHS = {LinkPurpose.INVITATION: "/invitations/", LinkPurpose.RESET: "/password-resets/"}
LETTERS = {LinkPurpose.INVITATION: "account-opened", LinkPurpose.RESET: "password-reset"}


class LinkOver(Conflict):
    """The link was used, has expired, was replaced by a newer one, or never was."""

    title = marked("链接已失效")
    message = marked("该链接已使用过、已过期或不完整。请使用最近一封邮件中的链接，或重新申请。")


class UndoneError(Exception):
    """What was done for the time it takes is taken back; never leaves this module."""


@dataclass(frozen=True)
class Chosen:
    """Whose password a link lets choose."""

    link: SingleUseLink
    user: User


def send_link(session: Session, user: User, purpose: LinkPurpose, *, by: Person | None) -> None:
    """Make a link and post it; the ones before it, of whatever purpose, are void."""
    end_links(session, user)
    token, until = new_token(), now() + LIVES[purpose]
    link = SingleUseLink(user_id=user.id, purpose=purpose, token_hash=digest(token), expires_at=until)
    session.add(link)
    session.flush()
    facts: dict[str, Any] = {
        "path": PATHS[purpose] + SEALED.format(seal("link", token)),
        "until": f"{local(until):%Y-%m-%d %H:%M}",
        "account": user.email,
        "by": by.name if by else "",
    }
    if purpose is LinkPurpose.INVITATION:
        facts["organisation"] = session.get_one(Organisation, user.organisation_id).name
    post(session, LETTERS[purpose], user, about=str(link.id), **facts)


def end_links(session: Session, user: User) -> None:
    """Make every open link of somebody void."""
    living = update(SingleUseLink).where(col(SingleUseLink.user_id) == user.id, col(SingleUseLink.ended_at).is_(None))
    session.exec(living.values(ended_at=now()))


def ask_reset(session: Session, email: str) -> None:
    """Post a link to whoever has forgotten the password; an unknown address has the same done, and undone again."""
    user = session.exec(select(User).where(User.email == normalised_email(email))).first()
    known = user is not None and user.closed_at is None
    nobody = session.exec(select(User).order_by(col(User.id)).limit(1)).first()
    chosen = user if known else nobody
    if not chosen:
        return
    pause = settings().limits_rates and wait_for(session, RESET_OF_ONE, normalised_email(email))
    with suppress(UndoneError), session.begin_nested():
        send_link(session, chosen, LinkPurpose.INVITATION if chosen.initial_password else LinkPurpose.RESET, by=None)
        journal.note(session, "reset-asked", case=None, by=None, account=str(chosen.id), name=chosen.name)
        session.flush()
        if pause or not known:
            raise UndoneError


def look_at(session: Session, purpose: LinkPurpose, token: str) -> Chosen:
    """Return whom a link is for, without using it up; raises `LinkOver`."""
    found = session.exec(
        select(SingleUseLink, User)
        .join(User, col(User.id) == SingleUseLink.user_id)
        .where(SingleUseLink.token_hash == digest(token), SingleUseLink.purpose == purpose)
        .where(col(SingleUseLink.ended_at).is_(None), col(SingleUseLink.expires_at) > now())
        .where(col(User.closed_at).is_(None))
        .with_for_update()
    ).first()
    if not found:
        raise LinkOver
    return Chosen(*found)


def choose_password(session: Session, purpose: LinkPurpose, token: str, password: str) -> User:
    """Use a link up: the password is chosen, every sign-in and token ends, a lock-out too."""
    user = look_at(session, purpose, token).user
    unit = session.get_one(Organisation, user.organisation_id)
    if problem := password_problem(password, (user.name, user.email, unit.name)):
        raise Invalid(faults=[Fault("new", problem)])
    user.password_hash = hashed(password)
    use_up(session, user, purpose)
    return user


def use_up(session: Session, user: User, purpose: LinkPurpose) -> None:
    """Begin anew with an account whose link was used: every sign-in, token and link ends, a lock-out too."""
    user.initial_password, user.failed_sign_ins, user.locked_until = False, 0, None
    end_sessions(session, user)
    end_links(session, user)
    act = "invitation-taken-up" if purpose is LinkPurpose.INVITATION else "password-reset"
    journal.note(session, act, case=None, by=None, account=str(user.id), name=user.name)


def end_sessions(session: Session, user: User) -> None:
    """End every session and every token of an account."""
    for kind in (SignIn, ApiToken):
        living = update(kind).where(col(kind.user_id) == user.id, col(kind.ended_at).is_(None))
        session.exec(living.values(ended_at=now()))
