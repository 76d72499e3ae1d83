"""The policy in the form of a new call: its chapters, those with something of the call's own unfolded."""

from dataclasses import dataclass, replace

from core.i18n import gettext
from pages.filters import day
from pages.forms import Form
from pages.public_sources import rested
from regulation.chapters import CHAPTERS, Chapter
from regulation.policy import Parameter, Policy, is_whole, parameters
from regulation.sourced import SourcedPolicy

MOST = 10_000


@dataclass(frozen=True)
class Asked:
    """One parameter in the form: what the value in force is, what it rests on, and whether this call differs."""

    name: str
    title: str
    unit: str
    origin: str
    assumed: bool
    own: bool
    wrong: bool


@dataclass(frozen=True)
class AskedChapter:
    """A chapter of the form; folded while all in it is as the policy of the day has it."""

    key: str
    title: str
    asked: list[Asked]

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded: the call differs, or something is wrong."""
        return any(one.own or one.wrong for one in self.asked)

    @property
    def own(self) -> int:
        """How many of its parameters the call sets otherwise."""
        return sum(one.own for one in self.asked)

    @property
    def assumed(self) -> int:
        """How many of its parameters rest on nothing but an assumption."""
        return sum(one.assumed and not one.own for one in self.asked)


def field_of(key: str) -> str:
    """Return a parameter's field; a fault called `policy.panel_size` finds it."""
    return f"policy-{key}"


def asked_chapters(form: Form, standing: SourcedPolicy) -> list[AskedChapter]:
    """Put the policy into the form, measured by the one that is in force."""
    found = {one.key: _asked(form, one) for one in standing.parameters()}
    return [_chapter(chapter, found) for chapter in CHAPTERS]


def policy_in(form: Form, standing: Policy) -> Policy:
    """Read the parameters; in place of one that cannot be read stands the one in force, and its fault is noted."""
    given: dict[str, float | None] = {}
    for one in parameters(standing):
        label = gettext("“{title}”", title=gettext(one.title))
        if is_whole(one.key):
            given[one.key] = form.integer(field_of(one.key), label, between=(0, MOST))
        else:
            share = form.decimal(field_of(one.key), label, places=1)
            given[one.key] = None if share is None else float(share)
    return replace(standing, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]


def _chapter(chapter: Chapter, found: dict[str, Asked]) -> AskedChapter:
    return AskedChapter(chapter.key, gettext(chapter.title), [found[key] for key in chapter.parameters])


def _asked(form: Form, parameter: Parameter) -> Asked:
    name, standing = field_of(parameter.key), f"{parameter.value:g}"
    own = form.value(name).strip() != standing
    return Asked(
        name=name,
        title=gettext(parameter.title),
        unit=gettext(parameter.unit),
        origin=_origin(parameter, own=own),
        assumed=parameter.assumed,
        own=own,
        wrong=bool(form.error(name)),
    )


def _origin(parameter: Parameter, *, own: bool) -> str:
    said = [rested(parameter.provenance)]
    if parameter.provenance.effective_on:
        said.append(gettext("{day} 起施行", day=day(parameter.provenance.effective_on)))
    if own:
        said.append(gettext("现行 {value:g}，本批次自定", value=parameter.value))
    return gettext("；").join(said)
