"""What a panel's scores and votes come to, by the rules of the call; exact, the same in whatever order they came."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from core.i18n import marked
from regulation.policy import PARAMETERS, Policy
from regulation.provenance import ASSUMED

FEWEST_TO_DROP_FROM = 3
"""Of fewer scores nothing would be left without the highest and the lowest."""
PERCENT, HUNDREDTH = 100, Decimal("0.01")


@dataclass(frozen=True, order=True)
class Ballot:
    """One valid review: its points of a hundred, and whether it says yes."""

    score: int
    agrees: bool


@dataclass(frozen=True)
class Check:
    """One rule: what it asks (`threshold`), what there is (`figure`), and the parameter that makes it (`rule`)."""

    key: str
    title: str
    figure: Fraction | None
    threshold: Fraction
    unit: str
    met: bool
    rule: str

    @property
    def source(self) -> str:
        """What the rule rests on: the parameter's source, or `assumed`."""
        return str(PARAMETERS[self.rule].metadata["source"]) or ASSUMED


@dataclass(frozen=True)
class Result:
    """What was counted and what it comes to; `mean` is None without a review, `pivotal` counts those that tip it."""

    seats: int
    present: int
    yes: int
    mean: Fraction | None
    dropped: tuple[int, int] | None
    highest: int | None
    lowest: int | None
    deviation: Decimal | None
    checks: tuple[Check, ...]
    pivotal: int = 0

    @property
    def passed(self) -> bool:
        """Whether every rule is met."""
        return all(check.met for check in self.checks)

    @property
    def robust(self) -> bool:
        """Whether it would be the same without any one of the reviewers."""
        return not self.pivotal


def result(ballots: Collection[Ballot], seats: int, policy: Policy) -> Result:
    """Return what the valid reviews of a committee with so many seats come to, and how many of them tip it."""
    found = _counted(ballots, seats, policy)
    given = sorted(ballots)
    without = [_counted([*given[:at], *given[at + 1 :]], seats - 1, policy) for at in range(len(given))]
    pivotal = sum(one.passed is not found.passed for one in without) if len(given) > 1 else 0
    return Result(**{**vars(found), "pivotal": pivotal})


def mean_of(numbers: Collection[int]) -> Fraction | None:
    """Return the mean, or None of nothing."""
    return Fraction(sum(numbers), len(numbers)) if numbers else None


def shown(figure: Fraction | None, places: Decimal = HUNDREDTH) -> str:
    """Write a figure (— for none), cut to two decimals: what misses a threshold never seems to reach it."""
    if figure is None:
        return "—"
    cut = (Decimal(figure.numerator) / Decimal(figure.denominator)).quantize(places, ROUND_DOWN)
    return f"{cut.normalize():f}"


def _counted(ballots: Collection[Ballot], seats: int, policy: Policy) -> Result:
    scores = sorted(ballot.score for ballot in ballots)
    dropping = 0 < policy.drop_extremes_from <= len(scores) and len(scores) >= FEWEST_TO_DROP_FROM
    counted = scores[1:-1] if dropping else scores
    mean = mean_of(counted)
    yes = sum(ballot.agrees for ballot in ballots)
    return Result(
        seats=seats,
        present=len(scores),
        yes=yes,
        mean=mean,
        dropped=(scores[-1], scores[0]) if dropping else None,
        highest=scores[-1] if scores else None,
        lowest=scores[0] if scores else None,
        deviation=_deviation(scores),
        checks=tuple(_checks(mean, yes, (len(scores), seats), policy)),
    )


def _checks(mean: Fraction | None, yes: int, there: tuple[int, int], policy: Policy) -> list[Check]:
    """Hold the figures against the call's rules; a share of 0 is a rule the call does without."""
    present, seats = there
    mark = _exact(policy.pass_mark)
    checks = [Check("mean", marked("平均分"), mean, mark, marked("分"), mean is not None and mean >= mark, "pass_mark")]
    if policy.vote_share:
        least, share = _exact(policy.vote_share), _share(yes, present)
        met = share is not None and share >= least
        checks.append(Check("votes", marked("同意票占参评人数"), share, least, "%", met, "vote_share"))
        more = yes > present - yes
        checks.append(
            Check(
                "tie",
                marked("同意票多于不同意票"),
                Fraction(yes),
                Fraction(present - yes),
                marked("票"),
                more,
                "vote_share",
            )
        )
    if policy.quorum_share:
        least, share = _exact(policy.quorum_share), _share(present, seats)
        met = share is not None and share >= least
        checks.append(Check("quorum", marked("参评人数占委员会人数"), share, least, "%", met, "quorum_share"))
    return checks


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(PERCENT * part, whole) if whole else None


def _exact(number: float) -> Fraction:
    """Return a parameter as it was written: 66.6 is 666/10, not its nearest binary fraction."""
    return Fraction(str(number))


def _deviation(scores: list[int]) -> Decimal | None:
    """Return the standard deviation of all the scores as a population, to two decimals."""
    if not scores:
        return None
    mean = Fraction(sum(scores), len(scores))
    variance = sum(((score - mean) ** 2 for score in scores), Fraction()) / len(scores)
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return root.quantize(HUNDREDTH, ROUND_HALF_UP)
