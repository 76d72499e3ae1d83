"""The page of a case: what each reader may see of it, and what not."""

import re
from uuid import uuid4

import pytest
from sqlmodel import select

from casework import journal, runs
from casework.applications import attach
from core.db import reading, transaction
from models.application import Submission
from models.case import Case
from models.judgement import Decision
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.unit.pages.reviewing import (
    ESCAPED,
    EVIL,
    at_the_door,
    does,
    duty_of,
    filed,
    form_on,
    multiply,
    quiet_bells,
    reference,
    through,
)
from tests.unit.pages.visitor import counted

EXPERT_NAMES = ("黄主任示例", "赵教授示例", "钱教授示例", "何考察示例", "马考察示例", "陈国示例")


@pytest.fixture
def story(database):
    del database
    with quiet_bells():
        yield filed()


def page_of(story, email, **headers):
    return at_the_door(email, **headers).get(f"/cases/{reference(story)}")


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_the_applicant_is_never_told_who_the_experts_are(story):
    applicant = at_the_door(cast.APPLICANT)
    bureau = at_the_door(cast.RECOMMENDER)
    address = f"/cases/{reference(story)}"
    acts = (story.recommends, story.assembles_panel, story.review, story.concludes, story.assembles_team, story.inspect)
    for act in (*acts, story.certifies):
        act()
        for reader in (applicant, bureau):
            told = reader.get(address).text
            assert not [name for name in EXPERT_NAMES if name in told], act.__name__
            assert "流程运行记录" not in told
    told = text_of(applicant.get(address))
    for said in ("专家评审委员会", "考察组", "领导小组", "予以认定", "办结：已认定并公布", "符合规定条件。"):
        assert said in told
    assert 'id="letters"' not in applicant.page.text
    assert "评审意见（" not in told


def test_a_withdrawal_that_comes_too_late_names_no_expert(story):
    through(story, "conclusion")
    applicant = at_the_door(cast.APPLICANT)
    applicant.get(f"/cases/{reference(story)}")
    form = applicant.form(f"/cases/{reference(story)}")
    does(at_the_door(cast.CHAIR), duty_of(story, Duty.CONCLUDE), outcome="approved")
    page = applicant.submit(form, {"reasons": "计划有变"})
    assert page.status_code == 409
    assert re.search(r"本环节已由主任委员于[-0-9 :]+作出“评审通过”的决定", page.text)
    assert "黄主任示例" not in page.text
    assert "计划有变" in page.text, "what was typed is still there"


def test_the_applicant_withdraws_with_a_reason(story):
    address = f"/cases/{reference(story)}"
    applicant = at_the_door(cast.APPLICANT)
    applicant.get(address)
    assert 'data-confirm="确定撤回？' in applicant.page.text
    form = applicant.form(address)
    assert applicant.submit(form, {"reasons": "因" * 501}).status_code == 422
    done = applicant.submit(form, {"reasons": f"单位计划调整{EVIL}"})
    assert "已撤回申报。" in done.text
    assert f"单位计划调整{ESCAPED}" in done.text
    assert "<script>alert" not in done.text
    assert applicant.submit(form, {"reasons": "再来"}).status_code == 409
    assert story.turn() == "Withdrawn"
    closed = applicant.get(address)
    assert "已办结：申报单位撤回" in closed.text
    assert "我要撤回" not in closed.text
    assert applicant.submit(form, {"reasons": "又来"}).status_code == 409


@pytest.mark.parametrize("email", [cast.OFFICE, cast.RECOMMENDER, cast.AUDITOR])
def test_only_the_applicant_withdraws(story, email):
    visitor = at_the_door(email)
    visitor.get(f"/cases/{reference(story)}")
    assert "我要撤回" not in visitor.page.text
    csrf = visitor.form("/sign-out").value("csrf")
    answer = visitor.send("POST", f"/cases/{reference(story)}", data={"csrf": csrf, "reasons": "x"})
    assert answer.status_code == 403
    with reading() as session:
        assert [d.outcome for d in session.exec(select(Decision))] == [Outcome.APPROVED]


@pytest.mark.parametrize("email", [cast.OTHER_APPLICANT, cast.OTHER_EXPERT, cast.CHAIR, cast.INSPECTORS[0]])
def test_a_foreign_case_is_not_found(story, email):
    address = f"/cases/{reference(story)}"
    visitor = at_the_door(email)
    with reading() as session:
        sha256 = session.exec(select(Submission)).one().documents[0]["sha256"]
    for path in (address, f"{address}/papers/1", f"{address}/files/{sha256}", "/cases/JD-2026-9999", "/cases/%00"):
        assert visitor.get(path).status_code == 404


