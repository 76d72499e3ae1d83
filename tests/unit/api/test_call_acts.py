"""What the office does with a call through the API: extensions, papers of the notice; and the policy in time."""

import pytest

from casework.demonstration import CALL
from core.files import digest
from tests import cast
from tests.factories import a_pdf
from tests.unit.api.program import Program, as_person

pytestmark = pytest.mark.usefixtures("database")

NEW = {
    "code": "2027-1",
    "title": "2027年度第一批申报",
    "opens_at": "2027-03-01T09:00:00+08:00",
    "closes_at": "2027-04-15T18:00:00+08:00",
    "recommend_by": "2027-04-30T18:00:00+08:00",
}
LATER = {"closes_at": "2027-05-15T18:00:00+08:00", "recommend_by": "2027-05-30T18:00:00+08:00", "reasons": "系统维护。"}
EXTENSIONS = "calls/2027-1/extensions"
PAPERS = f"calls/{CALL}/attachments"
CHANGES = "policy/panel_size/changes"
SEVEN = {"value": 7, "effective_on": "2027-01-01", "source": "decision", "citation": "会议纪要第 3 号（示例）"}


def test_a_call_has_two_windows_and_says_which_papers_it_asks_for() -> None:
    made = as_person(cast.OFFICE).post("calls", NEW | {"materials": ["signed_promise"]})
    assert made["recommend_by"] == "2027-04-30T10:00:00Z"
    assert made["materials"] == ["signed_promise"]
    wrong = NEW | {"code": "2027-2", "recommend_by": NEW["opens_at"], "materials": ["photograph"]}
    problem = as_person(cast.OFFICE).refused("POST", "calls", 422, json=wrong)
    assert {e["pointer"] for e in problem["errors"]} == {"#/recommend_by", "#/materials"}


def test_a_deviation_without_a_decision_is_refused_and_says_from_what_it_deviates() -> None:
    problem = as_person(cast.OFFICE).refused("POST", "calls", 422, json=NEW | {"policy": {"panel_size": 9}})
    (error,) = problem["errors"]
    assert error["pointer"] == "#/decision"
    assert "专家评审委员会人数（单数）（现行 5，本批次 9）" in error["detail"]


def test_windows_are_extended_once_for_a_key_and_everybody_may_read_it() -> None:
    office = as_person(cast.OFFICE)
    office.post("calls", NEW)
    told = office.post(EXTENSIONS, LATER, Idempotency_Key="e1")
    assert told["closes_at"] == "2027-05-15T10:00:00Z"
    assert office.post(EXTENSIONS, LATER, Idempotency_Key="e1") == told
    extensions = Program().get(EXTENSIONS)
    assert [(one["number"], one["window"]["key"], one["was"]) for one in extensions] == [
        (1, "application", "2027-04-15T10:00:00Z"),
        (2, "recommendation", "2027-04-30T10:00:00Z"),
    ]
    again = office.refused("POST", EXTENSIONS, 422, json=LATER | {"reasons": ""})
    assert {e["pointer"] for e in again["errors"]} == {"#/closes_at", "#/recommend_by", "#/reasons"}
    as_person(cast.RECOMMENDER).refused("POST", EXTENSIONS, 403, json=LATER)


def test_papers_of_the_notice_are_added_by_the_office_and_read_by_everybody() -> None:
    office, paper = as_person(cast.OFFICE), {"file": ("申报通知.pdf", a_pdf(), "application/pdf")}
    told = office.send("POST", PAPERS, files=paper, status=201).json()
    assert (told["filename"], told["sha256"]) == ("申报通知.pdf", digest(a_pdf()))
    assert Program().get(PAPERS) == [told]
    assert Program().send("GET", f"{PAPERS}/{told['sha256']}", status=200).content == a_pdf()
    office.refused("POST", PAPERS, 409, files=paper)
    office.refused("POST", PAPERS, 415, files={"file": ("x.pdf", b"GIF89a", "application/pdf")})
    office.refused("DELETE", f"{PAPERS}/{told['sha256']}", 409)
    as_person(cast.APPLICANT).refused("POST", PAPERS, 403, files=paper)
    office.post("calls", NEW)
    later = office.send("POST", "calls/2027-1/attachments", files=paper, status=201).json()
    office.send("DELETE", f"calls/2027-1/attachments/{later['sha256']}", status=204)
    assert Program().get("calls/2027-1/attachments") == []


