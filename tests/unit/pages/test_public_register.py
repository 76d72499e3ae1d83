"""The register of bases, and what is known of a certificate."""

import re
from urllib.parse import quote
from uuid import UUID

import pytest

from casework.revocations import confirm, propose
from core import clock
from core.db import transaction
from core.files import digest
from models.certificate import Certificate, RegisterEntry
from tests import cast
from tests.unit.pages.visitor import Visitor, counted

UNKNOWN, VALID, REVOKED = "查无此证", "证书有效", "证书已撤销"


@pytest.fixture
def visitor(database):
    del database
    return Visitor()


def text_of(page):
    """What a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def listed(case_id: UUID, number: int, *, area: str = "420600") -> None:
    """Enter a base that has lost its certificate since; a case may have many of those."""
    with transaction() as session:
        one = Certificate(
            case_id=case_id,
            number=f"鄂继教基地〔2025〕{number:04}号",
            token=f"old-{number}",
            holder=f"示例第{number}培训中心",
            base_name=f"示例第{number}基地",
            credit_code="91420100MA4T000513",
            issued_on=clock.today(),
            revoked_at=clock.now(),
            revocation_reason="单位注销",
        )
        session.add(one)
        session.flush()
        session.add(
            RegisterEntry(
                certificate_id=one.id,
                name=one.holder,
                base_name=one.base_name,
                area_code=area,
                fields="biotechnology",
                published_on=clock.today(),
            )
        )


def test_an_empty_register_says_so(visitor):
    assert "名录中还没有基地" in visitor.get("/register").text
    assert "没有符合条件的基地" in visitor.get("/register?q=x").text


@pytest.mark.parametrize("words", ["'; DROP TABLE certificates; --", "%", "_", "<b>x</b>", "\x00", "a" * 5000])
def test_strange_words_find_nothing_and_harm_nothing(visitor, certificate, words):
    del certificate
    page = visitor.send("GET", "/register", params={"q": words})
    assert page.status_code == 200
    assert "<b>x</b>" not in page.text
    assert visitor.send("GET", "/verify", params={"q": words}).status_code in {200, 404}


def test_the_register_is_searched_by_name_number_and_area(visitor, certificate):
    listed(certificate.case_id, 7)
    assert certificate.base_name in visitor.get(f"/register?q={certificate.holder}").text
    assert certificate.base_name in visitor.get("/register?q=0001 江汉").text
    assert certificate.base_name not in visitor.get("/register?area=420600").text
    assert "示例第7基地" in visitor.get("/register?area=420600").text
    assert "已撤销" in visitor.page.text
    assert "没有符合条件的基地" in visitor.get("/register?area=999999").text


def test_the_register_is_read_page_by_page_and_nothing_is_left_out(visitor, certificate):
    for number in range(1, 30):
        listed(certificate.case_id, number)
    shown, path, pages = [], "/register?q=基地", 0
    while path:
        page = visitor.get(path).text
        shown += re.findall(r'class="title" href="/register/[^"]+">([^<]+)<', page)
        following = re.search(r'<a href="([^"]+)" rel="next">', page)
        path, pages = following[1].replace("&amp;", "&") if following else "", pages + 1
    assert pages == 2
    assert len(shown) == len(set(shown)) == 30


def test_a_full_page_of_the_register_costs_no_more_queries_than_a_line(visitor, certificate):
    with counted() as few:
        visitor.get("/register")
    for number in range(1, 15):
        listed(certificate.case_id, number)
    with counted() as many:
        visitor.get("/register")
    assert len(few) == len(many) == 3


def test_an_entry_shows_the_base_and_nothing_about_people(visitor, certificate):
    told = text_of(visitor.get(f"/register/{quote(certificate.number)}"))
    for said in (certificate.base_name, certificate.holder, certificate.credit_code, certificate.number, "有效"):
        assert said in told
    assert "孙示例" not in told
    assert visitor.get(f"/register/{certificate.token}").status_code == 404


def test_an_entry_says_when_the_certificate_is_revoked(visitor, certificate):
    listed(certificate.case_id, 7)
    page = visitor.get(f"/register/{quote('鄂继教基地〔2025〕0007号')}")
    assert "单位注销" in page.text
    assert "生物技术" in page.text


def test_a_number_or_a_check_code_leads_to_a_valid_certificate(visitor, certificate):
    for asked in (certificate.number, f"  {certificate.number} ", certificate.token):
        answer = visitor.send("GET", "/verify", params={"q": asked})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/verify/{certificate.token}")
    page = visitor.get(f"/verify/{certificate.token}")
    assert page.status_code == 200
    told = text_of(page)
    for said in (VALID, certificate.holder, certificate.base_name, certificate.number, certificate.sha256):
        assert said in told
    assert UNKNOWN not in told
    assert REVOKED not in told


def test_a_revoked_certificate_says_so_with_the_reason(visitor, certificate):
    with transaction() as session:
        office, decider = (cast.person(email, session) for email in (cast.OFFICE, cast.DECIDER))
        proposal = propose(session, certificate.number, "《行政许可法》第六十九条", "<b>弄虚作假</b>", by=office)
        confirm(session, proposal.id, by=decider)
    page = visitor.get(f"/verify/{certificate.token}")
    assert page.status_code == 200
    assert REVOKED in page.text
    assert VALID not in page.text
    assert "&lt;b&gt;弄虚作假&lt;/b&gt;" in page.text


def test_an_unknown_certificate_is_called_unknown_and_may_be_asked_again(visitor):
    for path in ("/verify?q=鄂继教基地〔2026〕9999号", "/verify/nothing"):
        page = visitor.get(path)
        assert page.status_code == 404
        assert UNKNOWN in page.text
        assert VALID not in page.text
        assert 'action="/verify"' in page.text
    assert visitor.get("/verify").status_code == 200


def test_the_file_that_was_issued_is_given_and_recognised(visitor, certificate):
    given = visitor.send("GET", f"/certificates/{certificate.token}.pdf")
    assert given.content.startswith(b"%PDF-")
    assert digest(given.content) == certificate.sha256
    assert given.headers["content-type"] == "application/pdf"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-disposition"].startswith("attachment;")
    assert quote(certificate.number) in given.headers["content-disposition"]
    visitor.get(f"/verify/{certificate.token}")
    form = visitor.form(f"/verify/{certificate.token}")
    assert "完全一致" in visitor.submit(form, files={"file": ("证书.pdf", given.content)}).text
    answer = visitor.submit(form, files={"file": ("证书.pdf", given.content + b" ")})
    assert answer.status_code == 200
    assert "不一致" in answer.text
    assert "完全一致" not in answer.text


def test_comparing_needs_a_file_and_a_certificate(visitor, certificate):
    visitor.get(f"/verify/{certificate.token}")
    form = visitor.form(f"/verify/{certificate.token}")
    answer = visitor.submit(form, files={"file": ("证书.pdf", b"")})
    assert answer.status_code == 422
    assert "空文件" in answer.text
    assert visitor.submit(form).status_code == 422
    assert "请上传证书文件" in visitor.page.text
    assert visitor.send("POST", "/verify/nothing").status_code == 404


def test_a_number_is_no_key_to_the_file(visitor, certificate):
    assert visitor.get(f"/certificates/{quote(certificate.number)}.pdf").status_code == 404


def test_a_verdict_is_told_in_english_as_well(certificate):
    reader = Visitor(**{"Accept-Language": "en"})
    assert "Valid certificate" in reader.get(f"/verify/{certificate.token}").text
    assert "Unknown certificate" in reader.get("/verify/nothing").text
