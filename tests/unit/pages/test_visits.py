"""A visit on its pages: the day is agreed on, the record kept, confirmed, photographed, filed, and read."""

import hashlib
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlmodel import select

from core.clock import today
from core.db import reading
from models.judgement import Inspection
from models.visit import LineFinding
from regulation.checklist import checklist
from regulation.form.example import example
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.photos import a_photo
from tests.unit.pages.reviewing import (
    at_the_door,
    duty_of,
    filed,
    form_on,
    quiet_bells,
    reference,
    through,
    visit_form,
)

LEADER, SECOND = cast.INSPECTORS


@pytest.fixture
def story(database):
    del database
    with quiet_bells():
        yield through(filed(), "site-inspection")


@pytest.fixture
def visited(story):
    story.under(visit_signatures=2)
    story.assembles_team()
    return story


def in_days(*days: int) -> list[str]:
    return [(today() + timedelta(days=n)).isoformat() for n in days]


def test_both_sides_agree_on_the_day_and_have_it_in_the_calendar(visited):
    page = f"/cases/{reference(visited)}/visit"
    leader, unit = at_the_door(LEADER), at_the_door(cast.APPLICANT)
    unit.get(page)
    assert "尚未约定" in unit.page.text
    assert unit.send("GET", f"{page}.ics").status_code == 404
    leader.get(page)
    first, second = in_days(3, 4)
    leader.submit(leader.form(page), {"day1": first, "day2": second, "note": "上午九点到校。"})
    assert "日期已提供" in leader.page.text
    unit.get(f"/cases/{reference(visited)}")
    assert page in unit.page.text
    unit.get(page)
    unit.submit(unit.form(page, with_value=("act", "accept")), {"day": second})
    assert "考察日期已确定" in unit.page.text
    for visitor in (leader, unit, at_the_door(cast.OFFICE)):
        sent = visitor.send("GET", f"{page}.ics")
        (event,) = Calendar.from_ical(sent.content).events
        assert event["DTSTART"].dt.isoformat() == second
        assert sent.headers["content-type"] == "text/calendar; charset=utf-8"
        assert sent.headers["content-disposition"].startswith("attachment")
    assert at_the_door(cast.RECOMMENDER).send("GET", page).status_code == 404


def test_none_suits_then_moved_and_called_off(visited):
    page = f"/cases/{reference(visited)}/visit"
    office, unit = at_the_door(cast.OFFICE), at_the_door(cast.APPLICANT)
    office.get(page)
    office.submit(office.form(page), {"day1": in_days(3)[0]})
    assert office.page.status_code == 422
    assert "请提供 2 至 5 个不同的日期。" in office.page.text
    office.submit(office.form(page), {"day1": in_days(3)[0], "day2": in_days(4)[0]})
    unit.get(page)
    unit.submit(unit.form(page, with_value=("act", "decline")), {"proposed1": in_days(9)[0]})
    assert (unit.page.status_code, "请说明理由" in unit.page.text) == (422, True)
    unit.submit(unit.form(page, with_value=("act", "decline")), {"reasons": "全省统考。", "proposed1": in_days(9)[0]})
    office.get(page)
    assert "全省统考。" in office.page.text
    office.submit(office.form(page), {"day1": in_days(9)[0], "day2": in_days(10)[0]})
    unit.get(page)
    unit.submit(unit.form(page, with_value=("act", "accept")), {"day": in_days(9)[0]})
    for button, typed in (
        ("move", {"day": in_days(10)[0], "reasons": "积雪。"}),
        ("cancel", {"reasons": "另行安排。"}),
    ):
        office.get(page)
        office.submit(office.form(page), typed, button=("act", button))
        assert office.page.status_code == 200
    assert "尚未约定" in office.page.text


def test_the_form_lists_every_declared_value_and_asks_for_each(visited):
    leader = at_the_door(LEADER)
    form = form_on(leader, duty_of(visited, Duty.INSPECT, LEADER))
    lines = checklist(example())
    assert {f"lines-{line.key}-matches" for line in lines} <= form.names
    assert "固定教室数 <strong>24</strong>" in leader.page.text
    leader.submit(form, {"summary": "已察看。"})
    assert leader.page.status_code == 422
    assert leader.page.text.count("请选择固定教室数。") == 2
    assert "已察看。" in leader.page.text


