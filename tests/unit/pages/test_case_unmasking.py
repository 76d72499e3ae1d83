"""Personal data on the pages: hidden, shown for half an hour to who says why, and looked through by others."""

import re
from datetime import timedelta
from hashlib import sha256
from zipfile import ZipFile, is_zipfile

import pytest
import time_machine
from sqlmodel import select

from core.clock import now
from core.db import reading
from models.journal import JournalEntry
from regulation.form.example import example
from tests import cast
from tests.unit.pages.reviewing import at_the_door, filed, quiet_bells, reference
from tests.unit.pages.visitor import Visitor

MOBILE, HIDDEN = example()["contact_mobile"], "130****0000"
WHY = "联系申报单位核实申报内容"


@pytest.fixture(autouse=True)
def clock(database):
    del database
    with time_machine.travel(now()) as traveller, quiet_bells():
        yield traveller


@pytest.fixture
def case():
    """Where a case is that waits for its recommendation."""
    return f"/cases/{reference(filed())}"


def asks(visitor: Visitor, case: str, why: str):
    visitor.get(case)
    return visitor.submit(visitor.form(f"{case}/unmasking"), {"purpose": why})


@pytest.mark.parametrize("email", [cast.OFFICE, cast.RECOMMENDER])
def test_hidden_until_somebody_says_why_and_again_half_an_hour_later(case, clock, email):
    visitor = at_the_door(email)
    papers = visitor.get(f"{case}/papers/1").text
    assert HIDDEN in papers
    assert MOBILE not in papers
    assert "个人信息已隐去" in papers
    assert asks(visitor, case, WHY).status_code == 200
    assert "正在显示个人信息" in visitor.page.text
    assert MOBILE in visitor.get(f"{case}/papers/1").text
    assert (
        MOBILE
        not in at_the_door(cast.OFFICE if email != cast.OFFICE else cast.RECOMMENDER).get(f"{case}/papers/1").text
    )
    clock.shift(timedelta(minutes=31))
    assert MOBILE not in visitor.get(f"{case}/papers/1").text


def test_asked_on_the_papers_one_comes_back_to_the_papers(case):
    office = at_the_door(cast.OFFICE)
    papers = f"{case}/papers/1"
    office.get(papers)
    assert office.submit(office.form(f"{case}/unmasking"), {"purpose": ""}).status_code == 422
    office.submit(office.form(f"{case}/unmasking"), {"purpose": WHY})
    assert str(office.page.url).endswith(papers)
    assert MOBILE in office.page.text
    assert "个人信息显示至" in office.page.text


def test_one_comes_back_to_our_own_pages_alone(case):
    office = at_the_door(cast.OFFICE)
    office.get(case)
    office.submit(office.form(f"{case}/unmasking"), {"purpose": WHY, "back": "https://elsewhere.example/"})
    assert str(office.page.url).endswith(case)


def test_without_a_reason_nothing_is_shown(case):
    office = at_the_door(cast.OFFICE)
    assert asks(office, case, "  ").status_code == 422
    assert "请填写" in office.page.text
    assert MOBILE not in office.get(f"{case}/papers/1").text


def test_addresses_of_letters_are_hidden_too(case):
    office = at_the_door(cast.OFFICE)
    assert cast.APPLICANT not in office.get(case).text
    asks(office, case, WHY)
    assert cast.APPLICANT in office.get(case).text


def test_the_applicant_asks_nobody_and_reads_that_somebody_looked_not_why(case):
    applicant = at_the_door(cast.APPLICANT)
    assert MOBILE in applicant.get(f"{case}/papers/1").text
    asks(at_the_door(cast.OFFICE), case, WHY)
    told = applicant.get(case).text
    assert "查看申报材料中的个人信息" in told
    assert WHY not in told
    assert "周敏示例" not in told


def test_who_looked_is_looked_through_by_others(case):
    for email in (cast.OFFICE, cast.RECOMMENDER):
        asks(at_the_door(email), case, WHY)
    for email in (cast.AUDITOR, cast.DECIDER):
        reader = at_the_door(email)
        assert names(reader.get("/office/unmaskings").text) == ["王芳示例", "周敏示例"], "the latest first"
        assert WHY in reader.page.text
        reference = case.rpartition("/")[2]
        assert names(reader.get(f"/office/unmaskings?case={reference}&person=周敏").text) == ["周敏示例"]
        assert names(reader.get("/office/unmaskings?person=武汉市").text) == ["王芳示例"], "by the body"
        assert "没有符合条件的查看记录" in reader.get("/office/unmaskings?case=JD-2000-0001").text
    for email in (cast.OFFICE, cast.RECOMMENDER, cast.OPERATOR):
        assert at_the_door(email).get("/office/unmaskings").status_code == 403


def names(listed: str) -> list[str]:
    return re.findall(r"<a href=\"/office/unmaskings[^>]*>([^<]*示例)</a>", listed)


def test_the_archive_package_is_given_when_it_is_known_why(case, tmp_path):
    office = at_the_door(cast.OFFICE)
    refused = office.get(f"{case}/archive")
    assert refused.status_code == 409
    assert "填写事由" in refused.text
    asks(office, case, "移交档案室归档")
    package = tmp_path / "package.zip"
    package.write_bytes(office.get(f"{case}/archive").content)
    assert is_zipfile(package)
    with ZipFile(package) as taken:
        manifest = sha256(taken.read("manifest.json")).hexdigest()
    with reading() as session:
        (line,) = session.exec(select(JournalEntry).where(JournalEntry.act == "package-taken"))
    assert (line.by, line.detail) == (cast.person(cast.OFFICE).id, {"manifest": manifest})
    assert "下载归档包" in at_the_door(cast.AUDITOR).get(case).text
    assert "下载归档包" not in at_the_door(cast.APPLICANT).get(case).text
