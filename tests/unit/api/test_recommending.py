"""Recommending and accepting through the API: check lists, scans, ranks, places, waiting, papers and notices."""

import io

import pytest
from python_calamine import CalamineWorkbook

from casework.demonstration import CALL, HOME
from core.clock import today
from regulation.checks import ACCEPTING, RECOMMENDING
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.stories.recommending import OTHER_BODY, another_clerk, body_id, others_apply, places, reference
from tests.stories.telling import Story
from tests.unit.api.program import Program, as_person

pytestmark = pytest.mark.usefixtures("database", "engine")
HERE = f"recommendations/{CALL}"


def yes_to(asked, **more):
    checks = {item.key: {"answer": "yes"} for item in asked}
    return {"outcome": "approved", "reasons": "同意。", "checks": checks} | more


def signed():
    return yes_to(RECOMMENDING, handled_by="刘经办示例", signed_by="高局长示例")


def duty(story: Story, kind: Duty = Duty.RECOMMEND) -> str:
    return f"assignments/{story.duty(kind).id}"


def brings_scan(person: Program, story: Story, status: int = 200, content: bytes | None = None):
    files = {"file": ("推荐意见.pdf", content or a_pdf(), "application/pdf")}
    return person.send("PUT", f"{duty(story)}/scan", files=files, status=status).json()


def test_recommended_and_accepted_with_everything_that_belongs_to_it(story: Story) -> None:
    story.under(acceptance_days=5)
    story.submits()
    clerk, office, applicant = map(as_person, (cast.RECOMMENDER, cast.OFFICE, cast.APPLICANT))
    refused = clerk.refused("POST", f"{duty(story)}/decision", 422, json={"outcome": "approved"})
    pointers = {one["pointer"] for one in refused["errors"]}
    assert {"#/scan", "#/handled_by", "#/signed_by", "#/checks/faculty"} <= pointers
    scan = brings_scan(clerk, story)
    clerk.post(f"{duty(story)}/decision", signed())
    story.turn()
    check = office.get(duty(story, Duty.CHECK_FORM))
    assert check["act"].endswith("/decision")
    assert [one["key"] for one in check["outcomes"]] == ["approved", "returned", "refused"]
    office.post(f"{duty(story, Duty.CHECK_FORM)}/decision", yes_to(ACCEPTING))
    story.turn()
    case = f"cases/{reference(story)}"
    first, second = office.get(f"{case}/examinations")["items"]
    assert (first["signed_by"], first["scan"]["sha256"], len(first["checks"])) == (
        "高局长示例", scan["sha256"], len(RECOMMENDING),
    )  # fmt: skip
    assert second["stage"]["key"] == "acceptance"
    assert clerk.send("GET", f"{case}/scans/{scan['sha256']}", status=200).content == a_pdf()
    applicant.refused("GET", f"{case}/examinations", 403)
    applicant.refused("GET", f"{case}/scans/{scan['sha256']}", 403)
    notice = applicant.get(f"{case}/notice")
    assert (notice["title"], notice["number"]) == ("受理通知书", f"鄂继教受〔{today().year}〕0001号")
    assert applicant.send("GET", f"{case}/notice/pdf", status=200).content.startswith(b"%PDF-")
    as_person(cast.OTHER_APPLICANT).refused("GET", f"{case}/notice", 404)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"checks": {"faculty": {"answer": "perhaps"}}}, "#/checks/faculty/answer"),
        ({"checks": {"faculty": {"answer": "no"}}}, "#/checks/faculty/note"),
        ({"checks": {"weather": {"answer": "yes"}}}, "#/checks/weather"),
        ({"signed_by": "长" * 51}, "#/signed_by"),
    ],
    ids=["answer", "note", "item", "name"],
)
def test_a_check_list_that_is_wrong(story: Story, change, pointer: str) -> None:
    story.submits()
    body = {"outcome": "refused", "reasons": "不符合条件。"} | change
    problem = as_person(cast.RECOMMENDER).refused("POST", f"{duty(story)}/decision", 422, json=body)
    assert pointer in {one["pointer"] for one in problem["errors"]}


