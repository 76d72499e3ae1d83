"""Whatever becomes of the mail server or of the sender: no letter is lost, none arrives twice, a doubtful one says so.

The senders are processes of their own; what arrived is counted where it arrived.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from casework.letters import send_again
from core.clock import put_forward
from core.db import reading, transaction
from core.settings import settings
from models.message import Message, MessageState
from notifications.delivery import deliver, settle_abandoned
from tests import cast
from tests.chaos import checking
from tests.chaos.points import LETTERS, Point
from tests.chaos.sink import EVERYBODY, HOST, Mood, Sink
from tests.conftest import environment
from tests.engine.conftest import RealStory
from tests.factories import another_institution
from tests.machinery import until
from tests.stories.telling import Story, an_application
from tests.unit.pages.visitor import Visitor

pytestmark = [pytest.mark.chaos, pytest.mark.allow_hosts([HOST])]

ROOM = "/operator/letters"
PATIENCE = 1.5


@pytest.fixture
def story(database: str, sink: Sink) -> Iterator[Story]:
    """A case with many letters that are due: to the experts, to the office, to the applicant, to the bureau."""
    del database
    with transaction() as session:
        told = Story(an_application(session))
    told.submits()
    told.recommends()
    told.assembles_panel()
    settings().home.mkdir(exist_ok=True)
    with environment(JIDI_MAIL_HOST=HOST, JIDI_MAIL_PORT=str(sink.port)):
        yield told


@pytest.fixture
def impatient(story: Story) -> Iterator[None]:
    """A sender that does not wait for long."""
    del story
    with environment(JIDI_MAIL_TIMEOUT_SECONDS=str(PATIENCE)):
        yield


def letters() -> list[Message]:
    with reading() as session:
        return list(session.exec(select(Message).order_by(Message.key)))


def to(address: str) -> Message:
    [found] = [one for one in letters() if one.address == address]
    return found


def states(*, but: str = "") -> set[MessageState]:
    return {one.state for one in letters() if one.address != but}


def wrong(story: Story, sink: Sink) -> list[str]:
    assert story.case_id
    with reading() as session:
        return checking.letters(session, [story.case_id], sink)


def sender(point: Point | str = "") -> subprocess.Popen[bytes]:
    """Start a process that sends what is due, and dies at a point."""
    return subprocess.Popen([sys.executable, "-m", "tests.chaos.faulty", "sender", str(point)])


def tomorrow() -> None:
    """Let every letter that waits for its next attempt be due."""
    put_forward(1)


def shown_as(state: MessageState) -> str:
    """Return the operators' list of the letters in a state."""
    operator = Visitor().sign_in(cast.OPERATOR)
    page = operator.get(f"{ROOM}?state={state}")
    assert page.status_code == 200
    return page.text


def dies_at(point: Point) -> Callable[[Sink], None]:
    """Return a way to die: of oneself, at a point."""

    def die(_: Sink) -> None:
        assert sender(point).wait(60) == -signal.SIGKILL

    return die


def is_killed_while_the_server_thinks(sink: Sink) -> None:
    """The letter is with the server, which has not said so, and the sender is killed."""
    sink.treats(EVERYBODY, Mood.DUMB)
    waiting = sender()
    until(lambda: bool(sink.deliveries))
    os.kill(waiting.pid, signal.SIGKILL)
    waiting.wait()
    sink.treats(EVERYBODY, Mood.KIND)


BEFORE, INSIDE, AFTER = LETTERS
DEATHS = [
    pytest.param(dies_at(BEFORE), 0, id="before the dialogue"),
    pytest.param(dies_at(INSIDE), 1, id="when the content is sent"),
    pytest.param(is_killed_while_the_server_thinks, 1, id="while the server thinks"),
    pytest.param(dies_at(AFTER), 1, id="after the 250"),
]


@pytest.mark.parametrize(("dies", "arrived"), DEATHS)
def test_a_sender_is_killed(story: Story, sink: Sink, dies: Callable[[Sink], None], arrived: int) -> None:
    dies(sink)
    [held] = checking.in_hand()
    until(lambda: len(sink.deliveries) == arrived)
    assert sender().wait(60) == 0
    assert checking.in_hand() == {held}, "nobody else takes it up"
    assert settle_abandoned(timedelta(0)) == 1
    [doubtful] = [one for one in letters() if one.state is MessageState.UNKNOWN]
    assert doubtful.id == held, "the letter it had in hand, and no other"
    assert states(but=doubtful.address) == {MessageState.SENT}
    assert sink.counted()[doubtful.message_id, doubtful.address] == arrived
    assert wrong(story, sink) == []
    assert str(held) in shown_as(MessageState.UNKNOWN)
    tomorrow()
    assert sender().wait(60) == 0
    assert len(sink.deliveries) == len(letters()) - 1 + arrived, "time alone sends nothing again"


