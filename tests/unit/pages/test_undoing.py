"""Taking one's own mistaken decision back, from the page of the case; what is then to be read there."""

import pytest

from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.unit.pages.reviewing import ESCAPED, EVIL, at_the_door, does, duty_of, filed, quiet_bells, reference
from tests.unit.pages.visitor import Forms

REASON = "误选结论，应为同意推荐。"


@pytest.fixture
def story(database):
    del database
    with quiet_bells():
        yield filed()


def undoing(visitor, story):
    """Open the case and return the form that takes the decision back."""
    visitor.get(f"/cases/{reference(story)}")
    return next(form for form in forms(visitor) if form.action.endswith("/undoing"))


def forms(visitor):
    return Forms(visitor.page.text).found


def csrf_of(visitor):
    return next(value for one in forms(visitor) for name, value in one.values if name == "csrf")


def test_a_refusal_is_taken_back_and_both_can_be_read(story):
    story.recommends(Outcome.REFUSED)
    bureau = at_the_door(cast.RECOMMENDER)
    done = bureau.submit(undoing(bureau, story), {"reason": EVIL})
    assert "结论已撤回，本环节将重新办理。" in done.text
    story.turn()
    for email in (cast.OFFICE, cast.APPLICANT, cast.RECOMMENDER):
        told = at_the_door(email).get(f"/cases/{reference(story)}").text
        assert "已撤回" in told
        assert "撤回结论——推荐审核：不予推荐" in told
        assert ESCAPED in told
        assert EVIL not in told
    assert "同意推荐" in does(bureau, duty_of(story, Duty.RECOMMEND), outcome="approved", reasons="符合条件。").text


def test_a_reason_is_asked_for_and_what_was_typed_stays(story):
    story.recommends()
    bureau = at_the_door(cast.RECOMMENDER)
    form = undoing(bureau, story)
    refused = bureau.submit(form, {"reason": "长" * 501})
    assert refused.status_code == 422
    assert "长" * 501 in refused.text
    assert bureau.submit(form, {"reason": ""}).status_code == 422


def test_it_is_offered_to_whoever_decided_while_nothing_has_followed(story):
    story.recommends()
    assert 'id="undo"' not in at_the_door(cast.OFFICE).get(f"/cases/{reference(story)}").text
    bureau = at_the_door(cast.RECOMMENDER)
    form = undoing(bureau, story)
    story.assembles_panel()
    late = bureau.submit(form, {"reason": REASON})
    assert late.status_code == 409
    assert "后续环节已有人办理" in late.text
    assert 'id="undo"' not in bureau.get(f"/cases/{reference(story)}").text
    office = at_the_door(cast.OFFICE)
    office.get("/inbox")
    assert office.send("POST", form.action, data={"csrf": csrf_of(office), "reason": REASON}).status_code == 403


def test_whoever_may_not_see_the_case_learns_nothing_of_it(story):
    story.recommends()
    bureau = at_the_door(cast.RECOMMENDER)
    form = undoing(bureau, story)
    other = at_the_door(cast.OTHER_APPLICANT)
    other.get("/applications")
    answer = other.send("POST", form.action, data={"csrf": csrf_of(other), "reason": REASON})
    assert answer.status_code == 404


def test_the_timeline_opens_to_the_letters_one_may_read(story):
    story.recommends(Outcome.RETURNED)
    applicant = at_the_door(cast.APPLICANT).get(f"/cases/{reference(story)}").text
    assert "发函：受理回执" in applicant
    assert "发函：退回补正通知" in applicant
    assert "补充近三年培训名册。" in applicant
    assert "发函：办理通知" not in applicant, "the bureau's letter is the bureau's"
    office = at_the_door(cast.OFFICE).get(f"/cases/{reference(story)}").text
    assert "发函：办理通知" in office
    assert "致 王芳示例" in office
    assert "发函：" not in at_the_door(cast.RECOMMENDER).get(f"/cases/{reference(story)}").text


def test_whose_turn_it_is_in_one_sentence(story):
    address = f"/cases/{reference(story)}"
    office, applicant = at_the_door(cast.OFFICE), at_the_door(cast.APPLICANT)
    assert "现在由武汉市人力资源和社会保障局办理“审核并签署推荐意见”" in office.get(address).text
    told = applicant.get(address).text
    assert "推荐单位正在审核，预计" in told
    assert "现在轮到" not in told
    story.recommends(Outcome.RETURNED)
    assert "请补正申报材料，" in applicant.get(address).text
    assert "现在轮到" in applicant.page.text


def test_the_processing_time_is_shown(story):
    story.recommends()
    told = at_the_door(cast.APPLICANT).get(f"/cases/{reference(story)}").text
    assert "办理用时" in told
    assert "不计入" in told