def test_experts_see_their_own_review_and_nobody_elses(story):
    through(story, "reviews")
    story.reviews(cast.EXPERTS[0], 77)
    expert = at_the_door(cast.EXPERTS[1])
    address = f"/cases/{reference(story)}"
    for path in (address, duty_of(story, Duty.REVIEW, cast.EXPERTS[1])):
        told = expert.get(path).text
        assert "77 分" not in told
        assert "赵教授示例" not in told
        assert "黄主任示例" not in told
    story.reviews(cast.EXPERTS[1], 91)
    assert "91 分" in expert.get(address).text
    assert "77 分" not in expert.page.text
    assert "办理经过" not in expert.page.text
    chair = at_the_door(cast.CHAIR)
    assert "77 分" not in chair.get(address).text
    story.reviews(cast.CHAIR, 85)
    told = chair.get(address).text
    for seen in ("77 分", "91 分", "85 分", "84.3"):
        assert seen in told


def test_in_a_second_round_the_chair_waits_again_and_each_expert_sees_the_own_earlier_review(story):
    through(story, "conclusion").concludes(Outcome.RETURNED)
    story.corrects(website="https://www.example.org")
    story.reviews(cast.EXPERTS[0], 61)
    chair = at_the_door(cast.CHAIR)
    for path in (f"/cases/{reference(story)}", duty_of(story, Duty.REVIEW, cast.CHAIR)):
        assert "61 分" not in chair.get(path).text
    expert = at_the_door(cast.EXPERTS[1])
    told = expert.get(duty_of(story, Duty.REVIEW, cast.EXPERTS[1])).text
    assert "您在第 1 轮的评审意见" in told
    assert "88 分" in told
    assert "85 分" not in told
    assert "补充近三年培训名册。" in told, "what was to be corrected travels with the papers"
    assert "补正前后对比" in told


def test_a_correction_shows_what_changed_field_by_field_and_file_by_file(story):
    story.recommends(Outcome.RETURNED)
    with transaction() as session:
        applicant = cast.person(cast.APPLICANT, session)
        new = ("登记证书新.pdf", a_pdf(2))
        attach(session, story.application_id, "registration_certificate", new, by=applicant)
    story.corrects(website="https://new.example.org", introduction=f"新的简介{EVIL}")
    bureau = at_the_door(cast.RECOMMENDER)
    told = bureau.get(duty_of(story, Duty.RECOMMEND)).text
    table = told[told.index('id="changes"') : told.index('id="returns"')]
    for said in ("https://www.example.com", "https://new.example.org", ESCAPED, "登记证书新.pdf", "3 处不同"):
        assert said in table
    assert told.index('id="changes"') < told.index('id="files"'), "the difference comes first"
    assert "本次更换" in told
    assert "更正专职师资人数。" in told
    assert "<script>alert" not in told
    address = f"/cases/{reference(story)}"
    assert "与上次相比 3 处不同" in bureau.get(address).text
    first = bureau.get(f"{address}/papers/1")
    assert "这不是最新一次提交的内容。" in first.text
    assert "https://new.example.org" not in first.text
    assert bureau.get(f"{address}/papers/3").status_code == 404
    assert bureau.get(f"{address}/papers/x").status_code == 404
    assert bureau.get(f"{address}/papers/0").status_code == 404


def test_files_are_given_to_whoever_may_see_the_papers(story):
    address = f"/cases/{reference(story)}"
    bureau = at_the_door(cast.RECOMMENDER)
    bureau.get(duty_of(story, Duty.RECOMMEND))
    file = re.search(rf'href="({address}/files/[0-9a-f]+)"', bureau.page.text)
    assert file
    given = bureau.send("GET", file[1])
    assert given.content == a_pdf()
    assert given.headers["content-disposition"].startswith("attachment;")
    assert bureau.send("GET", f"{address}/files/{'0' * 64}").status_code == 404
    operator = at_the_door(cast.OPERATOR)
    assert operator.get(address).status_code == 200
    assert operator.send("GET", file[1]).status_code == 404, "an operator runs the engine and reads no papers"
    assert operator.get(f"{address}/papers/1").status_code == 404


def failed(story, traceback):
    with transaction() as session:
        case = session.get_one(Case, story.case_id)
        run = runs.begin(session, case, uuid4())
        runs.step_taken(session, run.id, "some_new_step", "did something new")
        runs.fail(session, run, [], runs.Failure("close_round", "OperationalError: gone", traceback))
        return run


