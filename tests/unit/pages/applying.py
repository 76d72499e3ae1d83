"""An applicant's vocabulary: what people do on the pages of an application, and what is stored of it then."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlmodel import select

from casework.applications import begin
from casework.calls import by_code
from casework.demonstration import CALL, HOME
from core.db import reading, transaction
from models.application import Application, Call
from models.case import Case
from models.organisation import Organisation
from pages.applicant_answers import form_of
from regulation.form.definition import FORM
from regulation.form.example import example
from regulation.form.field import Kind
from regulation.policy import Policy
from tests import cast
from tests.stories.telling import an_application
from tests.unit.pages.visitor import Forms, Visitor

SECTIONS = [part for part in FORM if part.key != "promise"]


CODE = "12420000000000019Q"


def begun(visitor: Visitor) -> str:
    """Begin an application by hand; return its address."""
    visitor.get(f"/applications/new?call={CALL}")
    visitor.submit(visitor.form("/applications/new"), {"recommender_id": bureau()})
    return visitor.page.url.path


def completed() -> str:
    """Write an application that can be submitted; return its address."""
    with transaction() as session:
        return f"/applications/{an_application(session)}"


def bureau() -> str:
    with reading() as session:
        return str(session.exec(select(Organisation.id).where(Organisation.name == HOME)).one())


def stored(address: str) -> Application:
    with reading() as session:
        return session.get_one(Application, UUID(address.rpartition("/")[2]))


def case_of(address: str) -> Case:
    with reading() as session:
        return session.exec(select(Case).where(Case.application_id == stored(address).id)).one()


def answers(part):
    """What is typed into a section, by the names of its fields."""
    form = form_of(example("江汉示例职业技术学院", credit_code=CODE), part)
    named = {}
    for asked in part.fields:
        if asked.kind is Kind.ROWS:
            rows = form.rows(asked.key)
            named |= {row.key(c.key): row.value(c.key) for row in rows for c in asked.columns}
        elif asked.kind is Kind.CHOICES:
            named[asked.key] = form.values_of(asked.key)
        elif asked.kind is not Kind.FILE:
            named[asked.key] = form.value(asked.key)
    return named


def fill_in(visitor, address, part):
    """Fill in a section table by table, adding rows where one needs more than are offered."""
    visitor.get(f"{address}/sections/{part.key}")
    given = answers(part)
    for asked in part.fields:
        cells = {name: value for name, value in given.items() if name.startswith(f"{asked.key}-")}
        while not set(cells) <= section_form(visitor, part).names:
            visitor.submit(section_form(visitor, part), button=("add", f"{asked.key}-5"), follow=False)
            visitor.get(visitor.page.headers["location"].partition("#")[0])
        if cells:
            visitor.submit(section_form(visitor, part), cells)
    visitor.submit(section_form(visitor, part), given)
    return visitor.page


def section_form(visitor, part):
    return visitor.form(with_value=("section", part.key))


def paper_form(visitor, kind):
    """Return the form that brings a paper; the one that takes it away stands beside it."""
    wanted = {("act", "attach"), ("kind", kind)}
    return next(form for form in Forms(visitor.page.text).found if wanted <= set(form.values))


def submission_form(visitor, address):
    return visitor.form(address, with_value=("act", "submit"))


def submit(visitor, address, *, promised=True):
    visitor.get(address)
    return visitor.submit(submission_form(visitor, address), {"promise": "1"} if promised else {})


def at_once(times, act):
    """Do something in several windows at the same moment."""
    with ThreadPoolExecutor(times) as windows:
        return [done.result() for done in [windows.submit(act) for _ in range(times)]]


def more(number: int) -> None:
    """Begin another application in another call."""
    with transaction() as session:
        first = by_code(session, CALL)
        call = Call(
            code=f"2026-{number}",
            title=f"第 {number} 批",
            opens_at=first.opens_at,
            closes_at=first.closes_at,
            policy=Policy().snapshot(),
        )
        session.add(call)
        session.flush()
        begin(session, call, UUID(bureau()), by=cast.person(cast.APPLICANT, session))
