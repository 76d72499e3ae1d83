"""Certificates: valid, revoked or unknown; and the register."""

import pytest
from sqlmodel import select

from core.db import reading
from models.certificate import Certificate
from tests import cast
from tests.stories.telling import Story
from tests.unit.api.program import Program, as_person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def certificate(story: Story) -> Certificate:
    story.submits()
    story.recommends()
    story.assembles_panel()
    story.review()
    story.concludes()
    story.assembles_team()
    story.inspect()
    story.certifies()
    with reading() as session:
        return session.exec(select(Certificate)).one()


def test_valid_then_revoked(certificate: Certificate) -> None:
    public, office = Program(), as_person(cast.OFFICE)
    for asked in (certificate.number, certificate.token):
        told = public.get(f"certificates/{asked}")
        assert (told["validity"], told["sha256"]) == ("valid", certificate.sha256)
    address = f"certificates/{certificate.number}/revocation"
    as_person(cast.DECIDER).refused("POST", address, 403, json={"reason": "不实"})
    empty = office.refused("POST", address, 422, json={"reason": " "})
    assert empty["errors"] == [{"pointer": "#/reason", "detail": "请填写撤销理由。"}]
    assert office.post(address, {"reason": "申报材料不实"}, Idempotency_Key="k")["validity"] == "revoked"
    assert office.post(address, {"reason": "申报材料不实"}, Idempotency_Key="k")["validity"] == "revoked"
    assert office.refused("POST", address, 409, json={"reason": "再次"})["detail"] == "该证书已撤销。"
    told = public.get(f"certificates/{certificate.token}")
    assert (told["validity"], told["revocation_reason"]) == ("revoked", "申报材料不实")
    assert told["revoked_at"].endswith("Z")
    base = public.get("register", q=certificate.base_name, area="420100")["items"][0]
    assert (base["number"], base["revoked"]) == (certificate.number, True)
    assert public.send("GET", told["pdf"], status=200).content.startswith(b"%PDF-")
    public.refused("GET", f"certificates/{certificate.number}/pdf", 404)


@pytest.mark.parametrize("asked", ["none", "鄂继教基地〔2026〕9999号", "%00", "' OR 1=1 --", "x" * 500])
def test_unknown(asked: str) -> None:
    problem = Program().refused("GET", f"certificates/{asked}", 404)
    assert problem["validity"] == "unknown"
    assert problem["detail"] == "没有这一编号或校验码的证书，请核对后重新查询。"
    Program().refused("GET", f"certificates/{asked}/pdf", 404)
    as_person(cast.OFFICE).refused("POST", f"certificates/{asked}/revocation", 404, json={"reason": "x"})


def test_the_register_page_by_page(certificate: Certificate) -> None:
    page = Program().send("GET", "register", params={"limit": 1}, status=200)
    assert [base["number"] for base in page.json()["items"]] == [certificate.number]
    assert page.json()["next"] == ""
    assert Program().get("register", q="无此基地")["items"] == []
