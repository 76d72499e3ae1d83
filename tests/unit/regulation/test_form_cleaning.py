import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from regulation.form.definition import ANSWERS, FIELDS, FORM, field, section
from regulation.form.example import example
from regulation.form.field import Kind
from regulation.form.reading import changes, cleaned, completeness, faults, missing, posted, shown
from regulation.policy import Policy

TYPED = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["１２０", "1,200", "-3", "12.345", "2025年3月1日", "2025-02-30", "１９８５．６", "\x00\r\n\t", "ﷺ" * 9]
    ),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TYPED)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TYPED, inner, max_size=3), max_leaves=6
)


def answer_to(one):
    """Something like an answer to the field, or anything at all."""
    if one.kind is Kind.ROWS:
        row = st.fixed_dictionaries({}, optional={column.key: SCALARS for column in one.columns})
        return st.lists(row, max_size=3) | JSON
    chosen = st.sampled_from([*one.choice_titles, ""])
    return st.lists(chosen, max_size=3) | chosen | JSON


CONTENT = st.one_of(
    st.fixed_dictionaries({}, optional={key: answer_to(one) for key, one in ANSWERS.items()}),
    st.fixed_dictionaries({}, optional={key: TYPED for key, one in ANSWERS.items() if one.kind is not Kind.ROWS}),
    st.dictionaries(TYPED | st.sampled_from(list(FIELDS)), JSON, max_size=4),
)
MANY = settings(database=None, deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def refusal(raw):
    with pytest.raises(Invalid) as refused:
        cleaned(raw)
    return {fault.field: fault.message for fault in refused.value.faults}


@given(raw=CONTENT)
@MANY
def test_whatever_arrives_is_cleaned_for_good_or_refused(raw):
    try:
        content = cleaned(raw)
    except Invalid as refused:
        assert refused.faults  # noqa: PT017 - either answer is right
        return
    assert cleaned(content) == content
    assert set(content) == set(raw)
    assert "\x00" not in json.dumps(content, ensure_ascii=False, allow_nan=False)
    json.dumps(content, ensure_ascii=False).encode()


@given(raw=CONTENT)
@MANY
def test_whatever_was_cleaned_can_be_read(raw):
    try:
        content = cleaned(raw)
    except Invalid:
        return
    for fault in faults(content, Policy()) + missing(content, [], Policy()):
        assert fault.field.partition(".")[0] in FIELDS
        assert fault.message
    assert len(completeness(content, [], Policy())) == len(shown(content)) == len(FORM)
    assert changes(content, content) == []


def test_the_example_is_clean():
    assert cleaned(example()) == example()
    assert cleaned(json.loads(json.dumps(example()))) == example()


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("unit_name", "  江汉\x00示例\u200b学院\r\n ", "江汉示例学院"),
        ("unit_name", "ＡＢＣ学院", "ＡＢＣ学院"),
        ("unit_name", "第一行\n第二行", "第一行 第二行"),
        ("unit_name", "<script>alert(1)</script>'; DROP TABLE", "<script>alert(1)</script>'; DROP TABLE"),
        ("introduction", "第一段\r\n\r\n第二段\x07", "第一段\n\n第二段"),
        ("credit_code", "１２４２０１００ｔ 0000 00283", "12420100T000000283"),
        ("credit_code", "写错了", "写错了"),
        ("training_since", "２００６", 2006),
        ("training_since", 2006, 2006),
        ("training_since", 2006.0, 2006),
        ("training_since", "去年", "去年"),
        ("founded_on", "１９９８年９月１日", "1998-09-01"),
        ("founded_on", "1998/9/1", "1998-09-01"),
        ("founded_on", "1998-02-30", "1998-02-30"),
        ("legal_representative_phone", "０２７－00000001", "027-00000001"),
        ("promise", "on", True),
        ("promise", "", False),
        ("promise", None, False),
        ("domains", "biotechnology", ["biotechnology"]),
        ("domains", ["biotechnology", "biotechnology", "", "nonsense"], ["biotechnology", "nonsense"]),
        ("unit_nature", "nonsense", "nonsense"),
        ("website", None, ""),
    ],
)
def test_an_answer_is_made_tidy_or_kept_as_typed(key, typed, kept):
    assert cleaned({key: typed}) == {key: kept}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１２０", 120),
        (120, 120),
        ("1,200", 1200),
        ("12,00", "12,00"),
        ("十", "十"),
        ("-5", -5),
        ("12.5", "12.5"),
        (12.5, "12.5"),
        (float("nan"), "NaN"),
    ],
)
def test_figures_in_a_table(typed, kept):
    row = cleaned({"training_years": [{"specialists": typed}]})["training_years"][0]
    assert row["specialists"] == kept
    assert type(row["specialists"]) is type(kept)
    assert set(row) == {column.key for column in field("training_years").columns}


