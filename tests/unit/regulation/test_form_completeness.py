from copy import deepcopy
from dataclasses import replace

import pytest

from regulation.form.definition import ANSWERS, FIELDS
from regulation.form.example import EXAMPLE_ATTACHMENTS, example
from regulation.form.reading import cleaned, completeness, faults, missing
from regulation.policy import Policy

ASKED_ALWAYS = {key for key, one in FIELDS.items() if one.required and not one.when}


def lacking(content, attached=EXAMPLE_ATTACHMENTS, policy=None):
    return {fault.field: fault.message for fault in missing(content, attached, policy or Policy())}


def example_with(table, index, **answers):
    content = deepcopy(example())
    content[table][index] |= answers
    return content


def test_the_example_lacks_nothing():
    assert missing(example(), EXAMPLE_ATTACHMENTS, Policy()) == []
    assert all(
        state.complete and state.filled == state.of > 0
        for state in completeness(example(), EXAMPLE_ATTACHMENTS, Policy())
    )


def test_an_empty_form_lists_everything_at_once():
    found = lacking({}, ())
    assert set(found) == ASKED_ALWAYS
    assert found["unit_name"] == "请填写“申报单位名称（全称）”。"
    assert found["unit_nature"] == "请选择“单位性质”。"
    assert found["registration_certificate"] == "请上传“登记证书”（PDF）。"
    assert found["promise"] == "请阅读并勾选“真实性承诺”。"
    assert list(found) == [key for key in FIELDS if key in found]


@pytest.mark.parametrize("key", sorted(ASKED_ALWAYS & set(ANSWERS)))
def test_each_required_field_is_missed(key):
    content = example()
    del content[key]
    assert key in lacking(content)


@pytest.mark.parametrize("key", sorted(key for key, one in FIELDS.items() if not one.required))
def test_no_optional_field_is_missed(key):
    content = example()
    content.pop(key, None)
    assert lacking(content) == {}


def test_the_call_says_which_papers_are_required():
    own = replace(Policy(), materials=("registration_certificate", "funds_audit"))
    assert set(lacking(example(), (), own)) == {"registration_certificate", "funds_audit"}
    without_any = replace(Policy(), materials=())
    assert lacking(example(), (), without_any) == {}
    enclosures = {state.section.key: state for state in completeness(example(), ["funds_audit"], own)}["enclosures"]
    assert (enclosures.filled, enclosures.of, enclosures.complete) == (1, 1, True)


def test_a_paper_that_is_asked_of_some_is_not_required_of_the_others():
    own = replace(Policy(), materials=("qualification_certificate",))
    assert lacking(example() | {"has_qualification": "no"}, (), own) == {}


def test_qualification_is_asked_of_those_who_have_one():
    content = example() | {"qualification_number": "", "qualification_issuer": ""}
    attached = [key for key in EXAMPLE_ATTACHMENTS if key != "qualification_certificate"]
    assert set(lacking(content, attached)) == {
        "qualification_number",
        "qualification_issuer",
        "qualification_certificate",
    }
    assert lacking(content | {"has_qualification": "no"}, attached) == {}


def test_another_domain_must_be_named():
    assert list(lacking(example() | {"domains": ["other"]})) == ["other_domain"]
    assert lacking(example() | {"domains": ["other"], "other_domain": "现代农业"}) == {}


def test_a_row_once_begun_must_be_finished():
    found = lacking(example_with("managers", 1, education="", years=""))
    assert found == {
        "managers.1.education": "请选择“管理人员”第 2 行“学历”。",
        "managers.1.years": "请填写“管理人员”第 2 行“从事年限”。",
    }


def test_a_blank_row_is_not_missed_and_zero_is_an_answer():
    content = example()
    content["managers"].insert(1, dict.fromkeys(content["managers"][0], ""))
    content["training_years"][0] |= {"in_person": 12, "online": 0}
    assert lacking(content) == {}


def test_a_summary_once_begun_needs_both_lines():
    content = cleaned(example() | {"faculty_summary": [example()["faculty_summary"][0]]})
    found = lacking(content)
    assert len(found) == 7
    assert found["faculty_summary.1.senior"] == "请填写“师资汇总”兼职行“正高级”。"


def test_as_many_years_as_the_policy_asks():
    content = example() | {"training_years": example()["training_years"][:2]}
    assert lacking(content) == {"training_years": "“逐年培训业绩”应填报 3 个年度，现有 2 个。"}
    assert lacking(content, policy=replace(Policy(), years_declared=2)) == {}


@pytest.mark.parametrize("index", [0, 1, 2])
def test_every_declared_year_must_reach_the_threshold(index):
    (sentence,) = lacking(example_with("training_years", index, specialists=499)).values()
    assert "第四条第（四）项" in sentence
    assert f"第 {index + 1} 行" in sentence
    assert "499" in sentence
    assert lacking(example_with("training_years", index, specialists=500)) == {}


