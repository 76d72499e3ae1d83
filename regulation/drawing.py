"""Drawing a panel 随机抽取, Art. 5(4): a seed and the candidates give one panel, again and again.

The order: the candidates sorted by id, each given the next number of `random.Random(seed).random()` (whose sequence
Python guarantees for ever), then sorted by their numbers. The panel: going through the order, everybody is taken with
whom the rules can still be kept, until the panel is full. The chair: the first in order who may chair. So the order
decides alone, and who was passed over was passed over because a rule could not have been kept otherwise.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from core.i18n import marked
from regulation.policy import Policy

TOO_FEW = marked("可抽取的专家 {have} 人，少于委员会人数 {need} 人")
TOO_FEW_OF_EDUCATION = marked("可抽取的继续教育专家 {have} 人，少于规定的 {need} 人")
TOO_FEW_OF_FIELD = marked("可抽取的“{fields}”领域专家 {have} 人，少于规定的 {need} 人")
NO_CHAIR = marked("可抽取的专家中没有具备主任委员资格的人")
NOT_TOGETHER = marked("各项规则单独都能满足，但不能在 {need} 人中同时满足，请增加专家或减少同批抽取的申报")


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be drawn; `education`: of the kind continuing education, otherwise of these fields."""

    id: str
    education: bool
    fields: frozenset[str] = frozenset()
    may_chair: bool = False


@dataclass(frozen=True)
class Rules:
    """What a panel must be: its size, so many of continuing education, so many for the fields of each application."""

    size: int
    education: int
    field_experts: int
    wanted: tuple[frozenset[str], ...]

    def demands(self) -> list["Demand"]:
        """Return what must be met, one by one."""
        found = [Demand(self.education, education=True), Demand(1, chair=True)]
        found += [Demand(self.field_experts, fields=fields) for fields in self.wanted]
        return [one for one in found if one.need]


@dataclass(frozen=True)
class Demand:
    """So many members of a kind."""

    need: int
    education: bool = False
    chair: bool = False
    fields: frozenset[str] = frozenset()

    def is_met_by(self, one: Candidate) -> bool:
        """Whether a candidate counts."""
        if self.chair:
            return one.may_chair
        return one.education if self.education else not one.education and bool(one.fields & self.fields)


@dataclass(frozen=True)
class Shortage:
    """A rule that cannot be kept: a sentence and its numbers; `fields` are keys of domains."""

    sentence: str
    need: int
    have: int
    fields: frozenset[str] = frozenset()

    @property
    def is_of_mixture(self) -> bool:
        """Whether it is about the kinds of experts, not about their number or their chair."""
        return self.sentence in {TOO_FEW_OF_EDUCATION, TOO_FEW_OF_FIELD}


@dataclass(frozen=True)
class Panel:
    """Who was drawn, in order, and who leads them."""

    members: tuple[str, ...]
    chair: str


class CannotBeDrawn(Exception):
    """No panel of these candidates keeps the rules."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        """Take the rules that cannot be kept."""
        self.shortages = list(shortages)
        super().__init__(shortages)


def rules_of(policy: Policy, wanted: Iterable[Collection[str]]) -> Rules:
    """Return the rules of a call for a panel that judges applications of these fields."""
    education = math.ceil(policy.panel_size * policy.continuing_education_share / 100)
    distinct = sorted({frozenset(fields) for fields in wanted if fields}, key=sorted)
    return Rules(policy.panel_size, education, policy.field_experts, tuple(distinct))


def in_order(seed: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates in the order that the seed gives them, whatever order they came in."""
    source = Random(seed)  # noqa: S311 - must be repeatable; the seed is what nobody can know beforehand
    numbered = [(source.random(), one.id, one) for one in sorted(candidates, key=lambda one: one.id)]
    return [one for _, _, one in sorted(numbered, key=lambda line: line[:2])]


