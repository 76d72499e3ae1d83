"""What each role may know of a case, and must not."""

import pytest

from tests import cast
from tests.stories.telling import Story
from tests.unit.api.program import as_person, reference_of

pytestmark = pytest.mark.usefixtures("database")

EXPERTS = ("黄主任示例", "赵教授示例", "钱教授示例")
INSIDE = {"stalled", "recovered", "run-again", "letter-sent-again", "round-closed"}
PARTS = ("submissions", "reviews", "inspections", "runs")


@pytest.fixture
def under_review(story: Story) -> str:
    """A case with its panel, of which one expert has answered."""
    story.submits()
    story.recommends()
    story.assembles_panel()
    story.reviews(cast.EXPERTS[0], 91)
    return reference_of(story.case_id)


def parts_of(email: str, reference: str) -> dict[str, int]:
    person = as_person(email)
    return {part: person.send("GET", f"cases/{reference}/{part}").status_code for part in PARTS}


@pytest.mark.parametrize(
    ("email", "seen"),
    [
        (cast.APPLICANT, {"submissions"}),
        (cast.RECOMMENDER, {"submissions"}),
        (cast.EXPERTS[0], {"submissions", "reviews"}),
        (cast.OFFICE, set(PARTS)),
        (cast.DECIDER, set(PARTS)),
        (cast.AUDITOR, set(PARTS)),
        (cast.OPERATOR, {"runs"}),
    ],
)
def test_the_parts_each_may_open(under_review: str, email: str, seen: set[str]) -> None:
    assert parts_of(email, under_review) == {part: 200 if part in seen else 403 for part in PARTS}
    links = as_person(email).get(f"cases/{under_review}")["links"]
    assert {name for name, address in links.items() if address} == seen


@pytest.mark.parametrize("email", [cast.OTHER_APPLICANT, cast.OTHER_EXPERT, cast.INSPECTORS[0]])
def test_strangers_find_nothing(under_review: str, email: str) -> None:
    person = as_person(email)
    assert person.get("cases")["items"] == []
    for path in ("", *(f"/{part}" for part in PARTS)):
        person.refused("GET", f"cases/{under_review}{path}", 404)


@pytest.mark.parametrize("email", [cast.APPLICANT, cast.RECOMMENDER])
def test_the_parties_learn_no_experts_name(under_review: str, email: str) -> None:
    person = as_person(email)
    for path in (f"cases/{under_review}", "cases", f"cases/{under_review}/submissions"):
        text = person.send("GET", path, status=200).text
        assert not any(name in text for name in EXPERTS), path
    case = person.get(f"cases/{under_review}")
    assert {turn["holder"] for turn in case["turns"]} == {"评审专家"}
    assert {line["act"] for line in case["timeline"]} & INSIDE == set()
    assert [line["by"] for line in case["timeline"] if line["act"] == "reviewed"] == ["评审专家"]


def test_an_expert_learns_neither_the_others_names_nor_their_opinions(under_review: str) -> None:
    other = as_person(cast.EXPERTS[1])
    assert other.get(f"cases/{under_review}/reviews")["items"] == []
    text = other.send("GET", f"cases/{under_review}", status=200).text
    assert EXPERTS[1] not in text
    assert EXPERTS[0] not in text
    assert other.get(f"cases/{under_review}")["decisions"] == []
    own = as_person(cast.EXPERTS[0]).get(f"cases/{under_review}/reviews")["items"]
    assert [(review["by"], review["score"]) for review in own] == [(EXPERTS[1], 91)]


def test_the_chair_sees_all_when_all_are_in(story: Story) -> None:
    story.submits()
    story.recommends()
    story.assembles_panel()
    reference = reference_of(story.case_id)
    story.reviews(cast.EXPERTS[0], 91)
    story.reviews(cast.CHAIR, 85)
    assert [r["score"] for r in as_person(cast.CHAIR).get(f"cases/{reference}/reviews")["items"]] == [85]
    story.reviews(cast.EXPERTS[1], 88)
    assert {r["score"] for r in as_person(cast.CHAIR).get(f"cases/{reference}/reviews")["items"]} == {85, 88, 91}
    assert len(as_person(cast.EXPERTS[0]).get(f"cases/{reference}/reviews")["items"]) == 1


def test_the_office_sees_names(under_review: str) -> None:
    case = as_person(cast.OFFICE).get(f"cases/{under_review}")
    assert {turn["holder"] for turn in case["turns"]} == {"黄主任示例", "钱教授示例"}
    assert [line["by"] for line in case["timeline"] if line["act"] == "reviewed"] == ["赵教授示例（评审专家）"]
    assert case["decisions"][1]["decided_by"] == "王芳示例（武汉市人力资源和社会保障局）"
    told = {line["act"]: line["sentence"] for line in case["timeline"]}
    assert (told["decided"], told["reviewed"]) == ("推荐审核：同意推荐", "提交评审意见")
    assert (told["round-opened"], told["round-closed"]) == ("进入专家评审环节", "系统办结推荐审核环节")


def test_papers_by_their_hash(under_review: str) -> None:
    applicant = as_person(cast.APPLICANT)
    filed = applicant.get(f"cases/{under_review}/submissions")["items"][0]
    paper = filed["documents"][0]
    assert applicant.send("GET", paper["address"], status=200).content.startswith(b"%PDF-")
    as_person(cast.EXPERTS[0]).send("GET", paper["address"], status=200)
    as_person(cast.OPERATOR).refused("GET", paper["address"], 403)
    as_person(cast.OTHER_APPLICANT).refused("GET", paper["address"], 404)
    applicant.refused("GET", f"cases/{under_review}/files/{'0' * 64}", 404)


def test_whose_turn_since_when_and_due_when(under_review: str) -> None:
    case = as_person(cast.AUDITOR).get(f"cases/{under_review}")
    assert case["stage"] == {"key": "expert-review", "title": "专家评审"}
    turn = case["turns"][0]
    assert turn["duty"] == "评审申报材料"
    assert turn["days_left"] == 10
    assert turn["since"].endswith("Z")
    assert not turn["overdue"]
    english = as_person(cast.AUDITOR, Accept_Language="en").get(f"cases/{under_review}")
    assert english["stage"]["title"].isascii()
    assert english["turns"][0]["duty"].isascii()


def test_the_runs_as_one_history(under_review: str) -> None:
    history = as_person(cast.OPERATOR).get(f"cases/{under_review}/runs")
    assert [run["number"] for run in history["runs"]] == [1, 2, 3, 4]
    assert history["runs"][0]["ended_in"] == "Awaiting local review"
    assert history["runs"][0]["reason"] == "submitted"
    assert [step["did"] for step in history["runs"][1]["steps"]][:1] == ["closed local-review round 1: approved"]
    assert all(run["state"] == "waiting" and run["ended_at"] for run in history["runs"])
    assert {turn["duty"] for turn in history["waits_for"]} == {"评审申报材料"}
    assert history["news"] == 0
    first = history["runs"][0]
    assert first["page"].endswith(f"/runs/flow-run/{first['flow_run_id']}")
    assert as_person(cast.AUDITOR).get(f"cases/{under_review}/runs")["runs"][0]["page"] == ""
