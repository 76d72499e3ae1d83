"""The register of plaques as a workbook to take away."""

from collections.abc import Sequence

from casework.publication.plaques import STATES, PlaqueLine
from core.i18n import gettext, marked
from core.spreadsheets import Cell, Table, write
from models.publication import Ending

TITLE = marked("牌匾登记")
HEADINGS = (
    marked("牌匾编号"),
    marked("证书编号"),
    marked("单位名称"),
    marked("基地名称"),
    marked("牌匾文字"),
    marked("状态"),
    marked("制作日期"),
    marked("颁发日期"),
    marked("领取单位和领取人"),
    marked("收回或销毁"),
    marked("收回或销毁日期"),
)
ENDINGS = {Ending.RETURNED: marked("收回"), Ending.DESTROYED: marked("销毁")}


def workbook(lines: Sequence[PlaqueLine]) -> bytes:
    """Write the register as .xlsx, in the reader's language."""
    return write(Table(gettext(TITLE), [gettext(heading) for heading in HEADINGS], [_row(one) for one in lines]))


def _row(one: PlaqueLine) -> list[Cell]:
    known = [one.certificate.number, one.entry.name, one.entry.base_name]
    state = gettext(STATES[one.state])
    plaque = one.plaque
    if not plaque:
        return ["", *known, "", state, None, None, "", "", None]
    ending = gettext(ENDINGS[plaque.ending]) if plaque.ending else ""
    handed = [plaque.handed_on, plaque.handed_to]
    return [plaque.number, *known, plaque.text, state, plaque.made_on, *handed, ending, plaque.ended_on]
