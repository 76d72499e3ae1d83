"""A whole case through the API alone: from signing in to the certificate's PDF."""

import pytest

from casework.demonstration import CALL, HOME
from casework.inspections import ITEMS
from core.clock import today
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from tests import cast
from tests.factories import a_pdf
from tests.unit.api.program import Engine, Program, signed_in, turn

YES = {"outcome": "approved", "reasons": "符合规定条件。"}
CODE = "12420000000000019Q"


def test_from_sign_in_to_certificate(engine: Engine) -> None:
    applicant = signed_in(cast.APPLICANT)
    reference = submitted(applicant)
    assert turn(reference) == "Awaiting local review"
    acts(cast.RECOMMENDER, reference, "decision", YES)
    assert turn(reference) == "Awaiting expert review"
    names(reference, ["黄主任示例", "赵教授示例", "钱教授示例"])
    turn(reference)
    for email in (cast.CHAIR, *cast.EXPERTS):
        acts(email, reference, "review", {"score": 88, "recommendation": "pass", "opinion": "材料齐全，条件具备。"})
        assert turn(reference) == "Awaiting expert review"
    acts(cast.CHAIR, reference, "decision", YES)
    assert turn(reference) == "Awaiting site inspection"
    names(reference, ["何考察示例", "马考察示例"])
    turn(reference)
    findings = {item: {"declared": "如申报表", "found": "一致", "matches": True} for item in ITEMS}
    visit = {"visited_on": today().isoformat(), "summary": "实地察看教室与实训场所。", "findings": findings}
    acts(cast.INSPECTORS[0], reference, "inspection", YES | visit)
    assert turn(reference) == "Awaiting certification"
    acts(cast.DECIDER, reference, "decision", YES, wanted="queue")
    assert turn(reference) == "Certified"

    assert {run["tags"][0] for run in engine.heard} == {reference}
    assert len(engine.heard) == 10
    closed = applicant.get(f"cases/{reference}")
    assert closed["outcome"]["key"] == "approved"
    assert closed["turns"] == []
    verified = Program().get(f"certificates/{closed['certificate']}")
    assert verified["validity"] == "valid"
    pdf = Program().send("GET", verified["pdf"], status=200)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert [base["number"] for base in Program().get("register", q="江汉")["items"]] == [verified["number"]]


@pytest.mark.usefixtures("engine")
def test_a_correction_through_the_api() -> None:
    applicant = signed_in(cast.APPLICANT)
    reference = submitted(applicant)
    turn(reference)
    back = {"outcome": "returned", "reasons": "名册不全。", "corrections": ["补充近三年培训名册。"]}
    acts(cast.RECOMMENDER, reference, "decision", back)
    turn(reference)
    case = applicant.get(f"cases/{reference}")
    assert [turn["duty"] for turn in case["turns"]] == ["补正申报材料"]
    assert case["decisions"][-1]["corrections"] == ["补充近三年培训名册。"]
    address = f"applications/{case['application_id']}"
    assert applicant.get(address)["editable"] is True
    mended = edited(applicant, address, {"postcode": "430070"})
    filed = applicant.post(f"{address}/submission", If_Match=mended)
    assert filed["number"] == 2
    assert applicant.get(address)["editable"] is False
    assert turn(reference) == "Awaiting local review"
    versions = as_filed(applicant, reference)
    assert [version["content"]["postcode"] for version in versions] == ["430000", "430070"]


def submitted(applicant: Program) -> str:
    bureau = next(b for b in applicant.get("recommenders")["items"] if b["name"] == HOME)
    made = applicant.post("applications", {"call": CALL, "recommender_id": bureau["id"]})
    address = f"applications/{made['id']}"
    version = edited(applicant, address, example("江汉示例职业技术学院", credit_code=CODE))
    for field in ATTACHMENTS:
        file = {"file": (f"{field.title}.pdf", a_pdf(), "application/pdf")}
        applicant.send("PUT", f"{address}/attachments/{field.key}", files=file, status=200)
    whole = applicant.send("GET", address, status=200)
    assert all(section["complete"] for section in whole.json()["sections"])
    assert version != whole.headers["etag"]
    filed = applicant.send("POST", f"{address}/submission", headers={"If-Match": whole.headers["etag"]}, status=201)
    assert filed.headers["location"] == f"/api/v1/cases/{filed.json()['case']}"
    return str(filed.json()["case"])


def edited(applicant: Program, address: str, changes: dict[str, object]) -> str:
    seen = applicant.send("GET", address, status=200).headers["etag"]
    saved = applicant.send("PATCH", address, json=changes, headers={"If-Match": seen}, status=200)
    assert saved.headers["etag"] != seen
    return saved.headers["etag"]


def acts(email: str, reference: str, act: str, body: dict[str, object], wanted: str = "inbox") -> None:
    person = signed_in(email)
    mine = [a for a in person.get("assignments", list=wanted)["items"] if a["case"] == reference]
    assert [a["act"].rpartition("/")[2] for a in mine] == [act]
    recorded = person.post(mine[0]["act"], body)
    assert recorded["case"] == reference


def names(reference: str, people: list[str]) -> None:
    office = signed_in(cast.OFFICE)
    duty = office.get("assignments", list="queue")["items"][0]
    known = {c["name"]: c["id"] for c in office.get(f"assignments/{duty['id']}/candidates")["items"]}
    members = [known[name] for name in people]
    assert office.post(duty["act"], {"members": members, "leader": members[0]})["case"] == reference


def as_filed(reader: Program, reference: str) -> list[dict[str, dict[str, str]]]:
    return list(reader.get(f"cases/{reference}/submissions")["items"])
