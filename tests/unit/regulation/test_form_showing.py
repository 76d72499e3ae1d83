from copy import deepcopy

import pytest

from core.i18n import language
from regulation.form.definition import FORM
from regulation.form.example import example
from regulation.form.field import Kind
from regulation.form.reading import Change, changed, changed_keys, changes, cleaned, shown


@pytest.fixture
def english():
    token = language.set("en")
    yield
    language.reset(token)


def fields_of(content):
    return {one.key: one for part in shown(content) for one in part.fields}


def test_everything_asked_is_shown_in_order():
    parts = shown(example())
    assert [(part.number, part.title) for part in parts] == [(part.number, part.title) for part in FORM]
    assert [one.key for one in parts[0].fields] == [f.key for f in FORM[0].fields if f.kind is not Kind.FILE]


def test_answers_are_shown_in_words():
    found = fields_of(example())
    assert found["unit_nature"].text == "事业单位"
    assert found["area"].text == "武汉市"
    assert found["domains"].text == "新一代信息技术、高端装备"
    assert found["founded_on"].text == "1998年9月1日"
    assert found["training_since"].text == "2006"
    assert found["promise"].text == "是"
    assert found["host_name"].text == ""
    assert "other_domain" not in found


def test_tables_have_headings_units_and_words():
    table = fields_of(example())["teachers"].table
    assert [heading.title for heading in table.headings][:4] == ["姓名", "专职或兼职", "性别", "出生年月"]
    assert table.rows[0][1:5] == ("专职", "男", "1971年3月", "博士研究生")
    years = fields_of(example())["training_years"].table
    assert (years.headings[3].unit, years.headings[3].numeric, years.headings[0].numeric) == ("人", True, False)
    assert "," not in years.rows[0][0]


def test_lines_of_the_summary_are_named():
    table = fields_of(example())["faculty_summary"].table
    assert [row[0] for row in table.rows] == ["专职", "兼职"]
    assert len(table.headings) == len(table.rows[0]) == 8


def test_large_figures_are_grouped_and_wrong_ones_shown_as_typed():
    content = cleaned({"training_years": [{"attendances": 12345, "specialists": "很多", "year": "去年"}]})
    (row,) = fields_of(content)["training_years"].table.rows
    assert row[:4] == ("去年", "", "12,345", "很多")


def test_an_empty_form_can_be_read():
    found = fields_of({})
    assert found["unit_name"].text == ""
    assert found["teachers"].table is None


@pytest.mark.usefixtures("english")
def test_the_form_is_read_in_english():
    found = fields_of(example())
    assert found["founded_on"].text == "1998-09-01"
    assert found["domains"].text == "New-generation information technology, High-end equipment"
    assert found["teachers"].table.rows[0][3] == "1971-03"
    assert found["faculty_summary"].table.rows[1][0] == "Part-time"


def test_nothing_changed():
    assert changed(example(), example()) == []
    assert changed({}, {"unit_name": "", "promise": False, "managers": [], "domains": []}) == []
    assert changed({}, cleaned({"faculty_summary": []})) == []


def test_changed_fields_are_named_in_order():
    after = example() | {"website": "", "unit_name": "另一所示例学院", "promise": False}
    assert changed_keys(example(), after) == ["unit_name", "website", "promise"]
    assert changed(example(), after) == ["申报单位名称（全称）", "单位网址", "真实性承诺"]


def test_a_change_says_where_and_what():
    after = example() | {"unit_nature": "enterprise", "promise": False}
    assert changes(example(), after) == [
        Change("unit_nature", "“单位性质”", "事业单位", "企业"),
        Change("promise", "“真实性承诺”", "是", "否"),
    ]


def test_a_changed_cell_is_named_by_its_row():
    after = deepcopy(example())
    after["training_years"][1]["specialists"] = 1700
    assert changes(example(), after) == [
        Change("training_years.1.specialists", "“逐年培训业绩”第 2 行“专业技术人才人数”", "620", "1,700")
    ]


def test_a_row_that_came_in_front_is_one_change():
    after = deepcopy(example())
    after["managers"].insert(0, {"name": "新人示例", "employment": "part-time"})
    assert changes(example(), after) == [Change("managers.0", "“管理人员”第 1 行", "", "新人示例 · 兼职")]
    assert changes(after, example()) == [Change("managers.0", "“管理人员”第 1 行", "新人示例 · 兼职", "")]


def test_a_changed_line_of_the_summary_is_named():
    after = deepcopy(example())
    after["faculty_summary"][1]["senior"] = 4
    assert [(one.path, one.label) for one in changes(example(), after)] == [
        ("faculty_summary.1.senior", "“师资汇总”兼职行“正高级”")
    ]


def test_money_has_two_decimals():
    found = fields_of(example())
    assert found["funding_years"].table.rows[0][1:] == ("60.00", "20.50", "85.75", "166.25")
    assert found["funding_promised"].text == "80.00 万元/年"
    assert found["building_area"].text == "42,000.5 平方米"


def test_what_was_filed_before_the_form_grew_is_shown_and_compared():
    old = {key: value for key, value in example().items() if key not in GROWN}
    assert len(shown(old)) == len(FORM)
    assert changes(old, old) == []
    assert {change.path.partition(".")[0] for change in changes(old, example())} == GROWN - EMPTY_IN_EXAMPLE


GROWN = {
    asked.key
    for part in FORM
    if part.key in {"systems", "facilities", "funds", "plan", "reasons", "enclosures"}
    for asked in part.fields
    if asked.kind is not Kind.FILE
} | {"projects", "partners"}
EMPTY_IN_EXAMPLE = {"lease_starts_on", "lease_ends_on"}
