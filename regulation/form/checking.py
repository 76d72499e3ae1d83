"""What is wrong in a single answer; an empty one is fine here, see `completeness`."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from core import clock
from core.errors import Fault
from core.i18n import gettext, marked
from regulation import credit_code
from regulation.form.consistency import contradictions
from regulation.form.definition import ANSWERS
from regulation.form.field import Field, Kind
from regulation.form.identity import FOUND, has_id_number
from regulation.form.place import Content, Place, answers, is_empty
from regulation.form.values import day_of, month_of
from regulation.policy import Policy

NO_INTEGER = marked("{label}应填写整数，例如 520。")
NO_NUMBER = marked("{label}应填写数字，最多两位小数，例如 12.50。")
NEGATIVE = marked("{label}不能为负数。")
TOO_SMALL = marked("{label}不得小于 {least}。")
TOO_LARGE = marked("{label}不得大于 {most}。")
NO_YEAR = marked("{label}应填写四位年份，例如 2025。")
YEAR_TOO_EARLY = marked("{label}不得早于 {least} 年。")
NO_DAY = marked("{label}应填写真实存在的日期，例如 2025-06-30。")
NO_MONTH = marked("{label}应填写年月，例如 1985-06。")
IN_FUTURE = marked("{label}不能晚于今天。")
NO_CHOICE = marked("{label}请从所列选项中选择。")
NO_PHONE = marked("{label}应填写手机号码或带区号的座机号码，例如 027-00000000。")
NO_EMAIL = marked("{label}应填写完整的邮箱地址，例如 name@example.com。")
NO_URL = marked("{label}应以 http:// 或 https:// 开头，例如 https://www.example.com。")
NO_POSTCODE = marked("{label}应为 6 位数字。")
TOO_LONG = marked("{label}不得超过 {longest} 字，现有 {now} 字。")
LABELLED = marked("{label}：{problem}")

PHONE = re.compile(
    r"(?:\+?86[ -]?)?(?:1[3-9][0-9]{9}|(?:\(0[0-9]{2,3}\)|0[0-9]{2,3})[ -]?[0-9]{7,8}(?:[-转][0-9]{1,6})?"
    r"|[48]00[ -]?[0-9]{3}[ -]?[0-9]{4})"
)
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
URL = re.compile(r"https?://(?:[^\s/?#@:.\"<>]+\.)+[^\s/?#@:.\"<>]+(?::[0-9]{1,5})?(?:[/?#][^\s\"<>]*)?", re.IGNORECASE)
POSTCODE = re.compile(r"[0-9]{6}")

LIMITED = frozenset({Kind.TEXT, Kind.LONG, Kind.EMAIL, Kind.URL})

Problem = tuple[str, dict[str, object]]
"""A sentence and the values it stands with."""


def faults(content: Content, policy: Policy) -> list[Fault]:
    """Return everything that is wrong in what is filled in, in the order of the form."""
    single = [_checked(place, answer) for place, answer in answers(content) if not is_empty(answer)]
    found = [fault for fault in single if fault] + contradictions(content, policy)
    order = list(ANSWERS)
    return sorted(found, key=lambda fault: order.index(fault.field.partition(".")[0]))


def _checked(place: Place, answer: Any) -> Fault | None:  # noqa: ANN401 - whatever was stored
    field = place.field
    if field.kind in LIMITED and len(answer) > field.limit:
        return place.fault(TOO_LONG, longest=field.limit, now=len(answer))
    problem = CHECKS[field.kind](field, answer)
    return place.fault(problem[0], **problem[1]) if problem else None


def _text(_: Field, answer: str) -> Problem | None:
    return (FOUND, {}) if has_id_number(answer) else None


def _integer(field: Field, answer: float | str) -> Problem | None:
    return _bounded(field, answer) if isinstance(answer, int) else (NO_INTEGER, {})


def _number(field: Field, answer: float | str) -> Problem | None:
    return (NO_NUMBER, {}) if isinstance(answer, str) else _bounded(field, answer)


def _bounded(field: Field, number: float) -> Problem | None:
    if number < field.least:
        return (TOO_SMALL, {"least": field.least}) if field.least else (NEGATIVE, {})
    return (TOO_LARGE, {"most": field.most}) if number > field.most else None


def _year(field: Field, answer: int | str) -> Problem | None:
    if not isinstance(answer, int) or not 1000 <= answer <= 9999:
        return NO_YEAR, {}
    if answer < field.least:
        return YEAR_TOO_EARLY, {"least": field.least}
    return (IN_FUTURE, {}) if answer > clock.today().year else None


def _day(field: Field, answer: str) -> Problem | None:
    return _past(field, day_of(answer), NO_DAY)


def _month(field: Field, answer: str) -> Problem | None:
    return _past(field, month_of(answer), NO_MONTH)


def _past(field: Field, day: date | None, unreadable: str) -> Problem | None:
    if day is None:
        return unreadable, {}
    return (IN_FUTURE, {}) if day > clock.today() and not field.ahead else None


def _choice(field: Field, answer: str) -> Problem | None:
    return None if answer in field.choice_titles else (NO_CHOICE, {})


def _choices(field: Field, answer: list[str]) -> Problem | None:
    return None if set(answer) <= set(field.choice_titles) else (NO_CHOICE, {})


def _phone(_: Field, answer: str) -> Problem | None:
    return None if PHONE.fullmatch(answer) else (NO_PHONE, {})


def _email(_: Field, answer: str) -> Problem | None:
    return None if EMAIL.fullmatch(answer) else (NO_EMAIL, {})


def _url(_: Field, answer: str) -> Problem | None:
    return None if URL.fullmatch(answer) else (NO_URL, {})


def _postcode(_: Field, answer: str) -> Problem | None:
    return None if POSTCODE.fullmatch(answer) else (NO_POSTCODE, {})


def _credit_code(field: Field, answer: str) -> Problem | None:
    problem = credit_code.problem(answer)
    if not problem:
        return None
    return (problem, {}) if field.title in problem else (LABELLED, {"problem": gettext(problem)})


CHECKS: dict[Kind, Callable[[Field, Any], Problem | None]] = {
    Kind.TEXT: _text,
    Kind.LONG: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.YEAR: _year,
    Kind.MONTH: _month,
    Kind.DAY: _day,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.FLAG: lambda _field, _answer: None,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.URL: _url,
    Kind.POSTCODE: _postcode,
    Kind.CREDIT_CODE: _credit_code,
}