def test_the_runs_are_one_history_and_tracebacks_are_for_operators(story):
    story.recommends()
    run = failed(story, "Traceback <b>bold</b>")
    operator = page_of(story, cast.OPERATOR).text
    for said in (
        "流程运行记录", "收到申报材料", "推荐审核：同意推荐", "办结推荐审核第 1 轮：同意推荐", "等待专家评审",
        "运行失败", "步骤“办结环节”失败", "OperationalError: gone", "some_new_step", "did something new",
        "Traceback &lt;b&gt;bold&lt;/b&gt;", f"/runs/flow-run/{run.flow_run_id}", "系统处理受阻，等待运维人员处理",
    ):  # fmt: skip
        assert said in operator, said
    for email in (cast.OFFICE, cast.AUDITOR, cast.DECIDER):
        told = page_of(story, email).text
        assert "OperationalError: gone" in told
        assert "Traceback" not in told
        assert "/runs/flow-run/" not in told
    applicant = page_of(story, cast.APPLICANT).text
    assert "系统正在处理" in applicant
    assert "受阻" not in applicant
    assert "OperationalError" not in applicant


def test_letters_are_listed_with_their_text(story):
    told = page_of(story, cast.OPERATOR).text
    assert "受理回执" in told
    assert "shenbao@example.com" in told
    assert "待发" in told
    assert "letter-text" in told
    assert 'id="letters"' not in page_of(story, cast.RECOMMENDER).text


def test_an_act_nobody_has_taught_the_page_is_shown_as_it_is(story):
    with transaction() as session:
        case = session.get_one(Case, story.case_id)
        journal.note(session, "moon-landed", case=case, by=cast.person(cast.CHAIR, session), stage="moon", x="<i>")
        journal.note(session, "decided", case=case, by=None, stage="moon", outcome="eaten")
        journal.note(session, "panel-assembled", case=case, by=None, stage="expert-review")
        journal.note(session, "attached", case=case, by=None, kind="x", name="<i>纸</i>")
    told = page_of(story, cast.OFFICE).text
    assert "moon-landed" in told
    assert "moon：eaten" in told
    assert "&lt;i&gt;纸&lt;/i&gt;" in told
    assert "moon-landed" not in page_of(story, cast.APPLICANT).text


def test_a_case_asks_a_bounded_number_of_questions_and_of_a_new_one_only_what_may_be_there(story):
    address = f"/cases/{reference(story)}"
    office, applicant = at_the_door(cast.OFFICE), at_the_door(cast.APPLICANT)
    with counted() as new:
        office.get(address)
    with counted() as own_new:
        applicant.get(address)
    story.recommends(Outcome.RETURNED)
    story.corrects(website="https://www.example.org")
    through(story, "publication")
    with counted() as long:
        office.get(address)
    with counted() as own:
        applicant.get(address)
    assert len(new) <= 18
    assert len(own_new) <= 13
    assert len(long) <= 24, "reviews, visits and minutes are asked for when their stages were opened"
    assert len(own) <= 15


def test_a_duty_asks_a_bounded_number_of_questions(story):
    through(story, "reviews")
    expert = at_the_door(cast.EXPERTS[0])
    address = duty_of(story, Duty.REVIEW, cast.EXPERTS[0])
    with counted() as statements:
        form_on(expert, address)
    assert len(statements) <= 17


def test_a_recommendation_asks_no_more_when_others_of_the_body_wait_as_well(story):
    clerk, address = at_the_door(cast.RECOMMENDER), duty_of(story, Duty.RECOMMEND)
    with counted() as alone:
        form_on(clerk, address)
    multiply(story, 5)
    with counted() as among_others:
        form_on(clerk, address)
    assert len(among_others) == len(alone) <= 13
    assert sum("applications.content" in statement for statement in among_others) == 1, "of its own form only"


def test_the_case_and_the_application_lead_to_each_other(story):
    applicant = at_the_door(cast.APPLICANT)
    page = applicant.get(f"/cases/{reference(story)}")
    assert f'href="/applications/{story.application_id}"' in page.text
    assert f'href="/cases/{reference(story)}"' in applicant.get(f"/applications/{story.application_id}").text
    story.recommends(Outcome.RETURNED)
    assert "去办理：补正申报材料" in applicant.get(f"/cases/{reference(story)}").text
    correcting = duty_of(story, Duty.CORRECT)
    assert applicant.get(correcting, follow=False).headers["location"] == f"/applications/{story.application_id}"
    office = at_the_door(cast.OFFICE)
    assert office.get(correcting, follow=False).headers["location"] == f"/cases/{reference(story)}"
