"""What a run would do now: foretold from the record by the procedure itself, see `flows.rehearsal`."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Foreseen:
    """One step that would be taken; `did` is what it will say it did, as far as that can be known before."""

    step: str
    did: str
    stage: str = ""
    round: int = 0

    def is_what(self, did: str) -> bool:
        """Whether this is what was done."""
        return did == self.did or did.startswith(f"{self.did} ")


@dataclass(frozen=True)
class Plan:
    """The steps a run would take, and the state it would end in.

    `open_end`: what follows the last step depends on what that step finds; the run may do more than is foretold.
    """

    steps: tuple[Foreseen, ...] = field(default=())
    leads_to: str = ""
    open_end: bool = False

    @property
    def first(self) -> Foreseen | None:
        """The step that would be taken first: for a stalled case, the one that failed."""
        return self.steps[0] if self.steps else None