@pytest.mark.usefixtures("story")
def test_only_a_person_sends_a_doubtful_letter_again(sink: Sink) -> None:
    assert sender(AFTER).wait(60) == -signal.SIGKILL
    settle_abandoned(timedelta(0))
    [doubtful] = [one for one in letters() if one.state is MessageState.UNKNOWN]
    with transaction() as session:
        send_again(session, doubtful.id, by=cast.person(cast.OPERATOR, session))
    assert sender().wait(60) == 0
    assert states() == {MessageState.SENT}
    first, again = [one for one in sink.deliveries if one.recipient == doubtful.address]
    assert first == again, "the same to the last byte, by which its reader's server knows it"


DUE, FAILED, UNKNOWN, SENT = MessageState.DUE, MessageState.FAILED, MessageState.UNKNOWN, MessageState.SENT
FATES = [
    pytest.param(Mood.GREYLISTING, (DUE, 0, SENT), id="greylisted"),
    pytest.param(Mood.REFUSING, (FAILED, 0, FAILED), id="refused with 550"),
    pytest.param(Mood.DEAF, (DUE, 0, DUE), id="too slow to be handed a letter"),
    pytest.param(Mood.DUMB, (UNKNOWN, 1, UNKNOWN), id="too slow to say 250"),
    pytest.param(Mood.HANGING_UP, (UNKNOWN, 0, UNKNOWN), id="hung up on before it was kept"),
    pytest.param(Mood.SWALLOWING, (UNKNOWN, 1, UNKNOWN), id="hung up on when it was kept"),
]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("mood", "fate"), FATES)
def test_one_recipient_fares_ill(story: Story, sink: Sink, mood: Mood, fate: tuple[MessageState, int, MessageState]):
    first, arrived, later = fate
    sink.treats(cast.CHAIR, mood)
    deliver()
    deliver()  # a server that fails at one letter is not asked for the next one until another time
    assert states(but=cast.CHAIR) == {SENT}, "the others' letters go on"
    assert to(cast.CHAIR).state is first
    assert len([one for one in sink.deliveries if one.recipient == cast.CHAIR]) == arrived
    assert str(to(cast.CHAIR).id) in shown_as(first)
    tried = sink.tried[cast.CHAIR]
    tomorrow()
    deliver()
    assert to(cast.CHAIR).state is later
    assert (sink.tried[cast.CHAIR] > tried) == (first is DUE), "what may have arrived, or cannot, is not tried again"
    assert wrong(story, sink) == []


def is_down(sink: Sink) -> None:
    sink.down()


def is_deaf(sink: Sink) -> None:
    sink.treats(EVERYBODY, Mood.DEAF)


def greylists_everybody(sink: Sink) -> None:
    sink.treats(EVERYBODY, Mood.GREYLISTING)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("trouble", [is_down, is_deaf, greylists_everybody])
def test_the_server_fails_everybody_for_a_time(story: Story, sink: Sink, trouble: Callable[[Sink], None]) -> None:
    trouble(sink)
    deliver()
    deliver()
    assert states() == {MessageState.DUE}
    assert sink.deliveries == []
    if trouble is is_down:
        sink.up()
    if trouble is is_deaf:
        sink.treats(EVERYBODY, Mood.KIND)
    tomorrow()
    deliver()
    assert states() == {MessageState.SENT}
    assert len(sink.deliveries) == len(letters())
    assert wrong(story, sink) == []


ILL = {
    cast.CHAIR: Mood.GREYLISTING,
    cast.EXPERTS[0]: Mood.REFUSING,
    cast.INSPECTORS[0]: Mood.DUMB,
    cast.DECIDER: Mood.HANGING_UP,
}
"""How the server treats some of the people who have a part in a case."""


@pytest.fixture
def ailing(post_office: Sink) -> Iterator[Sink]:
    """Have the mail server of the whole house down, and ill when it comes up again."""
    post_office.down()
    for address, mood in ILL.items():
        post_office.treats(address, mood)
    yield post_office
    post_office.forgives()
    post_office.up()


@pytest.mark.engine
@pytest.mark.timeout(600)
def test_a_case_goes_its_way_whatever_the_mail_server_does(ailing: Sink) -> None:
    with transaction() as session:
        applicant = another_institution(session)
        story = RealStory(an_application(session, applicant), applicant=applicant)
    story.submits()
    assert story.recommends() == "Awaiting expert review"
    assert applicant not in {one.recipient for one in ailing.deliveries}
    ailing.up()
    assert story.goes_on_to_publication() == "Certified"
    assert story.case_id
    until(lambda: checking.all_gone([story.case_id]), seconds=300)
    of_case = {one.id: one for one in letters() if one.case_id == story.case_id}
    doubtful = [one for one in of_case.values() if ILL.get(one.address) in {Mood.DUMB, Mood.HANGING_UP}]
    refused = [one for one in of_case.values() if ILL.get(one.address) is Mood.REFUSING]
    assert doubtful
    assert refused
    assert checking.faults([story.case_id], ailing, {one.id for one in doubtful}) == []
    assert all(str(one.id) in shown_as(UNKNOWN) for one in doubtful)
    assert all(str(one.id) in shown_as(FAILED) for one in refused)
