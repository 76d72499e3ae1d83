from dataclasses import replace
from datetime import date

import pytest
import time_machine

from core.i18n import language
from regulation.form.example import example
from regulation.form.reading import cleaned, faults
from regulation.policy import Policy

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def today():
    with time_machine.travel("2026-11-24T02:00:00+00:00", tick=False):
        yield date(2026, 11, 24)


def told(**answers):
    """The faults of some answers, path → sentence."""
    return {fault.field: fault.message for fault in faults(cleaned(answers), Policy())}


def told_in_row(table, **answers):
    return told(**{table: [answers]})


def test_the_example_has_no_fault():
    assert faults(example(), Policy()) == []


def test_an_empty_draft_has_no_fault():
    assert faults({}, Policy()) == []
    assert faults(cleaned({"unit_name": "", "managers": [{}], "faculty_summary": []}), Policy()) == []


@pytest.mark.parametrize(
    ("key", "answer", "words"),
    [
        ("unit_name", "字" * 101, "不得超过 100 字，现有 101 字"),
        ("introduction", "字" * 1501, "不得超过 1500 字"),
        ("credit_code", "12420100T000000284", "校验位"),
        ("credit_code", "1242", "18 位"),
        ("host_credit_code", "12420100T000000284", "“依托单位统一社会信用代码”：统一社会信用代码的校验位"),
        ("unit_nature", "nonsense", "所列选项"),
        ("domains", ["new-energy", "nonsense"], "所列选项"),
        ("area", "420400", "所列选项"),
        ("postcode", "43000", "6 位数字"),
        ("contact_email", "contact@example", "邮箱"),
        ("contact_email", "a@example.com\nBcc: b@example.com", "邮箱"),
        ("contact_mobile", "12345", "手机号码"),
        ("contact_phone", "00000003", "带区号"),
        ("website", "www.example.com", "http://"),
        ("website", "javascript:alert(1)", "http://"),
        ("website", "https://exa mple.com", "http://"),
        ("founded_on", "1998-02-30", "真实存在的日期"),
        ("founded_on", "2026-11-25", "不能晚于今天"),
        ("training_since", "去年", "四位年份"),
        ("training_since", 98, "四位年份"),
        ("training_since", 1900, "不得早于 1949 年"),
        ("training_since", 2027, "不能晚于今天"),
    ],
)
def test_a_wrong_answer_is_told_with_its_title(key, answer, words):
    found = told(**{key: answer})
    assert list(found) == [key]
    assert words in found[key]
    assert "“" in found[key] or "统一社会信用代码" in found[key]


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("founded_on", "2026-11-24"),
        ("training_since", 2026),
        ("contact_mobile", "13000000000"),
        ("contact_mobile", "+86 13000000000"),
        ("contact_phone", "027-00000003"),
        ("contact_phone", "（027）00000003"),
        ("contact_phone", "0718-0000000-123"),
        ("contact_phone", "400-000-0000"),
        ("website", "HTTP://例子.中国/路径?x=1#y"),
        ("website", "https://www.example.com:8443"),
        ("contact_email", "first.last+x@mail.example.com"),
        ("introduction", "项目编号 42010020260101000123，电话另附。"),
        ("qualification_valid_until", "2039-12-31"),
    ],
)
def test_a_right_answer_is_left_alone(key, answer):
    assert told(**{key: answer, "has_qualification": "yes"}) == {}


def test_a_field_that_is_not_asked_is_not_judged():
    assert told(has_qualification="no", qualification_valid_until="never") == {}
    assert list(told(has_qualification="yes", qualification_valid_until="never")) == ["qualification_valid_until"]


@pytest.mark.parametrize(
    ("table", "column", "answer", "words"),
    [
        ("training_years", "specialists", "很多", "整数"),
        ("training_years", "specialists", "620.5", "整数"),
        ("training_years", "specialists", -1, "负数"),
        ("training_years", "specialists", 10**9, "不得大于"),
        ("training_years", "year", "2027", "不能晚于今天"),
        ("training_classes", "days", "4.555", "两位小数"),
        ("training_classes", "satisfaction", 100.5, "不得大于 100"),
        ("training_classes", "starts_on", "2027-01-01", "不能晚于今天"),
        ("teachers", "born", "1985-13", "年月"),
        ("teachers", "born", "2026-12", "不能晚于今天"),
        ("teachers", "gender", "unknown", "所列选项"),
        ("managers", "years", 61, "不得大于 60"),
    ],
)
def test_a_wrong_cell_is_told_with_its_table_and_row(table, column, answer, words):
    content = cleaned({table: [{}, {column: answer}]})
    (fault,) = faults(content, Policy())
    assert fault.field == f"{table}.1.{column}"
    assert "第 2 行“" in fault.message
    assert words in fault.message


