"""What a question of the form is: its words, its kind, its limits and where it comes from."""

from dataclasses import dataclass
from enum import StrEnum

from core.i18n import marked
from regulation.provenance import ASSUMED

COMPARABLE = "同类申报表 (model)"
"""Source of questions that comparable provincial forms ask; Hubei's own form was not found."""


class Kind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    LONG = "long"
    INTEGER = "integer"
    NUMBER = "number"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    POSTCODE = "postcode"
    CREDIT_CODE = "credit_code"
    ROWS = "rows"
    FILE = "file"


COUNTED = frozenset({Kind.INTEGER, Kind.NUMBER})
"""Kinds that are reckoned with and stand to the right in a table."""

PERSONAL = frozenset({Kind.PHONE, Kind.EMAIL})
"""Kinds that reach a person; they are shown only to those who need them (个人信息保护法 Art. 6)."""

LONGEST = {Kind.LONG: 1500, Kind.URL: 200, Kind.TEXT: 100, Kind.EMAIL: 100, Kind.CHOICE: 40}
"""Characters (字) an answer may have unless its field says otherwise; 30 for the kinds that are not here."""

MOST_ROWS = 500
"""Rows of a table that has no lines of its own."""


@dataclass(frozen=True)
class Choice:
    """One answer that is offered; drafts keep the key."""

    key: str
    title: str


@dataclass(frozen=True)
class Condition:
    """Asked only when another field of the form has this answer."""

    field: str
    answer: str

    def holds(self, answer: object) -> bool:
        """Whether that field's answer is the one, or has it among several."""
        return self.answer in answer if isinstance(answer, list) else answer == self.answer


@dataclass(frozen=True)
class Field:
    """One question, or one column of a table; a column without a source has that of its table.

    A table either has a fixed line for each of `row_titles`, or as many as the policy's parameter `rows_by` says, or at
    least `rows_least`. `ahead` lets a day lie in the future; `least` and `most` bound numbers and years; `decimals` are
    shown even where they are zero. `private` marks what is personal by what it asks, not by its kind.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    required: bool = True
    source: str = ASSUMED
    unit: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    longest: int = 0
    least: int = 0
    most: int = 10**8
    decimals: int = 0
    ahead: bool = False
    columns: tuple["Field", ...] = ()
    row_titles: tuple[str, ...] = ()
    rows_least: int = 0
    rows_by: str = ""
    when: Condition | None = None
    private: bool = False

    @property
    def personal(self) -> bool:
        """Whether the answer is hidden from those who only judge the merit."""
        return self.private or self.kind in PERSONAL

    @property
    def limit(self) -> int:
        """How many characters the answer may have."""
        return self.longest or LONGEST.get(self.kind, 30)

    @property
    def choice_titles(self) -> dict[str, str]:
        """Key → Chinese title of the answers that are offered."""
        return {choice.key: choice.title for choice in self.choices}

    def column(self, key: str) -> "Field":
        """Return the column of that key; raises KeyError for a word that is none."""
        return {column.key: column for column in self.columns}[key]


@dataclass(frozen=True)
class Section:
    """A numbered part of the form."""

    key: str
    number: str
    title: str
    fields: tuple[Field, ...]


SQUARE_METRES = marked("平方米")
TEN_THOUSAND_YUAN = marked("万元")


def money(key: str, title: str, *, source: str = ASSUMED, unit: str = TEN_THOUSAND_YUAN, least: int = 0) -> Field:
    """Declare an amount in 万元, which is always shown with two decimals."""
    return Field(key, title, Kind.NUMBER, source=source, unit=unit, least=least, decimals=2)


YES = Choice("yes", marked("是"))
NO = Choice("no", marked("否"))

FULL_TIME = Choice("full-time", marked("专职"))
PART_TIME = Choice("part-time", marked("兼职"))

DEGREES = (
    Choice("doctor", marked("博士研究生")),
    Choice("master", marked("硕士研究生")),
    Choice("bachelor", marked("大学本科")),
    Choice("college", marked("大学专科")),
    Choice("other", marked("其他")),
)
"""Education and degree of managers and teachers."""
