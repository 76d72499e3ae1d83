"""What the overview of an application shows: the draft with what is missing, or what was filed and where it stands."""

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from casework.cases import submissions_of
from casework.certificates import of_case
from casework.decisions import decisions_of
from casework.people import Person
from casework.turns import turns_of
from core.errors import Fault
from core.i18n import gettext
from models.application import Document, Submission
from models.case import Case
from models.certificate import Certificate
from models.judgement import Decision
from models.person import User
from pages.applicant_work import PROMISE, Listed, Step, Work, headed, listed, steps
from pages.forms import Form
from pages.kit import Crumb, Turn
from regulation.definition import stage
from regulation.form.definition import ATTACHMENTS, FIELDS, section
from regulation.form.field import Field
from regulation.form.materials import asked_under
from regulation.form.place import is_asked
from regulation.form.reading import Change, ShownSection, changes, shown
from regulation.form.showing import words
from regulation.outcomes import Outcome
from regulation.roles import Duty

IN_SUMMARY = ("unit_name", "base_name", "credit_code", "contact_name", "contact_mobile", "contact_email")


@dataclass(frozen=True)
class View:
    """In what light the page is shown: what was just typed, what a submission was refused for, with which status."""

    form: Form = field(default_factory=Form.of)
    told: list[Fault] = field(default_factory=list)
    checking: bool = False
    status: int = 200


@dataclass(frozen=True)
class Paper:
    """One paper that is asked for, with the file that is there."""

    asked: Field
    title: str
    hint: str
    document: Document | None

    @property
    def needed(self) -> bool:
        """Whether it stands among the first: it is required, or it is there."""
        return self.asked.required or self.document is not None


@dataclass(frozen=True)
class Correction:
    """Why the file came back, what to mend and until when, and what was changed since."""

    stage: str
    decision: Decision
    due_on: date | None
    provisional: bool
    changes: list[Change]


@dataclass(frozen=True)
class DraftPage:
    """The application while it can be worked on."""

    work: Work
    form: Form
    steps: list[Step]
    open_points: list[Listed]
    checking: bool
    papers: list[Paper]
    promise: str
    summary: list[tuple[str, str]]
    correction: Correction | None
    crumbs: list[Crumb]


@dataclass(frozen=True)
class Part:
    """One section of what was filed, under its heading."""

    key: str
    title: str
    section: ShownSection


@dataclass(frozen=True)
class FiledPaper:
    """One paper that was filed."""

    title: str
    filename: str
    size: int
    sha256: str


@dataclass(frozen=True)
class FiledPage:
    """The application while others have it, or when it is over: read only."""

    work: Work
    refusal: str
    submission: Submission | None
    submitted_by: str
    parts: list[Part]
    papers: list[FiledPaper]
    turn: Turn | None
    certificate: Certificate | None
    crumbs: list[Crumb]


def draft_page(session: Session, work: Work, view: View, *, viewer: Person) -> DraftPage:
    """Gather the page of a draft."""
    unfinished = [state for state in work.states if state.section.key != PROMISE]
    faults = view.told or [fault for state in unfinished for fault in (*state.faults, *state.lacking)]
    return DraftPage(
        work=work,
        form=view.form,
        steps=steps(work),
        open_points=listed(work.address, faults),
        checking=view.checking or bool(view.told),
        papers=_papers(work),
        promise=gettext(FIELDS[PROMISE].hint),
        summary=_summary(work),
        correction=_correction(session, work, work.case, viewer) if work.case else None,
        crumbs=_crumbs(work),
    )


def filed_page(session: Session, work: Work, view: View, *, viewer: Person) -> FiledPage:
    """Gather the page of an application that cannot be changed now."""
    submission = next(iter(submissions_of(session, work.case)), None) if work.case else None
    author = session.get(User, submission.submitted_by) if submission else None
    content = submission.content if submission else work.application.content
    return FiledPage(
        work=work,
        refusal=view.form.sentence,
        submission=submission,
        submitted_by=author.name if author else "",
        parts=[Part(part.key, headed(section(part.key)), part) for part in shown(content)],
        papers=_filed_papers(work, submission),
        turn=_turn(session, work.case, viewer) if work.case else None,
        certificate=of_case(session, work.case.id) if work.case else None,
        crumbs=_crumbs(work),
    )


def _crumbs(work: Work) -> list[Crumb]:
    return [Crumb(gettext("我的申报"), "/applications"), Crumb(work.title)]


def _papers(work: Work) -> list[Paper]:
    content = work.application.content
    return [
        Paper(
            asked_under(asked, work.policy),
            gettext(asked.title),
            gettext(asked.hint) if asked.hint else "",
            work.documents.get(asked.key),
        )
        for asked in ATTACHMENTS
        if is_asked(asked, content) or asked.key in work.documents
    ]


def _summary(work: Work) -> list[tuple[str, str]]:
    content = work.application.content
    said = [(gettext(FIELDS[key].title), words(FIELDS[key], content.get(key))) for key in IN_SUMMARY]
    papers = gettext("{n} 份", n=len(work.documents))
    return [*said, (gettext("推荐单位"), work.recommender.name), (gettext("附件"), papers)]


def _correction(session: Session, work: Work, case: Case, viewer: Person) -> Correction:
    returned = [decision for decision, _ in decisions_of(session, case.id) if decision.outcome is Outcome.RETURNED]
    last = submissions_of(session, case)[0]
    duty = next((turn for turn in turns_of(session, case, viewer) if turn.duty == Duty.CORRECT.title), None)
    return Correction(
        stage=gettext(stage(returned[-1].stage).title),
        decision=returned[-1],
        due_on=duty.due_on if duty else None,
        provisional=bool(duty and duty.provisional),
        changes=changes(last.content, work.application.content) + _paper_changes(last, work.documents),
    )


def _paper_changes(last: Submission, now: dict[str, Document]) -> list[Change]:
    before = {document["kind"]: document for document in last.documents}
    found = []
    for asked in ATTACHMENTS:
        old, new = before.get(asked.key), now.get(asked.key)
        if (old and old["sha256"]) != (new and new.sha256):
            title = gettext("“{title}”", title=gettext(asked.title))
            found.append(Change(asked.key, title, old["filename"] if old else "", new.filename if new else ""))
    return found


def _filed_papers(work: Work, submission: Submission | None) -> list[FiledPaper]:
    if submission:
        there = {paper["kind"]: (paper["filename"], paper["size"], paper["sha256"]) for paper in submission.documents}
    else:
        there = {kind: (paper.filename, paper.size, paper.sha256) for kind, paper in work.documents.items()}
    return [FiledPaper(gettext(asked.title), *there[asked.key]) for asked in ATTACHMENTS if asked.key in there]


def _turn(session: Session, case: Case, viewer: Person) -> Turn:
    if case.closed_at:
        outcome = case.outcome or Outcome.LAPSED
        ending = gettext("已认定并公布") if outcome is Outcome.APPROVED else gettext(outcome.title)
        return Turn("", ended=gettext("已办结：{outcome}", outcome=ending))
    turn = turns_of(session, case, viewer)[0]
    return Turn(gettext(turn.holder), gettext(turn.duty), turn.since, turn.due_on)
