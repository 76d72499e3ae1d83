"""The office's board and table: who may read them, what they find, what they cost, and the file."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from core.clock import today
from core.db import transaction
from models.application import Application
from models.organisation import Organisation
from pages.office_export import harmless
from tests import cast
from tests.unit.casework.crowd import a_crowd, case_of
from tests.unit.pages.visitor import Visitor, counted

REFERENCE = re.compile(r"JD-2026-\d{4}")
ROOMS = ("/office/board", "/office/cases", "/office/cases.csv")


@pytest.fixture
def crowd(database):
    del database
    with transaction() as session:
        return a_crowd(session, 62)


@pytest.fixture
def officer(crowd):
    del crowd
    return Visitor().sign_in(cast.OFFICE)


def listed(page):
    """The references of a table's rows, in their order."""
    return re.findall(r'<span class="ref">(JD-2026-\d{4})</span>', page.text)


def walked(visitor, path):
    """Follow the link to the next page until there is none."""
    rows = []
    while path:
        page = visitor.get(path)
        assert page.status_code == 200
        rows += listed(page)
        following = re.search(r'href="([^"]+)" rel="next"', page.text)
        path = following[1].replace("&amp;", "&") if following else ""
    return rows


def sheet(answer):
    """The file as a spreadsheet reads it, without its headings."""
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


@pytest.mark.parametrize("path", ROOMS)
def test_the_rooms_are_for_the_office_and_the_auditor(database, path):
    del database
    assert Visitor().get(path).status_code == 401
    for email in (cast.APPLICANT, cast.RECOMMENDER, cast.EXPERTS[0], cast.OPERATOR):
        assert Visitor().sign_in(email).get(path).status_code == 403
    for email in (cast.OFFICE, cast.AUDITOR):
        assert Visitor().sign_in(email).get(path).status_code == 200


def test_an_empty_house_says_what_will_be_here(database):
    del database
    officer = Visitor().sign_in(cast.OFFICE)
    assert "没有在办申报" in officer.get("/office/board").text
    assert "还没有申报" in officer.get("/office/cases").text
    assert "没有符合条件的申报" in officer.get("/office/cases?q=x").text


def test_the_board_has_every_open_case_and_its_marks(officer, crowd):
    page = officer.get("/office/board")
    cards = page.text.partition('class="board"')[2]
    assert set(crowd.references) - set(crowd.closed) <= set(REFERENCE.findall(cards))
    assert cards.count("已停滞") == len(crowd.stalled)
    for title in ("补正申报", "推荐审核", "专家评审", "实地考察", "公布（近 30 日）"):
        assert title in cards
    assert f'<span class="tile-value">{62 - len(crowd.closed)}</span>' in page.text
    assert 'href="/office/cases?mark=overdue&amp;outcome=open"' in page.text
    assert "已认定" in cards


def test_the_board_can_be_narrowed_to_an_area_and_keeps_it_in_its_links(officer, crowd):
    page = officer.get("/office/board?area=420500")
    cards = page.text.partition('class="board"')[2]
    assert len(set(REFERENCE.findall(cards))) == len([n for n in range(62) if n % 17 == 3])
    assert 'href="/office/cases?area=420500&amp;outcome=open"' in page.text
    assert "没有在办申报" in officer.get("/office/board?call=2019-9").text
    assert crowd.references[0] in officer.get("/office/board?area=nowhere&call=").text


def test_board_and_table_cost_the_same_however_many_cases_there_are(officer, crowd):
    def cost(path):
        with counted() as statements:
            assert officer.get(path).status_code == 200
        return len(statements)

    many = cost("/office/board"), cost("/office/cases")
    with transaction() as session:
        for reference in crowd.references[2:]:
            case = case_of(session, reference)
            case.closed_at, case.outcome, case.stalled_at = case.opened_at, "refused", None
    assert (cost("/office/board"), cost("/office/cases")) == many
    assert many[0] <= 14
    assert many[1] <= 14


@pytest.mark.parametrize("order", ["due", "-due", "reference", "-unit", "stage", "days", "-days"])
def test_every_case_is_on_exactly_one_page(officer, crowd, order):
    assert sorted(walked(officer, f"/office/cases?sort={order}")) == crowd.references


def test_headings_sort_and_turn_round(officer, crowd):
    assert walked(officer, "/office/cases?sort=reference") == crowd.references
    assert walked(officer, "/office/cases?sort=-reference") == crowd.references[::-1]
    page = officer.get("/office/cases?sort=reference&q=x")
    assert 'aria-sort="ascending"' not in page.text, "there is no table when nothing is found"
    page = officer.get("/office/cases?sort=reference&stage=certification")
    assert 'aria-sort="ascending"' in page.text
    assert 'href="/office/cases?sort=-reference&amp;stage=certification"' in page.text


def test_filters_find_what_they_say_and_keep_what_was_chosen(officer, crowd):
    assert sorted(walked(officer, "/office/cases?mark=stalled")) == sorted(crowd.stalled)
    assert sorted(walked(officer, "/office/cases?mark=overdue")) == sorted(crowd.overdue)
    assert sorted(walked(officer, "/office/cases?outcome=closed")) == sorted(crowd.closed)
    page = officer.get("/office/cases?turn=office&stage=site-inspection")
    assert "共" in page.text
    assert '<option value="office" selected>' in page.text
    assert '<option value="site-inspection" selected>' in page.text
    assert '<details class="more-filters" open>' in page.text
    assert listed(officer.get(f"/office/cases?q={crowd.references[5]}")) == [crowd.references[5]]
    assert listed(officer.get(f"/office/cases?q={quote('继续教育基地7')}")) == [crowd.references[6]]


