"""Where one reviewer tips the result: the warning, two more experts, and the resolution on paper."""

import io

import pikepdf
import pytest

from core.db import transaction
from pages import case_panel
from regulation.roles import Duty
from tests import cast
from tests.stories.scoring import RULES, further_experts, votes
from tests.stories.telling import Story, an_application
from tests.unit.pages.reviewing import at_the_door, duty_of, form_on, ids, quiet_bells, reference

PANEL = [cast.CHAIR, *cast.EXPERTS]


@pytest.fixture(autouse=True)
def bells(monkeypatch):
    monkeypatch.setattr(case_panel, "ring", lambda _: None)
    with quiet_bells():
        yield


@pytest.fixture
def story(database):
    """Three have voted, two for and one against: any of the two tips it."""
    del database
    with transaction() as session:
        told = Story(an_application(session))
    told.under(**RULES)
    told.submits()
    told.recommends()
    told.assembles_panel()
    for email, advice in zip(PANEL, ("pass", "pass", "fail"), strict=True):
        votes(told, email, 90, advice)
    return told


def test_the_chair_and_the_office_are_warned_and_two_more_are_asked(story):
    more = further_experts(2)
    chair = at_the_door(cast.CHAIR)
    form_on(chair, duty_of(story, Duty.CONCLUDE))
    assert "结果不稳定" in chair.page.text
    assert "增聘 2 位专家" in chair.page.text
    office = at_the_door(cast.OFFICE)
    address = f"/cases/{reference(story)}"
    assert f'href="{address}/panel"' in office.get(address).text
    office.get(f"{address}/panel")
    assert "赵教授示例" not in office.page.text
    refused = office.submit(office.form(f"{address}/panel"), {"members": ids(more[0])})
    assert refused.status_code == 422
    assert "请选择 2 位专家" in refused.text
    done = office.submit(office.form(f"{address}/panel"), {"members": ids(*more)})
    assert "已增聘 2 位专家" in done.text
    story.turn()
    assert "请待全部专家提交评审意见" in office.get(f"{address}/panel").text
    assert "该事项已无须办理" in chair.get(duty_of(story, Duty.CONCLUDE)).text


def test_only_the_office_adds_experts(story):
    for email in (cast.CHAIR, cast.AUDITOR, cast.DECIDER):
        assert at_the_door(email).get(f"/cases/{reference(story)}/panel").status_code == 403


def test_the_resolution_is_for_those_who_may_know_the_names(story):
    address = f"/cases/{reference(story)}/resolutions/1"
    office = at_the_door(cast.OFFICE)
    assert office.get(address).status_code == 404
    story.concludes()
    assert f'href="{address}"' in office.get(f"/cases/{reference(story)}").text
    paper = office.get(address)
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content == at_the_door(cast.CHAIR).get(address).content
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "专家评审决议"
    for email in (cast.APPLICANT, cast.RECOMMENDER, cast.EXPERTS[0]):
        visitor = at_the_door(email)
        assert visitor.get(address).status_code == 404
        assert address not in visitor.get(f"/cases/{reference(story)}").text
    for number in ("2", "0", "x", "9999999999999"):
        assert office.get(f"/cases/{reference(story)}/resolutions/{number}").status_code == 404