def test_the_policy_is_told_for_a_day_with_what_it_rests_on() -> None:
    office = as_person(cast.OFFICE)
    made = office.post(CHANGES, SEVEN, Idempotency_Key="p1")
    assert office.post(CHANGES, SEVEN, Idempotency_Key="p1") == made
    assert (made["confirmed"], made["recorded_by"], made["decided_at"]) == (None, "周敏示例", None)
    auditor = as_person(cast.AUDITOR)
    assert auditor.get(CHANGES) == [made]
    confirmation = f"{CHANGES}/{made['id']}/confirmation"
    assert "须由两人办理" in office.refused("POST", confirmation, 403)["detail"]
    told = as_person(cast.DECIDER).post(confirmation, Idempotency_Key="p2")
    assert as_person(cast.DECIDER).post(confirmation, Idempotency_Key="p2") == told
    assert (told["confirmed"], told["decided_by"]) == (True, "陈国示例")
    assert "已由陈国示例于" in as_person(cast.DECIDER).refused("POST", confirmation, 409)["detail"]
    assert auditor.get(CHANGES) == [told]
    before, after = (
        {one["key"]: one for one in auditor.get("policy", on=day)}["panel_size"] for day in ("2026-12-31", "2027-01-01")
    )
    assert (before["value"], before["source"]) == (5, "assumed")
    assert before["provenance"]["source"]["key"] == "assumed"
    assert (after["value"], after["source"]) == (7, SEVEN["citation"])
    assert after["provenance"]["effective_on"] == "2027-01-01"
    call = office.post("calls", NEW)
    assert {one["key"]: one for one in call["policy"]}["panel_size"] == after


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"value": 4, "citation": ""}, {"#/value", "#/citation"}),
        ({"value": "7"}, {"#/value"}),
        ({"source": "rumour"}, {"#/source"}),
        ({"effective_on": "2027-02-30"}, {"#/effective_on"}),
        ({"effective_on": "1999-01-01"}, {"#/effective_on"}),
    ],
    ids=["even and unfounded", "a text", "no ground", "no day", "too early"],
)
def test_every_fault_of_a_value_at_once(change: dict[str, object], pointers: set[str]) -> None:
    problem = as_person(cast.OFFICE).refused("POST", CHANGES, 422, json=SEVEN | change)
    assert {e["pointer"] for e in problem["errors"]} == pointers


def test_a_call_is_copied_without_its_windows() -> None:
    office, paper = as_person(cast.OFFICE), {"file": ("申报通知.pdf", a_pdf(), "application/pdf")}
    made = {"materials": ["signed_promise"], "policy": {"quota_in_all": 30}, "decision": "会议纪要第 3 号（示例）"}
    office.post("calls", NEW | made)
    told = office.send("POST", "calls/2027-1/attachments", files=paper, status=201).json()
    without = NEW | {"code": "2027-2", "copies": {"code": "2027-1"}}
    (error,) = office.refused("POST", "calls", 422, json=without)["errors"]
    assert error["pointer"] == "#/decision", "what differs from the policy needs its decision again"
    copy = office.post("calls", without | {"decision": "会议纪要第 5 号（示例）"})
    assert copy["materials"] == ["signed_promise"]
    assert {one["key"]: one["value"] for one in copy["policy"]}["quota_in_all"] == 30
    assert [one["sha256"] for one in Program().get("calls/2027-2/attachments")] == [told["sha256"]]
    bare = NEW | {"code": "2027-3", "copies": {"code": "2027-1", "quotas": False, "attachments": []}}
    assert {one["key"]: one["value"] for one in office.post("calls", bare)["policy"]}["quota_in_all"] == 0
    assert Program().get("calls/2027-3/attachments") == []
    unknown = NEW | {"code": "2027-4", "copies": {"code": "1999-9"}}
    (error,) = office.refused("POST", "calls", 422, json=unknown)["errors"]
    assert error["pointer"] == "#/copies"


def test_a_declined_value_never_counts_and_says_why() -> None:
    made = as_person(cast.OFFICE).post(CHANGES, SEVEN)
    refusal = f"{CHANGES}/{made['id']}/refusal"
    (error,) = as_person(cast.DECIDER).refused("POST", refusal, 422, json={"answer": " "})["errors"]
    assert error["pointer"] == "#/answer"
    told = as_person(cast.DECIDER).post(refusal, {"answer": "依据不足。"})
    assert (told["confirmed"], told["answer"]) == (False, "依据不足。")
    values = {one["key"]: one["value"] for one in as_person(cast.OFFICE).get("policy", on="2027-01-01")}
    assert values["panel_size"] == 5
    as_person(cast.AUDITOR).refused("POST", refusal, 403, json={"answer": "依据不足。"})
    as_person(cast.DECIDER).refused("POST", f"policy/review_days/changes/{made['id']}/confirmation", 404)


def test_a_withdrawn_value_never_counts_and_makes_room_for_another() -> None:
    office = as_person(cast.OFFICE)
    withdrawal = f"{CHANGES}/{office.post(CHANGES, SEVEN)['id']}/withdrawal"
    as_person(cast.DECIDER).refused("POST", withdrawal, 403)
    told = office.post(withdrawal, Idempotency_Key="w")
    assert office.post(withdrawal, Idempotency_Key="w") == told
    assert (told["confirmed"], told["withdrawn"], told["decided_by"]) == (False, True, "周敏示例")
    assert "撤回" in office.refused("POST", withdrawal, 409)["detail"]
    assert office.post(CHANGES, SEVEN)["confirmed"] is None


def test_only_the_office_writes_and_only_the_overseers_read() -> None:
    as_person(cast.DECIDER).refused("POST", CHANGES, 403, json=SEVEN)
    as_person(cast.APPLICANT).refused("GET", "policy", 403)
    as_person(cast.OFFICE).refused("POST", "policy/nothing/changes", 404, json=SEVEN)
    as_person(cast.OFFICE).refused("GET", "policy", 422, params={"on": "tomorrow"})
