"""Certificates: valid, revoked or unknown; and the register."""

import pytest

from models.certificate import Certificate
from tests import cast
from tests.unit.api.program import Program, as_person

pytestmark = pytest.mark.usefixtures("database")


def test_valid_then_revoked(certificate: Certificate) -> None:
    public, office = Program(), as_person(cast.OFFICE)
    for asked in (certificate.number, certificate.token):
        told = public.get(f"certificates/{asked}")
        assert (told["validity"], told["sha256"]) == ("valid", certificate.sha256)
    address = f"certificates/{certificate.number}/revocation"
    given = {"basis": "《行政许可法》第六十九条", "reason": "申报材料不实"}
    as_person(cast.DECIDER).refused("POST", address, 403, json=given)
    empty = office.refused("POST", address, 422, json={"basis": "", "reason": " "})
    assert [error["pointer"] for error in empty["errors"]] == ["#/basis", "#/reason"]
    proposal = office.post(address, given, Idempotency_Key="k")
    assert office.post(address, given, Idempotency_Key="k") == proposal
    assert (proposal["confirmed"], proposal["proposed_by"]) == (None, "周敏示例")
    assert office.refused("POST", address, 409, json=given)["detail"].startswith("该证书已有待确认的撤销提议")
    assert public.get(f"certificates/{certificate.token}")["validity"] == "valid"
    decision, decider = f"revocations/{proposal['id']}/confirmation", as_person(cast.DECIDER)
    office.refused("POST", decision, 403)
    assert decider.post(decision, Idempotency_Key="k")["validity"] == "revoked"
    assert decider.post(decision, Idempotency_Key="k")["validity"] == "revoked"
    assert "陈国示例" in decider.refused("POST", decision, 409)["detail"]
    assert office.refused("POST", address, 409, json=given)["detail"] == "该证书已撤销。"
    assert [one["decided_by"] for one in decider.get("revocations")["items"]] == ["陈国示例"]
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
    as_person(cast.OFFICE).refused("POST", f"certificates/{asked}/revocation", 404, json={"basis": "x", "reason": "x"})


def test_the_register_page_by_page(certificate: Certificate) -> None:
    page = Program().send("GET", "register", params={"limit": 1}, status=200)
    assert [base["number"] for base in page.json()["items"]] == [certificate.number]
    assert page.json()["next"] == ""
    assert Program().get("register", q="无此基地")["items"] == []


def test_declined_it_stays_valid_and_may_be_proposed_again(certificate: Certificate) -> None:
    office, decider = as_person(cast.OFFICE), as_person(cast.DECIDER)
    address = f"certificates/{certificate.number}/revocation"
    given = {"basis": "《行政许可法》第六十九条", "reason": "申报材料不实"}
    refusal = f"revocations/{office.post(address, given)['id']}/refusal"
    decider.refused("POST", refusal, 422, json={"answer": " "})
    declined = decider.post(refusal, {"answer": "证据不足。"})
    assert (declined["confirmed"], declined["answer"]) == (False, "证据不足。")
    assert Program().get(f"certificates/{certificate.token}")["validity"] == "valid"
    assert office.post(address, given)["confirmed"] is None
    decider.refused("POST", "revocations/6f9a1f6e-8a52-4a3e-9f38-3c1c53f5a0d1/confirmation", 404)
