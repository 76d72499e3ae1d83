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


def test_rows_are_numbered_as_the_spreadsheet_numbers_them():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 1, HEADINGS)
        sheet.write_row(316, 1, ("李示例", 1))
    assert read(target.getvalue(), HEADINGS) == [Row(317, {"姓名": "李示例", "课时": "1"})]


@pytest.mark.parametrize("place", [(1_048_575, 0), (0, 16_383), (1_048_575, 16_383)], ids=str)
def test_a_cell_at_the_end_of_the_world_is_refused_before_the_reader_makes_room_for_it(place):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write(*place, "x")
    assert refusals(target.getvalue()) in (
        [f"一次最多导入 {spreadsheets.MOST_ROWS} 行，请分成几份导入。"],
        [spreadsheets.TOO_LARGE],
    )


def with_sheet(text: str) -> bytes:
    """Return a workbook whose sheet says this instead."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(write(Table("表", HEADINGS, [])))) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return target.getvalue()


FAR = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "sheet",
    [
        FAR.format('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'),
        FAR.format('<row r="1"><c r="A1"><v>1</v></c><c x="&gt;" r="XFD1048576"><v>1</v></c></row>'),
        FAR.format("<row/>" * 6000 + "<row><c><v>1</v></c></row>"),
        FAR.format('<row r="1"><c r="A1"><v>1</v></c><c r="A-1"><v>1</v></c></row>'),
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + FAR.format("&a;"),
        FAR.format("<row>"),
    ],
    ids=["row", "cell", "implicit", "nowhere", "declaration", "broken"],
)
def test_a_sheet_that_lies_about_its_places_is_refused(sheet):
    assert len(refusals(with_sheet(sheet))) == 1


def test_an_archive_of_another_format_is_not_read_as_one():
    target = io.BytesIO(write(Table("表", HEADINGS, [])))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("content.xml", "<x/>")
    assert refusals(target.getvalue()) == [spreadsheets.NO_WORKBOOK]


def test_formats_of_a_whole_column_are_no_cells():
    cell = '<c r="{}1" t="inlineStr"><is><t>{}</t></is></c>'
    head = "".join(cell.format(*pair) for pair in zip("AB", HEADINGS, strict=True))
    sheet = FAR.format(f'<row r="1">{head}</row><row r="1048576"><c r="A1048576" s="0"/></row>')
    assert read(with_sheet(sheet), HEADINGS) == []


def test_a_sum_is_read_as_the_spreadsheet_shows_it():
    assert read(write(Table("表", HEADINGS, [("李示例", 0.1 + 0.2)])), HEADINGS)[0].cells["课时"] == "0.3"


def test_words_are_offered_and_what_is_typed_is_kept():
    table = Table("表", HEADINGS, [], typed={"姓名"}, choices={"课时": ("甲", "乙"), "姓名": ("a,b",)})
    sheet = zipfile.ZipFile(io.BytesIO(write(table))).read("xl/worksheets/sheet1.xml").decode()
    assert '"甲,乙"' in sheet
    assert sheet.count("<dataValidation ") == 1


def test_too_many_rows_are_refused():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number in range(spreadsheets.MOST_ROWS + 1):
            sheet.write_row(number + 1, 0, ("李示例", 1))
    assert refusals(target.getvalue()) == [f"一次最多导入 {spreadsheets.MOST_ROWS} 行，请分成几份导入。"]
