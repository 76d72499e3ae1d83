"""The whole batch told at once: sixty applications, stage by stage, everybody acting for themselves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework.applications import attach, begin, save
from casework.calls import by_code
from casework.committees import assemble
from casework.decisions import Conclusion, decide
from casework.demonstration_batch import (
    CALL,
    CERTIFIED,
    FAILED,
    INSPECTORS,
    NOT_ACCEPTED,
    PANELS,
    POLICY,
    Applicant,
    expert_email,
    inspector_email,
    recommender_email,
)
from casework.inspections import ITEMS, Seen, Visit, inspect
from casework.people import Person
from casework.publicity import NewPublicity, publicise
from casework.reviews import Opinion, review
from casework.submissions import submit
from core.clock import today
from core.db import reading, transaction
from flows.accreditation import accreditation
from models.case import Assignment, Case
from models.organisation import Organisation
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf

YES = Conclusion(Outcome.APPROVED, "符合规定条件。")


def no(reasons: str) -> Conclusion:
    """Return a refusal with its reasons."""
    return Conclusion(Outcome.REFUSED, reasons)


@dataclass
class Batch:
    """The institutions that are still in the procedure, in the order of the batch, and their cases."""

    running: list[Applicant]
    cases: dict[int, UUID] = field(default_factory=dict)

    def file_applications(self) -> None:
        """Art. 5(1)-(3): every institution fills in its form and files it."""
        for one in self.running:
            with transaction() as session:
                self.cases[one.place] = filed(session, one)
            self.turn(one)

    def recommend(self) -> None:
        """Art. 5(3): every bureau recommends as many as its quota allows and refuses the others."""
        for one in self.running:
            within = YES if one.within_quota else no("超出本批次推荐名额。")
            self.decide(one, recommender_email(one.area), Duty.RECOMMEND, within)
        self.leave(one for one in self.running if not one.within_quota)

    def accept(self) -> None:
        """The office examines the form of the papers and takes all but the last few in."""
        late = self.running[-NOT_ACCEPTED:]
        for one in self.running:
            self.decide(one, cast.OFFICE, Duty.CHECK_FORM, no("申报表未加盖公章。") if one in late else YES)
        self.leave(late)

    def review(self) -> None:
        """Art. 5(4): panels of seven examine the papers, each a third of them, and their chairs conclude."""
        failed = self.running[-FAILED:]
        for number in range(PANELS):
            panel = [expert_email(1 + number * POLICY.panel_size + n) for n in range(POLICY.panel_size)]
            for one in self.running[number::PANELS]:
                self.assemble(one, Duty.ASSEMBLE_PANEL, panel)
                for n, email in enumerate(panel):
                    score = 65 if one in failed else one.score(n)
                    self.act(one, email, Duty.REVIEW, reviewed(score))
                self.turn(one)
                conclusion = no("平均分未达到规定标准。") if one in failed else YES
                self.decide(one, panel[0], Duty.CONCLUDE, conclusion)
        self.leave(failed)

    def visit(self) -> None:
        """Art. 5(4): teams of two look at what was declared."""
        for one in self.running:
            first = one.place % (INSPECTORS // 2) * 2 + 1
            team = [inspector_email(first), inspector_email(first + 1)]
            self.assemble(one, Duty.ASSEMBLE_TEAM, team)
            self.act(one, team[0], Duty.INSPECT, inspected)
            self.turn(one)

    def certify(self) -> None:
        """Art. 5(4), 15: the department decides for the best of them."""
        beyond = self.running[CERTIFIED:]
        for one in self.running:
            within = no("综合评审排名超出本批次名额。") if one in beyond else YES
            self.decide(one, cast.DECIDER, Duty.CERTIFY, within)
        self.leave(beyond)

    def publicise(self) -> None:
        """The list is made public, for all of them together."""
        with transaction() as session:
            duties = [self.duty(session, one, Duty.PUBLICISE) for one in self.running]
            new = NewPublicity("2026年度省级继续教育基地拟认定名单公示", today(), duties)
            publicise(session, new, by=cast.person(cast.OFFICE, session))
        for one in self.running:
            self.turn(one)

    def leave(self, out: Iterable[Applicant]) -> None:
        """Let institutions leave the procedure."""
        left = list(out)
        self.running = [one for one in self.running if one not in left]

    def turn(self, one: Applicant) -> str:
        """Let the flow take its run."""
        return str(accreditation.fn(str(self.cases[one.place]), one.name).name)

    def duty(self, session: Session, one: Applicant, duty: Duty, of: Person | None = None) -> UUID:
        """Return the open duty of a case, of anybody or of one person."""
        found = select(Assignment.id).where(Assignment.case_id == self.cases[one.place], Assignment.duty == duty)
        if of:
            found = found.where(Assignment.user_id == of.id)
        return session.exec(found.where(col(Assignment.ended_at).is_(None))).one()

    def act(self, one: Applicant, email: str, duty: Duty, do: Callable[[Session, UUID, Person], object]) -> None:
        """Somebody does a duty of their own."""
        with transaction() as session:
            by = cast.person(email, session)
            do(session, self.duty(session, one, duty, by), by)

    def decide(self, one: Applicant, email: str, duty: Duty, conclusion: Conclusion) -> str:
        """Somebody decides on a case, and the flow takes its run."""
        with transaction() as session:
            by = cast.person(email, session)
            decide(session, self.duty(session, one, duty), conclusion, by=by)
        return self.turn(one)

    def assemble(self, one: Applicant, duty: Duty, members: Sequence[str]) -> None:
        """The office names a panel or a team; the first of them leads it."""
        with transaction() as session:
            people = [cast.person(email, session).id for email in members]
            by = cast.person(cast.OFFICE, session)
            assemble(session, self.duty(session, one, duty), people, people[0], by=by)
        self.turn(one)


def filed(session: Session, one: Applicant) -> UUID:
    """Fill in a form, attach what is required, file it; return the case."""
    by = cast.person(one.email, session)
    body = session.exec(select(Organisation).where(Organisation.name == one.area.bureau)).one()
    application = begin(session, by_code(session, CALL), body.id, by=by)
    content = example(one.name, f"{one.name}继续教育基地", one.credit_code, area=one.area.code)
    save(session, application.id, content, None, by=by)
    for paper in ATTACHMENTS:
        if paper.required:
            attach(session, application.id, paper.key, (f"{paper.key}.pdf", a_pdf()), by=by)
    return submit(session, application.id, by=by).id


def reviewed(score: int) -> Callable[[Session, UUID, Person], object]:
    """Say how an expert reviews who gives that score."""
    opinion = Opinion(score, "pass" if score >= POLICY.pass_mark else "fail", "材料齐全，已逐项核对。")
    return lambda session, duty, by: review(session, duty, opinion, by=by)


def inspected(session: Session, duty: UUID, by: Person) -> object:
    """Record a visit that found everything as declared."""
    findings = [Seen(item, "如申报表所述", "与申报一致", matches=True) for item in ITEMS]
    return inspect(session, duty, Visit(today(), "听取汇报，查阅材料，实地察看。", findings), YES, by=by)


def totals() -> dict[str, int]:
    """Count the cases by how they ended, or by the stage they are at."""
    with reading() as session:
        counted = session.exec(select(Case.stage, Case.outcome, func.count()).group_by(Case.stage, Case.outcome))
        return {f"{stage} {outcome or 'open'}": number for stage, outcome, number in counted}
