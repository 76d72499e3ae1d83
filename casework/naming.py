"""Who acted, as this reader may know it: by name, or only by the body that acted."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from casework.access import Sight, sight_of
from casework.cases import parties
from casework.people import Person
from core.i18n import gettext, marked
from models.case import Case
from models.journal import JournalEntry
from models.judgement import Decision
from models.person import User
from regulation.outcomes import Outcome
from regulation.roles import Role

SYSTEM = marked("系统")
STAFF = marked("工作人员")
BODIES = {
    "expert-review": marked("专家评审委员会"),
    "site-inspection": marked("考察组"),
    "certification": Role.DECIDER.title,
}
"""Who decides at a stage whose people are not named to everybody."""

OF_THE_UNIT = frozenset({"submitted", "attached", "clarification-answered", "visit-accepted", "visit-declined"}) | {
    "objection-answered"
}
"""Acts of the applying institution, at whatever stage."""

ACTORS = {
    "reviewed": Role.EXPERT.title,
    "clarification-asked": Role.EXPERT.title,
    "panel-enlarged": Role.OFFICE.title,
    "panel-assembled": Role.OFFICE.title,
    "team-assembled": Role.OFFICE.title,
    "member-replaced": Role.OFFICE.title,
    "avoidance-asked": Role.APPLICANT.title,
    **dict.fromkeys(
        ("invitation-accept", "invitation-decline", "invitation-recuse", "recusal-asked"), Role.EXPERT.title
    ),
    **dict.fromkeys(
        (
            "panel-drawn",
            "draw-discarded",
            "experts-invited",
            "conflict-upheld",
            "conflict-dismissed",
            "seat-vacated",
            "review-voided",
            "telephone-accept",
            "telephone-decline",
            "telephone-recuse",
        ),
        Role.OFFICE.title,
    ),
    "certificate-revoked": Role.DECIDER.title,
    "revocation-proposed": Role.OFFICE.title,
    "revocation-declined": Role.DECIDER.title,
    "publicised": Role.OFFICE.title,
    "announced": Role.OFFICE.title,
    **dict.fromkeys(
        ("plaque-entered", "plaque-made", "plaque-handed", "plaque-returned", "plaque-destroyed"), Role.OFFICE.title
    ),
    **dict.fromkeys(
        ("objection-accepted", "objection-refused", "objection-noted", "objection-concluded"), Role.OFFICE.title
    ),
    "package-taken": Role.OFFICE.title,
    "run-again": Role.OPERATOR.title,
    "letter-sent-again": Role.OPERATOR.title,
}


@dataclass(frozen=True)
class Naming:
    """How the people of one case are called in front of one reader."""

    viewer: Person
    sight: Sight
    unit: str
    recommender: str

    def decider(self, decision: Decision, user: User | None) -> str:
        """Return who decided."""
        withdrawn = decision.outcome is Outcome.WITHDRAWN
        body = self.unit if withdrawn else self.body(decision.stage)
        return self._acting(user, body, decision.stage, decision.in_place_of)

    def actor(self, entry: JournalEntry, user: User | None) -> str:
        """Return who wrote a line of the journal."""
        if entry.act in OF_THE_UNIT or entry.detail.get("outcome") == Outcome.WITHDRAWN:
            return self._called(user, self.unit)
        body = gettext(ACTORS[entry.act]) if entry.act in ACTORS else self.body(entry.stage)
        body = str(entry.detail.get("body") or body)
        return self._acting(user, body, entry.stage, str(entry.detail.get("in_place_of", "")))

    def person(self, user: User, role: Role, absent: str = "") -> str:
        """Return a person by name, and in whose place, or by role to whoever may not know it."""
        return in_place(user.name, absent) if self._may_know(user.id) else gettext(role.title)

    def examiner(self, user: User, stage: str, absent: str) -> str:
        """Return who filled in a check list by name, or the body to whoever may not know it."""
        ours = self.sight.names or user.organisation_id == self.viewer.organisation_id
        return in_place(user.name, absent) if ours else self.body(stage)

    def body(self, stage: str) -> str:
        """Return the body that decides at a stage."""
        ours = {"submission": self.unit, "local-review": self.recommender}
        return ours.get(stage) or gettext(BODIES.get(stage, STAFF))

    def _acting(self, user: User | None, body: str, stage: str, absent: str) -> str:
        if user and self._is_colleague(user, stage):
            return in_place(user.name, absent)
        called = self._called(user, body)
        return in_place(called, absent) if user and self._may_know(user.id) else called

    def _is_colleague(self, user: User, stage: str) -> bool:
        """Whether somebody acted for the reader's own recommending body; an expert of that body stays unnamed."""
        recommends = self.sight.examinations and not self.sight.names
        return recommends and stage == "local-review" and user.organisation_id == self.viewer.organisation_id

    def _called(self, user: User | None, body: str) -> str:
        if not user:
            return gettext(SYSTEM)
        if user.organisation_id == self.viewer.organisation_id and (self.sight.owner or user.id == self.viewer.id):
            return user.name
        return gettext("{name}（{body}）", name=user.name, body=body) if self._may_know(user.id) else body

    def _may_know(self, user_id: UUID) -> bool:
        return self.sight.names or user_id == self.viewer.id


def in_place(called: str, absent: str) -> str:
    """Return who acted, and in whose place, if it was another's."""
    return gettext("{name}（代 {absent}）", name=called, absent=absent) if absent else called


def naming_of(session: Session, case: Case, viewer: Person) -> Naming:
    """Return how a case's people are called in front of somebody; raises `NotFound` for who may see nothing of it."""
    sight = sight_of(session, viewer, case)
    _, unit, recommender = parties(session, case)
    return Naming(viewer, sight, unit.name, recommender.name)
