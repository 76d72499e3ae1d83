"""The regulation in full, at browsers: from the call that is opened to the announcement that the public reads."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from core.clock import AHEAD, put_forward, today
from core.db import reading, transaction
from core.settings import settings
from flows import gateway
from models.case import Case
from models.expert import Draw, InvitationState
from models.publicity import Publicity, PublicityItem
from regulation.sheet import DEFAULT
from tests import cast
from tests.e2e import in_full
from tests.e2e.conftest import Newcomer, Visitor
from tests.e2e.pictures import pictures
from tests.engine.conftest import RealStory
from tests.machinery import Engine, until
from tests.stories import panels, scoring

pytestmark = [pytest.mark.engine, pytest.mark.e2e, pytest.mark.long]

BEGINS = date(2026, 9, 21)
"""A Monday before a holiday, in a year whose holidays are known; the house of the tests lives from that day on."""


@pytest.fixture
def monday(engine: Engine) -> Iterator[None]:
    del engine
    kept = settings().home / AHEAD
    kept.write_text(str((BEGINS - today()).days), encoding="ascii")
    yield
    kept.unlink()


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("monday")
def test_the_regulation_in_full(newcomer: Newcomer) -> None:
    office = newcomer().signs_in(cast.OFFICE)
    in_full.opens_call(office)
    in_full.pool()
    story = applies(newcomer)
    in_full.recommends(newcomer().signs_in(cast.RECOMMENDER), story.case())
    in_full.accepts(office, story.case())
    in_full.draws(office, story.case())
    panel = joins(newcomer, story)
    judges(newcomer, story, panel)
    story.assembles_team()
    in_full.inspects(newcomer(phone=True).signs_in(cast.INSPECTORS[0]), story.case())
    reaches(story, "certification")
    in_full.decides(newcomer().signs_in(cast.DECIDER))
    reaches(story, "publicity")
    in_full.publicises(office)
    is_read(newcomer, story)
    time_passes(story)
    in_full.announces(newcomer().signs_in(cast.OFFICE))
    is_looked_up(newcomer, story)


def applies(newcomer: Newcomer) -> RealStory:
    """The faculty comes out of a workbook, everything else was filled in before; the application is filed."""
    with transaction() as session:
        email, application_id = in_full.begins(session)
    story, address = RealStory(application_id, applicant=email), f"/applications/{application_id}"
    applicant = newcomer().signs_in(email)
    in_full.imports_faculty(applicant, address)
    in_full.submits(applicant, address)
    with reading() as session:
        story.case_id = session.exec(select(Case.id).where(Case.application_id == application_id)).one()
    return story


def joins(newcomer: Newcomer, story: RealStory) -> list[str]:
    """The chair accepts at a browser, the others too; return the panel, the chair first."""
    with reading() as session:
        draw = session.exec(select(Draw).order_by(col(Draw.drawn_at).desc())).first()
    assert draw
    in_full.joins(newcomer().signs_in(cast.CHAIR), story.case())
    for email in panels.invited(draw, InvitationState.OPEN):
        panels.answers(story, email)
    return panels.panel_of(story)


def judges(newcomer: Newcomer, story: RealStory, panel: list[str]) -> None:
    """One scores on a phone, the others as well as can be; the chair concludes what the result says."""
    chair, on_a_phone, *others = panel
    in_full.scores(newcomer(phone=True).signs_in(on_a_phone), story.case())
    for email in (chair, *others):
        scoring.scores(story, email, {item.key: item.points for item in DEFAULT.items})
    concluding = newcomer().signs_in(chair).opens_duty("/inbox", "作出评审结论", story.case().reference)
    concluding.chooses("结论", "评审通过").presses("提交评审结论", sure=True)
    reaches(story, "site-inspection")


def reaches(story: RealStory, stage: str) -> None:
    story.turn()
    until(lambda: story.case().stage == stage)


def is_read(newcomer: Newcomer, story: RealStory) -> None:
    """Whoever passes by reads the list without signing in."""
    story.turn()
    public = newcomer().goes_to("/publicity").follows(in_full.TITLE)
    pictures(public.sees(unit_of(story)).sees("提出异议"), "public-list")


def time_passes(story: RealStory) -> None:
    """The last day of publicity goes by; the certificate comes by itself."""
    with reading() as session:
        on_list = select(Publicity).join(PublicityItem).where(PublicityItem.case_id == story.case_id)
        public = session.exec(on_list).one()
    assert public.last_on - public.first_on == timedelta(days=7), "five working days, and Mid-Autumn between them"
    put_forward(in_full.days_to(public.last_on))
    gateway.start("deadlines/deadlines")
    until(lambda: story.case().stage == "publication" and story.case().closed_at is not None)


def is_looked_up(newcomer: Newcomer, story: RealStory) -> None:
    """The announcement and the register are read by everybody; the case tells its whole path."""
    unit = unit_of(story)
    public: Visitor = newcomer().goes_to("/announcements").follows("关于公布").sees(unit)
    public.goes_to("/register").sees(unit).follows(unit).sees(in_full.NUMBER).presses("核验证书").sees("证书有效")
    pictures(public.goes_to("/register/map").sees("武汉"), "register-map")
    newcomer().signs_in(story.applicant).goes_to(f"/cases/{story.case().reference}").sees("已认定")
    office = newcomer().signs_in(cast.OFFICE).goes_to(f"/cases/{story.case().reference}").sees("公示无异议")
    pictures(office, "case")


def unit_of(story: RealStory) -> str:
    with reading() as session:
        return in_full.name_of(story.applicant, session)
