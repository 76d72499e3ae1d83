"""The page that fills a table from a spreadsheet, without JavaScript: template, upload, paste, and the report."""

import base64
import re

import pytest

from casework.row_import import exported, lines_of
from core import spreadsheets
from regulation.form.definition import section
from regulation.form.row_words import TABLES, columns_of
from tests.unit.pages.applying import section_form, stored
from tests.unit.pages.visitor import Visitor

HEADINGS = [column.heading for column in columns_of(TABLES["teachers"])]
TEACHER = ["示例甲", "专职", "女", "1979-04", "博士研究生", "软件工程", "教授", "江汉示例学院", "软件工程", "360", ""]


def workbook(*rows) -> bytes:
    return spreadsheets.write(spreadsheets.Table("师资明细", HEADINGS, rows))


@pytest.fixture
def rows(applicant: Visitor, draft: str) -> str:
    applicant.get(f"{draft}/rows/teachers")
    return f"{draft}/rows/teachers"


def test_the_way_leads_from_the_section_and_keeps_what_was_typed(applicant, draft):
    applicant.get(f"{draft}/sections/faculty")
    form = section_form(applicant, section("faculty"))
    typed = {"teachers-0-name": "先填的"}
    page = applicant.submit(form, typed, button=("then", "rows-teachers"))
    assert page.url.path == f"{draft}/rows/teachers"
    assert stored(draft).content["teachers"][0]["name"] == "先填的"
    assert "现有 1 行。" in page.text


def test_the_template_is_filled_in_and_uploaded(applicant, draft, rows):
    template = applicant.send("GET", f"{rows}/template")
    assert lines_of(template.content) == [HEADINGS]
    applicant.submit(applicant.form(rows), files={"file": ("师资.xlsx", workbook(*[TEACHER] * 24))})
    assert applicant.page.url.path == f"{draft}/sections/faculty"
    assert "已导入 24 行，“师资明细”现有 24 行。" in applicant.page.text
    assert len(stored(draft).content["teachers"]) == 24
    taken = applicant.send("GET", f"{rows}/workbook")
    assert taken.content == exported(TABLES["teachers"], stored(draft)) or lines_of(taken.content)[1:] == [TEACHER] * 24


def test_rows_are_pasted_after_those_that_are_there(applicant, draft, rows):
    for _ in range(2):
        applicant.get(rows)
        applicant.submit(applicant.form(rows), {"text": "\t".join(TEACHER), "how": "append"})
    assert len(stored(draft).content["teachers"]) == 2


def test_row_317_is_named_in_a_report_that_can_be_taken_away(applicant, draft, rows):
    wrong = [*TEACHER[:3], "1979-13", *TEACHER[4:]]
    content = workbook(*[TEACHER] * 315, wrong)
    page = applicant.submit(applicant.form(rows), files={"file": ("师资.xlsx", content)})
    assert page.status_code == 422
    assert "有 1 处需要更正，一行也没有导入" in page.text
    for said in ("第 317 行", "出生年月", "1979-13", "应填写年月", "填年月，如 1985-06。"):
        assert said in page.text
    report = re.search(r'href="data:[^"]*;base64,([^"]+)" download', page.text)
    assert report
    assert lines_of(base64.b64decode(report[1]))[1][:3] == ["317", "出生年月", "1979-13"]
    assert not stored(draft).content.get("teachers")


def test_what_was_pasted_stays_on_the_page(applicant, draft, rows):
    page = applicant.submit(applicant.form(rows), {"text": "甲\t全职"})
    assert page.status_code == 422
    assert applicant.form(rows).value("text") == "甲\t全职"
    assert not stored(draft).content.get("teachers")


@pytest.mark.parametrize(
    ("typed", "files", "said"),
    [
        ({}, {}, "请选择工作簿，或粘贴从 Excel 复制的内容。"),
        ({"text": "x"}, {"file": ("a.xlsx", workbook(TEACHER))}, "请只用一种方式"),
        ({}, {"file": ("a.xlsx", b"no workbook")}, "无法读取该文件"),
    ],
    ids=["neither", "both", "no workbook"],
)
def test_what_is_no_list_is_refused(applicant, rows, typed, files, said):
    page = applicant.submit(applicant.form(rows), typed, files=files)
    assert page.status_code == 422
    assert said in page.text
    assert not stored(rows.removesuffix("/rows/teachers")).content.get("teachers")


def test_who_saved_meanwhile_is_not_overwritten(applicant, draft, rows):
    late = applicant.form(rows)
    applicant.submit(applicant.form(rows), {"text": "\t".join(TEACHER)})
    page = applicant.submit(late, {"text": "\t".join(["晚到", *TEACHER[1:]])})
    assert page.status_code == 412
    assert "已被修改" in page.text
    assert stored(draft).content["teachers"][0]["name"] == "示例甲"
    applicant.submit(applicant.form(rows))
    assert stored(draft).content["teachers"][0]["name"] == "晚到"


def test_another_institution_and_another_word(applicant, draft):
    assert applicant.get(f"{draft}/rows/nothing").status_code == 404
    assert applicant.get(f"{draft}/rows/unit_name").status_code == 404


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_its_page(applicant, draft, table):
    page = applicant.get(f"{draft}/rows/{table}")
    assert page.status_code == 200
    assert TABLES[table].title in page.text