def test_kept_confirmed_filed_and_read(visited):
    leader, second = at_the_door(LEADER), at_the_door(SECOND)
    address, mine = duty_of(visited, Duty.INSPECT, LEADER), duty_of(visited, Duty.INSPECT, SECOND)
    typed = visit_form(today().isoformat(), representative="林示例") | {
        "lines-classrooms-matches": "no", "lines-classrooms": "20", "lines-classrooms-note": "四间在维修。",
    }  # fmt: skip
    leader.submit(form_on(leader, address), typed)
    assert "签名" in leader.page.text
    assert leader.page.status_code == 422
    form = form_on(leader, address)
    form.action = f"{address}/record"
    leader.submit(form, typed)
    assert "考察记录已暂存" in leader.page.text
    second.get(mine)
    assert "四间在维修。" in second.page.text
    second.submit(second.form(f"{mine}/confirmation"))
    assert "您已确认考察记录。" in second.page.text
    leader.submit(form_on(leader, address))
    assert "考察记录已提交。" in leader.page.text
    visited.turn()
    office = at_the_door(cast.OFFICE)
    office.get(f"/cases/{reference(visited)}")
    for text in ("相差 16.7%", "四间在维修。", "林示例", "马考察示例、何考察示例", "24 间"):
        assert text in office.page.text, text
    unit = at_the_door(cast.APPLICANT)
    unit.get(f"/cases/{reference(visited)}")
    assert "四间在维修。" not in unit.page.text


def test_signed_on_paper_with_a_scan_that_is_read_by_whoever_may(visited):
    leader, address = at_the_door(LEADER), duty_of(visited, Duty.INSPECT, LEADER)
    paper = visit_form(today().isoformat(), representative="林示例", on_paper=[str(cast.person(SECOND).id)])
    leader.submit(form_on(leader, address), paper, files={"signed_page": ("签名页.pdf", a_pdf())})
    assert "考察记录已提交。" in leader.page.text
    scan = f"/cases/{reference(visited)}/signed-pages/{hashlib.sha256(a_pdf()).hexdigest()}"
    assert at_the_door(cast.OFFICE).send("GET", scan).content == a_pdf()
    assert at_the_door(cast.APPLICANT).send("GET", scan).status_code == 404


def test_basically_met_says_what_is_to_be_improved(visited):
    visited.under(visit_signatures=0)
    leader, address = at_the_door(LEADER), duty_of(visited, Duty.INSPECT, LEADER)
    leader.submit(form_on(leader, address), visit_form(today().isoformat(), "basic"))
    assert "请写明需要改进之处" in leader.page.text
    leader.submit(form_on(leader, address), visit_form(today().isoformat(), "basic", reasons="档案应当及时归档。"))
    with reading() as session:
        assert session.exec(select(Inspection)).one().basic
        assert len(session.exec(select(LineFinding)).all()) == len(checklist(example()))
    assert visited.turn() == "Awaiting certification"


def test_photos_are_added_read_as_files_and_taken_out(visited):
    leader, address = at_the_door(LEADER), duty_of(visited, Duty.INSPECT, LEADER)
    leader.get(address)
    leader.submit(
        leader.form(f"{address}/photos"), {"line": "classrooms"}, files={"photo": ("一号教室.jpg", a_photo())}
    )
    assert "照片已上传。" in leader.page.text
    assert "30.54472, 114.30222" in leader.page.text
    sha256 = hashlib.sha256(a_photo()).hexdigest()
    where = f"/cases/{reference(visited)}/photos/{sha256}"
    sent = at_the_door(SECOND).send("GET", where)
    assert sent.content == a_photo()
    assert sent.headers["content-type"] == "image/jpeg"
    assert sent.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in sent.headers["content-security-policy"]
    for email in (cast.APPLICANT, cast.RECOMMENDER):
        assert at_the_door(email).send("GET", where).status_code == 404
    leader.submit(leader.form(f"{address}/photos/{sha256}/removal"))
    assert "照片已删除。" in leader.page.text
    assert leader.send("GET", where).status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"<html>"], ids=["svg", "html"])
def test_what_is_no_photo_is_refused_in_its_place(visited, content):
    leader, address = at_the_door(LEADER), duty_of(visited, Duty.INSPECT, LEADER)
    leader.get(address)
    leader.submit(leader.form(f"{address}/photos"), files={"photo": ("照片.jpg", content)})
    assert leader.page.status_code == 415
    assert "不是 JPEG 或 PNG 照片" in leader.page.text


def test_the_script_for_no_connection_looks_after_duties_alone(database):
    del database
    script = at_the_door(LEADER).send("GET", "/duties/offline.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "service-worker-allowed" not in script.headers
