"""Objections on the pages: the public form, the secret link, the office's and the applicant's side of it."""

import io
import re
import shutil
import subprocess

import pytest
import time_machine
from PIL import Image
from sqlmodel import select

from core.db import reading
from models.objection import Objection, ObjectionFile
from models.publicity import PublicityItem
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.stories.objecting import FACTS, open_in_autumn
from tests.unit.pages.reviewing import ESCAPED, EVIL, at_the_door, duty_of, filed, quiet_bells, reference, through
from tests.unit.pages.visitor import Visitor

TYPED = {
    "kind": "person",
    "name": "示例举报人",
    "phone": "13800000000",
    "email": "yiyi@example.com",
    "facts": FACTS,
    "grounds": "附培训签到表复印件，与名册不符。",
}


def a_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def day(database):
    """Begin on the first day of the publicity."""
    del database
    with time_machine.travel("2026-09-28T02:00:00Z") as traveller, quiet_bells():
        yield traveller


@pytest.fixture
def story():
    """A case that is public from 28 September to 9 October."""
    open_in_autumn()
    told = through(filed(), "certification")
    told.under(publicity_days=5)
    told.certifies()
    told.publicises()
    return told


@pytest.fixture
def address(story):
    """Where one objects to the case."""
    with reading() as session:
        item = session.exec(select(PublicityItem).where(PublicityItem.case_id == story.case_id)).one()
    return f"/publicity/{item.publicity_id}/objections/{item.id}"


@pytest.fixture
def link(address):
    """The secret link of an objection that a person has filed."""
    return objects(Visitor(), address)


