"""The archive package 归档包 of one case: a ZIP that says what is in it and can be verified without us.

The same record gives the same bytes, so a package can be made again and compared. It is for the archive of the
authority: it keeps what the file keeps, personal data included, and is given to the office alone.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from casework import journal
from casework.access import require
from casework.cases import held, parties
from casework.people import Person
from casework.trust import offline
from casework.trust.chains import TEXT, at_one_moment
from casework.trust.contents import Paper, papers_of
from casework.trust.records import people_in, records_of
from casework.trust.seals import seals_over, text_of
from core.errors import Conflict
from core.i18n import marked, speaking
from models.application import Call
from models.case import Case
from regulation.definition import BY_KEY, CITATION
from regulation.outcomes import TITLES
from regulation.roles import Role

FORMAT = "jidi-archive-1"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Every member of the ZIP has the same date: its own is in the metadata."""
UNWRITTEN = marked("该申报还没有台账记录，不能归档。")

JOURNAL = text(f"SELECT {TEXT} FROM journal WHERE case_id = :case ORDER BY number")  # noqa: S608 - a constant of ours

README = """归档包 {reference}
{title}
申报单位：{unit}

内容
  metadata.json   本件的元数据：当事人、经办人、各环节的全部记录（字段说明见系统文档“归档包”）
  documents/      申报表、决议、通知书、证书等文件
  attachments/    申报单位提交的附件
  letters/        发出的函件
  journal.jsonl   本件的台账，一行一事；每行开头是上一行的 SHA-256，改动任何一行都会使以后各行对不上
  seals/          覆盖本件的台账封存；每个文件的 SHA-256 就是当日在网站“台账校验值”页面公布的校验值
  manifest.json   全部文件及其 SHA-256
  verify.py       核验程序

核验
  python3 verify.py
  只需 Python 3.8 以上版本，不需要联网。程序逐行核对台账、封存和每个文件，指出第一处不符；
  再将它列出的封存校验值与当时公布的比对（也可用 python3 verify.py --head 校验值）。

说明
  本包供本机关内部归档，含个人信息，不得对外提供；对外提供时应当另行处理。
  核验相符说明：包内文件与制作时一致，台账与封存时一致。它不能说明记录的内容本身属实，
  也不能发现最后一次封存之后的整体改写。
"""


def require_archivist(person: Person) -> None:
    """Raise `NotPermitted` unless the person keeps the files: a package holds what others see masked."""
    require(person, Role.OFFICE)


def note_taken(session: Session, case_id: UUID, manifest: str, *, by: Person) -> None:
    """Write down who took a package away; the hash of its manifest says which."""
    case = held(session, case_id)
    journal.note(session, "package-taken", case=case, by=by, stage=case.stage, manifest=manifest)


def write_package(session: Session, case: Case, file: IO[bytes], tell: Callable[[str], None] | None = None) -> str:
    """Write the package of a case into a file and return the SHA-256 of its manifest.

    The session must be fresh: everything is read as it is at one moment.
    """
    lines = [str(line) for line in session.connection().execute(JOURNAL, {"case": case.id}).scalars()]
    if not lines:
        raise Conflict(UNWRITTEN)
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(file, "w") as package, speaking("zh"):
        for paper in _contents(session, case, lines):
            _add(package, paper.path, paper.content)
            listed.append({
                "path": paper.path, "title": paper.title, "size": len(paper.content), "sha256": _hash(paper.content),
            })  # fmt: skip
            if tell:
                tell(paper.path)
        manifest = _json(
            {
                "format": FORMAT,
                "reference": case.reference,
                "case": str(case.id),
                "journal": {"lines": len(lines), "hash": _hash(lines[-1].encode())},
                "files": listed,
            }
        )
        _add(package, offline.MANIFEST, manifest)
    return _hash(manifest)


def opened_for_archive(session: Session, find: Callable[[Session], Case]) -> Case:
    """Begin to read at one moment, and find the case there."""
    at_one_moment(session)
    return find(session)


def _contents(session: Session, case: Case, lines: list[str]) -> Iterator[Paper]:
    records = records_of(session, case)
    about = _about(session, case, records)
    yield Paper("README.txt", "说明", README.format(**about).encode())
    yield Paper("verify.py", "核验程序", Path(offline.__file__).read_bytes())
    yield Paper("metadata.json", "元数据", _json(about | {"records": records}))
    yield Paper("journal.jsonl", "台账", "".join(f"{line}\n" for line in lines).encode())
    for sealed, heads in seals_over(session, case.id):
        yield Paper(f"seals/{sealed.number:05}.txt", f"第 {sealed.number} 号封存", text_of(sealed, heads).encode())
    yield from papers_of(session, case, records)


def _about(session: Session, case: Case, records: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return what the file is: its maker, its matter, its time and its people."""
    application, unit, recommender = parties(session, case)
    call = session.get_one(Call, application.call_id)
    return {
        "format": FORMAT,
        "reference": case.reference,
        "title": str(application.content.get("base_name") or unit.name),
        "unit": unit.name,
        "credit_code": unit.credit_code or "",
        "recommender": recommender.name,
        "call": {"code": call.code, "title": call.title},
        "rests_on": CITATION,
        "procedure": case.procedure,
        "stage": BY_KEY[case.stage].title,
        "opened_at": case.opened_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "outcome": TITLES[case.outcome] if case.outcome else None,
        "people": people_in(session, records),
    }


def _add(package: zipfile.ZipFile, path: str, content: bytes) -> None:
    member = zipfile.ZipInfo(path, LONG_AGO)
    member.compress_type = zipfile.ZIP_STORED if path.endswith((".pdf", ".jpg", ".png")) else zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    package.writestr(member, content)


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
