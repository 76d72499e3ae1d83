"""Art. 5(3): the body answers a check list, signs, ranks, and recommends no more files than it has places."""

from dataclasses import replace

import pytest
from sqlmodel import col, select

from casework.calls import by_code
from casework.decisions import decide
from casework.demonstration import CALL, HOME
from casework.quotas import lines_of, set_quotas
from casework.recommending.ranks import arrange, files_of, place_of
from casework.recommending.scans import attach_scan
from casework.recommending.sheets import Answer, Sheet, examinations_of, scan_of
from casework.recommending.waiting import wait
from casework.undoing import undo
from core.db import reading, transaction
from core.errors import AlreadyDecided, CallClosed, Conflict, Invalid, NotAssigned, NotPermitted, UnsupportedFile
from models.case import Case
from models.judgement import Decision
from models.message import Message
from regulation.checks import NO, NOT_APPLICABLE, RECOMMENDING, YES
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.stories.crowd import at_once
from tests.stories.recommending import (
    FULL,
    OTHER_BODY,
    OTHER_CLERK,
    another_clerk,
    body_id,
    colleague,
    noon,
    others_apply,
    places,
    reference,
    replay,
)
from tests.stories.record import inbox
from tests.stories.telling import Story, answered, conclusion


def concludes(story: Story, sheet: Sheet | None, outcome: Outcome = Outcome.APPROVED, email: str = cast.RECOMMENDER):
    given = replace(conclusion(outcome), sheet=sheet)
    with transaction() as session:
        return decide(session, story.duty(Duty.RECOMMEND).id, given, by=cast.person(email, session))


def brings_scan(story: Story, email: str = cast.RECOMMENDER, content: bytes | None = None):
    upload = ("推荐意见.pdf", content or a_pdf())
    with transaction() as session:
        return attach_scan(session, story.duty(Duty.RECOMMEND).id, upload, by=cast.person(email, session))


def waits(story: Story, email: str = cast.RECOMMENDER):
    with transaction() as session:
        return wait(session, story.duty(Duty.RECOMMEND).id, by=cast.person(email, session))


def faults(error: Invalid) -> dict[str, str]:
    return {fault.field: fault.message for fault in error.faults}


def listed(body: str = HOME) -> list[tuple[str, int, str]]:
    with reading() as session:
        files = files_of(session, by_code(session, CALL).id, body_id(body))
    return [(one.state, one.place, one.case.reference) for one in files]


# The form


def test_everything_that_is_missing_is_told_at_once(story: Story) -> None:
    story.under(**FULL)
    story.submits()
    with pytest.raises(Invalid) as refused:
        concludes(story, None)
    expected = {f"checks.{item.key}" for item in RECOMMENDING} | {"handled_by", "signed_by", "scan"}
    assert set(faults(refused.value)) == expected


def test_what_was_examined_is_kept_with_the_decision(story: Story) -> None:
    story.under(**FULL)
    story.submits()
    scan = brings_scan(story)
    answers = [
        Answer(item.key, NOT_APPLICABLE if item.conditional else YES, "已核对原件。") for item in reversed(RECOMMENDING)
    ]
    concludes(story, Sheet(answers, " 刘经办示例 ", "高局长示例"))
    assert story.turn() == "Awaiting acceptance"
    with reading() as session:
        [(at, kept, user, paper)] = examinations_of(session, story.case_id)
    assert [one["item"] for one in kept.items] == [item.key for item in RECOMMENDING]
    assert (at.stage, kept.handled_by, kept.signed_by, user.email) == (
        "local-review", "刘经办示例", "高局长示例", cast.RECOMMENDER,
    )  # fmt: skip
    assert paper
    assert (paper.sha256, paper.filename) == (scan.sha256, "推荐意见.pdf")