def test_a_scan_is_put_replaced_and_taken_away(story: Story) -> None:
    story.submits()
    clerk = as_person(cast.RECOMMENDER)
    brings_scan(clerk, story)
    assert brings_scan(clerk, story, content=a_pdf(2))["size"] == len(a_pdf(2))
    clerk.send("DELETE", f"{duty(story)}/scan", status=204)
    clerk.refused("DELETE", f"{duty(story)}/scan", 404)
    assert brings_scan(clerk, story, 415, b"GIF89a")["code"] == "unsupported-file"
    brings_scan(as_person(cast.OFFICE), story, 403)
    brings_scan(as_person(another_clerk().email), story, 403)


def test_places_and_the_waiting_list(story: Story) -> None:
    story.submits()
    office, clerk = as_person(cast.OFFICE), as_person(cast.RECOMMENDER)
    given = {"quotas": [{"recommender": str(body_id(HOME)), "places": 1}]}
    told = {
        one["name"]: one for one in office.send("PUT", f"calls/{CALL}/quotas", json=given, status=200).json()["items"]
    }
    assert told[HOME]["places"] == {"given": 1, "used": 0, "left": 1}
    assert told[OTHER_BODY]["own"] is None
    assert clerk.refused("POST", f"{duty(story)}/waiting", 409)["detail"].startswith("推荐名额尚有剩余")
    (other,) = others_apply()
    clerk.post(f"{duty(story)}/decision", {"outcome": "approved"})
    refused = clerk.refused("POST", f"{duty(other)}/decision", 422, json={"outcome": "approved"})
    [fault] = refused["errors"]
    assert fault["pointer"] == "#/outcome"
    assert "1 个" in fault["detail"]
    waiting = clerk.post(f"{duty(other)}/waiting")
    assert (waiting["state"]["key"], waiting["place"]) == ("waiting", 1)
    files = clerk.get(HERE)["files"]
    assert [(one["case"], one["state"]["key"]) for one in files] == [
        (reference(story), "recommended"), (reference(other), "waiting"),
    ]  # fmt: skip


def test_places_are_the_offices_and_whole(story: Story) -> None:
    del story
    body = str(body_id(HOME))
    office = as_person(cast.OFFICE)
    as_person(cast.RECOMMENDER).refused("GET", f"calls/{CALL}/quotas", 403)
    assert as_person(cast.AUDITOR).get(f"calls/{CALL}/quotas")["items"]
    as_person(cast.AUDITOR).refused("PUT", f"calls/{CALL}/quotas", 403, json={"quotas": []})
    twice = {"quotas": [{"recommender": body, "places": 1}, {"recommender": body, "places": 2}]}
    office.refused("PUT", f"calls/{CALL}/quotas", 422, json=twice)
    wrong = office.refused("PUT", f"calls/{CALL}/quotas", 422, json={"quotas": [{"recommender": body, "places": -1}]})
    assert wrong["errors"][0]["pointer"] == f"#/places/{body}"
    office.refused("GET", "calls/none/quotas", 404)


def test_the_order_and_the_papers(story: Story) -> None:
    story.submits()
    (other,) = others_apply()
    clerk = as_person(cast.RECOMMENDER)
    clerk.refused("GET", f"{HERE}/letter", 404)
    story.recommends()
    other.recommends()
    one, two = reference(story), reference(other)
    clerk.send("PUT", f"{HERE}/ranking", json={"places": {two: 1, one: 2}}, status=200)
    assert [(f["place"], f["case"]) for f in clerk.get(HERE)["files"]] == [(1, two), (2, one)]
    wrong = clerk.refused("PUT", f"{HERE}/ranking", 422, json={"places": {one: 1, two: 1, "JD-2026-9999": 2}})
    assert {fault["pointer"] for fault in wrong["errors"]} == {f"#/places/{two}", "#/places/JD-2026-9999"}
    for paper in ("letter", "summary"):
        assert clerk.send("GET", f"{HERE}/{paper}", status=200).content.startswith(b"%PDF-")
    sheet = clerk.send("GET", f"{HERE}/spreadsheet", status=200)
    assert sheet.headers["content-type"].endswith("spreadsheetml.sheet")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == [two, one]
    as_person(cast.OFFICE).refused("GET", HERE, 403)
    places(HOME, 0)
    assert clerk.get(HERE)["own"] == {"given": 0, "used": 2, "left": 0}
