"""Questions of the panel on the page: asked without a name, answered by the institution, seen by those concerned."""

import pytest

from regulation.roles import Duty
from tests import cast
from tests.stories.scoring import asks
from tests.unit.pages.reviewing import (
    ESCAPED,
    EVIL,
    at_the_door,
    duty_of,
    filed,
    form_on,
    quiet_bells,
    reference,
    through,
)


@pytest.fixture(autouse=True)
def bells():
    with quiet_bells():
        yield


@pytest.fixture
def story(database):
    del database
    return through(filed(), "reviews")


def page_of(story):
    return f"/cases/{reference(story)}/clarifications"


def test_asked_and_answered(story):
    expert = at_the_door(cast.EXPERTS[0])
    form_on(expert, duty_of(story, Duty.REVIEW, cast.EXPERTS[0]))
    assert f'href="{page_of(story)}"' in expert.page.text
    expert.get(page_of(story))
    done = expert.submit(expert.form(page_of(story)), {"question": EVIL})
    assert "询问已提出，已通知申报单位。" in done.text
    applicant = at_the_door(cast.APPLICANT)
    assert f'href="{page_of(story)}"' in applicant.get(f"/cases/{reference(story)}").text
    seen = applicant.get(page_of(story)).text
    assert ESCAPED in seen
    assert "评审专家" in seen
    assert "赵教授示例" not in seen
    applicant.submit(applicant.form(f"{page_of(story)}/1"), {"answer-1": "该 3 人今年 3 月起转为专职。"})
    assert "答复已提交" in applicant.page.text
    for email in (cast.EXPERTS[1], cast.OFFICE, cast.AUDITOR):
        told = at_the_door(email).get(page_of(story)).text
        assert "该 3 人今年 3 月起转为专职。" in told
        assert ("赵教授示例" in told) is (email != cast.EXPERTS[1])


def test_what_is_refused_is_told_with_what_was_typed(story):
    expert = at_the_door(cast.EXPERTS[0])
    expert.get(page_of(story))
    assert expert.submit(expert.form(page_of(story)), {"question": " "}).status_code == 422
    asks(story, cast.CHAIR, "请说明。")
    applicant = at_the_door(cast.APPLICANT)
    applicant.get(page_of(story))
    first = applicant.form(f"{page_of(story)}/1")
    applicant.get(page_of(story))
    second = applicant.form(f"{page_of(story)}/1")
    applicant.submit(first, {"answer-1": "第一次答复"})
    late = applicant.submit(second, {"answer-1": "第二次答复"})
    assert late.status_code == 409
    assert "第二次答复" in late.text
    assert "不能重复办理" in late.text
    too_long = applicant.send(
        "POST", f"{page_of(story)}/1", data={"csrf": first.value("csrf"), "answer-1": "字" * 2001}
    )
    assert too_long.status_code == 422


def test_those_it_does_not_concern_see_nothing(story):
    asks(story, cast.CHAIR, "请说明图书资料的数量。")
    assert at_the_door(cast.RECOMMENDER).get(page_of(story)).status_code == 404
    assert at_the_door(cast.OTHER_APPLICANT).get(page_of(story)).status_code == 404
    recommender = at_the_door(cast.RECOMMENDER)
    csrf = recommender.get("/account") and recommender.form().value("csrf")
    assert recommender.send("POST", page_of(story), data={"csrf": csrf, "question": "x"}).status_code == 403
    office = at_the_door(cast.OFFICE)
    csrf = office.get("/account") and office.form().value("csrf")
    assert office.send("POST", f"{page_of(story)}/1", data={"csrf": csrf, "answer-1": "x"}).status_code == 403
    assert office.send("POST", f"{page_of(story)}/x", data={"csrf": csrf, "answer-x": "x"}).status_code == 404
