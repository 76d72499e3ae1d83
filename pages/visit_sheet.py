"""What the form of a visit's record shows beside its five conditions: declared values, photos, who stands by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from casework.inspections import ITEMS
from casework.visits.photos import frozen, photos_of_round
from casework.visits.signing import digest_of, draft_of, signatures_of, team_of
from core.i18n import gettext
from models.application import Submission
from models.case import StageRound
from models.person import User
from models.visit import VisitPhoto
from pages.case_pages import File
from pages.kit import Option
from pages.visit_lines import PhotoView, photo_views, titles_of
from regulation.checklist import Line, checklist, title_of
from regulation.policy import policy_of


@dataclass(frozen=True)
class LineView:
    """One declared value as the form shows it."""

    key: str
    title: str
    declared: str
    unit: str
    numeric: bool


@dataclass(frozen=True)
class DraftView:
    """The record in preparation: who kept it when, under which hash, and who stands by it."""

    who: str
    at: datetime
    sha256: str
    signed: list[str]
    mine: bool


@dataclass(frozen=True)
class VisitSheet:
    """What the form of a visit's record is made of."""

    lines: dict[str, list[LineView]]
    places: list[Option]
    photos: list[PhotoView]
    team: list[Option]
    needed: int
    difference: float
    draft: DraftView | None


def visit_sheet(session: Session, at: StageRound, file: File, submission: Submission | None) -> VisitSheet:
    """Gather the sheet of a round's visit for a member of its team."""
    found = checklist(submission.content if submission else {})
    rules, viewer = policy_of(file.call.policy), file.naming.viewer
    team, photos = team_of(session, at.id), photos_of_round(session, at.id)
    titles = titles_of({line.key: title_of(line.title, line.about) for line in found})
    return VisitSheet(
        lines={item: [_line(line) for line in found if line.item == item] for item in ITEMS},
        places=[Option(key, title) for key, title in titles.items()],
        photos=photo_views(frozen(photos), file.address, titles),
        team=[Option(str(user.id), user.name) for user in team if user.id != viewer.id],
        needed=min(rules.visit_signatures, len(team)),
        difference=rules.difference_flag,
        draft=_draft(session, at, photos, team, file),
    )


def _line(line: Line) -> LineView:
    unit = gettext(line.unit) if line.unit else ""
    return LineView(line.key, title_of(line.title, line.about), line.declared, unit, line.number is not None)


def _draft(
    session: Session, at: StageRound, photos: list[VisitPhoto], team: Sequence[User], file: File
) -> DraftView | None:
    draft, viewer = draft_of(session, at.id), file.naming.viewer
    if not draft:
        return None
    names = {user.id: user.name for user in team}
    sha256 = digest_of(draft.content, photos)
    signed = [one.user_id for one in signatures_of(session, at.id, sha256)]
    return DraftView(
        who=names.get(draft.saved_by, ""),
        at=draft.saved_at,
        sha256=sha256,
        signed=[names[one] for one in signed if one in names],
        mine=viewer.id in signed,
    )
