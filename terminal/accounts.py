"""`jidi account`: the first account of a production system, from which the administrator opens all others."""

from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from casework import journal
from casework.organisations import PROVINCE, enter_bodies
from casework.passwords import password_problem
from casework.people import add_user, email_problem, normalised_email
from core.db import transaction
from core.errors import Invalid, Unavailable
from core.i18n import gettext, marked
from models.person import User
from regulation.roles import Role
from terminal.doctor import adopt_embedded_database

NO_DATABASE = marked("数据库无法使用（{reason}）。请检查 JIDI_DATABASE_URL，并先运行 jidi migrate。")


class FirstRole(StrEnum):
    """What the first accounts may be: the administrator opens all others."""

    ADMINISTRATOR = "administrator"
    OFFICE = "office"
    OPERATOR = "operator"


def open_account(email: str, name: str, password: str, role: FirstRole) -> str:
    """Open an account in the province's department; return the sentence that says so."""
    adopt_embedded_database()
    try:
        with transaction() as session:
            bodies = enter_bodies(session)
            refuse_faults(session, email, name, password)
            user = add_user(
                session, normalised_email(email), name.strip(), password, of=bodies[PROVINCE], roles=[Role(role)]
            )
            opened = str(user.id)
            journal.note(session, "account-opened", case=None, by=None, account=opened, name=user.name, roles=[role])
    except SQLAlchemyError as error:
        raise Unavailable(NO_DATABASE, reason=str(error).splitlines()[0]) from error
    role_title = gettext(Role(role).title)
    return gettext("已开通账号 {email}（{role}），可以登录网站。", email=user.email, role=role_title)


def refuse_faults(session: Session, email: str, name: str, password: str) -> None:
    """Raise `Invalid` with one sentence that says everything that is wrong."""
    problems = [email_problem(email), password_problem(password, (name, email))]
    if not 1 < len(name.strip()) <= 50:
        problems.append(marked("请填写姓名（2 至 50 字）。"))
    if session.exec(select(User.id).where(User.email == normalised_email(email))).first():
        problems.append(marked("该邮箱已有账号。"))
    if said := "".join(gettext(problem) for problem in problems if problem):
        raise Invalid(said)
