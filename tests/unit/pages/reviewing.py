"""What those who act on a case do on its pages, and the flow that takes its run between their acts."""

from contextlib import ExitStack, contextmanager
from unittest import mock

from casework.assignments import Holder, assign
from core.db import reading, transaction
from models.application import Application, Call
from models.case import Case, StageRound
from pages import case as case_room
from pages import meetings, office_objections, office_publicity, office_replacing, reviewer_duties, undoing
from regulation.checklist import checklist
from regulation.form.example import example
from regulation.roles import Duty
from tests import cast
from tests.stories.telling import Story, an_application
from tests.unit.pages.visitor import Visitor

EVIL = "<script>alert('x')</script>&\"<b>粗</b>"
ESCAPED = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&#34;&lt;b&gt;粗&lt;/b&gt;"


@contextmanager
def quiet_bells():
    """Leave the engine alone: the flow is run by hand between the acts."""
    rooms = (reviewer_duties, case_room, office_replacing, office_publicity, office_objections, meetings, undoing)
    with ExitStack() as stack:
        for room in rooms:
            stack.enter_context(mock.patch.object(room, "ring"))
        yield


def filed() -> Story:
    """Begin a case: an application is filed, and the flow has taken its first run."""
    with transaction() as session:
        told = Story(an_application(session))
    told.submits()
    return told


def reference(story: Story) -> str:
    with reading() as session:
        return session.get_one(Case, story.case_id).reference


def at_the_door(email: str, **headers: str) -> Visitor:
    return Visitor(**headers).sign_in(email)


def duty_of(story: Story, duty: Duty, email: str = "") -> str:
    """Return the address of the newest duty of that kind, of one person where several have it."""
    return f"/duties/{story.duty(duty, email).id}"


def form_on(visitor: Visitor, address: str):
    """Open a duty and return its form."""
    assert visitor.get(address).status_code == 200, visitor.page.text
    return visitor.form(address)


def does(visitor: Visitor, address: str, **typed):
    """Fill in the form of a duty and send it."""
    return visitor.submit(form_on(visitor, address), typed)


def ids(*emails: str) -> list[str]:
    return [str(cast.person(email).id) for email in emails]


def panel_form() -> dict[str, object]:
    return {"members": ids(cast.CHAIR, *cast.EXPERTS), "leader": ids(cast.CHAIR)[0]}


def team_form() -> dict[str, object]:
    return {"members": ids(*cast.INSPECTORS), "leader": ids(cast.INSPECTORS[0])[0]}


def visit_form(day: str, outcome: str = "approved", **more: object) -> dict[str, object]:
    items = ("faculty", "management", "premises", "funds", "training")
    return (
        {f"findings-{item}": "与申报一致，现场核实。" for item in items}
        | {f"matches-{item}": "yes" for item in items}
        | {f"lines-{line.key}-matches": "yes" for line in checklist(example())}
        | {"visited_on": day, "summary": "听取汇报，实地察看。", "outcome": outcome}
        | more
    )


def through(story: Story, until: str) -> Story:
    """Take a case to a stage, everybody approving."""
    steps = {
        "expert-review": story.recommends,
        "reviews": story.assembles_panel,
        "conclusion": story.review,
        "site-inspection": story.concludes,
        "visit": story.assembles_team,
        "certification": story.inspect,
        "publication": story.certifies,
    }
    for name, step in steps.items():
        step()
        if name == until:
            break
    return story


def multiply(story: Story, times: int) -> None:
    """Put more cases like this one before the same recommending body."""
    with transaction() as session:
        case = session.get_one(Case, story.case_id)
        first = session.get_one(Application, case.application_id)
        call = session.get_one(Call, first.call_id)
        for number in range(times):
            another = Call(
                code=f"M-{number}", title=f"第 {number} 批", opens_at=call.opens_at, closes_at=call.closes_at,
                policy=call.policy,
            )  # fmt: skip
            session.add(another)
            session.flush()
            application = Application(
                call_id=another.id, organisation_id=first.organisation_id, recommender_id=first.recommender_id,
                content=first.content, created_by=first.created_by,
            )  # fmt: skip
            session.add(application)
            session.flush()
            more = Case(
                application_id=application.id, reference=f"JD-2026-9{number:03}", procedure=case.procedure,
                stage="local-review",
            )  # fmt: skip
            session.add(more)
            session.flush()
            at = StageRound(case_id=more.id, stage="local-review", round=1)
            session.add(at)
            session.flush()
            assign(session, at, Duty.RECOMMEND, Holder(organisation_id=first.recommender_id))