def draw(seed: str, candidates: Collection[Candidate], rules: Rules) -> Panel:
    """Draw a panel; raises `CannotBeDrawn` with every rule that cannot be kept."""
    ordered = in_order(seed, candidates)
    if not can_complete([], ordered, rules):
        raise CannotBeDrawn(shortages(ordered, rules))
    taken: list[Candidate] = []
    for place, one in enumerate(ordered):
        if len(taken) < rules.size and can_complete([*taken, one], ordered[place + 1 :], rules):
            taken.append(one)
    return Panel(tuple(one.id for one in taken), next(one.id for one in taken if one.may_chair))


def successor(
    seed: str, candidates: Collection[Candidate], rules: Rules, standing: Collection[str], gone: Collection[str]
) -> Candidate | None:
    """Return the next in order with whom those who stand can still be completed to a panel; None when there is none."""
    ordered = in_order(seed, candidates)
    kept = [one for one in ordered if one.id in standing]
    left = [one for one in ordered if one.id not in standing and one.id not in gone]
    return next(
        (one for one in left if can_complete([*kept, one], [o for o in left if o is not one], rules)),
        None,
    )


def chair_of(seed: str, candidates: Collection[Candidate], standing: Collection[str], present: str) -> str:
    """Return who leads: the present chair while he or she stands, otherwise the first in order who may."""
    if present in standing:
        return present
    return next((one.id for one in in_order(seed, candidates) if one.may_chair and one.id in standing), "")


def shortages(candidates: Collection[Candidate], rules: Rules) -> list[Shortage]:
    """Return the rules that these candidates cannot keep; where each alone could be kept, that they cannot together."""
    sentences = {True: TOO_FEW_OF_EDUCATION, False: TOO_FEW_OF_FIELD}
    found = [Shortage(TOO_FEW, rules.size, len(candidates))] if len(candidates) < rules.size else []
    for demand in rules.demands():
        have = sum(demand.is_met_by(one) for one in candidates)
        if have < demand.need:
            sentence = NO_CHAIR if demand.chair else sentences[demand.education]
            found.append(Shortage(sentence, demand.need, have, demand.fields))
    return found or [Shortage(NOT_TOGETHER, rules.size, len(candidates))]


def faults_of(members: Collection[Candidate], rules: Rules) -> list[Shortage]:
    """Return the rules of mixture that a panel breaks."""
    broken = shortages(members, rules)
    return [] if broken[0].sentence == NOT_TOGETHER else broken


def can_complete(taken: Sequence[Candidate], left: Sequence[Candidate], rules: Rules) -> bool:
    """Whether some of those left complete those taken to a panel that keeps every rule."""
    seats = rules.size - len(taken)
    if seats < 0 or len(left) < seats:
        return False
    demands = rules.demands()
    needs = tuple(max(0, one.need - sum(one.is_met_by(member) for member in taken)) for one in demands)
    kinds: dict[tuple[bool, ...], int] = {}
    for one in left:
        meets = tuple(demand.is_met_by(one) for demand in demands)
        kinds[meets] = kinds.get(meets, 0) + 1
    return _fits(tuple(sorted(kinds.items(), reverse=True)), seats, needs)


def _fits(kinds: tuple[tuple[tuple[bool, ...], int], ...], seats: int, needs: tuple[int, ...]) -> bool:
    """Whether people of these kinds (what each meets, and how many there are) can take the seats and meet all needs."""

    @cache
    def fits(used: tuple[int, ...], seats: int, needs: tuple[int, ...]) -> bool:
        """Branch on the need that the fewest kinds can still meet."""
        if not any(needs):
            return True
        if max(needs) > seats:
            return False
        able = [
            [i for i, (meets, many) in enumerate(kinds) if meets[n] and used[i] < many]
            for n, need in enumerate(needs)
            if need
        ]
        return any(
            fits(
                (*used[:i], used[i] + 1, *used[i + 1 :]),
                seats - 1,
                tuple(max(0, need - met) for need, met in zip(needs, kinds[i][0], strict=True)),
            )
            for i in min(able, key=len)
        )

    return fits((0,) * len(kinds), seats, needs)
