"""The whole batch told at once: sixty applications, stage by stage, everybody acting for themselves."""

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework.applications import attach, begin, save
from casework.calls import NewCall, by_code, open_call
from casework.collective import Item, decide_together
from casework.committees import assemble
from casework.decisions import Conclusion, decide
from casework.demonstration_batch import (
    CERTIFIED,
    DECISION,
    FAILED,
    FAILING,
    INSPECTORS,
    NOT_ACCEPTED,
    PANELS,
    POLICY,
    Applicant,
    inspector_email,
    marks,
    pool,
    recommender_email,
)
from casework.experts.answers import ACCEPT, Answer, answer
from casework.experts.confirming import confirm
from casework.experts.draws import draw_panel
from casework.experts.importing import import_pool
from casework.experts.invitations import duties_of
from casework.inspections import ITEMS, Seen, Visit, inspect
from casework.meetings import Sitting
from casework.objections import filing, handling
from casework.people import Person, person_of
from casework.publicity import NewPublicity, publicise
from casework.recommending import sheets
from casework.recommending.scans import attach_scan
from casework.reviews import Opinion, review
from casework.submissions import submit
from casework.visits.signing import Signing
from core.clock import now, today
from core.db import engine, reading, transaction
from flows.accreditation import accreditation
from models.application import Application
from models.case import Assignment, Case
from models.objection import ObjectionResult
from models.organisation import Organisation
from models.person import User
from models.publicity import PublicityItem
from regulation.checks import STAGE_CHECKS, YES
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.stories.objecting import PERSON

CALL = "2026-P"
SIGNED = ("王经办示例", "陈负责示例")
SUITED = Conclusion(Outcome.APPROVED, "符合规定条件。")


def no(reasons: str) -> Conclusion:
    """Return a refusal with its reasons."""
    return Conclusion(Outcome.REFUSED, reasons)


def not_recommended() -> Conclusion:
    """Return a refusal that the body's people sign."""
    return replace(no("超出本批次推荐名额。"), sheet=sheets.Sheet([], *SIGNED))


def checked(stage: str) -> Conclusion:
    """Return an approval with every point of the stage's check list answered, and both names."""
    answers = [sheets.Answer(item.key, YES) for item in STAGE_CHECKS[stage]]
    return Conclusion(Outcome.APPROVED, "符合规定条件。", sheet=sheets.Sheet(answers, *SIGNED))