@pytest.mark.parametrize(
    ("typed", "kept"), [("4.50", 4.5), ("5.00", 5), (0.1, 0.1), ("4.555", "4.555"), ("half", "half")]
)
def test_numbers_have_two_decimals_at_most(typed, kept):
    assert cleaned({"training_classes": [{"days": typed}]})["training_classes"][0]["days"] == kept


def test_blank_rows_fall_off_the_end_and_stay_in_between():
    rows = cleaned({"managers": [{}, {"name": "钱示例"}, {"name": " "}, {}]})["managers"]
    assert [row["name"] for row in rows] == ["", "钱示例"]


def test_a_fixed_table_always_has_its_lines():
    assert len(cleaned({"faculty_summary": []})["faculty_summary"]) == 2
    assert "faculty_summary" in refusal({"faculty_summary": [{}, {}, {}]})


def test_everything_unknown_is_named_at_once():
    found = refusal({"nothing": 1, "registration_certificate": "x", "managers": [{"name": "甲"}, {"salary": 1}]})
    assert set(found) == {"nothing", "registration_certificate", "managers.1.salary"}
    assert "salary" in found["managers.1.salary"]


@pytest.mark.parametrize(
    ("raw", "path", "words"),
    [
        ({"unit_name": ["x"]}, "unit_name", "“申报单位名称（全称）”应为文本"),
        ({"unit_name": 7}, "unit_name", "文本"),
        ({"promise": "maybe"}, "promise", "“是”或“否”"),
        ({"domains": {"a": 1}}, "domains", "列表"),
        ({"domains": [str(n) for n in range(51)]}, "domains", "最多选择 50 项"),
        ({"managers": "x"}, "managers", "列表"),
        ({"managers": ["x"]}, "managers.0", "“管理人员”第 1 行"),
        ({"managers": [{}] * 501}, "managers", "最多 500 行"),
        ({"introduction": "负责人 11010519491231002X 同志"}, "introduction", "不收集身份证号"),
        ({"introduction": "负责人１１０１０５１９４９１２３１００２Ｘ"}, "introduction", "不收集身份证号"),
        ({"teachers": [{"name": "李示例 110105 19491231 002x"}]}, "teachers.0.name", "不收集身份证号"),
        ({"contact_mobile": "11010519491231002X"}, "contact_mobile", "不收集身份证号"),
        ({"teachers": [{"born": "11010519491231002X"}]}, "teachers.0.born", "不收集身份证号"),
        ({"managers": [{"years": True}]}, "managers.0.years", "数字"),
        ({"managers": [{}, {"years": []}]}, "managers.1.years", "第 2 行“从事年限”"),
        ({"managers": [{"years": 10**40}]}, "managers.0.years", "过长"),
        ({"unit_name": "字" * 501}, "unit_name", "100 字"),
        ({"postcode": "ﷺ" * 20}, "postcode", "过长"),
    ],
)
def test_what_cannot_be_kept_is_refused(raw, path, words):
    found = refusal(raw)
    assert list(found) == [path]
    assert words in found[path]


@pytest.mark.parametrize(
    "text", ["110105194912310021", "A11010519491231002X", "1234567890123456789", "12420000000000019Q"]
)
def test_a_number_that_is_no_id_card_is_kept(text):
    assert cleaned({"introduction": text})["introduction"] == text


def test_a_long_text_is_kept_up_to_five_times_its_limit():
    assert cleaned({"unit_name": "字" * 500})["unit_name"] == "字" * 500


@pytest.mark.parametrize("raw", [None, [], "text", 3, Decimal(1)])
def test_what_is_no_form_is_refused(raw):
    with pytest.raises(Invalid):
        cleaned(raw)


def test_a_flood_of_unknown_fields_gets_a_bounded_answer():
    assert len(refusal({f"unknown{n}": 1 for n in range(5000)})) == 200


def test_a_posted_section_is_read_back():
    part = section("training")
    values = {
        "csrf": ["token"],
        "unit_name": ["of another section"],
        "training_years-0-year": ["２０２４"],
        "training_years-7-year": ["2025"],
        "training_years-7-specialists": ["520"],
        "training_years-x-year": ["2026"],
        "training_years-1-salary": ["1"],
    }
    content = cleaned(posted(values, part))
    assert set(content) == {"training_years", "training_classes", "projects", "partners"}
    assert [row["year"] for row in content["training_years"]] == [2024, 2025]
    assert content["training_years"][1]["specialists"] == 520
    assert content["training_classes"] == []


def test_what_a_browser_leaves_out_is_empty():
    assert posted({}, section("promise")) == {"promise": False}
    assert posted({"promise": ["on"]}, section("promise")) == {"promise": True}
    assert posted({"domains": ["new-energy", "green-industry"], "task_scope": ["x"]}, section("domain")) == {
        "domains": ["new-energy", "green-industry"],
        "subjects": [],
        "task_scope": "x",
    }


def test_no_file_field_comes_out_of_a_posted_section():
    values = {"establishment_document": ["paper.pdf"], "managing_body_name": ["示例"]}
    assert posted(values, section("management")) == {"managing_body_name": "示例", "managers": []}