def test_a_condition_that_is_not_met_forbids_the_recommendation_and_is_explained(story: Story) -> None:
    story.submits()
    with pytest.raises(Invalid) as refused:
        concludes(story, Sheet([Answer("training", NO)]))
    assert set(faults(refused.value)) == {"outcome", "checks.training.note"}
    concludes(story, Sheet([Answer("training", NO, "近一年仅 320 人。")]), Outcome.REFUSED)
    assert story.turn() == "Refused"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer("weather", YES), "checks.weather"),
        (Answer("faculty", "perhaps"), "checks.faculty"),
        (Answer("faculty", NOT_APPLICABLE), "checks.faculty"),
        (Answer("faculty", YES, "长" * 501), "checks.faculty.note"),
    ],
    ids=["unknown item", "unknown answer", "unconditional", "long note"],
)
def test_an_answer_that_the_list_does_not_know(story: Story, answer: Answer, field: str) -> None:
    story.submits()
    with pytest.raises(Invalid) as refused:
        concludes(story, Sheet([answer]))
    assert set(faults(refused.value)) == {field}


def test_a_new_scan_takes_the_place_of_the_one_before(story: Story) -> None:
    story.submits()
    first, second = brings_scan(story), brings_scan(story, content=a_pdf(2))
    with reading() as session:
        kept = scan_of(session, first.stage_round_id)
    assert kept
    assert kept.sha256 == second.sha256 != first.sha256
    story.recommends()
    with pytest.raises(AlreadyDecided):
        brings_scan(story)


def test_a_scan_is_a_real_pdf_of_the_body_whose_turn_it_is(story: Story) -> None:
    another_clerk()
    story.submits()
    with pytest.raises(UnsupportedFile):
        brings_scan(story, content=b"PK not a PDF")
    for stranger in (OTHER_CLERK, cast.OFFICE, cast.APPLICANT):
        with pytest.raises(NotAssigned):
            brings_scan(story, stranger)


def test_other_stages_have_no_check_list(story: Story) -> None:
    story.submits()
    story.recommends()
    story.assembles_panel()
    story.review()
    with pytest.raises(Invalid) as refused:
        story.decides(cast.CHAIR, Duty.CONCLUDE, Outcome.APPROVED, answered(RECOMMENDING))
    assert set(faults(refused.value)) == {"checks"}


# Places


def test_above_its_places_a_body_is_refused_with_the_number_and_the_rule(story: Story) -> None:
    story.under(quota_each=1)
    story.submits()
    (other,) = others_apply()
    story.recommends()
    with pytest.raises(Invalid) as refused:
        concludes(other, None)
    said = faults(refused.value)["outcome"]
    assert all(words in said for words in (HOME, "1 个", "批次名额规定", "候补"))
    assert concludes(other, None, Outcome.REFUSED)
    assert other.turn() == "Refused"
    replay(other, story)


def test_a_number_of_its_own_comes_before_the_rule_for_everybody(story: Story) -> None:
    story.under(quota_each=1)
    story.submits()
    (other,) = others_apply()
    story.recommends()
    assert places(HOME, 2) == 1
    assert places(HOME, 2) == 0
    assert other.recommends() == "Awaiting expert review"
    replay(other, story)


def test_no_place_at_all(story: Story) -> None:
    story.submits()
    places(HOME, 0)
    with pytest.raises(Invalid):
        story.recommends()
    places(HOME, None)
    assert story.recommends() == "Awaiting expert review"


def test_the_whole_call_has_its_number_too(story: Story) -> None:
    clerk = another_clerk()
    story.under(quota_in_all=1)
    story.submits()
    (other,) = others_apply(body=OTHER_BODY)
    story.recommends()
    with pytest.raises(Invalid) as refused:
        concludes(other, None, email=clerk.email)
    assert "总数为 1 个" in faults(refused.value)["outcome"]
    replay(other, story)


def test_two_clicks_at_once_take_one_place(story: Story) -> None:
    second = colleague()
    story.under(quota_each=1)
    story.submits()
    (other,) = others_apply()
    answers = at_once(2, lambda told, email: concludes(told, None, email=email), [story, other],
                      [cast.RECOMMENDER, second.email])  # fmt: skip
    assert sorted(type(one).__name__ for one in answers) == ["Decision", "Invalid"]
    with reading() as session:
        approved = select(Decision).where(Decision.stage == "local-review", Decision.outcome == Outcome.APPROVED)
        assert len(session.exec(approved).all()) == 1
        used = {line.name: line.places.used for line in lines_of(session, by_code(session, CALL))}
    assert used[HOME] == 1
    replay(other, story)


