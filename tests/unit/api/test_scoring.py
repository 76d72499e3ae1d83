"""The sheet, drafts, results, questions and two more experts through the API."""

from datetime import timedelta

import pytest

from casework.calls import NewCall, open_call
from casework.demonstration import CALL
from core.clock import now
from core.db import transaction
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.sheet import DEFAULT
from tests import cast
from tests.stories.scoring import GOOD, RULES, by_sheet, further_experts, scores, votes
from tests.stories.telling import Story
from tests.unit.api.program import Program, as_person, reference_of

pytestmark = pytest.mark.usefixtures("database", "engine")
PANEL = [cast.CHAIR, *cast.EXPERTS]
REMARKS = dict.fromkeys(GOOD, "理由见申报材料。")


@pytest.fixture
def panel(story: Story) -> Story:
    """A case before its panel, to be scored by the sheet."""
    story.under(**RULES)
    by_sheet(story)
    story.submits()
    story.recommends()
    story.assembles_panel()
    return story


def duty_of(story: Story, email: str) -> str:
    return f"assignments/{story.duty(Duty.REVIEW, email).id}"


def test_the_sheet_of_a_call_is_public_and_the_offices_until_it_opens() -> None:
    opens = now() + timedelta(days=7)
    with transaction() as session:
        new = NewCall("2027-1", "2027年度第一批", "", opens, opens + timedelta(days=45))
        open_call(session, new, by=cast.person(cast.OFFICE, session))
    told = Program().get("calls/2027-1/sheet")
    assert [item["key"] for group in told["groups"] for item in group["items"]] == [i.key for i in DEFAULT.items]
    assert told["editable"] is True
    assert Program().get(f"calls/{CALL}/sheet")["groups"] == []
    office = as_person(cast.OFFICE)
    half = {"groups": [{"title": "一", "items": [{"title": "甲", "points": 50, "source": "Art. 4"}]}]}
    problem = office.refused("PUT", "calls/2027-1/sheet", 422, json=half)
    assert problem["errors"] == [{"pointer": "#/items", "detail": "各项分值之和应为 100 分。"}]
    whole = {"groups": [{"title": "一", "items": [{"title": "甲", "points": 100, "source": "Art. 4"}]}]}
    assert office.send("PUT", "calls/2027-1/sheet", json=whole, status=200).json()["groups"][0]["points"] == 100
    office.send("DELETE", "calls/2027-1/sheet", status=204)
    assert Program().get("calls/2027-1/sheet")["groups"] == []
    as_person(cast.AUDITOR).refused("PUT", "calls/2027-1/sheet", 403, json=whole)
    office.refused("PUT", f"calls/{CALL}/sheet", 409, json=whole)


def test_marked_item_by_item(panel: Story) -> None:
    expert = as_person(cast.EXPERTS[0])
    here = f"{duty_of(panel, cast.EXPERTS[0])}/review"
    body = {"recommendation": "pass", "opinion": "条件具备。", "marks": GOOD | {"faculty": 11}, "remarks": REMARKS}
    problem = expert.refused("POST", here, 422, json=body | {"score": 90})
    assert {error["pointer"] for error in problem["errors"]} == {"#/marks/faculty", "#/score"}
    expert.post(here, body | {"marks": GOOD})
    (told,) = expert.get(f"cases/{reference_of(panel.case_id)}/reviews")["items"]
    assert (told["score"], told["marks"], told["agrees"]) == (sum(GOOD.values()), GOOD, True)


def test_a_draft_with_its_version(panel: Story) -> None:
    expert, here = as_person(cast.EXPERTS[0]), f"{duty_of(panel, cast.EXPERTS[0])}/draft"
    assert expert.get(here) == {"typed": {}, "version": 0, "saved_at": None}
    body = {"typed": {"marks.faculty": "8", "opinion": "初稿"}}
    kept = expert.send("PUT", here, json=body, headers={"If-Match": '"0"'}, status=200).json()
    assert (kept["version"], kept["typed"]) == (1, body["typed"])
    expert.refused("PUT", here, 412, json={"typed": {"opinion": "另一稿"}}, headers={"If-Match": '"0"'})
    expert.refused("PUT", here, 428, json=body)
    as_person(cast.EXPERTS[1]).refused("GET", here, 403)


