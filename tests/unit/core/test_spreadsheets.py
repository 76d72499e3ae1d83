import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from core import spreadsheets
from core.errors import Invalid
from core.spreadsheets import Row, Table, read, write

HEADINGS = ("姓名", "课时")


def refusals(content: bytes) -> list[str]:
    with pytest.raises(Invalid) as refused:
        read(content, HEADINGS)
    return [fault.message for fault in refused.value.faults]


def test_what_is_written_is_read_again():
    table = Table(
        "师资", (*HEADINGS, "日期"), [("李示例", 12, date(2026, 9, 14)), ("", None, None), ("王示例", 7.5, None)]
    )
    assert read(write(table), (*HEADINGS, "日期")) == [
        Row(2, {"姓名": "李示例", "课时": "12", "日期": "2026-09-14"}),
        Row(4, {"姓名": "王示例", "课时": "7.5", "日期": ""}),
    ]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1", "https://example.com", "\t=1"])
def test_nothing_that_people_typed_becomes_a_formula_or_a_link(text):
    content = write(Table("表", HEADINGS, [(text, "1")]))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_columns_may_stand_in_any_order_and_others_beside_them():
    content = write(Table("表", ("备注", "课时", "姓名"), [("无", 3, "李示例")]))
    assert read(content, HEADINGS) == [Row(2, {"姓名": "李示例", "课时": "3"})]


def test_every_heading_that_is_absent_is_named():
    assert refusals(write(Table("表", ("备注",), []))) == [
        "第 1 行缺少列“姓名”，请下载模板后填写。",
        "第 1 行缺少列“课时”，请下载模板后填写。",
    ]


@pytest.mark.parametrize("content", [b"", b"name,hours\n", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(content):
    assert refusals(content) == [spreadsheets.NO_WORKBOOK]


def test_an_archive_that_is_no_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("note.txt", "no sheet")
    assert refusals(target.getvalue()) == [spreadsheets.NO_WORKBOOK]


def test_a_bomb_is_refused_before_it_is_unpacked():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (spreadsheets.MOST_UNPACKED + 1))
    assert refusals(target.getvalue()) == [spreadsheets.TOO_LARGE]


def test_too_many_rows_are_refused():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number in range(spreadsheets.MOST_ROWS + 1):
            sheet.write_row(number + 1, 0, ("李示例", 1))
    assert refusals(target.getvalue()) == [f"一次最多导入 {spreadsheets.MOST_ROWS} 行，请分成几份导入。"]