def test_two_bodies_at_once_take_the_last_place_of_the_call(story: Story) -> None:
    clerk = another_clerk()
    story.under(quota_in_all=1)
    story.submits()
    (other,) = others_apply(body=OTHER_BODY)
    answers = at_once(2, lambda told, email: concludes(told, None, email=email), [story, other],
                      [cast.RECOMMENDER, clerk.email])  # fmt: skip
    assert sorted(type(one).__name__ for one in answers) == ["Decision", "Invalid"]
    replay(other, story)


def test_only_the_office_gives_places_and_in_whole_numbers(story: Story) -> None:
    del story
    with pytest.raises(NotPermitted), transaction() as session:
        set_quotas(session, by_code(session, CALL), {body_id(HOME): 9}, by=cast.person(cast.RECOMMENDER, session))
    wrong = {body_id(HOME): -1, body_id(OTHER_BODY): 10_001, body_id("江汉示例职业技术学院"): 1}
    with pytest.raises(Invalid) as refused, transaction() as session:
        set_quotas(session, by_code(session, CALL), wrong, by=cast.person(cast.OFFICE, session))
    assert set(faults(refused.value)) == {f"places.{body}" for body in wrong}


# The waiting list


def test_a_place_that_comes_free_is_offered_to_the_first_in_waiting(story: Story) -> None:
    story.under(quota_each=1)
    story.submits()
    second, third = others_apply(2)
    story.recommends()
    assert waits(third).place == 1
    assert waits(second).place == 2
    assert waits(second).place == 2
    assert listed() == [
        ("recommended", 1, reference(story)),
        ("waiting", 1, reference(third)),
        ("waiting", 2, reference(second)),
    ]
    assert inbox(cast.RECOMMENDER) == ["recommend", "recommend"]
    story.withdraws()
    assert [one.case_id for one in letters()] == [third.case_id]
    assert letters()[0].facts["path"] == f"/recommendations/{CALL}"
    assert third.recommends() == "Awaiting expert review"
    with pytest.raises(Invalid):
        concludes(second, None)
    replay(second, third, story)
    assert len(letters()) == 1


def test_a_recommendation_taken_back_frees_its_place_and_whoever_waits_is_told_once(story: Story) -> None:
    story.under(quota_each=1)
    story.submits()
    (second,) = others_apply()
    story.recommends()
    waits(second)
    for times in (1, 2):
        takes_back(story)
        story.turn()
        assert [one.case_id for one in letters()] == [second.case_id] * times
        story.turn()
        assert len(letters()) == times
        if times == 1:
            assert story.recommends() == "Awaiting expert review", "it may be given to the same file again"
    assert second.recommends() == "Awaiting expert review"
    with pytest.raises(Invalid):
        concludes(story, None)
    replay(second, story)
    assert len(letters()) == 2


def test_a_return_taken_back_frees_nothing(story: Story) -> None:
    story.under(quota_each=1)
    story.submits()
    second, third = others_apply(2)
    second.recommends()
    waits(third)
    story.recommends(Outcome.RETURNED)
    takes_back(story)
    assert letters() == []
    replay(second, third, story)


def takes_back(story: Story) -> None:
    """The body takes its newest conclusion on a file back."""
    with transaction() as session:
        found = select(Decision).where(Decision.case_id == story.case_id).order_by(col(Decision.decided_at).desc())
        newest = session.exec(found).all()[0]
        undo(session, newest.id, "误选结论。", by=cast.person(cast.RECOMMENDER, session))


