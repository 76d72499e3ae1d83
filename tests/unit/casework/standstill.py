"""Many cases that one fault has stalled: the database itself refuses, as it does when its disk is full."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from casework.demonstration import CALL
from casework.people import recommending_bodies
from core import db
from core.db import reading, transaction
from flows.accreditation import accreditation
from models.application import Application, Call
from models.case import Case, StageRound
from models.judgement import Decision
from models.organisation import Organisation, OrganisationKind
from regulation.areas import AREAS
from regulation.definition import PROCEDURE
from regulation.outcomes import Outcome
from tests import cast


def filed(number: int) -> list[str]:
    """Enter so many cases that were filed and not taken up yet; return their references."""
    with transaction() as session:
        call = session.exec(select(Call).where(Call.code == CALL)).one()
        applicant, body = cast.person(cast.APPLICANT, session), recommending_bodies(session)[0]
        for n in range(number):
            kind, name = OrganisationKind.INSTITUTION, f"示例单位{n + 1}"
            unit = Organisation(kind=kind, name=name, credit_code=f"98{n:016}", area_code=AREAS[0].code)
            session.add(unit)
            session.flush()
            about = {"call_id": call.id, "organisation_id": unit.id, "recommender_id": body.id}
            application = Application(**about, content={"base_name": f"基地{n + 1}"}, created_by=applicant.id)
            session.add(application)
            session.flush()
            case = Case(
                application_id=application.id,
                reference=f"JD-2026-{n + 501:04}",
                procedure=PROCEDURE,
                stage="submission",
            )
            session.add(case)
            session.flush()
            session.add(StageRound(case_id=case.id, stage="submission", round=1))
            decided = Decision(case_id=case.id, stage="submission", round=1, outcome=Outcome.APPROVED)
            decided.decided_by = applicant.id
            session.add(decided)
    return [f"JD-2026-{n + 501:04}" for n in range(number)]


@contextmanager
def disk_full(*, below: int = 10**6) -> Iterator[None]:
    """Let PostgreSQL refuse to close the rounds of the cases with a number below this one, as on a full disk."""
    statements = f"""
        CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE n int := (SELECT right(reference, 4)::int FROM cases WHERE id = NEW.case_id);
        BEGIN
            IF n < {below} THEN
                RAISE 'could not extend file "base/16384/%": No space left on device', n USING ERRCODE = 'disk_full';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER disk_full BEFORE UPDATE ON stage_rounds FOR EACH ROW EXECUTE FUNCTION disk_full()"""  # noqa: S608 - a number of our own
    with db.engine().begin() as connection:
        connection.execute(text(statements))
    try:
        yield
    finally:
        with db.engine().begin() as connection:
            connection.execute(text("DROP TRIGGER disk_full ON stage_rounds; DROP FUNCTION disk_full()"))


def take_turns(references: Sequence[str]) -> None:
    """Let the flow take its run over each case; what fails is written down by the run itself."""
    with reading() as session:
        cases = session.exec(select(Case).where(col(Case.reference).in_(references)).order_by(Case.reference)).all()
    for case in cases:
        with suppress(SQLAlchemyError):
            accreditation.fn(str(case.id), case.reference)
