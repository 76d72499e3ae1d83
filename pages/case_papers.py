"""The frozen papers of a case for reading: by section, with their files, and what a correction changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import NotFound
from core.i18n import gettext, marked
from models.application import Submission
from models.case import Case
from pages.applicant_pages import Part
from pages.applicant_work import headed
from pages.filters import size
from pages.kit import Attachment
from regulation.form.definition import ATTACHMENTS, section
from regulation.form.masking import masked
from regulation.form.reading import Change, changes, shown

NEW = marked("本次新交")
REPLACED = marked("本次更换")
FILE = marked("{name}（{size}，校验值 {sha}…）")


@dataclass(frozen=True)
class Papers:
    """One filed version; `changes` are those since the version before it, which is `before` (0: there was none)."""

    submission: Submission
    address: str
    newest: bool
    parts: list[Part]
    files: list[Attachment]
    before: int
    changes: list[Change]


def papers_of(case: Case, submissions: Sequence[Submission], number: int = 0, *, personal: bool) -> Papers:
    """Return one of the versions (given newest first) for reading, the newest unless told; `NotFound` for none.

    Without `personal`, phones, e-mails and birth dates are hidden.
    """
    wanted = next((one for one in submissions if number in {0, one.number}), None)
    if not wanted:
        raise NotFound
    before = next((one for one in submissions if one.number == wanted.number - 1), None)
    return Papers(
        submission=wanted,
        address=f"/cases/{case.reference}/papers/{wanted.number}",
        newest=wanted is submissions[0],
        parts=[
            Part(part.key, headed(section(part.key)), part)
            for part in shown(wanted.content if personal else masked(wanted.content))
        ],
        files=_files(case, wanted, before),
        before=before.number if before else 0,
        changes=differences(before, wanted, personal=personal) if before else [],
    )


def differences(before: Submission, after: Submission, *, personal: bool = True) -> list[Change]:
    """Return what differs between two versions, field by field and file by file."""
    return changes(before.content, after.content, personal=personal) + _file_changes(before, after)


def document_names(submissions: Sequence[Submission]) -> dict[str, str]:
    """Return the name of every file that was ever filed, by its hash."""
    return {paper["sha256"]: paper["filename"] for one in submissions for paper in one.documents}


def _by_kind(submission: Submission | None) -> dict[str, dict[str, Any]]:
    return {paper["kind"]: paper for paper in submission.documents} if submission else {}


def _file_changes(before: Submission, after: Submission) -> list[Change]:
    old, new = _by_kind(before), _by_kind(after)
    found = []
    for asked in ATTACHMENTS:
        was, now = old.get(asked.key), new.get(asked.key)
        if (was and was["sha256"]) != (now and now["sha256"]):
            title = gettext("“{title}”", title=gettext(asked.title))
            found.append(Change(asked.key, title, _named(was), _named(now)))
    return found


def _named(paper: dict[str, Any] | None) -> str:
    if not paper:
        return ""
    return gettext(FILE, name=paper["filename"], size=size(paper["size"]), sha=paper["sha256"][:8])


def _files(case: Case, submission: Submission, before: Submission | None) -> list[Attachment]:
    old, new = _by_kind(before), _by_kind(submission)
    return [
        Attachment(
            title=gettext(asked.title),
            href=f"/cases/{case.reference}/files/{new[asked.key]['sha256']}",
            bytes=new[asked.key]["size"],
            note=" ".join(filter(None, (new[asked.key]["filename"], _mark(asked.key, old, new) if before else ""))),
        )
        for asked in ATTACHMENTS
        if asked.key in new
    ]


def _mark(kind: str, old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> str:
    if kind not in old:
        return "· " + gettext(NEW)
    return "· " + gettext(REPLACED) if old[kind]["sha256"] != new[kind]["sha256"] else ""
