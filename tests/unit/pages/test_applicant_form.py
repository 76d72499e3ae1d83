"""The form, section by section: what was typed is kept, told, compared, and never run."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from core import clock
from core.db import transaction
from models.application import Call
from pages.applicant_answers import edition, form_of, typed_in
from regulation.form.definition import section
from regulation.form.example import example
from regulation.form.reading import cleaned
from tests import cast
from tests.stories.telling import Story
from tests.unit.pages.applying import (
    SECTIONS,
    case_of,
    section_form,
    stored,
    submit,
)
from tests.unit.pages.visitor import Visitor, counted

SCRIPT = "<script>x</script>'; DROP--"


WRONG = {
    "credit_code": ("12420000000000019X", "校验位不符"),
    "founded_on": ("2026年2月30日", "真实存在的日期"),
    "postcode": ("4300", "6 位数字"),
    "contact_mobile": ("电话", "手机号码"),
    "contact_email": ("孙@", "完整的邮箱地址"),
    "website": ("javascript:alert(1)", "http://"),
    "training_since": ("去年", "四位年份"),
}


def test_a_section_asks_for_the_person_the_draft_with_all_it_belongs_to_and_its_papers(applicant, draft):
    with counted() as statements:
        applicant.get(f"{draft}/sections/faculty")
    assert len(statements) <= 4


def test_wrong_answers_are_kept_and_told_beside_their_fields(applicant, draft):
    applicant.get(f"{draft}/sections/basics")
    typed = {key: value for key, (value, _) in WRONG.items()}
    page = applicant.submit(section_form(applicant, section("basics")), typed)
    assert page.status_code == 200
    assert f"其中 {len(WRONG)} 处有误" in page.text
    shown = section_form(applicant, section("basics"))
    for key, (value, sentence) in WRONG.items():
        assert stored(draft).content[key] == value
        assert shown.value(key) == value
        fault = re.search(rf'id="f-{key}-error">.*?</svg>(.*?)</p>', page.text, re.DOTALL)
        assert fault
        assert sentence in fault[1]
        assert f'href="#f-{key}"' in page.text


def test_a_year_of_training_that_is_no_number_is_kept_and_told(applicant, draft):
    applicant.get(f"{draft}/sections/training")
    typed = {"training_years-0-year": "2025", "training_years-0-specialists": "五百多"}
    page = applicant.submit(section_form(applicant, section("training")), typed)
    assert section_form(applicant, section("training")).value("training_years-0-specialists") == "五百多"
    assert 'id="f-training_years-0-specialists-error"' in page.text
    assert "“专业技术人才人数”应填写整数" in page.text


def test_what_is_missing_is_told_only_when_asked_for(applicant, draft):
    assert 'aria-invalid="true"' not in applicant.get(f"{draft}/sections/management").text
    page = applicant.get(f"{draft}/sections/management?check=1").text
    assert "请填写“继续教育管理机构名称”。" in page
    assert 'aria-invalid="true"' in page


def test_sql_and_html_are_text_wherever_they_are_typed(applicant, draft):
    for part in SECTIONS:
        applicant.get(f"{draft}/sections/{part.key}")
        form = section_form(applicant, part)
        hidden = {"csrf", "version", "section"}
        typed = dict.fromkeys(form.names - hidden - set(form.choices), SCRIPT)
        page = applicant.submit(form, typed)
        assert page.status_code == 200
        assert "<script>x" not in page.text
        assert "&lt;script&gt;x&lt;/script&gt;" in page.text
    assert "<script>x" not in applicant.get(draft).text
    assert "<script>x" not in applicant.get("/applications").text
    assert Visitor().sign_in(cast.OTHER_APPLICANT).page.status_code == 200


def test_what_is_far_too_long_is_refused_and_shown_again(applicant, draft):
    applicant.get(f"{draft}/sections/domain")
    form = section_form(applicant, section("domain"))
    page = applicant.submit(form, {"task_scope": "长" * 5000, "subjects-0-name": "示例软件工程"})
    assert page.status_code == 422
    assert "内容过长，未能保存" in page.text
    shown = section_form(applicant, section("domain"))
    assert shown.value("task_scope") == "长" * 5000
    assert shown.value("subjects-0-name") == "示例软件工程"
    assert "subjects" not in stored(draft).content


def test_ten_megabytes_of_text_are_refused_with_a_sentence(applicant, draft):
    csrf = applicant.form("/sign-out").value("csrf")
    sent = {"csrf": csrf, "task_scope": "x" * 10 * 2**20}
    answer = applicant.send("POST", f"{draft}/sections/domain", data=sent)
    assert answer.status_code == 422
    assert "表单未能完整送达" in answer.text


def test_rows_are_added_and_taken_away_and_nothing_typed_is_lost(applicant, draft):
    part = section("domain")
    applicant.get(f"{draft}/sections/domain")
    typed = {"task_scope": "面向全省", "subjects-0-name": "甲"}
    answer = applicant.submit(section_form(applicant, part), typed, button=("add", "subjects-5"), follow=False)
    address, _, anchor = answer.headers["location"].partition("#")
    assert f'id="{anchor}"' in applicant.get(address).text
    more = {"subjects-1-name": "乙", "subjects-2-name": "丙", "subjects-5-name": "丁"}
    applicant.submit(section_form(applicant, part), more, button=("remove", "subjects-1"))
    shown = section_form(applicant, part)
    assert [shown.value(f"subjects-{n}-name") for n in range(5)] == ["甲", "丙", "", "", "丁"]
    assert shown.value("task_scope") == "面向全省"


def test_saving_leads_on_to_the_next_section_and_at_last_to_the_papers(applicant, draft):
    applicant.get(f"{draft}/sections/basics")
    for part in SECTIONS:
        assert applicant.page.url.path.endswith(part.key)
        applicant.submit(section_form(applicant, part), button=("then", "next"))
    assert applicant.page.url.path == draft


def test_enter_in_a_field_saves_and_never_removes_a_row(applicant, draft):
    for part in SECTIONS:
        page = applicant.get(f"{draft}/sections/{part.key}").text
        first = re.search(r"<form[^>]+data-autosave.*?(<button[^>]*>)", page, re.DOTALL)
        assert first
        assert 'name="' not in first[1]


def test_a_stale_section_shows_both_versions_and_loses_neither(applicant, draft):
    part = section("management")
    here, there = applicant, Visitor().sign_in(cast.APPLICANT)
    for one in (here, there):
        one.get(f"{draft}/sections/management")
    there.submit(section_form(there, part), {"managing_body_name": "继续教育学院"})
    page = here.submit(section_form(here, part), {"managing_body_name": "培训部", "managing_body_duties": "组织培训"})
    assert page.status_code == 412
    told = re.sub(r"<[^>]+>|\s", "", page.text)
    assert "“继续教育管理机构名称”继续教育学院培训部" in told
    shown = section_form(here, part)
    assert (shown.value("managing_body_name"), shown.value("managing_body_duties")) == ("培训部", "组织培训")
    assert stored(draft).content["managing_body_name"] == "继续教育学院"
    assert here.submit(shown).status_code == 200, "having seen both, one may insist"
    assert stored(draft).content["managing_body_name"] == "培训部"


def test_two_people_in_two_sections_do_not_disturb_each_other(applicant, draft):
    other = Visitor().sign_in(cast.APPLICANT)
    applicant.get(f"{draft}/sections/management")
    other.get(f"{draft}/sections/domain")
    other.submit(section_form(other, section("domain")), {"task_scope": "面向全省"})
    page = applicant.submit(section_form(applicant, section("management")), {"managing_body_name": "继续教育学院"})
    assert page.status_code == 200
    assert {"task_scope", "managing_body_name"} <= set(stored(draft).content)


def autosaved(visitor, form, typed, version=None):
    """Send what the script in the page would send."""
    headers = {"X-CSRF-Token": form.value("csrf"), "Accept": "application/json"}
    if version is None or version:
        headers["If-Match"] = f'"{version or form.value("version")}"'
    data = dict(form.values) | typed
    return visitor.send(
        "POST", f"{visitor.page.url.path.partition('/sections')[0]}/autosave", data=data, headers=headers
    )


def test_autosave_keeps_what_was_typed_and_tells_what_is_wrong(applicant, draft):
    applicant.get(f"{draft}/sections/basics")
    form = section_form(applicant, section("basics"))
    assert f'data-autosave="{draft}/autosave"' in applicant.page.text
    assert f'data-version="{form.value("version")}"' in applicant.page.text
    answer = autosaved(applicant, form, {"postcode": "4300", "contact_name": "孙示例"})
    told = answer.json()
    assert answer.status_code == 200
    assert told["sentence"] == "已保存，有 1 处填写有误。"
    assert told["faults"][0]["field"] == "postcode"
    assert stored(draft).content["postcode"] == "4300"
    again = autosaved(applicant, form, {"postcode": "430000"}, told["version"])
    assert again.json()["faults"] == []
    assert again.json()["version"] == edition(section("basics"), stored(draft).content)


def test_autosave_over_somebody_elses_words_is_refused_in_json(applicant, draft):
    applicant.get(f"{draft}/sections/management")
    form = section_form(applicant, section("management"))
    assert autosaved(applicant, form, {"managing_body_name": "甲"}).status_code == 200
    stale = autosaved(applicant, form, {"managing_body_name": "乙"})
    assert stale.status_code == 412
    assert stale.headers["content-type"] == "application/problem+json"
    assert "您的填写尚未保存" in stale.json()["detail"]
    assert stored(draft).content["managing_body_name"] == "甲"


def test_autosave_refuses_what_it_must_and_says_so_in_json(applicant, draft):
    applicant.get(f"{draft}/sections/management")
    form = section_form(applicant, section("management"))
    assert autosaved(applicant, form, {}, version="").status_code == 428
    assert autosaved(applicant, form, {"section": "nothing"}).status_code == 404
    assert autosaved(applicant, form, {"section": "promise"}).status_code == 404
    forged = applicant.send("POST", f"{draft}/autosave", data={"section": "management"})
    assert (forged.status_code, forged.json()["status"]) == (403, 403)
    too_long = autosaved(applicant, form, {"managing_body_name": "长" * 2000})
    assert (too_long.status_code, too_long.json()["faults"][0]["field"]) == (422, "managing_body_name")
    stranger = Visitor()
    assert stranger.send("POST", f"{draft}/autosave", data={}).status_code == 401
    assert applicant.send("POST", "/applications/nonsense/autosave", data={}).status_code in {403, 404}


def test_after_the_call_has_closed_the_typed_text_is_shown_and_kept_on_the_page(applicant, draft):
    applicant.get(f"{draft}/sections/management")
    form = section_form(applicant, section("management"))
    with transaction() as session:
        call = session.exec(select(Call)).one()
        call.closes_at = clock.now() - timedelta(seconds=1)
    page = applicant.submit(form, {"managing_body_name": "继续教育学院"})
    assert page.status_code == 409
    assert "现在不能提交" in page.text
    assert section_form(applicant, section("management")).value("managing_body_name") == "继续教育学院"
    assert "managing_body_name" not in stored(draft).content
    assert autosaved(applicant, form, {"managing_body_name": "甲"}).status_code == 409
    shown = applicant.get(draft)
    assert "批次已截止" in shown.text
    assert "提交申报" not in shown.text
    assert applicant.get(f"{draft}/sections/management").url.path == draft


def test_while_others_examine_it_the_application_is_read_only(applicant, complete):
    applicant.get(f"{complete}/sections/basics")
    form = section_form(applicant, section("basics"))
    submit(applicant, complete)
    page = applicant.get(complete).text
    assert "江汉示例专业技术人员继续教育基地" in page
    assert "提交申报" not in page
    assert applicant.get(f"{complete}/sections/basics").url.path == complete
    late = applicant.submit(form, {"contact_name": "李示例"})
    assert late.status_code == 409
    assert "已由林晓示例于" in late.text
    Story(stored(complete).id, case_of(complete).id).turn()
    late = applicant.submit(form, {"contact_name": "李示例"})
    assert late.status_code == 409
    assert "审核期间不能修改" in late.text
    assert section_form(applicant, section("basics")).value("contact_name") == "李示例"


@pytest.mark.parametrize("key", ["nothing", "promise", "%3Cscript%3E"])
def test_an_unknown_section_is_not_found(applicant, draft, key):
    assert applicant.get(f"{draft}/sections/{key}").status_code == 404


def test_every_section_goes_through_the_page_and_back_unchanged():
    whole = example()
    for part in SECTIONS:
        mine = {key: value for key, value in cleaned(whole).items() if key in {asked.key for asked in part.fields}}
        assert cleaned(typed_in(form_of(whole, part), part)) == mine
