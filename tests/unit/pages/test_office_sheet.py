"""The scoring sheet of a call in the office's hands: by hand, from a spreadsheet, never once the call is open."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from casework.calls import NewCall, by_code, open_call
from casework.demonstration import CALL
from core.clock import now
from core.db import reading, transaction
from core.spreadsheets import Table, write
from regulation.sheet import DEFAULT, sheet_of
from tests import cast
from tests.unit.pages.reviewing import at_the_door

HERE = "/office/calls/2027-1/sheet"
HEADINGS = ["一级指标", "二级指标", "分值", "依据"]


@pytest.fixture
def office(database):
    """An officer with a call that opens in a week."""
    del database
    with transaction() as session:
        opens = now() + timedelta(days=7)
        new = NewCall("2027-1", "2027年度第一批", "", opens, opens + timedelta(days=45))
        open_call(session, new, by=cast.person(cast.OFFICE, session))
    return at_the_door(cast.OFFICE)


def stored(code="2027-1"):
    with reading() as session:
        return sheet_of(by_code(session, code).policy)


def form_of(visitor, act="save"):
    visitor.get(HERE)
    return visitor.form(HERE, with_value=("act", act))


def test_a_new_call_has_the_first_sheet_for_everybody_to_read(office):
    assert stored() == DEFAULT
    public = at_the_door(cast.APPLICANT).get("/calls/2027-1/sheet").text
    for told in ("影响力与经验", "依据第四条第（一）项", "90 %", "100 分"):
        assert told in public
    assert HERE in office.get("/office/calls/2027-1").text


def test_saved_by_hand_and_the_keys_stay(office):
    office.submit(form_of(office), {"items-1-points": "6", "items-2-points": "9", "bands-fair": "50"})
    assert "评分表已保存。" in office.page.text
    sheet = stored()
    assert [item.key for item in sheet.items] == [item.key for item in DEFAULT.items]
    assert [item.source for item in sheet.items] == [item.source for item in DEFAULT.items]
    assert (sheet.items[0].points, sheet.items[1].points, sheet.bands) == (6, 9, (90, 70, 50))
    more = {"items-19-points": "1", "items-20-title": "示范作用", "items-20-points": "1", "items-20-source": "第三条"}
    office.submit(form_of(office), more)
    assert [(item.title, item.source) for item in stored().groups[-1].items][-1] == ("示范作用", "第三条")


def test_everything_wrong_is_told_and_nothing_is_saved(office):
    page = office.submit(form_of(office), {"items-1-points": "9", "items-3-source": "", "bands-good": "95"})
    assert page.status_code == 422
    for told in ("各项分值之和应为 100 分。", "请填写该项依据的条款", "各档起点应由高到低"):
        assert told in page.text
    assert stored() == DEFAULT
    page = office.submit(form_of(office), {"items-1-points": "很多"})
    assert "应填写整数" in page.text
    assert 'value="很多"' in page.text


def test_taken_away_and_brought_back_as_a_spreadsheet(office):
    book = office.get(f"{HERE}.xlsx").content
    lines = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert lines[0] == HEADINGS
    assert lines[1] == ["基础条件", "影响力与经验", 8.0, "第四条"]
    brought(office, book)
    assert stored() == DEFAULT
    brought(office, write(Table("x", HEADINGS, [["一", "甲", 60, "第四条"], ["", "乙", 40, "=1+1"]])))
    assert [(item.title, item.points, item.source) for item in stored().items] == [
        ("甲", 60, "Art. 4"),
        ("乙", 40, "=1+1"),
    ]


def brought(office, content):
    return office.submit(form_of(office, "bring"), files={"file": ("sheet.xlsx", content)})


def test_a_wrong_row_is_named_and_nothing_is_taken(office):
    page = brought(office, write(Table("x", HEADINGS, [["一", "甲", "六十", "第四条"], ["", "乙", 40, "第四条"]])))
    assert page.status_code == 422
    assert "第 2 行“分值”应为 1 至 100 的整数。" in page.text
    assert brought(office, b"no workbook").status_code == 422
    assert stored() == DEFAULT


def test_a_call_may_do_without_and_go_back(office):
    form_of(office)
    last = office.form(HERE)
    for act, kept in (("none", None), ("first", DEFAULT)):
        office.get(HERE)
        forms = office.send("POST", HERE, data={"csrf": last.value("csrf"), "act": act})
        assert forms.status_code == 303
        assert stored() == kept
    assert at_the_door(cast.AUDITOR).get(HERE).status_code == 200


def test_an_open_call_keeps_its_sheet(office):
    page = office.get(f"/office/calls/{CALL}/sheet").text
    assert "评分表不能再修改" in page
    csrf = form_of(office).value("csrf")
    late = office.send("POST", f"/office/calls/{CALL}/sheet", data={"csrf": csrf, "act": "first"})
    assert late.status_code == 409
    assert stored(CALL) is None