def test_what_the_reviews_come_to_and_two_more_experts(panel: Story) -> None:
    here = f"cases/{reference_of(panel.case_id)}"
    office = as_person(cast.OFFICE)
    assert office.get(f"{here}/results")["items"] == []
    for email, advice in zip(PANEL, ("pass", "pass", "fail"), strict=True):
        scores(panel, email, GOOD, advice)
    (told,) = office.get(f"{here}/results")["items"]
    assert (told["passed"], told["pivotal"], told["yes"], told["seats"], told["resolution"]) == (True, 2, 2, 3, "")
    votes_rule = next(check for check in told["checks"] if check["rule"]["key"] == "votes")
    assert (votes_rule["figure"], votes_rule["threshold"], votes_rule["met"]) == ("66.66", "66.6", True)
    as_person(cast.APPLICANT).refused("GET", f"{here}/results", 403)
    nobody = office.refused("POST", f"{here}/panel", 422, json={"members": []})
    assert nobody["errors"][0]["pointer"] == "#/members"
    emails = further_experts(2)
    with transaction() as session:
        more = [str(cast.person(email, session).id) for email in emails]
    added = office.post(f"{here}/panel", {"members": more})["items"]
    assert {one["duty"]["key"] for one in added} == {"review"}
    panel.turn()
    for email in emails:
        scores(panel, email, GOOD)
    panel.concludes(Outcome.APPROVED)
    (told,) = office.get(f"{here}/results")["items"]
    paper = office.send("GET", told["resolution"], status=200)
    assert paper.content.startswith(b"%PDF")
    as_person(cast.EXPERTS[0]).refused("GET", told["resolution"], 403)
    office.refused("GET", f"{here}/resolutions/7/pdf", 404)


def test_asked_and_answered(panel: Story) -> None:
    here = f"cases/{reference_of(panel.case_id)}/clarifications"
    expert, applicant = as_person(cast.EXPERTS[0]), as_person(cast.APPLICANT)
    asked = expert.post(here, {"question": "请说明。"}, Idempotency_Key="q1")
    assert asked == expert.post(here, {"question": "请说明。"}, Idempotency_Key="q1")
    (seen,) = applicant.get(here)["items"]
    assert (seen["by"], seen["number"], seen["answer"]) == ("评审专家", 1, "")
    applicant.refused("POST", f"{here}/1/answer", 422, json={"answer": ""})
    applicant.post(f"{here}/1/answer", {"answer": "说明如下。"})
    applicant.refused("POST", f"{here}/1/answer", 409, json={"answer": "再说明。"})
    applicant.refused("POST", f"{here}/2/answer", 404, json={"answer": "没有这一项。"})
    (told,) = as_person(cast.EXPERTS[1]).get(here)["items"]
    assert (told["answer"], told["papers_sha256"]) == ("说明如下。", seen["papers_sha256"])
    as_person(cast.RECOMMENDER).refused("GET", here, 403)
    as_person(cast.OTHER_APPLICANT).refused("GET", here, 404)
    as_person(cast.OTHER_APPLICANT).refused("POST", f"{here}/1/answer", 404, json={"answer": "x"})


def test_a_single_score_where_there_is_no_sheet(story: Story) -> None:
    story.submits()
    story.recommends()
    story.assembles_panel()
    expert, here = as_person(cast.EXPERTS[0]), f"{duty_of(story, cast.EXPERTS[0])}/review"
    body = {"recommendation": "pass", "opinion": "条件具备。"}
    assert expert.refused("POST", here, 422, json=body)["errors"][0]["pointer"] == "#/score"
    expert.post(here, body | {"score": 90})
    votes(story, cast.CHAIR, 88)
