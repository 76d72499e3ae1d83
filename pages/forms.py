"""Forms: asked field by field; every fault is collected with what to do about it, nothing typed is lost.

Read them with `pages.submission.Submitted`, ask with `form.text(…)`, end with `form.refuse_faults()`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self, TypeVar

from core.errors import Fault, Invalid
from core.i18n import gettext, marked

T = TypeVar("T")
MEGABYTE = 1024 * 1024
LONGEST_LINE = 200
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
DIGITS = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")

MISSING = marked("请填写{label}。")
UNCHOSEN = marked("请选择{label}。")
UNATTACHED = marked("请上传{label}。")
TOO_LONG = marked("{label}不得超过 {longest} 字，现有 {now} 字。")
NO_INTEGER = marked("{label}应填写整数，例如 520。")
NO_NUMBER = marked("{label}应填写数字，例如 12.50。")
TOO_FINE = marked("{label}最多保留 {places} 位小数。")
TOO_SMALL = marked("{label}不得小于 {least}。")
TOO_LARGE = marked("{label}不得大于 {most}。")
NO_DAY = marked("{label}应填写真实存在的日期，例如 2026-11-24。")
NO_CHOICE = marked("{label}请从所列选项中选择。")
FILE_TOO_LARGE = marked("{label}不得超过 {limit} MB，所选文件为 {now} MB；请压缩或拆分后重新上传。")
FILE_EMPTY = marked("{label}是空文件，请重新选择。")


class WrongError(Exception):
    """What was typed cannot be read; never leaves this module."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


@dataclass(frozen=True)
class Attached:
    """One uploaded file, held in memory."""

    filename: str
    content: bytes