def test_a_place_is_not_offered_while_none_is_free(story: Story) -> None:
    clerk = another_clerk()
    story.under(quota_each=1, quota_in_all=2)
    story.submits()
    second, third = others_apply(2, body=OTHER_BODY)
    story.recommends()
    concludes(second, None, email=clerk.email)
    second.turn()
    waits(third, clerk.email)
    story.withdraws()
    assert letters() == []
    with transaction() as session:
        case = session.get_one(Case, second.case_id)
    assert case.closed_at is None
    second.withdraws()
    assert [(one.case_id, one.address) for one in letters()] == [(third.case_id, clerk.email)]
    replay(second, third, story)


def test_nobody_waits_while_a_place_is_free(story: Story) -> None:
    story.under(quota_each=1)
    story.submits()
    with pytest.raises(Conflict):
        waits(story)


def test_a_file_that_is_sent_back_waits_no_longer(story: Story) -> None:
    places(HOME, 0)
    story.submits()
    waits(story)
    story.recommends(Outcome.RETURNED)
    assert listed() == [("correcting", 0, reference(story))]


def test_time_decides_nothing_for_those_in_waiting(story: Story, clock) -> None:
    places(HOME, 0)
    story.submits()
    waits(story)
    clock.move_to(noon(10, 20))
    assert story.time_passes() == "Awaiting local review"
    assert listed() == [("waiting", 1, reference(story))]
    with reading() as session:
        told = session.exec(select(Message.letter).where(Message.letter == "overdue")).all()
    assert told


def test_when_the_window_is_over_those_in_waiting_are_not_recommended(story: Story, clock) -> None:
    story.under(quota_each=1)
    story.submits()
    second, third = others_apply(2)
    story.recommends()
    waits(second)
    with transaction() as session:
        by_code(session, CALL).recommend_by = noon(11, 10)
    clock.move_to(noon(11, 10))
    with pytest.raises(CallClosed):
        waits(third)
    story.withdraws()
    assert letters() == [], "nothing is offered any more"
    with pytest.raises(CallClosed):
        concludes(second, None)
    assert second.turn() == "Awaiting local review", "the system decides nothing by itself"
    assert concludes(second, None, Outcome.REFUSED)
    assert second.turn() == "Refused"
    third.turn()
    replay(second, third, story)


def letters() -> list[Message]:
    with reading() as session:
        found = select(Message).where(Message.letter == "place-free").order_by(col(Message.posted_at))
        return list(session.exec(found))


# Ranks


def test_the_body_orders_its_files_and_gaps_close(story: Story) -> None:
    story.submits()
    others = others_apply(3)
    told = [story, *others]
    for one in told:
        one.recommends()
    refs = [reference(one) for one in told]
    assert [ref for _, _, ref in listed()] == refs
    assert orders({refs[3]: 1}) == 4
    assert [ref for _, _, ref in listed()] == [refs[3], *refs[:3]]
    others[1].withdraws()
    assert orders({refs[0]: 3}) == 2
    assert [(place, ref) for state, place, ref in listed() if state == "recommended"] == [
        (1, refs[3]), (2, refs[1]), (3, refs[0]),
    ]  # fmt: skip
    with reading() as session:
        assert place_of(session, session.get_one(Case, story.case_id)) == (3, 3)
    replay(*others, story)


def test_an_order_that_makes_no_sense_is_refused_whole(story: Story) -> None:
    story.submits()
    (other,) = others_apply()
    story.recommends()
    other.recommends()
    one, two = reference(story), reference(other)
    with pytest.raises(Invalid) as refused:
        orders({one: 2, two: 2, "JD-2026-9999": 1})
    assert set(faults(refused.value)) == {f"places.{two}", "places.JD-2026-9999"}
    with pytest.raises(Invalid):
        orders({one: 0})
    with pytest.raises(NotPermitted):
        orders({one: 1}, cast.OFFICE)
    assert [ref for _, _, ref in listed()] == [one, two]


def orders(wanted: dict[str, int | None], email: str = cast.RECOMMENDER) -> int:
    with transaction() as session:
        return arrange(session, by_code(session, CALL), wanted, by=cast.person(email, session))
