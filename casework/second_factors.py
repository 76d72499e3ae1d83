"""Second factors: an authenticator's code of the half minute (RFC 6238), or a recovery code, after the password."""

import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyotp
from sqlmodel import Session, col, delete, select

from casework import journal
from casework.letters import post
from casework.people import Person, roles_of
from core.clock import local, now
from core.errors import Conflict, Fault, Invalid
from core.i18n import marked
from core.security import digest, legible, seal, unseal
from core.settings import settings
from models.person import User
from models.sign_in import RecoveryCode, SecondFactor

PURPOSE = "second factor"
ISSUER = "Jidi"
RECOVERY_CODES = 10
DRIFT = 1
"""Steps of 30 seconds by which a clock may be wrong either way."""
WRONG_CODE = marked("验证码不正确或已用过，请等待新的验证码后再试。")


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator is given: the secret as text, and the same as an address for a QR code."""

    secret: str
    address: str


def has_one(session: Session, user_id: UUID) -> bool:
    """Whether somebody has a confirmed authenticator."""
    factor = session.get(SecondFactor, user_id)
    return bool(factor and factor.confirmed_at)


def must_have_one(session: Session, user_id: UUID) -> bool:
    """Whether one of somebody's roles needs a second factor here."""
    needed = settings().roles_with_second_factor
    return bool(needed and needed & {role.value for role in roles_of(session, user_id)})


def owes_one(session: Session, person: Person) -> bool:
    """Whether somebody needs a second factor and has none: until then nothing else can be done."""
    needed = settings().roles_with_second_factor
    return bool(needed & {role.value for role in person.roles}) and not has_one(session, person.id)


def begin(session: Session, *, by: Person) -> None:
    """Make a secret that becomes valid with its first code; raises `Conflict` when there is a valid one."""
    factor = session.get(SecondFactor, by.id, with_for_update=True)
    if factor and factor.confirmed_at:
        raise Conflict(marked("您已启用两步验证。"))
    sealed = seal(PURPOSE, pyotp.random_base32())
    session.merge(SecondFactor(user_id=by.id, secret=sealed))


def begun(session: Session, person: Person) -> Enrolment | None:
    """Return what the authenticator must be given, while it is not confirmed."""
    factor = session.get(SecondFactor, person.id)
    if not factor or factor.confirmed_at:
        return None
    secret = unseal(PURPOSE, factor.secret)
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=ISSUER))


def confirm(session: Session, code: str, *, by: Person) -> list[str]:
    """Make the authenticator valid with its first code; return the recovery codes, told this once."""
    factor = session.get(SecondFactor, by.id, with_for_update=True)
    if not factor or factor.confirmed_at:
        raise Conflict(marked("请先开始设置两步验证。"))
    if not step_of(factor, code):
        raise Invalid(faults=[Fault("code", WRONG_CODE)])
    factor.last_step, factor.confirmed_at = step_of(factor, code), now()
    journal.note(session, "second-factor-set", case=None, by=by, account=str(by.id), name=by.name)
    return new_recovery_codes(session, by.id)


def verify(session: Session, user_id: UUID, code: str) -> bool:
    """Whether a code is the authenticator's and new, or an unused recovery code; what was taken is not taken again."""
    factor = session.get(SecondFactor, user_id, with_for_update=True)
    if not factor or not factor.confirmed_at:
        return False
    if step := step_of(factor, code):
        factor.last_step = step
        return True
    unused = select(RecoveryCode).where(RecoveryCode.user_id == user_id, col(RecoveryCode.used_at).is_(None))
    found = session.exec(unused.where(RecoveryCode.code_hash == hashed_code(user_id, code))).first()
    if found:
        found.used_at = now()
        journal.note(session, "recovery-code-used", case=None, by=None, account=str(user_id))
    return bool(found)


def step_of(factor: SecondFactor, code: str) -> int:
    """Return the step of a code that is right and later than the last one taken, or 0."""
    given = "".join(character for character in code if character.isdigit())
    totp, present = pyotp.TOTP(unseal(PURPOSE, factor.secret)), int(now().timestamp()) // 30
    steps = range(max(present - DRIFT, factor.last_step + 1), present + DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), given)]
    return right[0] if right else 0


def new_recovery_codes(session: Session, user_id: UUID) -> list[str]:
    """Make new recovery codes in place of the old ones; told this once."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    codes = [legible() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=hashed_code(user_id, code)) for code in codes)
    return codes


def recovery_codes_left(session: Session, user_id: UUID) -> int:
    """Count the unused recovery codes."""
    unused = select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, col(RecoveryCode.used_at).is_(None))
    return len(session.exec(unused).all())


def renew_recovery_codes(session: Session, code: str, *, by: Person) -> list[str]:
    """Make new recovery codes; a code shows that it is oneself."""
    require_code(session, code, by=by)
    journal.note(session, "recovery-codes-renewed", case=None, by=by, account=str(by.id), name=by.name)
    return new_recovery_codes(session, by.id)


def switch_off(session: Session, code: str, *, by: Person) -> None:
    """Do without a second factor again, where none is needed; a code shows that it is oneself."""
    if must_have_one(session, by.id):
        raise Conflict(marked("您的身份须使用两步验证，不能停用。"))
    require_code(session, code, by=by)
    take_away(session, by.id)
    journal.note(session, "second-factor-off", case=None, by=by, account=str(by.id), name=by.name)


def require_code(session: Session, code: str, *, by: Person) -> None:
    """Raise `Invalid` unless the code is the person's."""
    if not verify(session, by.id, code):
        raise Invalid(faults=[Fault("code", WRONG_CODE)])


def take_away(session: Session, user_id: UUID) -> None:
    """Take somebody's authenticator and recovery codes away."""
    for kind in (RecoveryCode, SecondFactor):
        session.exec(delete(kind).where(col(kind.user_id) == user_id))


def tell_reset(session: Session, user: User, reason: str, *, by: Person) -> None:
    """Tell somebody by letter that the authenticator is gone, who took it away, and why."""
    at = local(now())
    facts: dict[str, Any] = {"by": by.name, "reasons": reason, "at": f"{at:%Y-%m-%d %H:%M}", "path": "/sign-in"}
    post(session, "second-factor-reset", user, about=f"{at:%Y%m%dT%H%M%S.%f}", **facts)


def hashed_code(user_id: UUID, code: str) -> str:
    """Return what is kept of a recovery code; the person is in it, so that no two are alike."""
    plain = "".join(character for character in code.lower() if character.isalnum())
    return digest(f"{user_id}/{plain}")
