"""What is brought from outside: taken, or refused in the words of the house, and then nothing is written.

Workbooks (rows of a form, experts, places), the calendar's JSON, PDFs and photos: random bytes, whole files with
something done to them, workbooks put together by hand with cells that no spreadsheet writes. JIDI_FUZZ_EXAMPLES=2000
makes it long.
"""

import io
import json
import os
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.applications import attach, begin
from casework.calls import by_code
from casework.demonstration import CALL, HOME
from casework.experts.importing import COLUMNS, import_pool
from casework.quotas import set_quotas
from casework.recommending.quota_table import BODY, PLACES, quotas_in
from casework.row_import import Brought, bring, lines_of, pasted
from core import spreadsheets
from core.db import transaction
from core.errors import JidiError
from core.photo_examination import examined_photo
from core.settings import settings as chosen
from core.spreadsheets import Table
from models.application import Application
from regulation.calendar import official
from regulation.form.definition import ATTACHMENTS
from regulation.form.row_words import TABLES, columns_of
from tests import cast
from tests.conftest import environment
from tests.factories import a_pdf
from tests.photos import a_photo
from tests.security.record import fingerprint, organisation

pytestmark = pytest.mark.usefixtures("database")

EXAMPLES = int(os.environ.get("JIDI_FUZZ_EXAMPLES", "40"))
SECONDS, MEGABYTES = 10, 400
"""That one file may take, and by which this process may grow over all of them."""
MANY = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 100, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
FEW = settings(MANY, max_examples=max(8, EXAMPLES // 5))  # each is looked at by a process of its own
PNG = b"\x89PNG\r\n\x1a\n"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EXPERT = ["示例甲", "jia@example.com", "教授", "继续教育专家", "", "是", "示例大学", "2026-01-01", "2028-12-31",
          "示例大学", "12420000000000019Q", "2015-07-01", ""]  # fmt: skip

# What is done to a whole file


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Draw a whole file with a few things done to it: bits turned, parts gone, doubled, exchanged, put in."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        at, other = sorted(draw(st.tuples(*[st.integers(0, max(1, len(data)) - 1)] * 2)))
        match draw(st.sampled_from(["bit", "cut", "gone", "double", "exchange", "put in", "zero"])):
            case "bit":
                data[at : at + 1] = bytes([(data[at] if data else 0) ^ (1 << draw(st.integers(0, 7)))])
            case "cut":
                del data[at:]
            case "gone":
                del data[at:other]
            case "double":
                data[at:at] = data[at:other]
            case "exchange":
                data = data[other:] + data[at:other] + data[:at]
            case "put in":
                data[at:at] = draw(st.binary(min_size=1, max_size=64))
            case "zero":
                data[at : at + 4] = b"\xff" * 4
    return bytes(data)


ODD_XML = [
    "<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", "<!--", "]]>", "<![CDATA[", "&a;", "&#0;", "&#x1F600;", "</row>",
    "<row r='-1'>", "<row r='99999999999999999999'/>", "<c r='ZZZZZZ1'/>", "<c r='A0'/>", "<c t='s'><v>999999</v></c>",
    "\x00", "\ufffe", "<c t='e'><v>#REF!</v></c>", "<c t='b'><v>7</v></c>", "<c t='d'><v>nonsense</v></c>",
    "<c><f>1/0</f></c>", "<x:row xmlns:x='urn:x'>", "<sheetData/>",
    "<mergeCell ref='A1:XFD1048576'/>", "<dimension ref='A1:XFD1048576'/>",
]  # fmt: skip


@st.composite
def rebuilt(draw: st.DrawFn, whole: bytes) -> bytes:
    """Draw a workbook one of whose parts is changed as text, left out, doubled, or called by another name."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        chosen_part = draw(st.sampled_from(sorted(old.namelist())))
        for part in old.namelist():
            name, text = part, old.read(part).decode()
            if part == chosen_part:
                match draw(st.sampled_from(["put in", "gone", "garbage", "other name", "cut"])):
                    case "put in":
                        at = draw(st.integers(0, len(text)))
                        text = text[:at] + draw(st.sampled_from(ODD_XML)) + text[at:]
                    case "gone":
                        continue
                    case "garbage":
                        text = draw(st.text(st.characters(codec="utf-8"), max_size=200))
                    case "other name":
                        name = draw(st.sampled_from(["../x.xml", "/etc/x", SHEET.upper(), "x" * 5000, "xl/x\\y"]))
                    case "cut":
                        text = text[: draw(st.integers(0, len(text)))]
            new.writestr(name, text)
    return target.getvalue()


ODD = ["=1+1", "9" * 5000, "-1", "1e400", "NaN", "inf", "\u0661\u0662", "²", "2026-13-45", "9999-12-31", "0001-01-01",
       "a@b", "x" * 40_000, "字" * 40_000, "\u202e", "'; DROP TABLE users; --", "0" * 4400, 2**70, 1e308, -0.5, True,
       "", "99999年1月1日", "2026/2/30", "1,234.5", "１２", "🀄", "a\tb\nc"]  # fmt: skip
ODD_CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30), st.sampled_from(ODD),
    st.integers(-(2**70), 2**70), st.floats(), st.dates(), st.booleans(), st.none(),
)  # fmt: skip


def cell_of(value: object) -> str:
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    text = "".join(c for c in str(value or "") if c.isprintable() or c in "\t\n")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


@st.composite
def typed(draw: st.DrawFn, headings: tuple[str, ...], good: tuple[str, ...]) -> bytes:
    """Draw a workbook with these headings whose cells are partly good and partly such as no spreadsheet writes."""
    rows = draw(st.lists(st.tuples(*[st.one_of(st.just(one), ODD_CELLS) for one in good]), min_size=1, max_size=4))
    return by_hand(headings, *rows)


def by_hand(*lines: tuple[object, ...]) -> bytes:
    """Return a workbook of these lines, put together without a library that would mend them."""
    body = "".join(f"<row>{''.join(map(cell_of, line))}</row>" for line in lines)
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain(("a",), ("b",)))) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == SHEET else old.read(name))
    return target.getvalue()


@cache
def plain(headings: tuple[str, ...], good: tuple[str, ...]) -> bytes:
    return spreadsheets.write(Table("表", headings, [good]))


def files(headings: tuple[str, ...], good: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    whole = plain(headings, good)
    return st.one_of(st.binary(max_size=300), damaged(whole), rebuilt(whole), typed(headings, good))


# What is held of each


@pytest.fixture(autouse=True)
def modest() -> Iterator[None]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024


def taken(act: Callable[[], object]) -> bool:
    """Bring something; say whether it was taken. Refused, it has left nothing, and either way it was quick."""
    before, begun, kept = fingerprint(), time.monotonic(), stored()
    refused: JidiError | None = None
    try:
        act()
    except JidiError as error:
        refused = error
    assert time.monotonic() - begun < SECONDS
    if not refused:
        return True
    assert refused.status < 500, refused
    assert refused.sentence()
    assert fingerprint() == before, "refused, and yet something was written"
    assert stored() == kept
    return False


def stored() -> set[Path]:
    return {path for path in (chosen().home / "files").rglob("*") if path.is_file()}


def headings_of(key: str) -> tuple[str, ...]:
    return tuple(column.heading for column in columns_of(TABLES[key]))


TEACHER = tuple("1" for _ in headings_of("teachers"))
WORKBOOKS = {
    "experts": (tuple(COLUMNS), tuple(EXPERT)),
    "places": ((BODY, PLACES), (HOME, "3")),
    "teachers": (headings_of("teachers"), TEACHER),
    "subjects": (headings_of("subjects"), ("示例甲", "工程技术系列", "专业科目")),
}
EVERY_WORKBOOK = pytest.mark.parametrize("kind", WORKBOOKS)


@pytest.fixture
def draft() -> Application:
    with transaction() as session:
        body = organisation(session, HOME)
        return begin(session, by_code(session, CALL), body.id, by=cast.person(cast.APPLICANT, session))


def brought(kind: str, content: bytes, draft: Application) -> bool:
    def bring_it() -> None:
        with transaction() as session:
            office, applicant = (cast.person(email, session) for email in (cast.OFFICE, cast.APPLICANT))
            if kind == "experts":
                import_pool(session, content, by=office)
            elif kind == "places":
                set_quotas(session, by_code(session, CALL), quotas_in(session, content), by=office)
            else:
                bring(session, draft.id, Brought(TABLES[kind], lines_of(content)), None, by=applicant)

    return taken(bring_it)


@EVERY_WORKBOOK
def test_a_workbook_of_any_bytes(kind: str, draft: Application) -> None:
    @MANY
    @given(files(*WORKBOOKS[kind]))
    def of_any_file(content: bytes) -> None:
        brought(kind, content, draft)

    of_any_file()


@EVERY_WORKBOOK
def test_an_odd_cell_in_each_column(kind: str, draft: Application) -> None:
    headings, good = WORKBOOKS[kind]
    for column in range(len(headings)):
        for odd in ODD:
            brought(kind, by_hand(headings, (*good[:column], odd, *good[column + 1 :])), draft)


@pytest.mark.parametrize("kind", sorted(set(WORKBOOKS) - {"teachers"}))
def test_what_is_whole_is_taken_so_that_the_rest_says_something(kind: str, draft: Application) -> None:
    assert brought(kind, plain(*WORKBOOKS[kind]), draft)
    assert brought(kind, by_hand(*WORKBOOKS[kind]), draft)


def test_rows_that_are_pasted(draft: Application) -> None:
    @MANY
    @given(
        st.text(st.characters(codec="utf-8"), max_size=300) | st.sampled_from(['"', "\t" * 9999, "\n" * 9999, '"\t"\r'])
    )
    def of_any_text(text: str) -> None:
        def bring_it() -> None:
            with transaction() as session:
                brought = Brought(TABLES["teachers"], pasted(text), headed=False)
                bring(session, draft.id, brought, None, by=cast.person(cast.APPLICANT, session))

        taken(bring_it)

    of_any_text()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["2026", "off", "work", "x"]), inner),
    max_leaves=8,
)
CALENDAR = json.dumps({"2027": {"off": ["2027-01-01", "2027-02-06"], "work": ["2027-02-14"]}}).encode()


def test_a_calendar(tmp_path: Path) -> None:
    file = tmp_path / "calendar.json"
    usual = official()

    def bring_it(content: bytes) -> None:
        file.write_bytes(content)
        official.cache_clear()
        with environment(JIDI_CALENDAR=str(file)):
            taken(official)

    @MANY
    @given(
        st.binary(max_size=200)
        | damaged(CALENDAR)
        | JSON.map(lambda value: json.dumps(value).encode())
        | st.sampled_from([b"\xff\xfe", b'{"9' + b"9" * 5000 + b'": {}}', CALENDAR])
    )
    def of_any_file(content: bytes) -> None:
        bring_it(content)

    try:
        for deep in (b"[" * 200_000, b'{"2027":' * 200_000, CALENDAR * 10_000):
            bring_it(deep)
        of_any_file()
    finally:
        official.cache_clear()
    assert official() == usual


def test_a_pdf(draft: Application) -> None:
    @FEW
    @given(st.binary(max_size=300).map(lambda data: b"%PDF-1.7\n" + data + b"%%EOF") | damaged(a_pdf(2)))
    def of_any_file(content: bytes) -> None:
        def bring_it() -> None:
            with transaction() as session:
                by = cast.person(cast.APPLICANT, session)
                attach(session, draft.id, ATTACHMENTS[0].key, ("a.pdf", content), by=by)

        taken(bring_it)

    of_any_file()


@MANY
@given(damaged(a_photo()) | damaged(a_photo(kind="PNG")) | st.binary(max_size=300).map(lambda data: PNG + data))
def test_a_photo(content: bytes) -> None:
    taken(lambda: examined_photo(content, "a.jpg"))
