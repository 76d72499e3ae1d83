"""A table with hundreds of rows, without JavaScript: read by pages, changed a row at a time, never lost."""

import re

import pytest

from casework.applications import save
from core.db import transaction
from regulation.form.definition import section
from regulation.form.row_words import TABLES
from tests import cast
from tests.unit.pages.applying import section_form, stored
from tests.unit.pages.visitor import Visitor

MANY = 317
FACULTY = section("faculty")


def teacher(number: int, **changes: str) -> dict[str, str]:
    return dict.fromkeys([column.key for column in TABLES["teachers"].columns], "") | {
        "name": f"示例教师{number}", "employment": "full-time", "gender": "female", "born": "1979-04",
    } | changes  # fmt: skip


def names(draft: str) -> list[str]:
    return [row["name"] for row in stored(draft).content["teachers"]]


def writes(draft: str, rows: list[dict[str, str]]) -> None:
    with transaction() as session:
        save(session, stored(draft).id, {"teachers": rows}, None, by=cast.person(cast.APPLICANT, session))


@pytest.fixture
def many(applicant: Visitor, draft: str) -> str:
    del applicant
    writes(draft, [teacher(n) for n in range(1, MANY + 1)])
    return draft


def test_the_page_of_a_long_table_shows_fifty_rows_and_no_field_of_them(applicant, many):
    page = applicant.get(f"{many}/sections/faculty")
    form = section_form(applicant, FACULTY)
    assert not [name for name in form.names if name.startswith("teachers-")]
    assert ("示例教师50" in page.text, "示例教师51" in page.text) == (True, False)
    assert "第 1–50 行，共 317 行" in page.text
    page = applicant.submit(form, button=("then", "page-teachers-7"))
    assert "第 301–317 行，共 317 行" in page.text
    assert "示例教师317" in page.text
    assert len(page.text) < 100_000


def test_saving_the_section_around_it_leaves_every_row_alone(applicant, many):
    applicant.get(f"{many}/sections/faculty?teachers=3")
    form = section_form(applicant, FACULTY)
    others = [name for name in form.names if name not in form.choices and name.startswith("faculty")]
    applicant.submit(form, dict.fromkeys(others, "7"))
    assert names(many) == [f"示例教师{n}" for n in range(1, MANY + 1)]
    csrf = applicant.form("/sign-out").value("csrf")
    sent = {"csrf": csrf, "section": "faculty", "apart": "teachers"}
    version = section_form(applicant, FACULTY).value("version")
    headers = {"If-Match": f'"{version}"'}
    assert applicant.send("POST", f"{many}/autosave", data=sent, headers=headers).status_code == 200
    assert len(names(many)) == MANY


def test_a_row_of_the_last_page_is_changed_and_the_others_stay(applicant, many):
    applicant.get(f"{many}/sections/faculty?teachers=7")
    page = applicant.submit(section_form(applicant, FACULTY), button=("then", "line-teachers-317"))
    assert page.url.path == f"{many}/rows/teachers/lines/317"
    form = applicant.form(page.url.path)
    assert form.value("teachers-0-name") == "示例教师317"
    page = applicant.submit(form, {"teachers-0-name": "改过的"})
    assert (page.url.path, page.url.query.decode()) == (f"{many}/sections/faculty", "teachers=7")
    assert names(many) == [*(f"示例教师{n}" for n in range(1, MANY)), "改过的"]


def test_what_is_wrong_in_row_317_leads_to_that_row(applicant, many):
    writes(many, [*(teacher(n) for n in range(1, MANY)), teacher(MANY, born="1979-13")])
    page = applicant.get(f"{many}/sections/faculty?teachers=7")
    (address,) = set(re.findall(r'href="([^"]*/lines/317)"', page.text))
    assert "1 处有误" in page.text
    page = applicant.get(address)
    assert 'href="#f-teachers-0-born"' in page.text
    assert "第 317 行“出生年月”" in page.text