def test_a_line_of_the_summary_is_called_by_its_name():
    found = told(faculty_summary=[{}, {"senior": "若干"}])
    assert found == {"faculty_summary.1.senior": "“师资汇总”兼职行“正高级”应填写整数，例如 520。"}


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ({"specialists": 600, "senior": 300, "intermediate": 300, "junior": 1}, "specialists", "之和 601 人"),
        ({"specialists": 600, "attendances": 599}, "specialists", "多于培训人次 599"),
        ({"classes": 12, "in_person": 9, "online": 4}, "classes", "之和 13 期不一致"),
        ({"classes": 12, "in_person": 9, "online": 2}, "classes", "之和 11 期不一致"),
    ],
)
def test_sums_of_a_year(row, column, words):
    found = told_in_row("training_years", **row)
    assert list(found) == [f"training_years.0.{column}"]
    assert words in found[f"training_years.0.{column}"]


def test_sums_wait_until_every_figure_is_there():
    assert told_in_row("training_years", specialists=600, senior=601) == {}
    assert told_in_row("training_years", classes=12, in_person=9) == {}
    assert told_in_row("training_years", specialists=600, senior=100, intermediate=200, junior=300) == {}


def test_years_are_distinct_and_no_more_than_asked():
    found = told(training_years=[{"year": 2023}, {"year": 2024}, {"year": 2024}, {"year": 2025}])
    assert list(found) == ["training_years.2.year", "training_years"]
    assert "2024" in found["training_years.2.year"]
    assert "3 个年度，现有 4 个" in found["training_years"]
    five = cleaned({"training_years": [{"year": 2020 + n} for n in range(5)]})
    assert faults(five, replace(Policy(), years_declared=5)) == []


def test_a_class_ends_after_it_starts_and_passes_no_more_than_it_had():
    found = told_in_row("training_classes", starts_on="2025-06-06", ends_on="2025-06-02", people=60, passed=61)
    assert list(found) == ["training_classes.0.ends_on", "training_classes.0.passed"]
    assert told_in_row("training_classes", starts_on="2025-06-02", ends_on="2025-06-02", people=60, passed=60) == {}


def test_the_faculty_agrees_with_its_summary():
    line = {"senior": 1, "associate_senior": 0, "intermediate": 0, "other": 0}
    degrees = {"doctors": 1, "masters": 1, "bachelors": 0}
    assert list(told(faculty_summary=[line | degrees])) == ["faculty_summary.0.doctors"]
    found = told(faculty_summary=[line], teachers=[{"employment": "full-time"}] * 2)
    assert list(found) == ["teachers"]
    assert "专职教师有 2 人，多于师资汇总的 1 人" in found["teachers"]


def test_faults_come_in_the_order_of_the_form():
    found = told(training_years=[{"year": "x"}], website="x", unit_name="字" * 101, faculty_summary=[{"senior": "x"}])
    assert list(found) == ["unit_name", "website", "faculty_summary.0.senior", "training_years.0.year"]


def test_sentences_are_in_the_reader_s_language():
    token = language.set("en")
    try:
        found = told(training_years=[{}, {"specialists": "many"}], credit_code="12420100T000000284")
    finally:
        language.reset(token)
    assert found["training_years.1.specialists"] == (
        "“Training year by year”, row 2, “Professionals trained” must be a whole number, for example 520."
    )
    assert found["credit_code"].startswith("The check character")


def test_braces_in_an_answer_are_only_text():
    subjects = [{"name": "{label}{0}", "series": "{x}", "kind": "professional"}]
    assert told(subjects=subjects, unit_name="{title}") == {}


def test_the_funds_of_a_year_add_up_to_the_cent():
    amounts = {"own": 0.1, "public": 0.2, "income": 85.75}
    assert told_in_row("funding_years", **amounts, total=86.05) == {}
    found = told_in_row("funding_years", **amounts, total=86.06)
    assert list(found) == ["funding_years.0.total"]
    assert "86.06 万元" in found["funding_years.0.total"]
    assert "86.05 万元" in found["funding_years.0.total"]
    assert told_in_row("funding_years", own=0.1, total=86.06) == {}


def test_years_of_funds_are_distinct_and_no_more_than_asked():
    found = told(funding_years=[{"year": 2023}, {"year": 2023}, {"year": 2024}, {"year": 2025}])
    assert list(found) == ["funding_years.1.year", "funding_years"]


def test_a_lease_ends_after_it_starts():
    dates = {"lease_starts_on": "2026-01-01", "lease_ends_on": "2025-12-31"}
    assert list(told(premises_ownership="leased", **dates)) == ["lease_ends_on"]
    assert told(premises_ownership="owned", **dates) == {}
    assert told(premises_ownership="leased", **(dates | {"lease_ends_on": "2030-12-31"})) == {}


@pytest.mark.parametrize("table", ["partners", "practice_partners"])
def test_an_agreement_ends_after_it_starts(table):
    row = {"starts_on": "2026-01-01", "ends_on": "2025-12-31"}
    assert list(told(**{table: [row]}, practice_means=["partner"])) == [f"{table}.0.ends_on"]


def test_the_rooms_fit_into_the_building():
    found = told(classroom_area=1200.5, building_area=1200)
    assert list(found) == ["classroom_area"]
    assert "1,200.5 平方米，大于建筑面积 1,200 平方米" in found["classroom_area"]


def test_who_needs_no_practical_training_has_no_place_for_it():
    assert list(told(practice_means=["none", "own"])) == ["practice_means"]
    assert told(practice_means=["own", "partner"]) == {}
    assert told(practice_means=["none"]) == {}
