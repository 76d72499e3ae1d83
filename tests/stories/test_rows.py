"""Tables of the form out of a spreadsheet: all rows or none, and what is wrong named by row and column."""

import pytest

from casework.row_import import Brought, RowsInvalid, bring, exported, lines_of, pasted, template
from core import spreadsheets
from core.db import reading, transaction
from core.errors import Stale
from models.application import Application
from regulation.form.row_words import TABLES, columns_of, rows_out
from tests import cast
from tests.stories.telling import Story

TEACHERS = TABLES["teachers"]
HEADINGS = [column.heading for column in columns_of(TEACHERS)]
TEACHER = ["示例甲", "专职", "女", "1979-04", "博士研究生", "软件工程", "教授", "江汉示例学院", "软件工程", "360", ""]


def brings(story: Story, lines, *, append=False, version=None, table=TEACHERS, headed=True):
    with transaction() as session:
        brought = Brought(table, lines, headed=headed, append=append)
        return bring(session, story.application_id, brought, version, by=cast.person(cast.APPLICANT, session))


def draft(story: Story) -> Application:
    with reading() as session:
        return session.get_one(Application, story.application_id)


def workbook(*rows):
    return lines_of(spreadsheets.write(spreadsheets.Table("师资明细", HEADINGS, rows)))


def test_an_institution_fills_in_its_faculty_from_a_workbook_and_files(story):
    there = rows_out(TEACHERS, draft(story).content)
    application, count = brings(story, workbook(*there, TEACHER))
    assert count == len(there) + 1
    assert application.content["teachers"][-1]["name"] == "示例甲"
    assert application.content["teachers"][-1]["hours"] == 360
    story.submits()
    assert story.case_id


def test_row_317_is_wrong_so_nothing_is_taken(story):
    before = draft(story)
    wrong = [*TEACHER[:3], "1979-13", *TEACHER[4:]]
    with pytest.raises(RowsInvalid) as refused:
        brings(story, workbook(*[TEACHER] * 315, wrong, *[TEACHER] * 5))
    (fault,) = refused.value.found
    assert (fault.row, fault.column, fault.found) == (317, "出生年月", "1979-13")
    assert fault.why == "应填写年月，例如 1985-06。"
    assert fault.remedy == "填年月，如 1985-06。"
    assert refused.value.faults[0].field == "teachers.317.born"
    assert draft(story) == before


def test_every_fault_is_named_at_once(story):
    rows = [
        ["", "全职", "男", "1979年4月", "博士研究生", "", "", "", "", "三百", ""],
        TEACHER,
        [*TEACHER[:8], "身份证 11010519491231002X", *TEACHER[9:]],
    ]
    with pytest.raises(RowsInvalid) as refused:
        brings(story, workbook(*rows))
    told = [(fault.row, fault.column) for fault in refused.value.found]
    assert told == [(2, "专职或兼职"), (2, "近三年授课学时（学时）"), (4, "讲授科目")]
    assert "专职、兼职" in refused.value.found[0].remedy
    assert "身份证号" in refused.value.found[2].why


def test_more_rows_than_the_form_has_are_refused(story):
    with pytest.raises(RowsInvalid, match="一行也没有导入") as refused:
        brings(story, workbook(*[TEACHER] * 501))
    assert [fault.why for fault in refused.value.found] == ["本表最多 500 行，这里有 501 行。"]
    brings(story, workbook(*[TEACHER] * 499))
    with pytest.raises(RowsInvalid) as refused:
        brings(story, workbook(TEACHER, TEACHER), append=True)
    assert [fault.why for fault in refused.value.found] == ["本表最多 500 行，这里有 501 行。"]


def test_rows_are_added_to_those_that_are_there(story):
    before = draft(story).content["teachers"]
    application, count = brings(story, pasted("\t".join(TEACHER)), append=True, headed=False)
    assert count == 1
    assert application.content["teachers"][:-1] == before


@pytest.mark.parametrize("head", [[], [HEADINGS]], ids=["bare", "headed"])
def test_what_is_pasted_may_have_its_headings_or_not(story, head):
    lines = [*head, TEACHER, ["二行", *TEACHER[1:10], '"一\n二"']]
    brings(story, pasted("\r\n".join("\t".join(line) for line in lines) + "\r\n"), headed=False)
    rows = draft(story).content["teachers"]
    assert [row["name"] for row in rows] == ["示例甲", "二行"]
    assert rows[1]["achievements"] == "一\n二"


def test_a_stray_quotation_mark_swallows_nothing():
    assert pasted('"甲\t乙\n丙\t丁') == [['"甲', "乙"], ["丙", "丁"]]


@pytest.mark.parametrize(
    ("heads", "told"),
    [
        (HEADINGS[1:], [("姓名", "第 1 行缺少这一列。")]),
        ([*HEADINGS, "备注"], [("备注", "本表没有这一列。")]),
        ([*HEADINGS, "姓名"], [("姓名", "这一列出现了不止一次。")]),
        ([*HEADINGS[:9], "近三年授课学时", "主要业绩", "序号"], []),
    ],
    ids=["absent", "unknown", "twice", "by another name"],
)
def test_headings(story, heads, told):
    lines = [heads, [TEACHER[HEADINGS.index(h)] if h in HEADINGS else "1" for h in heads]]
    if not told:
        assert brings(story, lines)[1] == 1
        return
    with pytest.raises(RowsInvalid) as refused:
        brings(story, lines)
    assert [(fault.column, fault.why) for fault in refused.value.found] == told


def test_who_saved_meanwhile_is_not_overwritten(story):
    seen = draft(story).version
    brings(story, workbook(TEACHER), version=seen)
    with pytest.raises(Stale) as refused:
        brings(story, workbook(TEACHER, TEACHER), version=seen)
    assert refused.value.changed == ["师资明细"]


@pytest.mark.parametrize("table", TABLES.values(), ids=[*TABLES])
def test_every_table_goes_out_and_comes_back_unchanged(story, table):
    before = draft(story)
    brings(story, lines_of(exported(table, before)), table=table)
    assert draft(story).content == before.content
    with pytest.raises(RowsInvalid, match="一行也没有导入"):
        brings(story, lines_of(template(table)), table=table)


def test_a_line_that_the_table_does_not_have(story):
    table = TABLES["faculty_summary"]
    lines = [[column.heading for column in columns_of(table)], ["专职", *["1"] * 7], ["兼课", *["1"] * 7]]
    with pytest.raises(RowsInvalid) as refused:
        brings(story, [*lines, ["专职", *["1"] * 7]], table=table)
    assert [(f.row, f.found, f.why) for f in refused.value.found] == [
        (3, "兼课", "没有这一类别。"),
        (4, "专职", "这一类别填写了不止一行。"),
    ]
