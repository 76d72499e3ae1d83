"""The pool brought as a workbook: all of it is taken, or nothing, and every fault is told by row, column and reason.

A row is an expert; a further row with the same address and nothing but an employer adds an employer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from casework.accounts import NewStaff, change_roles, open_account, require_officer
from casework.experts.pool import FIELDS, KINDS
from casework.experts.profiles import Employer, NewProfile, profile_faults, save_profile
from casework.people import Person, email_problem, normalised_email, roles_of
from core import spreadsheets
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from core.spreadsheets import Row, Table
from models.person import User
from regulation.roles import Role

NAME, EMAIL, TITLE, KIND, FIELD = marked("姓名"), marked("邮箱"), marked("职称"), marked("专家类别"), marked("专业领域")
CHAIRS, UNIT, FROM, TO = marked("可任主任委员"), marked("推荐单位"), marked("聘期起"), marked("聘期止")
EMPLOYER, CODE, SINCE, UNTIL = marked("任职单位"), marked("统一社会信用代码"), marked("任职起"), marked("任职止")
COLUMNS = (NAME, EMAIL, TITLE, KIND, FIELD, CHAIRS, UNIT, FROM, TO, EMPLOYER, CODE, SINCE, UNTIL)
OF_EMPLOYER = (EMPLOYER, CODE, SINCE, UNTIL)
COLUMN_OF = {"kind": KIND, "fields": FIELD, "title": TITLE, "recommending_unit": UNIT, "valid_from": FROM,
             "valid_to": TO, "employers": EMPLOYER, "name": EMPLOYER, "credit_code": CODE, "from_on": SINCE,
             "to_on": UNTIL}  # fmt: skip
YES, NO = "是", "否"
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
SEPARATORS = re.compile(r"[、，,；;/\s]+")

SENTENCE = marked("第 {row} 行“{column}”：{reason}")
NO_DAY = marked("应填写日期，例如 2026-01-01。")
NO_KIND = marked("应填写“继续教育专家”或“领域专家”。")
NO_FIELD = marked("没有“{field}”这一领域，请按模板第二页中的名称填写。")
NO_ANSWER = marked("应填写“是”或“否”。")
NO_NAME = marked("请填写姓名（2 至 50 字）。")
NO_ROWS = marked("工作簿中没有可导入的行。")
OF_APPLICANT = marked("该邮箱是申报单位的账号，不能列为专家。")
NOT_TAKEN = marked("有 {n} 处需要更正，一行也没有导入；请按下列各项更正后重新导入。")


@dataclass(frozen=True)
class Line:
    """One expert as the workbook has it, with the row it begins in and the rows of the employers."""

    row: int
    rows: tuple[int, ...]
    email: str
    name: str
    chairs: bool
    profile: NewProfile


@dataclass(frozen=True)
class Taken:
    """One expert who was entered; a new account is invited by letter."""

    user: User
    invited: bool


def template() -> bytes:
    """Write an empty workbook with its headings and the words that may stand in it."""
    words = [[gettext(title), ""] for title in KINDS.values()] + [["", gettext(title)] for title in FIELDS.values()]
    return spreadsheets.write(
        Table(gettext("专家库"), [gettext(one) for one in COLUMNS], []),
        Table(gettext("可填写的词语"), [gettext(KIND), gettext(FIELD)], words),
    )


def import_pool(session: Session, content: bytes, *, by: Person) -> list[Taken]:
    """Enter every expert of a workbook, with an account where there is none; raises `Invalid` with every fault."""
    require_officer(session, by)
    headings = [gettext(one) for one in COLUMNS]
    rows = spreadsheets.read(content, headings)
    lines, faults = understood(rows)
    faults += [fault for line in lines for fault in account_faults(session, line)]
    if not rows:
        faults = [Fault("file", gettext(NO_ROWS))]
    if faults:
        raise Invalid(NOT_TAKEN, faults=faults, n=len(faults))
    return [enter(session, line, by=by) for line in lines]


def understood(rows: Sequence[Row]) -> tuple[list[Line], list[Fault]]:
    """Read the rows: the experts, and everything that is wrong, row by row."""
    faults: list[Fault] = []
    lines: dict[str, Line] = {}
    for row in rows:
        cells = {column: row.cells[gettext(column)] for column in COLUMNS}
        email = normalised_email(cells[EMAIL])
        employer = _employer(row.number, cells, faults)
        known = lines.get(email)
        if known and not any(cells[column] for column in COLUMNS if column not in {*OF_EMPLOYER, EMAIL}):
            more = replace(known.profile, employers=[*known.profile.employers, employer])
            lines[email] = replace(known, profile=more, rows=(*known.rows, row.number))
            continue
        if problem := gettext(email_problem(email)) or (gettext(marked("该邮箱在前面的行中已出现。")) if known else ""):
            faults.append(_fault(row.number, EMAIL, problem))
        if not 1 < len(cells[NAME]) <= 50:
            faults.append(_fault(row.number, NAME, gettext(NO_NAME)))
        profile = _profile(row.number, cells, employer, faults)
        chairs = _answer(row.number, cells[CHAIRS], faults)
        lines[email if not known else f"{email}#{row.number}"] = Line(
            row.number, (row.number,), email, cells[NAME], chairs, profile
        )
    for line in lines.values():
        faults += _of_profile(line, faults)
    return list(lines.values()), sorted(faults, key=lambda fault: int(fault.field.split(".")[1]))


def account_faults(session: Session, line: Line) -> list[Fault]:
    """Return why somebody with this address cannot be an expert."""
    user = session.exec(select(User).where(User.email == line.email)).first()
    taken = user and Role.APPLICANT in roles_of(session, user.id)
    return [_fault(line.row, EMAIL, gettext(OF_APPLICANT))] if taken else []


def enter(session: Session, line: Line, *, by: Person) -> Taken:
    """Enter one expert: the account, its roles, the profile."""
    roles = {Role.EXPERT, *({Role.CHAIR} if line.chairs else set())}
    user = session.exec(select(User).where(User.email == line.email)).first()
    invited = user is None
    if user:
        held = roles_of(session, user.id)
        change_roles(session, user.id, (held - {Role.CHAIR}) | roles, by=by)
    else:
        body: UUID = by.organisation_id
        new = NewStaff(line.email, line.name, roles, title=line.profile.title[:50], organisation_id=body)
        user = open_account(session, new, by=by)
    session.flush()
    save_profile(session, user.id, line.profile, by=by)
    return Taken(user, invited)


def _profile(number: int, cells: dict[str, str], employer: Employer, faults: list[Fault]) -> NewProfile:
    kinds = {title: key for key, title in KINDS.items()} | {gettext(title): key for key, title in KINDS.items()}
    kind = kinds.get(cells[KIND])
    if not kind:
        faults.append(_fault(number, KIND, gettext(NO_KIND)))
    keys = {title: key for key, title in FIELDS.items()} | {gettext(title): key for key, title in FIELDS.items()}
    wanted = [one for one in SEPARATORS.split(cells[FIELD]) if one] if cells[FIELD] not in keys else [cells[FIELD]]
    faults += [_fault(number, FIELD, gettext(NO_FIELD, field=one)) for one in wanted if one not in keys]
    return NewProfile(
        kind=kind or "",
        fields=[keys[one] for one in wanted if one in keys],
        title=cells[TITLE],
        recommending_unit=cells[UNIT],
        valid_from=_day(number, FROM, cells, faults),
        valid_to=_day(number, TO, cells, faults),
        employers=[employer],
    )


def _employer(number: int, cells: dict[str, str], faults: list[Fault]) -> Employer:
    since, until = _day(number, SINCE, cells, faults), _day(number, UNTIL, cells, faults)
    return Employer(cells[EMPLOYER], cells[CODE], since, until)


def _day(number: int, column: str, cells: dict[str, str], faults: list[Fault]) -> date | None:
    if not cells[column]:
        return None
    parts = DAY.fullmatch(cells[column])
    try:
        if parts:
            return date(*map(int, parts.groups()))
    except ValueError:
        pass
    faults.append(_fault(number, column, gettext(NO_DAY)))
    return None


def _answer(number: int, given: str, faults: list[Fault]) -> bool:
    if given not in {"", YES, NO}:
        faults.append(_fault(number, CHAIRS, gettext(NO_ANSWER)))
    return given == YES


def _of_profile(line: Line, told: Sequence[Fault]) -> list[Fault]:
    """Return what is wrong with a profile as a whole, where its own cells were readable."""
    known = {fault.field for fault in told}
    found = []
    for fault in profile_faults(line.profile):
        head, _, tail = fault.field.partition(".")
        number, _, part = tail.partition(".")
        row = line.rows[int(number)] if number else line.row
        found.append(_fault(row, COLUMN_OF[part or head], gettext(fault.message)))
    return [fault for fault in found if fault.field not in known]


def _fault(row: int, column: str, reason: str) -> Fault:
    return Fault(
        f"rows.{row}.{COLUMNS.index(column)}", gettext(SENTENCE, row=row, column=gettext(column), reason=reason)
    )
