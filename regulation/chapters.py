"""The chapters of the policy: its parameters grouped as the procedure goes, so that nobody reads forty at once."""

from dataclasses import dataclass

from core.i18n import marked
from regulation.policy import NUMBERS


@dataclass(frozen=True)
class Chapter:
    """A part of the policy: its title, and its parameters in their order."""

    key: str
    title: str
    parameters: tuple[str, ...]


BEGINNINGS = (
    ("conditions", marked("申报条件"), "trained_per_year"),
    ("quotas", marked("推荐名额"), "quota_in_all"),
    ("recommendation", marked("推荐与补正"), "local_review_days"),
    ("acceptance", marked("形式审查与受理"), "acceptance_days"),
    ("expert-review", marked("专家评审"), "panel_days"),
    ("site-inspection", marked("实地考察"), "visit_first"),
    ("certification", marked("审定"), "certification_days"),
    ("publicity", marked("公示与异议"), "announcing_days"),
    ("certificate", marked("证书"), "validity_years"),
    ("clock", marked("撤回、提醒与督办"), "undo_days"),
)
"""Where each chapter begins: a parameter belongs to the chapter that it is declared in."""


def _chapters() -> tuple[Chapter, ...]:
    names = [one.name for one in NUMBERS]
    first = [names.index(parameter) for _, _, parameter in BEGINNINGS]
    ends = [*first[1:], len(names)]
    return tuple(
        Chapter(key, title, tuple(names[begin:end]))
        for (key, title, _), begin, end in zip(BEGINNINGS, first, ends, strict=True)
    )


CHAPTERS = _chapters()
