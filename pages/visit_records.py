"""The records of visits with their lines, photos and signatures, gathered in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from casework.decisions import absent_at
from casework.naming import Naming
from casework.visits.lines import lines_of
from casework.visits.signing import signers_of
from core.i18n import gettext
from models.case import Case, StageRound
from models.judgement import Finding, Inspection
from models.person import User
from models.visit import LineFinding, VisitSignature
from pages.case_judgements import VisitLine, visit_lines
from pages.visit_lines import RecordView, compared_lines, photo_views, titles_of
from regulation.checklist import title_of
from regulation.roles import Role

Visits = Sequence[tuple[StageRound, Inspection, User, list[Finding]]]
Signed = Sequence[tuple[User, VisitSignature]]


def visit_records(session: Session, visits: Visits, naming: Naming, case: Case) -> list[VisitLine]:
    """Return the visits of a case, each with its whole record, for a reader who may see them."""
    if not visits:
        return []
    inspections = [inspection for _, inspection, _, _ in visits]
    lines = lines_of(session, [one.id for one in inspections])
    signed = signers_of(session, inspections)
    records = [_record(one, lines[one.id], signed[one.id], naming, case) for one in inspections]
    papers = [f"/cases/{case.reference}/visits/{at.round}" for at, _, _, _ in visits]
    records = [replace(record, paper=paper) for record, paper in zip(records, papers, strict=True)]
    told = visit_lines(visits, naming, absent_at(session, case.id))
    return [replace(line, record=record) for line, record in zip(told, records, strict=True)]


def _record(visit: Inspection, lines: Sequence[LineFinding], signed: Signed, naming: Naming, case: Case) -> RecordView:
    address = f"/cases/{case.reference}"
    titles = titles_of({one.line: title_of(one.title, one.about) for one in lines})
    return RecordView(
        lines=compared_lines(lines),
        photos=photo_views(visit.photos, address, titles),
        basic=visit.basic,
        representative=visit.representative,
        signed=[_signer(user, signature, naming) for user, signature in signed],
        scan=f"{address}/signed-pages/{visit.scan_sha256}" if visit.scan_sha256 else "",
        sha256=visit.sha256,
    )


def _signer(user: User, signature: VisitSignature, naming: Naming) -> str:
    name = naming.person(user, Role.INSPECTOR)
    return gettext("{name}（纸质签名）", name=name) if signature.on_paper else name
