"""Who acted, as this reader may know it: by name, or only by role."""

from dataclasses import dataclass

from casework.access import Sight
from casework.people import Person
from core.i18n import gettext, marked
from models.journal import JournalEntry
from models.judgement import Decision
from models.person import User
from regulation.definition import BY_KEY
from regulation.outcomes import Outcome
from regulation.roles import Role

SYSTEM = marked("系统")
INSIDE = frozenset({"stalled", "recovered", "run-again", "letter-sent-again", "round-closed"})
"""Acts of the engine room, told only to those who may read the journal."""

ACTORS = {
    "submitted": Role.APPLICANT,
    "attached": Role.APPLICANT,
    "reviewed": Role.EXPERT,
    "panel-assembled": Role.OFFICE,
    "team-assembled": Role.OFFICE,
    "certificate-revoked": Role.OFFICE,
    "run-again": Role.OPERATOR,
    "letter-sent-again": Role.OPERATOR,
}


@dataclass(frozen=True)
class Naming:
    """How the people of one case are called in front of one reader."""

    viewer: Person
    sight: Sight

    def person(self, user: User | None, role: Role) -> str:
        """Return a person's name, or the role to whoever may not know it."""
        if not user:
            return gettext(SYSTEM)
        colleague = self.sight.owner and user.organisation_id == self.viewer.organisation_id
        known = self.sight.names or colleague or user.id == self.viewer.id
        return user.name if known else gettext(role.title)

    def decider(self, decision: Decision, user: User | None) -> str:
        """Return who decided."""
        withdrawn = decision.outcome is Outcome.WITHDRAWN
        return self.person(user, Role.APPLICANT if withdrawn else deciding_role(decision.stage))

    def actor(self, entry: JournalEntry, user: User | None) -> str:
        """Return who wrote a line of the journal."""
        withdrawn = entry.detail.get("outcome") == Outcome.WITHDRAWN
        role = Role.APPLICANT if withdrawn else ACTORS.get(entry.act) or deciding_role(entry.stage)
        return self.person(user, role)

    def is_told(self, entry: JournalEntry) -> bool:
        """Whether this reader may know of a line."""
        return self.sight.journal or entry.act not in INSIDE


def deciding_role(key: str) -> Role:
    """Return the role that ends a stage."""
    known = BY_KEY.get(key)
    return known.duty.role if known and known.duty else Role.OFFICE