class Form:
    """What a person filled in: asked for by name in the handler, shown again by the templates."""

    def __init__(self, values: Mapping[str, list[str]], files: Mapping[str, Attached], prefix: str = "") -> None:
        self._values = {name: [_clean(text) for text in texts] for name, texts in values.items()}
        self._files = files
        self._prefix = prefix
        self.faults: list[Fault] = []
        self.sentence = ""

    @classmethod
    def of(cls, values: Mapping[str, object] | None = None) -> Self:
        """Make a form from what the record says, to be filled in; lists become several answers."""
        listed = {
            name: [str(one) for one in value] if isinstance(value, list | tuple | set | frozenset) else [_shown(value)]
            for name, value in (values or {}).items()
        }
        return cls(listed, {})

    def value(self, name: str) -> str:
        """Return the text of a field as it was typed, for showing it again."""
        return self._values.get(self._prefix + name, [""])[0]

    def values_of(self, name: str) -> list[str]:
        """Return all answers to a field with several."""
        return self._values.get(self._prefix + name, [])

    def error(self, name: str) -> str:
        """Return what is wrong with a field, or nothing."""
        wanted = field_id(self._prefix + name)
        return next((fault.message for fault in self.faults if field_id(fault.field) == wanted), "")

    def fault(self, name: str, sentence: str, /, **values: object) -> None:
        """Note that something is wrong with a field; the sentence says what to do."""
        shown = {key: gettext(value) if isinstance(value, str) else value for key, value in values.items()}
        self.faults.append(Fault((self._prefix + name).replace("-", "."), gettext(sentence, **shown)))

    def text(self, name: str, label: str, *, required: bool = True, longest: int = LONGEST_LINE) -> str:
        """Ask for a text."""
        given = self.value(name).strip()
        if not given and required:
            self.fault(name, MISSING, label=label)
        if len(given) > longest:
            self.fault(name, TOO_LONG, label=label, longest=longest, now=len(given))
        return given

    def integer(
        self, name: str, label: str, *, required: bool = True, between: tuple[int, int] = (0, 10**9)
    ) -> int | None:
        """Ask for a whole number; thousands separators and full-width digits are understood."""
        return self._ask(name, label, lambda given: _integer(given, between), required=required)

    def decimal(self, name: str, label: str, *, required: bool = True, places: int = 2) -> Decimal | None:
        """Ask for an amount that is not negative."""
        return self._ask(name, label, lambda given: _decimal(given, places), required=required)

    def day(self, name: str, label: str, *, required: bool = True) -> date | None:
        """Ask for a day: 2026-11-24, 2026/11/24, 2026.11.24, 20261124 and 2026年11月24日 are understood."""
        return self._ask(name, label, _day, required=required)

    def choice(self, name: str, label: str, allowed: Iterable[str], *, required: bool = True) -> str:
        """Ask for one of the offered values."""
        given = self.value(name)
        if not given:
            if required:
                self.fault(name, UNCHOSEN, label=label)
            return ""
        if given not in set(allowed):
            self.fault(name, NO_CHOICE, label=label)
            return ""
        return given

    def choices(self, name: str, label: str, allowed: Iterable[str], *, required: bool = True) -> list[str]:
        """Ask for any number of the offered values."""
        given = [one for one in dict.fromkeys(self.values_of(name)) if one]
        if not given and required:
            self.fault(name, UNCHOSEN, label=label)
        if not set(given) <= set(allowed):
            self.fault(name, NO_CHOICE, label=label)
            return []
        return given

    def ticked(self, name: str) -> bool:
        """Tell whether a single box was ticked."""
        return bool(self.value(name))

    def file(self, name: str, label: str, *, required: bool = True, megabytes: int = 20) -> Attached | None:
        """Ask for a file; what is inside it is judged by `core.files`, not here."""
        given = self._files.get(self._prefix + name)
        if given is None and required:
            self.fault(name, UNATTACHED, label=label)
        if given is None:
            return None
        if len(given.content) > megabytes * MEGABYTE:
            self.fault(name, FILE_TOO_LARGE, label=label, limit=megabytes, now=f"{len(given.content) / MEGABYTE:.1f}")
        if not given.content:
            self.fault(name, FILE_EMPTY, label=label)
        return given if 0 < len(given.content) <= megabytes * MEGABYTE else None

    def rows(self, name: str, *, most: int = 100) -> list["Form"]:
        """Return the repeated rows of `training-0-people`, in order, as forms of their own that share the faults."""
        pattern = re.compile(re.escape(f"{self._prefix}{name}-") + r"(\d{1,4})-")
        found = {int(match[1]) for key in self._values if (match := pattern.match(key))}
        return [self.row(name, index) for index in sorted(found)[:most]]

    def row(self, name: str, index: int) -> "Form":
        """Return one repeated row, filled in or not."""
        row = Form({}, self._files, f"{self._prefix}{name}-{index}-")
        row._values, row.faults = self._values, self.faults
        return row

    def key(self, name: str) -> str:
        """Return a field's full name in the page: `people` in the first row of `training` is `training-0-people`."""
        return self._prefix + name

    def refuse_faults(self) -> None:
        """Raise `Invalid` with every fault noted so far, if there is one."""
        if self.faults:
            raise Invalid(faults=list(self.faults))

    def refused(self, error: Invalid) -> Self:
        """Return this form with the faults of a refusal, to be shown again with everything that was typed."""
        known = set(self.faults)
        self.faults.extend(fault for fault in error.faults if fault not in known)
        self.sentence = error.sentence()
        return self

    def _ask(self, name: str, label: str, read: Callable[[str], T], *, required: bool) -> T | None:
        given = self.value(name).strip()
        if not given:
            if required:
                self.fault(name, MISSING, label=label)
            return None
        try:
            return read(given)
        except WrongError as wrong:
            self.fault(name, wrong.sentence, label=label, **wrong.values)
            return None


def field_id(name: str) -> str:
    """Return the id of a field in the page from its name or from a fault's dotted path."""
    return "f-" + name.replace(".", "-")


def _clean(text: str) -> str:
    """Use plain line ends and drop control characters, which PostgreSQL's text cannot hold."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _plain_number(text: str) -> str:
    return text.translate(DIGITS).replace(",", "").replace(" ", "")


def _integer(text: str, between: tuple[int, int]) -> int:
    plain = _plain_number(text)
    if not re.fullmatch(r"-?[0-9]{1,18}", plain):
        raise WrongError(NO_INTEGER)
    number, (least, most) = int(plain), between
    if number < least:
        raise WrongError(TOO_SMALL, least=least)
    if number > most:
        raise WrongError(TOO_LARGE, most=f"{most:,}")
    return number


def _decimal(text: str, places: int) -> Decimal:
    plain = _plain_number(text)
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]+)?", plain):
        raise WrongError(NO_NUMBER)
    if len(plain.partition(".")[2]) > places:
        raise WrongError(TOO_FINE, places=places)
    if plain.startswith("-"):
        raise WrongError(TOO_SMALL, least=0)
    return Decimal(plain)


def _day(text: str) -> date:
    parts = re.fullmatch(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?", text.translate(DIGITS))
    if not parts:
        raise WrongError(NO_DAY)
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        raise WrongError(NO_DAY) from None


def _shown(value: object) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)
