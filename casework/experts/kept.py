"""What a draw keeps of its rules and candidates, and how they are read again."""

from typing import Any

from models.expert import Draw
from regulation.drawing import Candidate, CannotBeDrawn, Rules, draw


def rules_as_json(rules: Rules) -> dict[str, Any]:
    """Write rules down."""
    return {
        "size": rules.size,
        "education": rules.education,
        "field_experts": rules.field_experts,
        "wanted": [sorted(fields) for fields in rules.wanted],
    }


def candidate_as_json(one: Candidate) -> dict[str, Any]:
    """Write a candidate down."""
    return {"id": one.id, "education": one.education, "fields": sorted(one.fields), "may_chair": one.may_chair}


def candidates_in(one: Draw) -> list[Candidate]:
    """Return the candidates that a draw kept."""
    return [
        Candidate(each["id"], each["education"], frozenset(each["fields"]), each["may_chair"])
        for each in one.candidates
    ]


def rules_in(one: Draw) -> Rules:
    """Return the rules that a draw kept."""
    wanted = tuple(frozenset(fields) for fields in one.rules["wanted"])
    return Rules(one.rules["size"], one.rules["education"], one.rules["field_experts"], wanted)


def verified(one: Draw) -> bool:
    """Whether the seed, the candidates and the rules that were kept give the same panel again."""
    try:
        panel = draw(one.seed, candidates_in(one), rules_in(one))
    except CannotBeDrawn:
        return False
    return list(panel.members) == one.members and panel.chair == one.chair
