"""Where a document cannot be kept, because the disk is full, the form stays as it was typed and says what is wrong."""

import pytest
import time_machine
from sqlmodel import func, select

from casework.calls import by_code
from casework.calls.attachments import attachments_of
from casework.demonstration import CALL
from core.clock import today
from core.db import reading
from core.errors import Unavailable
from models.judgement import Decision
from models.message import Message
from models.objection import Objection
from models.publication import Announcement
from models.publicity import PublicityItem
from models.visit import VisitPhoto
from pages import rendering
from pages.rendering import error_page
from regulation.roles import Duty
from tests import cast
from tests.photos import a_photo
from tests.stories.announcing import NUMBER
from tests.stories.objecting import open_in_autumn
from tests.stories.standing_still import nowhere_to_write
from tests.unit.pages.reviewing import at_the_door, duty_of, filed, form_on, quiet_bells, through, visit_form
from tests.unit.pages.test_objections import TYPED
from tests.unit.pages.test_publication import announced_by_hand
from tests.unit.pages.test_recommending import SCAN, signed
from tests.unit.pages.test_recommending import filed as in_full
from tests.unit.pages.test_rendering import request
from tests.unit.pages.visitor import Visitor

NO_ROOM = "文件未能保存（存储空间不足或不可写），请稍后再试。"


@pytest.fixture(autouse=True)
def house(database):
    del database
    with quiet_bells():
        yield


def count(table):
    with reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_the_scan_of_a_recommendation():
    story = in_full(acceptance_days=5)
    clerk, address = at_the_door(cast.RECOMMENDER), duty_of(story, Duty.RECOMMEND)
    form, before = form_on(clerk, address), count(Decision)
    with nowhere_to_write():
        refused = clerk.submit(form, signed(), files=SCAN)
    assert refused.status_code == 422
    assert NO_ROOM in refused.text
    assert "高局长示例" in refused.text
    assert count(Decision) == before
    assert "推荐意见已提交。" in clerk.submit(clerk.form(address), files=SCAN).text


def test_a_photo_of_a_visit():
    story = through(filed(), "site-inspection")
    story.assembles_team()
    leader, address = at_the_door(cast.INSPECTORS[0]), duty_of(story, Duty.INSPECT, cast.INSPECTORS[0])
    leader.get(address)
    with nowhere_to_write():
        refused = leader.submit(leader.form(f"{address}/photos"), files={"photo": ("一号教室.jpg", a_photo())})
    assert refused.status_code == 503
    assert NO_ROOM in refused.text
    assert count(VisitPhoto) == 0
    leader.submit(leader.form(f"{address}/photos"), files={"photo": ("一号教室.jpg", a_photo())})
    assert "照片已上传。" in leader.page.text


@pytest.mark.parametrize(("scan", "why"), [(SCAN["scan"], NO_ROOM), (("签名页.pdf", b"GIF89a"), "不是 PDF 文件")])
def test_the_signed_page_of_a_visit(scan, why):
    story = through(filed(), "site-inspection")
    story.under(visit_signatures=2)
    story.assembles_team()
    leader, second = cast.INSPECTORS
    address, on_paper = duty_of(story, Duty.INSPECT, leader), [str(cast.person(second).id)]
    visitor, before = at_the_door(leader), count(Decision)
    typed = visit_form(today().isoformat(), representative="林示例", on_paper=on_paper)
    with nowhere_to_write():
        refused = visitor.submit(form_on(visitor, address), typed, files={"signed_page": scan})
    assert refused.status_code in {415, 503}
    assert why in refused.text
    assert "听取汇报，实地察看。" in refused.text
    assert count(Decision) == before
    visitor.submit(visitor.form(address), files={"signed_page": SCAN["scan"]})
    assert "考察记录已提交。" in visitor.page.text


def test_the_evidence_of_an_objection():
    with time_machine.travel("2026-09-28T02:00:00Z"):
        open_in_autumn()
        story = through(filed(), "certification")
        story.under(publicity_days=5)
        story.certifies()
        story.publicises()
        with reading() as session:
            item = session.exec(select(PublicityItem).where(PublicityItem.case_id == story.case_id)).one()
        address = f"/publicity/{item.publicity_id}/objections/{item.id}"
        somebody = Visitor()
        somebody.get(address)
        with nowhere_to_write():
            refused = somebody.submit(somebody.form(address), TYPED, files={"evidence-1": SCAN["scan"]})
        assert refused.status_code == 503
        assert NO_ROOM in refused.text
        assert TYPED["facts"] in refused.text
        assert count(Objection) == 0
        somebody.submit(somebody.form(address), files={"evidence-1": SCAN["scan"]})
        assert "异议已提交" in somebody.page.text


def test_a_paper_of_a_notice():
    officer, here = at_the_door(cast.OFFICE), f"/office/calls/{CALL}"
    officer.get(here)
    with nowhere_to_write():
        refused = officer.submit(officer.form(f"{here}/attachments"), files={"paper": SCAN["scan"]})
    assert refused.status_code == 503
    assert NO_ROOM in refused.text
    with reading() as session:
        assert attachments_of(session, by_code(session, CALL)) == []
    assert "已公布" in officer.submit(officer.form(f"{here}/attachments"), files={"paper": SCAN["scan"]}).text


def test_an_announcement():
    through(filed(), "publication")
    office, letters = at_the_door(cast.OFFICE), count(Message)
    with nowhere_to_write():
        refused = announced_by_hand(office)
    assert refused.status_code == 503
    assert NO_ROOM in refused.text
    assert NUMBER in refused.text
    assert (count(Announcement), count(Message)) == (0, letters)
    assert "已公布" in office.submit(office.form("/office/announcements/new")).text
    assert count(Announcement) == 1


def test_whoever_sent_something_in_vain_is_not_told_to_reload_the_page():
    read = error_page(request("/register"), Unavailable()).body.decode()
    sending = request("/register")
    sending.scope["method"] = "POST"
    sent = error_page(sending, Unavailable()).body.decode()
    assert rendering.ADVICE[503] in read
    assert rendering.ADVICE[503] not in sent
    assert rendering.ADVICE_AGAIN in sent
