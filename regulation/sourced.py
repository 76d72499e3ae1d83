"""A policy together with what each of its values rests on: what holds on a day, and what a call keeps for ever."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from regulation.policy import NUMBERS, Parameter, Policy, parameters, policy_of
from regulation.provenance import Provenance, Source

KEY = "provenance"
"""Under which a call's snapshot keeps what its values rest on."""
DECLARED = {number.name: Provenance.declared(number.metadata["source"]) for number in NUMBERS}
"""What the regulation's own values rest on."""


@dataclass(frozen=True)
class SourcedPolicy:
    """A policy and the provenance of every one of its parameters."""

    policy: Policy = field(default_factory=Policy)
    provenance: Mapping[str, Provenance] = field(default_factory=lambda: DECLARED)

    @classmethod
    def kept(cls, snapshot: Mapping[str, Any]) -> Self:
        """Return what a call was opened under.

        A snapshot older than provenance rests on what is declared; what it sets otherwise, on an assumption.
        """
        policy = policy_of(snapshot)
        assumed = dict.fromkeys(cls().differing(policy), Provenance(Source.ASSUMED))
        kept = {key: Provenance.kept(document) for key, document in snapshot.get(KEY, {}).items() if key in DECLARED}
        return cls(policy, DECLARED | assumed | kept)

    def snapshot(self) -> dict[str, Any]:
        """Return values and provenance as JSON for a call to keep."""
        return self.policy.snapshot() | {KEY: {key: one.document() for key, one in self.provenance.items()}}

    def parameters(self) -> list[Parameter]:
        """List the parameters in the order of the procedure, for people."""
        return [replace(one, provenance=self.provenance[one.key]) for one in parameters(self.policy)]

    def differing(self, wanted: Policy) -> list[str]:
        """Return the parameters that another policy sets otherwise."""
        return [n.name for n in NUMBERS if getattr(wanted, n.name) != getattr(self.policy, n.name)]

    def deviating(self, wanted: Policy, decision: str) -> Self:
        """Return a call's own policy: where it differs it rests on the call's decision, elsewhere on what this does."""
        own = Provenance(Source.DECISION, decision, own=True)
        return type(self)(wanted, {**self.provenance, **dict.fromkeys(self.differing(wanted), own)})
