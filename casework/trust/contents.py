"""The documents of one case for its archive: what was filed, issued, recorded and sent, each a file with a title."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from casework.cases import submissions_of
from casework.inspections import inspections_of
from casework.letters import letters_of
from casework.printing import printed_submission
from casework.resolution import concluded_rounds, resolution
from casework.visits.on_paper import visit_record
from core.clock import local
from core.files import fetch
from models.case import Case
from regulation.form.definition import ATTACHMENTS

Records = dict[str, list[dict[str, Any]]]

STORED = {
    "signed_scans": ("recommendation", "推荐意见扫描件", "sha256"),
    "acceptance_notices": ("notice", "受理或不予受理通知书", "sha256"),
    "visit_photos": ("visit-photo", "考察照片", "sha256"),
    "inspections": ("visit-signatures", "考察记录签名页", "scan_sha256"),
    "objection_files": ("objection", "异议材料", "sha256"),
    "certificates": ("certificate", "认定证书", "sha256"),
    "announcements": ("announcement", "公布文件", "sha256"),
}
"""Tables whose rows have a file: the beginning of its name, its title, and where its hash stands."""
TITLES = {asked.key: asked.title for asked in ATTACHMENTS}
ENDINGS = {b"%PDF": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"RIFF": "webp", b"PK": "zip"}


@dataclass(frozen=True)
class Paper:
    """One file of the package."""

    path: str
    title: str
    content: bytes


def papers_of(session: Session, case: Case, records: Records) -> Iterator[Paper]:
    """Give every document of a case, one at a time, in an order that does not change."""
    yield from _filed(session, case)
    for number in sorted(concluded_rounds(session, case)):
        yield Paper(
            f"documents/resolution-{number}.pdf", f"评审决议（第 {number} 轮）", resolution(session, case, number)
        )
    for at, *_ in inspections_of(session, case.id):
        paper = visit_record(session, case, at.round)
        yield Paper(f"documents/visit-record-{at.round}.pdf", f"实地考察记录（第 {at.round} 轮）", paper)
    yield from _stored(records)
    yield from _letters(session, case)


def _filed(session: Session, case: Case) -> Iterator[Paper]:
    """The printed form of each version, and the attachments that were filed with it."""
    given: set[tuple[str, ...]] = set()
    for filed in submissions_of(session, case)[::-1]:
        paper = printed_submission(session, case, filed)
        yield Paper(f"documents/application-{filed.number}.pdf", f"申报表（第 {filed.number} 次提交）", paper)
        for one in filed.documents:
            known = (one["kind"], one["filename"], one["sha256"])
            if known not in given:
                given.add(known)
                title = f"{TITLES.get(one['kind'], one['kind'])}：{one['filename']}"
                yield Paper(f"attachments/{filed.number}-{one['kind']}.pdf", title, fetch(one["sha256"]))


def _stored(records: Records) -> Iterator[Paper]:
    """What lies in the store under a hash that a row names."""
    for table, (name, title, column) in STORED.items():
        found = [row for row in records.get(table, []) if row[column] and not row.get("removed_at")]
        for number, row in enumerate(sorted(found, key=lambda row: (_time(row), row["id"])), 1):
            content = fetch(row[column])
            known = row.get("number") or row.get("filename") or row.get("scan_name") or ""
            called = f"documents/{name}-{number}.{_ending(content)}"
            yield Paper(called, f"{title}：{known}" if known else title, content)


def _letters(session: Session, case: Case) -> Iterator[Paper]:
    """The letters as they were sent: subject and text, and the page that most readers saw."""
    sent = [one for one in letters_of(session, case.id) if one.text]
    for number, one in enumerate(sorted(sent, key=lambda one: (one.posted_at, one.key)), 1):
        name, title = f"letters/{number:03}-{one.letter}", f"函件：{one.subject or one.letter}（致 {one.recipient}）"
        head = [f"收件人 {one.recipient} <{one.address}>", f"日期 {local(one.posted_at):%Y-%m-%d %H:%M}"]
        lines = [*head, f"标识 {one.message_id}", f"主题 {one.subject}", "", one.text]
        yield Paper(f"{name}.txt", title, "\n".join(lines).encode())
        if one.html:
            yield Paper(f"{name}.html", title, one.html.encode())


def _time(row: dict[str, Any]) -> str:
    return str(next((row[name] for name in row if name.endswith("_at") and row[name]), ""))


def _ending(content: bytes) -> str:
    return next((ending for start, ending in ENDINGS.items() if content.startswith(start)), "bin")
