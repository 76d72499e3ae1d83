"""Documents set as PDF: the same data gives the same bytes, in fonts that come with the installation.

A layout is a Typst file in `core/layouts/`; what people wrote reaches it as text and is never read as markup.
"""

import io
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst
from fontTools.ttLib import TTFont

from core.errors import Fault, Invalid
from core.i18n import gettext, marked

LAYOUT_FILES = Path(__file__).parent / "layouts"
FONT_FILES = Path(__file__).parent / "fonts"

STANDARD: Final = "a-2u"
"""PDF/A-2u: to be kept for decades, every font embedded, every character searchable."""

INVISIBLE = {"Cc", "Cf", "Cs"}
INK = "#1f1b18"

UNPRINTABLE = marked("证书字库中没有下列文字，无法印制：{characters}。请核对，或改用规范汉字。")


@dataclass(frozen=True)
class Layout:
    """What a layout expects: the keys of its data, and the key whose text it also shows as a QR code, if any."""

    keys: frozenset[str]
    coded: str = ""


LAYOUTS = {
    "certificate": Layout(
        keys=frozenset(
            {
                "number",  # 鄂继教基地〔2026〕0001号
                "holder",  # the unit, up to 100 characters, wrapped and set smaller where needed
                "credit_code",  # its 统一社会信用代码; empty: the line is left out
                "base_name",  # up to 100 characters
                "citation",  # 《…办法》（鄂人社发〔2015〕25号）; the layout writes the sentence around it
                "authority",  # who issues it; stands where the seal goes
                "issued_on",  # the day as it shall be printed, 2026年11月24日 or 二〇二六年十一月二十四日
                "valid_until",  # its last day; empty: without end, and nothing is said of it
                "check_code",  # what a reader types where the QR code cannot be scanned
                "verification_url",  # printed in small type under its own QR code
            }
        ),
        coded="verification_url",
    ),
    "enclosure": Layout(keys=frozenset({"title", "unit", "text"})),
    "application": Layout(
        keys=frozenset(
            {
                "title",  # 湖北省专业技术人员继续教育基地申报表
                "standing",  # 草稿，未提交; empty when it was filed
                "mark",  # number of the case and of the submission, and its SHA-256; empty for a draft
                "cover",  # pairs: what stands on the cover, with its answer
                "authority",  # who made the form
                "instructions",  # 填表说明, one a line
                "sections",  # heading, blocks of facts and tables, and what kind of ending it has
                "promise",  # the words of the promise
                "promised",  # whether it was given
                "enclosures",  # lines: name, file, size, SHA-256
                "opinions",  # the pages that are left for signature and seal
            }
        ),
    ),
    "notice": Layout(
        keys=frozenset(
            {
                "title",  # 受理通知书, 不予受理通知书
                "number",  # 鄂继教受〔2026〕0001号
                "unit",  # to whom it is addressed
                "opening",  # what came in, and when
                "verdict",  # what follows from it
                "reasons",  # one a line; none for an acceptance
                "closing",  # what is to be known, such as the remedy
                "facts",  # pairs: term and words
                "papers",  # what was received: title, file, size, SHA-256
                "authority",  # stands where the seal goes
                "office",  # who handled it
                "issued_on",  # 2026年11月24日
            }
        ),
    ),
    "announcement": Layout(
        keys=frozenset(
            {
                "mark",  # 预览, across every page of what is not yet published; empty: the document itself
                "authority",  # who announces; stands at the head and where the seal goes
                "number",  # 鄂人社函〔2026〕128号
                "title",  # 关于公布…的通知
                "to",  # to whom it is addressed
                "paragraphs",  # what is said, one a line
                "headings",  # of the list's columns
                "rows",  # lines of texts
                "dated",  # 2026年11月24日
            }
        ),
    ),
    "recommendation": Layout(
        keys=frozenset(
            {
                "title",  # 推荐函
                "to",  # the province's department
                "call",  # title of the call
                "body",  # who recommends; stands where the seal goes
                "paragraphs",  # what is said, one a line
                "rows",  # lines: rank, case, unit, base
                "dated",  # 2026年11月24日
            }
        ),
    ),
    "resolution": Layout(
        keys=frozenset(
            {
                "title",  # 专家评审决议
                "number",  # JD-2026-0001 第 1 轮
                "committee",  # its full name
                "facts",  # pairs: what is judged, and when
                "members",  # lines: name, office in the committee
                "checks",  # lines: rule, what is asked, what there is, source, whether it is met
                "scores",  # lines: number of the expert, score, vote, whether it counts; without names
                "items",  # lines: group, item, points, mean; none without a sheet
                "figures",  # what else there is to say of the figures, one a line
                "verdict",  # what the figures come to
                "conclusion",  # what the chair concludes
                "reasons",  # why, and what is to be corrected, one a line
                "dated",  # 2026年11月24日
            }
        ),
    ),
    "visit": Layout(
        keys=frozenset(
            {
                "title",  # 实地考察记录
                "number",  # JD-2026-0001 第 1 轮
                "facts",  # pairs: whom, when, who was there
                "summary",  # what was done, one a line
                "conditions",  # lines: condition, what was declared, what was found, whether they match, note
                "lines",  # lines: value, declared, found, what comes of it, note
                "photos",  # lines: place in the checklist, file, the camera's time, SHA-256
                "conclusion",  # what the team concludes
                "reasons",  # why, and what is to be corrected, one a line
                "signatures",  # lines: name, office in the team, how it was signed, when
                "scan",  # file and SHA-256 of the signed page; empty without one
                "sha256",  # of the record and its photos; empty for records before it was reckoned
                "dated",  # 2026年11月24日
            }
        ),
    ),
    "summary": Layout(
        keys=frozenset(
            {
                "title",  # 推荐汇总表
                "call",  # title of the call
                "body",  # who recommends; stands where the seal goes
                "headings",  # of the columns
                "weights",  # how wide each column is beside the others
                "rows",  # lines of texts
                "note",  # what is to be known of the table
                "dated",  # 2026年11月24日
            }
        ),
    ),
}


