"""The papers an application must bring: as the regulation has it, or as its call has set for itself."""

from collections.abc import Collection
from dataclasses import replace

from regulation.form.definition import ATTACHMENTS
from regulation.form.field import Field, Kind
from regulation.policy import Policy

USUAL: tuple[str, ...] = tuple(one.key for one in ATTACHMENTS if one.required)
"""The papers that the regulation's form asks of everybody, or of those whom their condition meets."""
KNOWN = frozenset(one.key for one in ATTACHMENTS)


def materials_of(policy: Policy) -> tuple[str, ...]:
    """Return the papers that are required under a policy, in the order of the form."""
    return tuple(one.key for one in ATTACHMENTS if one.key in _set_by(policy))


def is_required(one: Field, policy: Policy) -> bool:
    """Whether a question must be answered; of papers the call says it, of all else the form."""
    return one.key in _set_by(policy) if one.kind is Kind.FILE else one.required


def asked_under(one: Field, policy: Policy) -> Field:
    """Return a question as a call asks it: required or not as the call says."""
    required = is_required(one, policy)
    return one if required == one.required else replace(one, required=required)


def chosen(keys: Collection[str]) -> tuple[str, ...] | None:
    """Return a choice of papers as a policy keeps it: in the form's order, None for the usual one."""
    ordered = tuple(one.key for one in ATTACHMENTS if one.key in keys)
    return None if ordered == USUAL else ordered


def _set_by(policy: Policy) -> tuple[str, ...]:
    return USUAL if policy.materials is None else policy.materials
