"""What a panel does beside a plain score: marks on a sheet, votes, questions, two more experts."""

from collections.abc import Mapping, Sequence

from sqlmodel import select

from casework.clarifications import answer, ask
from casework.demonstration import PASSWORD
from casework.enlarging import enlarge_panel
from casework.organisations import PROVINCE
from casework.people import add_user
from casework.results import result_of
from casework.reviews import Opinion, review
from core.db import reading, transaction
from models.application import Application, Call
from models.case import Case, StageRound
from models.organisation import Organisation
from regulation.result import Result
from regulation.roles import Duty, Role
from regulation.sheet import DEFAULT, Sheet, with_sheet
from tests import cast
from tests.stories.telling import Story

GOOD = {item.key: item.points - item.points // 5 for item in DEFAULT.items}
"""Marks that nobody would call extreme on the larger items."""
RULES = {"drop_extremes_from": 7, "vote_share": 66.6, "quorum_share": 66.6}


def by_sheet(story: Story, sheet: Sheet = DEFAULT) -> None:
    """Let the story's call have a scoring sheet, before anything was filed in it."""
    with transaction() as session:
        call = session.get_one(Call, session.get_one(Application, story.application_id).call_id)
        call.policy = with_sheet(call.policy, sheet)


def scores(story: Story, email: str, marks: Mapping[str, int], advice: str = "pass") -> str:
    """Fill in the scoring sheet, every mark explained."""
    remarks = dict.fromkeys(marks, "理由见申报材料。")
    return gives(story, email, Opinion(None, advice, "材料齐全，条件具备。", marks, remarks))


def votes(story: Story, email: str, score: int, advice: str = "pass") -> str:
    """Give one score, and a vote that does not follow from it."""
    return gives(story, email, Opinion(score, advice, "材料齐全，条件具备。"))


def further_experts(number: int) -> list[str]:
    """Enter experts beside the demonstration's; return their addresses."""
    emails = [f"zengpin{at}@example.com" for at in range(number)]
    with transaction() as session:
        province = session.exec(select(Organisation).where(Organisation.name == PROVINCE)).one()
        for at, email in enumerate(emails):
            add_user(session, email, f"增聘{at}示例", PASSWORD, of=province, roles=[Role.EXPERT])
    return emails


def gives(story: Story, email: str, opinion: Opinion) -> str:
    with transaction() as session:
        review(session, story.duty(Duty.REVIEW, email).id, opinion, by=cast.person(email, session))
    return story.turn()


def asks(story: Story, email: str, question: str) -> int:
    """Put a question to the institution; return its number."""
    assert story.case_id
    with transaction() as session:
        return ask(session, story.case_id, question, by=cast.person(email, session)).number


def answers(story: Story, number: int, words: str) -> str:
    assert story.case_id
    with transaction() as session:
        answer(session, story.case_id, number, words, by=cast.person(story.applicant, session))
    return story.turn()


def enlarges_panel(story: Story, members: Sequence[str]) -> str:
    assert story.case_id
    with transaction() as session:
        people = [cast.person(email, session).id for email in members]
        enlarge_panel(session, story.case_id, people, by=cast.person(cast.OFFICE, session))
    return story.turn()


def the_result(story: Story) -> Result:
    """Return what the newest round of reviews comes to."""
    at_id = story.duty(Duty.REVIEW).stage_round_id
    with reading() as session:
        found = result_of(session, session.get_one(Case, story.case_id), session.get_one(StageRound, at_id))
        assert found
        return found
