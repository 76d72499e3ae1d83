"""Phones, e-mails and birth dates are for those who need them; who judges the merit reads them hidden."""

import json
from datetime import timedelta
from subprocess import run

import pytest
import time_machine

from casework.access import Sight
from core.clock import now
from regulation.form.example import example
from regulation.form.masking import masked
from regulation.form.reading import changes
from tests import cast
from tests.unit.api.program import as_person, reference_of

EXAMPLE = example()
SECRET = [EXAMPLE[key] for key in ("legal_representative_phone", "contact_mobile", "contact_phone", "contact_email")]
SECRET += [row["born"] for row in EXAMPLE["teachers"]]
FULL = [cast.APPLICANT]
HIDDEN = [
    cast.RECOMMENDER, cast.OFFICE, cast.EXPERTS[0], cast.CHAIR, cast.INSPECTORS[0], cast.DECIDER, cast.AUDITOR,
]  # fmt: skip


@pytest.fixture
def reference(story):
    story.submits()
    story.recommends()
    story.assembles_panel()
    story.review()
    story.concludes()
    story.assembles_team()
    return reference_of(story.case_id)


@pytest.mark.parametrize("email", [*FULL, *HIDDEN])
def test_the_papers_as_each_may_read_them(reference, email, tmp_path):
    program = as_person(email)
    (filed,) = program.get(f"cases/{reference}/submissions")["items"]
    read = json.dumps(filed["content"], ensure_ascii=False)
    there = [secret for secret in SECRET if json.dumps(secret) in read]
    assert there == (SECRET if email in FULL else [])
    if email in HIDDEN:
        (whole,) = as_person(cast.APPLICANT).get(f"cases/{reference}/submissions")["items"]
        assert filed["content"] == masked(whole["content"])
        assert filed["content"]["contact_mobile"] == "130****0000"
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(program.send("GET", f"cases/{reference}/submissions/1/pdf", status=200).content)
    printed = run(["pdftotext", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    assert (EXAMPLE["contact_mobile"] in printed) == (email in FULL)
    assert ("个人信息已隐去" in printed) == (email in HIDDEN)


@pytest.mark.parametrize("email", [cast.OFFICE, cast.RECOMMENDER])
def test_who_says_why_reads_them_for_half_an_hour(reference, email):
    program, address = as_person(email), f"cases/{reference}/unmasking"
    assert program.refused("POST", address, 422, json={"purpose": " "})["errors"][0]["pointer"] == "#/purpose"
    with time_machine.travel(now()) as clock:
        shown = program.post(address, {"purpose": "联系申报单位核实申报内容"}, Idempotency_Key="k")
        assert program.post(address, {"purpose": "联系申报单位核实申报内容"}, Idempotency_Key="k") == shown
        (filed,) = program.get(f"cases/{reference}/submissions")["items"]
        assert filed["content"]["contact_mobile"] == EXAMPLE["contact_mobile"]
        (line,) = as_person(cast.AUDITOR).get("unmaskings", case=reference)["items"]
        assert line == shown
        clock.shift(timedelta(minutes=31))
        (filed,) = program.get(f"cases/{reference}/submissions")["items"]
        assert filed["content"]["contact_mobile"] == "130****0000"


@pytest.mark.parametrize("email", [cast.EXPERTS[0], cast.DECIDER, cast.AUDITOR, cast.APPLICANT])
def test_who_has_no_purpose_may_not_say_one(reference, email):
    as_person(email).refused("POST", f"cases/{reference}/unmasking", 403, json={"purpose": "想看看"})


def test_why_somebody_looked_is_not_for_the_applicant(reference):
    as_person(cast.OFFICE).post(f"cases/{reference}/unmasking", {"purpose": "联系异议人核实情况"})
    told = as_person(cast.APPLICANT).get(f"cases/{reference}")["timeline"]
    (line,) = (one for one in told if one["act"] == "personal-shown")
    assert line["by"] == "湖北省人力资源和社会保障厅"
    assert line["detail"] == {"body": "湖北省人力资源和社会保障厅"}


def test_whoever_sees_nothing_in_particular_sees_nothing_personal():
    assert not Sight(papers=True).personal


def test_a_difference_says_that_a_phone_changed_and_not_how():
    before, after = {"contact_mobile": "13800005678"}, {"contact_mobile": "13900005678"}
    assert [(c.before, c.after) for c in changes(before, after, personal=False)] == [("138****5678", "139****5678")]
    old, new = ({"teachers": [{"name": "示例甲", "born": born}]} for born in ("1975-03", "1975-04"))
    assert [(c.before, c.after) for c in changes(old, new, personal=False)] == [("1975-**", "1975-**")]
    assert [(c.before, c.after) for c in changes(old, new)] == [("1975年3月", "1975年4月")]


@pytest.mark.parametrize(
    ("key", "answer", "shown"),
    [
        ("contact_mobile", "13812345678", "138****5678"),
        ("contact_mobile", "+86 13812345678", "138****5678"),
        ("contact_phone", "027-87654321", "027-****4321"),
        ("contact_phone", "400-123-4567", "****"),
        ("contact_phone", "问门卫", "****"),
        ("contact_fax", "", ""),
        ("contact_email", "sun@example.com", "s***@example.com"),
        ("contact_email", "sun", "****"),
        ("unit_name", "13812345678", "13812345678"),
    ],
)
def test_how_answers_are_hidden(key, answer, shown):
    assert masked({key: answer}) == {key: shown}
