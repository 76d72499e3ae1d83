"""A workbook from outside, unpacked within limits before any reader of spreadsheets sees it.

A workbook of a few kilobytes can claim a cell in its very last row and column, or unpack to gigabytes whatever its
headers say; a reader that believes it takes the whole process down. So every part is unpacked here, up to a limit, the
places of the cells are looked at, and the reader is given an archive of exactly these parts.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

from core.antivirus import require_harmless
from core.errors import Fault, Invalid
from core.i18n import gettext, marked

MOST_UNPACKED = 50_000_000
MOST_FILES = 200
MOST_ROWS = 5_000
MOST_COLUMNS = 500
PIECE = 1_000_000

NO_WORKBOOK = marked("无法读取该文件，请使用 .xlsx 格式的工作簿。")
TOO_LARGE = marked("工作簿过大，请分成几份导入。")
WORKBOOK = marked("工作簿")
TOO_MANY_ROWS = marked("一次最多导入 {n} 行，请分成几份导入。")

BOOK = "xl/workbook.xml"
OTHER_BOOKS = frozenset({"content.xml", "xl/workbook.bin"})
"""By these a reader would take the archive for another format, with limits of its own."""

BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


def repacked(content: bytes) -> bytes:
    """Return the workbook with nothing in it but parts of a harmless size.

    Raises `Invalid` for what is no .xlsx workbook, unpacks to more than 50 MB, or has cells beyond 5,000 rows or 500
    columns; what `require_harmless` has against it.
    """
    require_harmless(content, WORKBOOK)
    target = io.BytesIO()
    try:
        parts = dict(_parts(content))
    except BROKEN as error:
        raise refused(NO_WORKBOOK) from error
    if BOOK not in parts or OTHER_BOOKS & set(parts):
        raise refused(NO_WORKBOOK)
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            if b"sheetData" in part:
                _look_at(part)
            archive.writestr(zipfile.ZipInfo(name), part)
    return target.getvalue()


def refused(sentence: str, **values: object) -> Invalid:
    """Return the refusal of a file."""
    return Invalid(faults=[Fault("file", gettext(sentence, **values))])


def _parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Unpack what belongs to the sheets; what an archive says of its own size is not believed."""
    left = MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if len(archive.infolist()) > MOST_FILES:
            raise refused(TOO_LARGE)
        for file in archive.infolist():
            if file.is_dir() or file.filename.startswith(("xl/media/", "docProps/")):
                continue
            with archive.open(file) as part:
                unpacked = part.read(left + 1)
            left -= len(unpacked)
            if left < 0:
                raise refused(TOO_LARGE)
            yield file.filename, unpacked


@dataclass
class Places:
    """The furthest place of a cell in one sheet, as its rows and cells go by."""

    row: int = 0
    column: int = 0
    cells: int = field(default=0, repr=False)

    def begin(self, name: str, about: dict[str, str]) -> None:
        """Take the beginning of an element; raises `Invalid` as soon as a cell lies too far away."""
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.row = int(about["r"]) if "r" in about else self.row + 1
            self.column = 0
        elif kind == "c":
            self.column += 1
            if "r" in about:
                self.row, self.column = _place(about["r"])
        elif kind in {"v", "is", "f"}:
            self._hold()

    def _hold(self) -> None:
        if self.row > MOST_ROWS + 1:
            raise refused(TOO_MANY_ROWS, n=MOST_ROWS)
        if self.column > MOST_COLUMNS:
            raise refused(TOO_LARGE)


def _look_at(sheet: bytes) -> None:
    parser = ParserCreate()
    parser.StartElementHandler = Places().begin
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        for start in range(0, len(sheet), PIECE):
            parser.Parse(sheet[start : start + PIECE])
        parser.Parse(b"", True)
    except (ExpatError, ValueError) as error:
        raise refused(NO_WORKBOOK) from error


def _no_doctype(*_: object) -> None:
    """Refuse a sheet with declarations: they are how small texts grow."""
    raise refused(NO_WORKBOOK)


def _place(reference: str) -> tuple[int, int]:
    """Return row and column of `B7`; raises ValueError for what is no place."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]), column