@dataclass
class Batch:
    """The institutions that are still in the procedure, in the order of the batch, and their cases."""

    running: list[Applicant]
    cases: dict[int, UUID] = field(default_factory=dict)

    def open(self) -> None:
        """The office opens the call under the full procedure and brings its pool of experts."""
        with transaction() as session:
            office = cast.person(cast.OFFICE, session)
            opens = now() - timedelta(hours=1)
            window = {"opens_at": opens, "closes_at": opens + timedelta(days=30)}
            open_call(session, NewCall(CALL, "集中申报", "", **window, policy=POLICY, decision=DECISION), by=office)
            import_pool(session, pool(), by=office)

    def file_applications(self) -> None:
        """Art. 5(1)-(3): every institution fills in its form and files it."""

        def files(one: Applicant) -> None:
            with transaction() as session:
                self.cases[one.place] = filed(session, one)
            self.turn(one)

        self.each(files)
        self.cases = cases_of(self.running)

    def recommend(self) -> None:
        """Art. 5(3): every bureau recommends as many as its quota allows and refuses the others."""

        def recommends(one: Applicant) -> None:
            email = recommender_email(one.area)
            self.act(one, email, Duty.RECOMMEND, lambda session, duty, by: attach_scan(session, duty, SCAN, by=by))
            within = checked("local-review") if one.within_quota else not_recommended()
            self.decide(one, email, Duty.RECOMMEND, within)

        self.each(recommends)
        self.leave(one for one in self.running if not one.within_quota)

    def accept(self) -> None:
        """The office examines the form of the papers and takes all but the last few in."""
        late = self.running[-NOT_ACCEPTED:]

        def checks(one: Applicant) -> None:
            verdict = no("申报表未加盖公章。") if one in late else checked("acceptance")
            self.decide(one, cast.OFFICE, Duty.CHECK_FORM, verdict)

        self.each(checks)
        self.leave(late)

    def draw(self) -> None:
        """Three panels of seven are drawn, each for a third of the cases; everybody accepts the invitation."""
        for number in range(PANELS):
            group = self.running[number::PANELS]
            with transaction() as session:
                office = cast.person(cast.OFFICE, session)
                duties = [self.duty(session, one, Duty.ASSEMBLE_PANEL) for one in group]
                invited = confirm(session, draw_panel(session, duties, f"{CALL}-{number}", by=office).id, by=office)
            for invitation in invited:
                with transaction() as session:
                    expert = person_of(session, session.get_one(User, invitation.user_id))
                    duty = duties_of(session, invitation)[0]
                    answer(session, duty.id, Answer(ACCEPT, promise=True), by=expert)
            for one in group:
                self.turn(one)

    def review(self) -> None:
        """Art. 5(4): every member marks the papers alone; the chair concludes as the result says."""
        failed = self.running[-FAILED:]

        def examine(one: Applicant) -> None:
            for n, (duty, email) in enumerate(self.panel(one)):
                with transaction() as session:
                    by = cast.person(email, session)
                    review(session, duty, opinion(FAILING if one in failed else one.score(n)), by=by)
            self.turn(one)
            (chair,) = self.holders(one, Duty.CONCLUDE)
            self.decide(one, chair[1], Duty.CONCLUDE, no("评审结果未达到通过要求。") if one in failed else SUITED)

        self.each(examine)
        self.leave(failed)

    def visit(self) -> None:
        """Art. 5(4): teams of two look at what was declared."""

        def visits(one: Applicant) -> None:
            first = one.place % (INSPECTORS // 2) * 2 + 1
            team = [inspector_email(first), inspector_email(first + 1)]
            self.assemble(one, Duty.ASSEMBLE_TEAM, team)
            with transaction() as session:
                leader, other = (cast.person(email, session) for email in team)
                inspected(session, self.duty(session, one, Duty.INSPECT, leader), leader, other)
            self.turn(one)

        self.each(visits)

    def certify(self) -> None:
        """Art. 5(4), 15: the department's meeting decides for the best of them, in one list."""
        beyond = self.running[CERTIFIED:]
        with transaction() as session:
            items = [
                Item(
                    self.duty(session, one, Duty.CERTIFY),
                    Outcome.REFUSED if one in beyond else Outcome.APPROVED,
                    "综合评审排名超出本批次认定数量。" if one in beyond else "综合评审、实地考察情况，予以认定。",
                )
                for one in self.running
            ]
            sitting = Sitting("leading-group", "领导小组2026年第3次会议", today(), "鄂继教纪要〔2026〕3号")
            decide_together(session, by_code(session, CALL), items, sitting, by=cast.person(cast.DECIDER, session))
        for one in self.running:
            self.turn(one)
        self.leave(beyond)

    def publicise(self, first_on: date) -> None:
        """The list is made public, for all of them together."""
        with transaction() as session:
            duties = [self.duty(session, one, Duty.PUBLICISE) for one in self.running]
            new = NewPublicity("2026年度省级继续教育基地拟认定名单公示", first_on, duties)
            publicise(session, new, by=cast.person(cast.OFFICE, session))
        for one in self.running:
            self.turn(one)

    def object_to(self, one: Applicant, result: ObjectionResult) -> None:
        """Somebody objects to one of them; the office takes it up, looks into it and answers."""
        with transaction() as session:
            office = cast.person(cast.OFFICE, session)
            wanted = select(PublicityItem.id).where(PublicityItem.case_id == self.cases[one.place])
            objection = filing.object_to(session, session.exec(wanted).one(), PERSON)
            handling.accept(session, objection.id, "反映2025年度培训人数不实。", by=office)
            handling.conclude(session, objection.id, result, "经查阅培训名册核实。", by=office)
        self.turn(one)

    def reconsider(self, one: Applicant) -> None:
        """The department reconsiders a case whose objection stands, and does not recognise it."""
        self.decide(one, cast.DECIDER, Duty.RECONSIDER, no("异议成立，培训人数不实。"))
        self.leave([one])

    def each(self, do: Callable[[Applicant], None]) -> None:
        """Let something be done for all of them: two offices at once, and in each two people who do not wait."""
        with another_office(do, self.running[1::2]), ThreadPoolExecutor(2) as people:
            list(people.map(do, self.running[::2]))

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

    def panel(self, one: Applicant) -> Sequence[tuple[UUID, str]]:
        """Return the open reviews of a case with their reviewers' addresses, in the order of the addresses."""
        return self.holders(one, Duty.REVIEW)

    def holders(self, one: Applicant, duty: Duty) -> Sequence[tuple[UUID, str]]:
        """Return the open duties of a kind in a case, with who has them."""
        found = select(Assignment.id, User.email).join(User, col(User.id) == Assignment.user_id)
        found = found.where(Assignment.case_id == self.cases[one.place], Assignment.duty == duty)
        with reading() as session:
            return session.exec(found.where(col(Assignment.ended_at).is_(None)).order_by(User.email)).all()

    def act(self, one: Applicant, email: str, duty: Duty, do: Callable[[Session, UUID, Person], object]) -> None:
        """Somebody does something for a duty of theirs."""
        with transaction() as session:
            do(session, self.duty(session, one, duty), cast.person(email, session))

    def decide(self, one: Applicant, email: str, duty: Duty, conclusion: Conclusion) -> str:
        """Somebody decides on a case, and the flow takes its run."""
        self.act(one, email, duty, lambda session, given, by: decide(session, given, conclusion, by=by))
        return self.turn(one)

    def assemble(self, one: Applicant, duty: Duty, members: Sequence[str]) -> None:
        """The office names a team; the first of them leads it."""
        with transaction() as session:
            people = [cast.person(email, session).id for email in members]
            by = cast.person(cast.OFFICE, session)
            assemble(session, self.duty(session, one, duty), people, people[0], by=by)
        self.turn(one)


@contextmanager
def another_office(do: Callable[[Applicant], None], its: Sequence[Applicant]) -> Iterator[None]:
    """Have a process of its own do something for its share of them while the block lasts."""
    office = os.fork()
    if not office:
        engine().dispose(close=False)  # those connections are the other office's
        try:
            with ThreadPoolExecutor(2) as people:
                list(people.map(do, its))
        except BaseException:  # noqa: BLE001 - whatever it is, it is told and counts
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    try:
        yield
    finally:
        _, status = os.waitpid(office, 0)
    assert status == 0, "the other office has failed, see above"


def cases_of(applicants: Iterable[Applicant]) -> dict[int, UUID]:
    """Return the cases of the batch by the place of who applied."""
    found = select(Organisation.name, Case.id).join(Application, col(Application.organisation_id) == Organisation.id)
    with reading() as session:
        by_name = dict(session.exec(found.join(Case, col(Case.application_id) == Application.id)).all())
    return {one.place: by_name[one.name] for one in applicants}


SCAN = ("推荐意见.pdf", a_pdf())


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


def opinion(score: int) -> Opinion:
    """Return what an expert says who gives that score, every mark explained."""
    given = marks(score)
    advice = "pass" if score >= POLICY.pass_mark else "fail"
    return Opinion(None, advice, "材料齐全，已逐项核对。", given, dict.fromkeys(given, "见申报材料。"))


def inspected(session: Session, duty: UUID, leader: Person, other: Person) -> None:
    """Record a visit that found everything as declared, signed by both and by the institution's representative."""
    findings = [Seen(item, "如申报表所述", "与申报一致", matches=True) for item in ITEMS]
    signing = Signing("示例代表", [leader.id, other.id], ("签名页.pdf", a_pdf()))
    visit = Visit(today(), "听取汇报，查阅材料，实地察看。", findings, signing=signing)
    inspect(session, duty, visit, SUITED, by=leader)


def totals() -> dict[str, int]:
    """Count the cases by how they ended, or by the stage they are at."""
    with reading() as session:
        counted = session.exec(select(Case.stage, Case.outcome, func.count()).group_by(Case.stage, Case.outcome))
        return {f"{stage}: {outcome or 'open'}": number for stage, outcome, number in counted}