def typeset(layout: str, data: Mapping[str, Any], *, created: date) -> bytes:
    """Set a document as PDF/A; `LAYOUTS` names the keys of `data`, `created` is the day written into the file.

    Values are texts, or lists and objects of texts.

    Raises `Invalid`, naming the characters field by field, where one is in none of the fonts: Typst would silently
    print an empty box in its place.
    """
    expected = LAYOUTS[layout]
    if differing := expected.keys ^ data.keys():
        message = f"layout {layout!r}: missing or unknown keys {sorted(differing)}"
        raise ValueError(message)
    refuse_unprintable(data)
    return typst.compile(
        LAYOUT_FILES / f"{layout}.typ",
        root=LAYOUT_FILES,
        font_paths=fonts(),
        sys_inputs={
            "data": json.dumps(dict(data), sort_keys=True),
            "code": qr_svg(data[expected.coded], quiet_modules=0) if expected.coded else "",
        },
        pdf_standards=STANDARD,
        timestamp=datetime(created.year, created.month, created.day, tzinfo=UTC),
    )


def refuse_unprintable(data: Mapping[str, Any]) -> None:
    """Raise `Invalid` where a value holds a character that cannot be printed."""
    found = {key: missing for key, value in data.items() if (missing := unprintable("".join(_texts(value))))}
    if not found:
        return
    faults = [Fault(key, gettext(UNPRINTABLE, characters=named(missing))) for key, missing in found.items()]
    raise Invalid(UNPRINTABLE, faults=faults, characters=named(set().union(*found.values())))


def legible(text: str) -> str:
    """Return the text with its unprintable characters named in their places, for papers that must not be refused."""
    missing = unprintable(text)
    return "".join(f"〔U+{ord(c):04X}〕" if c in missing else c for c in text) if missing else text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in _texts(one))


def unprintable(text: str) -> set[str]:
    """Return the characters that no font of ours can show, and those that cannot be seen at all."""
    return {c for c in text if ord(c) not in printable() or unicodedata.category(c) in INVISIBLE}


def named(characters: set[str]) -> str:
    """Name characters for people, the visible ones by themselves: `𠮷（U+20BB7）、U+202E`."""
    return "、".join(
        f"U+{ord(c):04X}" if unicodedata.category(c) in INVISIBLE else f"{c}（U+{ord(c):04X}）"
        for c in sorted(characters)
    )


def qr_svg(text: str, *, quiet_modules: int = 4) -> str:
    """Draw a QR code as SVG; `quiet_modules` is the empty margin that a scanner needs around it."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, border=quiet_modules, dark=INK, omitsize=True
    )
    return drawing.getvalue().decode()


@cache
def fonts() -> typst.Fonts:
    """Return our own fonts and no others, so that every machine sets the same page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FILES])


@cache
def printable() -> frozenset[int]:
    """Return the code points that at least one of our fonts can show; Typst takes the next font where one lacks it."""
    covered: set[int] = set()
    for path in sorted(FONT_FILES.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            covered |= font.getBestCmap().keys()
    return frozenset(covered)
