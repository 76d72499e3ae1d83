"""What a stage is: its words, its source, who ends it and how."""

from dataclasses import dataclass

from regulation.outcomes import Outcome
from regulation.roles import Duty


@dataclass(frozen=True)
class Stage:
    """One chapter of the procedure.

    `opens_with` is the duty that is assigned when a round opens, `duty` the one whose holder ends it; `outcomes` maps
    what that holder may conclude to the words of the paper; `awaiting` is the state of a run that waits.
    """

    key: str
    title: str
    source: str
    awaiting: str
    opens_with: Duty | None
    duty: Duty | None
    outcomes: dict[Outcome, str]

    def words_for(self, outcome: Outcome) -> str:
        """Return the paper's word for an outcome here (“同意推荐”), in Chinese."""
        return self.outcomes.get(outcome, outcome.title)

    @property
    def returnable(self) -> bool:
        """Whether the file can go back to the applicant from here."""
        return Outcome.RETURNED in self.outcomes and self.duty is not Duty.CORRECT