def objects(visitor, address, *, files=None, **changes):
    visitor.get(address)
    page = visitor.submit(visitor.form(address), TYPED | changes, files=files)
    assert page.status_code == 200, page.text
    with reading() as session:
        return f"/objections/{session.exec(select(Objection.token)).all()[-1]}"


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def words_of(pdf: bytes) -> str:
    """Return the words of a PDF without spaces and line breaks."""
    done = subprocess.run([shutil.which("pdftotext"), "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def the_objection():
    with reading() as session:
        return session.exec(select(Objection)).one()


def test_the_list_says_until_when_how_and_to_whom(address):
    page = Visitor().get(address.partition("/objections")[0])
    shown = text_of(page)
    for said in ("2026年9月28日 至 2026年10月9日（5 个工作日）", "江汉示例职业技术学院", "武汉市人力资源和社会保障局",
                 "匿名或没有具体事实的，不予受理", "湖北省人力资源和社会保障厅"):  # fmt: skip
        assert said in shown
    assert f'href="{address}"' in page.text
    assert "林晓" not in shown


def test_anonymous_or_without_facts_the_form_comes_back_with_the_rule(address):
    visitor = Visitor()
    visitor.get(address)
    page = visitor.submit(visitor.form(address), {"facts": "有问题", "grounds": EVIL})
    assert page.status_code == 422
    for rule in ("请选择以个人还是单位名义提出异议。", "请填写联系电话", "没有具体事实的异议不予受理"):
        assert rule in page.text
    assert ESCAPED in page.text, "what was typed is given back, and harmless"
    page = visitor.submit(visitor.form(address), TYPED | {"name": "匿名"})
    assert (page.status_code, "匿名异议不予受理" in page.text) == (422, True)
    with reading() as session:
        assert session.exec(select(Objection)).all() == []


def test_a_unit_objects_under_its_seal_with_evidence(address):
    files = {
        "sealed": ("异议书.pdf", a_pdf()),
        "evidence-1": ("签到表.png", a_picture()),
        "evidence-2": ("名册.pdf", a_pdf(2)),
    }
    link = objects(Visitor(), address, kind="unit", name="示例异议单位", contact="示例联系人", files=files)
    with reading() as session:
        kept = session.exec(select(ObjectionFile).order_by(ObjectionFile.filename)).all()
    assert [(one.filename, one.media_type, one.sealed) for one in kept] == [
        ("名册.pdf", "application/pdf", False),
        ("异议书.pdf", "application/pdf", True),
        ("签到表.png", "image/png", False),
    ]
    office = at_the_door(cast.OFFICE)
    page = office.get(f"/office/objections/{the_objection().id}")
    assert "示例联系人" in page.text
    file = re.search(r"/office/objections/[0-9a-f-]+/files/[0-9a-f-]+", page.text)[0]
    given = office.get(file)
    assert given.headers["content-disposition"].startswith("attachment")
    assert at_the_door(cast.APPLICANT).get(file).status_code == 403
    assert "异议〔2026〕0001号" in Visitor().get(link).text


def test_a_file_that_is_no_picture_is_refused(address):
    visitor = Visitor()
    visitor.get(address)
    page = visitor.submit(visitor.form(address), TYPED, files={"evidence-1": ("证据.png", b"MZ not a picture")})
    assert page.status_code == 422
    assert "不是 JPEG 或 PNG" in page.text


def test_outside_the_period_the_form_says_so(address, day):
    visitor = Visitor()
    visitor.get(address)
    form = visitor.form(address)
    day.move_to("2026-10-10T02:00:00Z")
    page = visitor.submit(form, TYPED)
    assert page.status_code == 409
    assert "公示期为 2026-09-28 至 2026-10-09" in page.text
    assert "现不在公示期内" in visitor.get(address).text
    assert "提出异议</a>" not in visitor.get(address.partition("/objections")[0]).text


def test_a_flood_from_one_address_is_stopped(address):
    visitor = Visitor()
    for _ in range(5):
        objects(visitor, address)
    visitor.get(address)
    page = visitor.submit(visitor.form(address), TYPED)
    assert (page.status_code, "尝试次数过多" in page.text) == (429, True)


def test_the_secret_link_shows_how_it_stands_and_names_nobody(link):
    page = Visitor().get(link)
    assert "待决定是否受理" in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    for private in ("示例举报人", "13800000000", "yiyi@example.com", FACTS):
        assert private not in page.text
    assert "异议回执" in words_of(Visitor().get(f"{link}/pdf").content)
    assert Visitor().get("/objections/guessed").status_code == 404
    assert Visitor().get("/objections/guessed/pdf").status_code == 404


def test_from_receipt_to_written_answer(story, link):
    office, applicant = at_the_door(cast.OFFICE), at_the_door(cast.APPLICANT)
    here = f"/office/objections/{the_objection().id}"
    told = f"/cases/{reference(story)}/objections/{the_objection().id}"
    assert applicant.get(told).status_code == 404, "not before it is taken up"
    assert "异议〔2026〕0001号" in office.get("/office/objections").text
    office.get(here)
    page = office.submit(office.form(with_value=("act", "accept")), {"gist": "示例举报人称培训人数不实。"})
    assert (page.status_code, "请删去" in page.text) == (422, True)
    page = office.submit(office.form(with_value=("act", "accept")), {"gist": "反映2025年度培训人数不实。"})
    assert "异议已受理" in page.text
    office.submit(office.form(with_value=("act", "note")), {"text": "已调阅签到表原件。"})
    page = applicant.get(told)
    assert "反映2025年度培训人数不实。" in page.text
    for private in ("示例举报人", "13800000000", FACTS):
        assert private not in page.text
    page = applicant.submit(applicant.form(told), {"statement": "名册系录入错误。"})
    assert "说明已提交。" in page.text
    page = office.get(here)
    assert "名册系录入错误。" in page.text
    page = office.submit(office.form(with_value=("act", "conclude")), {"result": "upheld"})
    assert (page.status_code, "请写明结论的理由" in page.text) == (422, True)
    typed = {"result": "upheld", "reasons": "经核查，六十人未参加培训。"}
    page = office.submit(office.form(with_value=("act", "conclude")), typed)
    assert "异议已办结" in page.text
    shown = text_of(Visitor().get(link))
    assert "异议成立" in shown
    assert "经核查，六十人未参加培训。" in shown
    answer = words_of(Visitor().get(f"{link}/pdf").content)
    for said in ("异议答复书", "异议成立", "经核查，六十人未参加培训", "湖北省人力资源和社会保障厅"):
        assert said in answer
    assert "办结异议 异议〔2026〕0001号" in text_of(applicant.get(f"/cases/{reference(story)}"))


def test_upheld_the_department_decides_again_on_its_page(story, link, day):
    test_from_receipt_to_written_answer(story, link)
    day.move_to("2026-10-10T02:00:00Z")
    story.time_passes()
    decider = at_the_door(cast.DECIDER)
    address = duty_of(story, Duty.RECONSIDER)
    page = decider.get(address)
    assert "名册系录入错误。" in page.text
    page = decider.submit(decider.form(address), {"outcome": "refused", "reasons": "异议成立。"})
    assert "复核结论已提交。" in page.text
    assert story.turn() == "Refused"


@pytest.mark.parametrize("email", [cast.APPLICANT, cast.RECOMMENDER, cast.CHAIR, cast.AUDITOR, cast.OPERATOR])
def test_who_objects_is_for_the_office_and_the_department_only(link, email):
    del link
    stranger = at_the_door(email)
    assert stranger.get("/office/objections").status_code == 403
    assert stranger.get(f"/office/objections/{the_objection().id}").status_code == 403
    assert at_the_door(cast.DECIDER).get(f"/office/objections/{the_objection().id}").status_code == 200
