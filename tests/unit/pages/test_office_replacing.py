"""The office names another in place of somebody who cannot come, from the page of the case."""

from uuid import UUID

import pytest

from regulation.roles import Duty
from tests import cast
from tests.unit.pages.reviewing import at_the_door, does, duty_of, filed, ids, quiet_bells, reference, through

FIRST, SECOND = cast.EXPERTS
NAMES = {FIRST: "赵教授示例", SECOND: "钱教授示例", cast.OTHER_EXPERT: "孙教授示例"}


@pytest.fixture
def story(database):
    del database
    with quiet_bells():
        yield through(filed(), "reviews")


def test_from_the_case_to_the_duty_and_back(story):
    office = at_the_door(cast.OFFICE)
    case, duty = f"/cases/{reference(story)}", duty_of(story, Duty.REVIEW, FIRST)
    assert f'href="{duty}#replace"' in office.get(case).text
    page = office.get(duty).text
    assert "调整人员" in page
    assert f"{NAMES[cast.OTHER_EXPERT]}（未办 0 项）" in page
    assert f"{NAMES[SECOND]}（未办" not in page, "sits on the panel already"
    done = office.submit(office.form(f"{duty}/replacement"), {"member": ids(cast.OTHER_EXPERT)[0]})
    assert "已调整人员，并已通知双方。" in done.text
    assert f"评审申报材料：{NAMES[cast.OTHER_EXPERT]}" in done.text
    assert f"评审申报材料：{NAMES[FIRST]}" not in done.text
    assert "调整评审或考察人员" in done.text
    assert "该事项已调整由其他人员办理" in office.get(duty).text
    assert "调整人员" not in office.page.text


def test_the_one_who_comes_instead_reviews(story):
    office = at_the_door(cast.OFFICE)
    give(office, duty_of(story, Duty.REVIEW, FIRST), cast.OTHER_EXPERT)
    expert = at_the_door(cast.OTHER_EXPERT)
    here = duty_of(story, Duty.REVIEW, cast.OTHER_EXPERT)
    assert "90 分" in does(expert, here, score="90", recommendation="pass", opinion="条件具备。").text


def test_who_was_replaced_is_told_so_and_sees_no_papers(story):
    duty = duty_of(story, Duty.REVIEW, FIRST)
    give(at_the_door(cast.OFFICE), duty, cast.OTHER_EXPERT)
    expert = at_the_door(FIRST)
    assert "没有待办事项" in expert.get("/inbox").text
    page = expert.get(duty)
    assert page.status_code == 200
    assert "该事项已调整由其他人员办理" in page.text
    assert "没有可供您查看的材料" in page.text
    assert NAMES[cast.OTHER_EXPERT] not in page.text
    assert expert.get(f"/cases/{reference(story)}").status_code == 200


@pytest.mark.parametrize("typed", ["", "no id", str(UUID(int=7)), SECOND])
def test_somebody_who_cannot_come_is_refused_in_place(story, typed):
    member = ids(typed)[0] if "@" in typed else typed
    refused = give(at_the_door(cast.OFFICE), duty_of(story, Duty.REVIEW, FIRST), member)
    assert refused.status_code == 422
    assert "请从所列人员中选择接办人。" in refused.text


def test_too_late(story):
    office, duty = at_the_door(cast.OFFICE), duty_of(story, Duty.REVIEW, FIRST)
    office.get(duty)
    form = office.form(f"{duty}/replacement")
    story.reviews(FIRST, 90)
    late = office.submit(form, {"member": ids(cast.OTHER_EXPERT)[0]})
    assert late.status_code == 409
    assert "该事项已办结或已调整，不能再调整人员。" in late.text


@pytest.mark.parametrize("email", [cast.CHAIR, FIRST, cast.AUDITOR, cast.DECIDER])
def test_nobody_else_may(story, email):
    visitor, duty = at_the_door(email), duty_of(story, Duty.REVIEW, FIRST)
    for address in (duty, f"/cases/{reference(story)}"):
        page = visitor.get(address)
        assert "调整人员" not in page.text
        assert "人员调整" not in page.text
    assert by_a_form_of_ones_own(visitor, duty).status_code == 403


def test_what_the_house_holds_cannot_be_given_away(story):
    office, duty = at_the_door(cast.OFFICE), duty_of(story, Duty.ASSEMBLE_PANEL)
    assert "调整人员" not in office.get(duty).text
    assert by_a_form_of_ones_own(office, duty).status_code == 409


def give(office, duty, successor):
    """Name another on the page of a duty."""
    office.get(duty)
    member = ids(successor)[0] if "@" in successor else successor
    return office.submit(office.form(f"{duty}/replacement"), {"member": member})


def by_a_form_of_ones_own(visitor, duty):
    """Send what the page does not offer."""
    form = visitor.form("/sign-out")
    form.action = f"{duty}/replacement"
    form.values.append(("member", ids(cast.OTHER_EXPERT)[0]))
    return visitor.submit(form)