def test_the_threshold_is_the_policy_s():
    strict = replace(Policy(), trained_per_year=1000)
    assert set(lacking(example(), policy=strict)) == {
        *(f"training_years.{year}.specialists" for year in range(3)),
        *(f"plan_years.{year}.people" for year in range(3)),
    }
    assert "不少于 1000 名" in lacking(example(), policy=strict)["training_years.0.specialists"]


def test_an_unreadable_figure_is_a_fault_and_not_a_missed_threshold():
    content = cleaned(example_with("training_years", 0, specialists="六百"))
    assert lacking(content) == {}
    assert [fault.field for fault in faults(content, Policy())] == ["training_years.0.specialists"]


def test_each_subject_needs_its_teachers():
    content = example()
    content["subjects"].append({"name": "示例 工业设计", "series": "工程技术系列", "kind": "professional"})
    content["teachers"][0]["subjects"] += "，示例工业设计"
    (sentence,) = lacking(content).values()
    assert "“示例 工业设计”的师资至少 3 人，现有 1 人" in sentence
    assert lacking(content, policy=replace(Policy(), teachers_per_subject=0)) == {}
    assert lacking(content, policy=replace(Policy(), teachers_per_subject=1)) == {}


def test_a_promise_not_given_is_missed():
    assert list(lacking(example() | {"promise": False})) == ["promise"]


def test_progress_counts_what_must_be_answered():
    empty = completeness({}, (), Policy())
    assert [state.section.key for state in empty] == [
        "basics",
        "domain",
        "management",
        "faculty",
        "systems",
        "facilities",
        "funds",
        "training",
        "plan",
        "reasons",
        "promise",
        "enclosures",
    ]
    assert sum(state.of for state in empty) == len(ASKED_ALWAYS)
    assert {state.filled for state in empty} == {0}
    assert not any(state.complete for state in empty)


def test_progress_moves_with_an_answer_and_back_with_a_wrong_one():
    right = completeness({"unit_name": "示例"}, (), Policy())[0]
    assert (right.filled, right.faults) == (1, ())
    wrong = completeness({"unit_name": "字" * 101}, (), Policy())[0]
    assert wrong.filled == 0
    assert [fault.field for fault in wrong.faults] == ["unit_name"]


def test_a_wrong_optional_answer_keeps_a_section_open():
    state = completeness(example() | {"website": "x"}, EXAMPLE_ATTACHMENTS, Policy())[0]
    assert state.filled == state.of
    assert not state.complete


def test_a_condition_adds_to_what_must_be_answered():
    without = completeness({"has_qualification": "no"}, (), Policy())[0]
    having = completeness({"has_qualification": "yes"}, (), Policy())[0]
    assert having.of == without.of + 3


@pytest.mark.parametrize("index", range(8))
def test_all_eight_systems_must_be_in_force(index):
    ((key, sentence),) = lacking(example_with("management_systems", index, in_force="no", document="")).items()
    assert key == f"management_systems.{index}.in_force"
    assert "第四条第（二）项" in sentence
    assert FIELDS["management_systems"].row_titles[index] in sentence


def test_a_system_in_force_has_a_document_and_a_day_but_not_always_a_number():
    assert list(lacking(example_with("management_systems", 3, document="", number="", issued_on=""))) == [
        "management_systems.3.document",
        "management_systems.3.issued_on",
    ]
    assert lacking(example_with("management_systems", 3, number="")) == {}


@pytest.mark.parametrize("index", range(3))
def test_every_planned_year_reaches_the_threshold(index):
    ((key, sentence),) = lacking(example_with("plan_years", index, people=499)).items()
    assert key == f"plan_years.{index}.people"
    assert "每年不少于 500 人" in sentence
    assert lacking(example_with("plan_years", index, people=500)) == {}


def test_practical_training_is_asked_as_far_as_there_is_any():
    tables = {"practice_places": [], "practice_partners": []}
    papers = [key for key in EXAMPLE_ATTACHMENTS if key != "practice_agreement"]
    content = example() | tables
    assert set(lacking(content, papers)) == {*tables, "practice_agreement"}
    assert set(lacking(content | {"practice_means": ["own"]}, papers)) == {"practice_places"}
    assert set(lacking(content | {"practice_means": ["partner"]}, papers)) == {
        "practice_partners",
        "practice_agreement",
    }
    assert lacking(content | {"practice_means": ["none"]}, papers) == {}


def test_a_lease_needs_its_dates():
    content = example() | {"premises_ownership": "leased"}
    assert list(lacking(content)) == ["lease_starts_on", "lease_ends_on"]


def test_an_online_platform_is_described_by_those_who_have_one():
    content = example() | {"platform_name": "", "platform_url": ""}
    assert list(lacking(content)) == ["platform_name", "platform_url"]
    assert lacking(content | {"has_platform": "no"}) == {}
