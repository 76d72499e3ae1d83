from dataclasses import fields

import pytest

from core.i18n import catalogue
from regulation.form.definition import ANSWERS, ATTACHMENTS, FIELDS, FORM, field, section
from regulation.form.field import Kind
from regulation.policy import Policy

EVERY = [(one, None) for one in FIELDS.values()] + [(column, one) for one in FIELDS.values() for column in one.columns]


def named(value):
    return value.key if value else "field"


def test_sections_stand_in_the_order_of_the_paper():
    assert [part.number for part in FORM] == [
        "一",
        "二",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
        "十",
        "十一",
        "十二",
    ]
    assert sum(len(part.fields) for part in FORM) == len(FIELDS)
    assert section("faculty").number == "四"


@pytest.mark.parametrize(("one", "table"), EVERY, ids=named)
def test_every_field_has_a_source_and_english(one, table):
    assert (table or one).source
    english = catalogue("en")
    assert one.title in english
    for text in (one.hint, one.unit, *one.row_titles, *one.choice_titles.values()):
        assert text in {"", "%"} or text in english


@pytest.mark.parametrize(("one", "table"), EVERY, ids=named)
def test_every_field_is_declared_soundly(one, table):
    assert bool(one.choices) == (one.kind in {Kind.CHOICE, Kind.CHOICES})
    assert len(one.choice_titles) == len(one.choices)
    assert bool(one.columns) == (one.kind is Kind.ROWS)
    assert len({column.key for column in one.columns}) == len(one.columns)
    assert one.least <= one.most
    assert one.key.replace("_", "").isalnum()
    assert len(one.key) <= 40
    if table:
        assert one.kind not in {Kind.ROWS, Kind.FILE}
        assert one.when is None


def test_every_table_has_one_rule_for_its_rows():
    parameters = {parameter.name for parameter in fields(Policy)}
    for one in FIELDS.values():
        rules = [bool(one.row_titles), bool(one.rows_by), bool(one.rows_least)]
        assert sum(rules) == (one.kind is Kind.ROWS)
        assert one.rows_by in parameters | {""}


def test_conditions_name_an_answer_that_is_offered():
    for one in FIELDS.values():
        if one.when:
            assert one.when.answer in FIELDS[one.when.field].choice_titles


def test_papers_are_attached_and_not_part_of_the_content():
    assert [one.key for one in ATTACHMENTS if one.required] == [
        "registration_certificate",
        "qualification_certificate",
        "establishment_document",
        "systems_compilation",
        "premises_proof",
        "practice_agreement",
        "safety_proof",
        "funding_promise_document",
        "training_evidence",
        "signed_promise",
    ]
    assert not {one.key for one in ATTACHMENTS} & set(ANSWERS)


def test_nobody_is_asked_for_an_id_card_number():
    assert not [one.key for one, _ in EVERY if "身份证" in one.title]
    assert field("teachers").column("born").kind is Kind.MONTH


def test_unknown_words_are_none():
    with pytest.raises(KeyError):
        field("nothing")
    with pytest.raises(KeyError):
        section("nothing")
    with pytest.raises(KeyError):
        field("teachers").column("nothing")