def test_rows_are_added_and_taken_away_one_by_one(applicant, many):
    applicant.get(f"{many}/sections/faculty")
    page = applicant.submit(section_form(applicant, FACULTY), button=("then", f"line-teachers-{MANY + 1}"))
    page = applicant.submit(applicant.form(page.url.path), {"teachers-0-name": "新来的"}, button=("then", "next"))
    assert page.url.path == f"{many}/rows/teachers/lines/{MANY + 2}"
    assert names(many)[-2:] == ["示例教师317", "新来的"]
    applicant.get(f"{many}/rows/teachers/lines/2")
    page = applicant.submit(applicant.form(f"{many}/rows/teachers/lines/2"), button=("remove", "1"))
    assert "已删除第 2 行。" in page.text
    assert names(many)[:2] == ["示例教师1", "示例教师3"]
    assert len(names(many)) == MANY


def test_two_windows_at_one_row_are_told_and_at_two_rows_do_not_disturb_each_other(applicant, many):
    address = f"{many}/rows/teachers/lines"
    late, other = (applicant.get(f"{address}/{n}") and applicant.form(f"{address}/{n}") for n in (60, 61))
    applicant.get(f"{address}/60")
    applicant.submit(applicant.form(f"{address}/60"), {"teachers-0-name": "先改的"})
    page = applicant.submit(other, {"teachers-0-name": "另一行"})
    assert page.status_code == 200
    page = applicant.submit(late, {"teachers-0-name": "后改的"})
    assert page.status_code == 412
    assert "先改的" in page.text
    assert names(many)[59:61] == ["先改的", "另一行"]
    applicant.submit(applicant.form(f"{address}/60"))
    assert names(many)[59] == "后改的"


def test_a_row_that_moved_meanwhile_is_not_overwritten(applicant, many):
    address = f"{many}/rows/teachers/lines/60"
    applicant.get(address)
    late = applicant.form(address)
    writes(many, [teacher(n) for n in range(2, MANY + 1)])
    page = applicant.submit(late, {"teachers-0-name": "示例教师六十"})
    assert page.status_code == 412
    assert names(many)[58:60] == ["示例教师60", "示例教师61"]
    page = applicant.submit(late, button=("remove", "1"))
    assert page.status_code == 412
    assert len(names(many)) == MANY - 1


def test_a_page_from_before_an_import_cannot_shorten_the_table(applicant, draft):
    writes(draft, [teacher(1), teacher(2)])
    applicant.get(f"{draft}/sections/faculty")
    early = section_form(applicant, FACULTY)
    writes(draft, [teacher(n) for n in range(1, MANY + 1)])
    page = applicant.submit(early)
    assert page.status_code == 412
    assert len(names(draft)) == MANY


def test_an_id_number_in_a_row_is_refused_and_what_was_typed_stays(applicant, many):
    address = f"{many}/rows/teachers/lines/5"
    applicant.get(address)
    page = applicant.submit(applicant.form(address), {"teachers-0-name": "11010519491231002X"})
    assert page.status_code == 422
    assert applicant.form(address).value("teachers-0-name") == "11010519491231002X"
    assert names(many)[4] == "示例教师5"


def test_a_row_left_blank_is_none(applicant, many):
    address = f"{many}/rows/teachers/lines/{MANY + 1}"
    applicant.get(address)
    page = applicant.submit(applicant.form(address), button=("then", "next"))
    assert page.url.path == address
    assert len(names(many)) == MANY


@pytest.mark.parametrize(
    "sent",
    [{}, {"apart": "teachers", "teachers-0-name": "甲"}, {"teachers-0-name": "甲", "teachers-1-name": "乙"}],
    ids=["nothing", "as if only read", "two rows"],
)
def test_a_forged_row_is_answered_and_harms_no_other(applicant, many, sent):
    csrf = applicant.form("/sign-out").value("csrf")
    answer = applicant.send("POST", f"{many}/rows/teachers/lines/5", data=sent | {"csrf": csrf, "version": "another"})
    assert answer.status_code == 412
    assert names(many) == [f"示例教师{n}" for n in range(1, MANY + 1)]


@pytest.mark.parametrize("line", ["0", "319", "x", "９", "1000", "-1"])
def test_a_row_that_is_not_there(applicant, many, line):
    assert applicant.get(f"{many}/rows/teachers/lines/{line}").status_code == 404
    assert applicant.get(f"{many}/rows/plan_years/lines/1").status_code == 404
