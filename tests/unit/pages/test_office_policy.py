"""The policy's parameters on their pages: what holds, what is only assumed, and the next value with its ground."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from casework.calls import NewCall, open_call
from casework.policies import policy_on
from core.clock import now, today
from core.db import reading, transaction
from models.call import PolicyChange
from regulation.policy import NUMBERS
from regulation.provenance import Source
from tests import cast
from tests.unit.pages.visitor import Forms, Visitor, counted

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


def confirmed(officer, day=None, **typed):
    """The office proposes a value, the department confirms it."""
    recorded(officer, day, **typed)
    decider = Visitor().sign_in(cast.DECIDER)
    decider.get(ONE)
    page = decider.submit(ruling_in(decider, "confirm"))
    assert "新数值已确认" in page.text
    return officer.get(ONE)


def ruling_in(visitor, act):
    """Return the form in which the proposal on the page is confirmed or declined."""
    forms = [form for form in Forms(visitor.page.text).found if "/changes/" in form.action]
    return next(form for form in forms if form.value("act") == act)


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


def test_a_proposal_waits_for_another_person_and_changes_nothing(officer):
    page = recorded(officer, today() + timedelta(days=30))
    assert page.url.path == ONE
    for said in ("的新数值已提出，待另一人确认", LETTER, "主管部门决定", "周敏示例", "系统原定：5 人（暂定）"):
        assert said in page.text
    assert "提出人和代其办理的人不能自行确认" in page.text
    acts = [form.value("act") for form in Forms(page.text).found if "/changes/" in form.action]
    assert acts == ["withdraw"], "nobody decides the own proposal"
    row = row_of(officer.get(POLICY), "panel_size")
    assert "<strong>5</strong>" in row
    assert "待确认" in row
    assert "暂定" in row


def test_the_department_finds_the_way_and_confirms_or_declines(officer):
    recorded(officer, today() + timedelta(days=30))
    decider = Visitor().sign_in(cast.DECIDER)
    assert f'href="{POLICY}"' in decider.page.text
    assert "/office/calls" not in decider.get(ONE).text
    page = decider.submit(ruling_in(decider, "decline"))
    assert page.status_code == 422
    assert page.text.count('class="field-error"') == 1
    assert "请填写退回的理由" in page.text
    blank = ruling_in(decider, "decline")
    page = decider.submit(blank, {next(name for name in blank.names if name.startswith("answer-")): "依据不足。"})
    for said in ("提议已退回", "未同意", "依据不足。", "陈国示例"):
        assert said in page.text
    page = decider.submit(blank, {next(name for name in blank.names if name.startswith("answer-")): "依据不足。"})
    assert page.status_code == 409
    assert re.search(r"已由陈国示例于.*退回", page.text)


def test_the_proposer_withdraws_it_and_may_propose_anew(officer):
    recorded(officer, today() + timedelta(days=30))
    blank = ruling_in(officer, "withdraw")
    assert "提议已撤回" in officer.submit(blank).text
    assert "已撤回" in officer.page.text.partition("更改记录")[2]
    assert "已由周敏示例于" in officer.submit(blank).text
    assert officer.page.status_code == 409
    assert "待确认的提议" in recorded(officer, today() + timedelta(days=30), value="9").text


def test_the_proposer_who_forges_the_form_is_refused_with_the_rule(officer):
    recorded(officer)
    with reading() as session:
        change = session.exec(select(PolicyChange)).one()
    csrf = officer.form("/sign-out").value("csrf")
    page = officer.send("POST", f"{ONE}/changes/{change.id}", data={"csrf": csrf, "act": "confirm"})
    assert page.status_code == 403
    assert "提出人不能自行确认或退回" in page.text


def test_a_proposal_whose_day_has_come_is_marked_and_one_overtaken_has_no_button(officer):
    page = recorded(officer)
    assert "逾期未确认" in page.text
    decider = Visitor().sign_in(cast.DECIDER)
    assert "仍可确认" in decider.get(ONE).text
    with transaction() as session:
        at = now() + timedelta(days=2)
        new = NewCall("2027-1", "2027年度第一批", "", at, at + timedelta(days=45))
        open_call(session, new, by=cast.person(cast.OFFICE, session))
    page = decider.get(ONE)
    assert "批次“2027年度第一批”已按原数值开通" in page.text
    acts = [form.value("act") for form in Forms(page.text).found if "/changes/" in form.action]
    assert acts == ["decline"]


def test_a_new_value_is_shown_with_its_decision_its_day_and_who_decided(officer):
    page = confirmed(officer)
    for said in (LETTER, "主管部门决定", "周敏示例", "陈国示例", "已确认", "系统原定：5 人（暂定）"):
        assert said in page.text
    row = row_of(officer.get(POLICY), "panel_size")
    assert re.search(rf"<strong>7</strong>.*{LETTER}.*起施行", row, re.DOTALL)
    assert "暂定" not in row


def test_a_value_that_does_not_hold_yet_is_told_as_to_come(officer):
    page = confirmed(officer, today() + timedelta(days=30))
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
    assert re.search(r"已由周敏示例于.*尚待确认", officer.page.text)
    assert officer.form(ONE).value("citation") == LETTER, "what was typed is still there"


def test_the_auditor_reads_and_does_not_write(officer):
    recorded(officer)
    auditor = Visitor().sign_in(cast.AUDITOR)
    assert LETTER in auditor.get(ONE).text
    assert "提出新数值" not in auditor.page.text
    assert not [form for form in Forms(auditor.page.text).found if "/changes/" in form.action]
    csrf = auditor.form("/sign-out").value("csrf")
    assert auditor.send("POST", ONE, data={"csrf": csrf, "value": "9"}).status_code == 403
    assert Visitor().sign_in(cast.APPLICANT).get(POLICY).status_code == 403
    assert officer.get("/office/policy/nothing").status_code == 404


def test_many_changes_cost_no_more_questions_than_one(officer):
    confirmed(officer)
    recorded(officer, today() + timedelta(days=9))
    with counted() as few:
        officer.get(POLICY)
    for days in range(1, 6):
        recorded(officer, today() + timedelta(days=days))
    with counted() as many:
        officer.get(POLICY)
    assert len(many) == len(few)


def test_the_pages_are_told_in_english_too(officer):
    confirmed(officer, source=Source.ASSUMED)
    recorded(officer, today() + timedelta(days=9))
    officer.headers["Accept-Language"] = "en"
    for path in (POLICY, ONE):
        words = re.sub(r"<[^>]+>", " ", officer.get(path).text.partition("<main")[2].partition("</main")[0])
        said = words.replace(LETTER, "").replace("周敏示例", "").replace("陈国示例", "")
        assert not re.search(r"[\u4e00-\u9fff]", said), re.findall(r"[^ ]*[\u4e00-\u9fff]+[^ ]*", said)
