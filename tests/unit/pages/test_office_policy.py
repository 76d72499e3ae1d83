"""The policy's parameters on their pages: what holds, what is only assumed, and the next value with its ground."""

import re
from datetime import timedelta

import pytest

from casework.policies import policy_on
from core.clock import today
from core.db import reading
from regulation.policy import NUMBERS
from regulation.provenance import Source
from tests import cast
from tests.unit.pages.visitor import Visitor, counted

POLICY = "/office/policy"
ONE = "/office/policy/panel_size"
LETTER = "鄂人社函〔2027〕12号（示例）"


@pytest.fixture
def officer(database):
    del database
    return Visitor().sign_in(cast.OFFICE)


def recorded(officer, day=None, **typed):
    officer.get(ONE)
    given = {"value": "7", "effective_on": str(day or today()), "source": "decision", "citation": LETTER}
    return officer.submit(officer.form(ONE), given | typed)


def row_of(page, key):
    return next(row for row in page.text.split("<tr>") if f'"/office/policy/{key}"' in row)


def test_every_parameter_is_listed_with_unit_source_and_what_is_assumed(officer):
    page = officer.get(POLICY)
    for number in NUMBERS:
        row = row_of(page, number.name)
        assert number.metadata["title"] in row
        assert number.metadata["unit"] in row
    assert "依据第四条第（四）项" in row_of(page, "trained_per_year")
    assert "暂定" not in row_of(page, "trained_per_year")
    assert "暂定" in row_of(page, "panel_size")
    borrowed = row_of(page, "returns_per_stage")
    assert "参照《行政许可法》第三十二条" in borrowed
    assert "暂定" in borrowed


def test_a_new_value_is_shown_with_its_decision_its_day_and_who_recorded_it(officer):
    page = recorded(officer)
    assert page.url.path == ONE
    for said in ("的新数值已登记", LETTER, "主管部门决定", "周敏示例", "系统原定：5 人（暂定）"):
        assert said in page.text
    row = row_of(officer.get(POLICY), "panel_size")
    assert re.search(rf"<strong>7</strong>.*{LETTER}.*起施行", row, re.DOTALL)
    assert "暂定" not in row


def test_a_value_that_does_not_hold_yet_is_told_as_to_come(officer):
    page = recorded(officer, today() + timedelta(days=30))
    assert "待施行" in page.text
    assert "<strong>5</strong>" in row_of(officer.get(POLICY), "panel_size")
    assert "起 7" in row_of(officer.page, "panel_size")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"value": "", "effective_on": "", "citation": ""}, ["请填写数值", "请填写施行日期", "请填写依据"]),
        ({"value": "4"}, ["委员会人数应为单数"]),
        ({"value": "七"}, ["数值应填写整数"]),
        ({"value": "51", "effective_on": "1999-01-01"}, ["不得大于 49", "施行日期应在 2015-01-01 至 2099-12-31 之间"]),
        ({"source": "rumour"}, ["请从所列选项中选择"]),
    ],
    ids=["nothing", "even", "no number", "two faults", "a forged ground"],
)
def test_every_fault_is_told_beside_its_field_and_nothing_is_taken(officer, typed, told):
    page = recorded(officer, **typed)
    assert page.status_code == 422
    for said in told:
        assert said in page.text
    assert page.text.count('class="field-error"') == len(told)
    with reading() as session:
        assert policy_on(session, today()).policy.panel_size == 5


def test_the_same_value_twice_is_refused_with_who_and_when(officer):
    recorded(officer)
    assert recorded(officer).status_code == 409
    assert "已由周敏示例于" in officer.page.text


def test_the_auditor_reads_and_does_not_write(officer):
    recorded(officer)
    auditor = Visitor().sign_in(cast.AUDITOR)
    assert LETTER in auditor.get(ONE).text
    assert "登记新数值" not in auditor.page.text
    csrf = auditor.form("/sign-out").value("csrf")
    assert auditor.send("POST", ONE, data={"csrf": csrf, "value": "9"}).status_code == 403
    assert Visitor().sign_in(cast.APPLICANT).get(POLICY).status_code == 403
    assert officer.get("/office/policy/nothing").status_code == 404


def test_many_changes_cost_no_more_questions_than_one(officer):
    recorded(officer)
    with counted() as few:
        officer.get(POLICY)
    for days in range(1, 6):
        recorded(officer, today() + timedelta(days=days))
    with counted() as many:
        officer.get(POLICY)
    assert len(many) == len(few)


def test_the_pages_are_told_in_english_too(officer):
    recorded(officer, source=Source.ASSUMED)
    officer.headers["Accept-Language"] = "en"
    for path in (POLICY, ONE):
        words = re.sub(r"<[^>]+>", " ", officer.get(path).text.partition("<main")[2].partition("</main")[0])
        said = words.replace(LETTER, "").replace("周敏示例", "")
        assert not re.search(r"[\u4e00-\u9fff]", said), re.findall(r"[^ ]*[\u4e00-\u9fff]+[^ ]*", said)