def test_whose_turn_and_how_late_is_said_in_words(officer, crowd):
    page = officer.get(f"/office/cases?q={crowd.references[0]}")
    assert "补正申报材料" in page.text
    assert "已逾期 3 天" in page.text
    panel = officer.get(f"/office/cases?q={crowd.references[2]}").text
    for said in ("赵教授示例", "评审申报材料", "2</span></td>"):
        assert said in panel


def test_the_office_finds_the_way_to_its_own_duty_and_the_auditor_only_reads(officer, crowd):
    own = officer.get(f"/office/cases?q={crowd.references[3]}")
    assert re.search(r'<a href="/duties/[0-9a-f-]{36}">去办理</a>', own.text)
    auditor = Visitor().sign_in(cast.AUDITOR)
    assert "去办理" not in auditor.get(f"/office/cases?q={crowd.references[3]}").text
    assert 'action="/office' not in re.sub(r'method="get" action="[^"]+"', "", auditor.page.text)


@pytest.mark.parametrize(
    "query",
    [
        "sort=password_hash",
        "sort=--due",
        "sort=%00",
        "stage=%27%3B+drop+table+cases",
        "outcome=happy&turn=king&mark=none",
        "recommender=7",
        "recommender=%00",
        "q=%00%01",
        "q=%ed%a0%80",
        "q=" + "x" * 5000,
        "q=" + "x+" * 500,
        "area=" + "9" * 300,
        "call=%E2%80%AE",
        "lang=xx&q=%25%25",
    ],
)
def test_nonsense_in_an_address_is_no_accident(officer, query):
    for room in ROOMS:
        assert officer.get(f"{room}?{query}").status_code == 200


@pytest.mark.parametrize("after", ["x", "%00", "W10", "WyJkdWUiXQ", "W1tb" * 300, "bnVsbA", "%f0%28"])
def test_a_broken_place_in_the_list_is_told(officer, after):
    page = officer.get(f"/office/cases?after={after}")
    assert page.status_code == 422
    assert "请从第一页重新查看" in page.text


def test_what_people_wrote_is_shown_and_never_run(officer, crowd):
    with transaction() as session:
        case = case_of(session, crowd.references[0])
        application = session.get_one(Application, case.application_id)
        application.content = application.content | {"base_name": "<script>alert(1)</script>"}
        session.get_one(Organisation, application.organisation_id).name = "<b>示例</b>"
    for room in ROOMS[:2]:
        page = officer.get(f"{room}?q={crowd.references[0]}")
        assert "&lt;b&gt;示例&lt;/b&gt;" in page.text
        assert "<script>alert" not in page.text


def test_the_file_holds_every_row_of_the_search_in_its_order(officer, crowd):
    answer = officer.send("GET", "/office/cases.csv?sort=-reference")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="file.csv"')
    assert [row[0] for row in sheet(answer)] == crowd.references[::-1]
    stalled = sheet(officer.send("GET", "/office/cases.csv?mark=stalled"))
    assert sorted(row[0] for row in stalled) == sorted(crowd.stalled)
    assert {row[8] for row in stalled} == {"已停滞"}
    late = next(row for row in sheet(answer) if row[0] == crowd.references[0])
    assert late[9:12] == ["申报单位", "补正申报材料", "0"]
    assert late[13:] == [(today() - timedelta(days=3)).isoformat(), "是"]
    assert len(sheet(officer.send("GET", "/office/cases.csv?after=x"))) == 62


def test_the_button_above_the_table_leads_to_the_same_search(officer, crowd):
    page = officer.get("/office/cases?mark=stalled&sort=unit")
    link = re.search(r'href="(/office/cases\.csv[^"]*)"', page.text)
    assert link
    rows = sheet(officer.send("GET", link[1].replace("&amp;", "&")))
    assert [row[0] for row in rows] == listed(page)
    assert len(rows) == len(crowd.stalled)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "  =1", "914201001234567890"]
)
def test_a_spreadsheet_is_given_nothing_to_carry_out_or_to_round(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "JD-2026-0001", "示例-学院", "12", "91420100MA4T000513"])
def test_harmless_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_a_formula_for_a_name_reaches_the_file_as_text(officer, crowd):
    with transaction() as session:
        case = case_of(session, crowd.references[0])
        application = session.get_one(Application, case.application_id)
        application.content = application.content | {"base_name": '=HYPERLINK("http://x","y")'}
        session.get_one(Organisation, application.organisation_id).name = "@SUM(1,2)"
    row = sheet(officer.send("GET", f"/office/cases.csv?q={crowd.references[0]}"))[0]
    assert row[2] == "'@SUM(1,2)"
    assert row[4] == '\'=HYPERLINK("http://x","y")'
    assert row[3] == f"'99{0:016}"


def test_both_rooms_speak_english(officer, crowd):
    officer.headers["Accept-Language"] = "en"
    page = officer.get("/office/board")
    assert "Certified this year" in page.text
    page = officer.get(f"/office/cases?q={crowd.references[0]}")
    for said in ("Correct", "3 d overdue", "Wuhan", "Export (CSV)"):
        assert said in page.text
    answer = officer.send("GET", f"/office/cases.csv?q={crowd.references[0]}")
    assert "Reference" in answer.content.decode("utf-8-sig").splitlines()[0]
