"""The archive package of a case: whole, the same every time, and verified by Python alone."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sqlmodel import select

from casework.trust import offline
from casework.trust.package import opened_for_archive, require_archivist, write_package
from casework.trust.records import conditions, records_of
from casework.trust.seals import seal
from core.db import reading, transaction
from core.errors import Conflict, NotPermitted
from models.case import Case
from models.tables import METADATA
from notifications.delivery import claim
from regulation.form.definition import ATTACHMENTS
from regulation.outcomes import Outcome
from terminal.archive import archive
from tests import cast
from tests.reading import HOUSE
from tests.stories import book
from tests.stories.telling import Story

SCHEMA = json.loads((HOUSE / "docs/reference/archive-package.schema.json").read_text(encoding="utf-8"))


@dataclass
class Unpacked:
    """A package in a folder of its own, somewhere without us."""

    folder: Path
    head: str

    def verified(self, *arguments: str) -> tuple[int, str]:
        """Run the package's own program in a bare Python: no packages, no environment, another folder."""
        bare = [sys.executable, "-I", "-S", str(self.folder / "verify.py"), *arguments]
        done = subprocess.run(bare, capture_output=True, cwd="/", env={}, check=False)
        assert not done.stderr
        return done.returncode, done.stdout.decode()

    def judged(self) -> str:
        """What the same program says in this process: for what is tried many times."""
        try:
            return "\n".join(offline.check(self.folder, []))
        except offline.Wrong as wrong:
            return str(wrong)

    def names(self) -> list[str]:
        return sorted(file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if file.is_file())


def packed() -> bytes:
    file = io.BytesIO()
    with reading() as session:
        case = opened_for_archive(session, lambda session: session.exec(select(Case)).one())
        write_package(session, case, file)
    return file.getvalue()


PACKED: dict[str, bytes] = {}
"""The package of the whole case, by the published hash; it is told once."""


@pytest.fixture
def whole(opened_at, tmp_path) -> Unpacked:
    """A case that was returned once, certified, sealed and archived; its letters were written."""
    if not PACKED:
        head = told_to_the_end(opened_at(book.DRAFT))
        PACKED[head] = packed()
    [(head, content)] = PACKED.items()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        package.extractall(tmp_path / "unpacked")
    return Unpacked(tmp_path / "unpacked", head)


def told_to_the_end(story: Story) -> str:
    """Tell the case, write its letters and seal the journal; return the seal's hash."""
    story.submits()
    story.recommends(Outcome.RETURNED)
    story.corrects(base_name="更正后的基地")
    story.goes_on_to_publication()
    while claim():
        pass
    with transaction() as session:
        return seal(session).hash


def test_a_package_holds_the_whole_case_and_is_verified_without_us(whole):
    status, told = whole.verified("--head", whole.head)
    assert (status, "全部相符" in told, whole.head in told) == (0, True, True)
    names = whole.names()
    for name in (
        "README.txt", "documents/application-1.pdf", "documents/application-2.pdf", "documents/resolution-1.pdf",
        "documents/visit-record-1.pdf", "documents/visit-signatures-1.pdf", "documents/certificate-1.pdf",
        "journal.jsonl", "seals/00001.txt", "metadata.json",
    ):  # fmt: skip
        assert name in names
    assert len([name for name in names if name.startswith("attachments/")]) == len(ATTACHMENTS)
    assert len([name for name in names if name.startswith("letters/")]) > 10
    manifest = json.loads((whole.folder / "manifest.json").read_text(encoding="utf-8"))
    assert sorted([one["path"] for one in manifest["files"]] + ["manifest.json"]) == names


def test_the_metadata_keep_to_their_schema(whole):
    metadata = json.loads((whole.folder / "metadata.json").read_text(encoding="utf-8"))
    Draft202012Validator(SCHEMA).validate(metadata)
    assert metadata["outcome"] == "通过"
    assert {"decisions", "reviews", "submissions", "certificates", "register_entries"} <= set(metadata["records"])
    people = {one["id"] for one in metadata["people"]}
    assert {row["decided_by"] for row in metadata["records"]["decisions"]} - {None} <= people
    assert "password" not in json.dumps(metadata)


def test_a_seal_in_the_package_has_the_published_hash(whole):
    content = (whole.folder / "seals/00001.txt").read_bytes()
    assert hashlib.sha256(content).hexdigest() == whole.head


def test_each_altered_file_is_named(whole):
    for name in whole.names():
        file = whole.folder / name
        if name in {"verify.py", "manifest.json"}:
            continue
        content = file.read_bytes()
        file.write_bytes(content[:-2] + b"?" + content[-1:])
        told = whole.judged()
        assert "全部相符" not in told
        assert ("台账" in told or "封存" in told) if name in {"journal.jsonl", "seals/00001.txt"} else name in told
        file.write_bytes(content)
    assert whole.verified()[0] == 0


def test_a_missing_and_an_added_file_are_named(whole):
    (whole.folder / "documents/more.pdf").write_bytes(b"%PDF-")
    assert whole.verified() == (1, "不符：包中多出文件：documents/more.pdf\n")
    (whole.folder / "documents/more.pdf").unlink()
    (whole.folder / "documents/certificate-1.pdf").unlink()
    assert whole.verified() == (1, "不符：文件缺失：documents/certificate-1.pdf\n")


def rewritten(whole: Unpacked, lines: list[str]) -> None:
    """Put other lines into the journal, and the list right, as somebody would who forges the package."""
    content = "".join(f"{line}\n" for line in lines).encode()
    (whole.folder / "journal.jsonl").write_bytes(content)
    file = whole.folder / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    for one in manifest["files"]:
        if one["path"] == "journal.jsonl":
            one["sha256"] = hashlib.sha256(content).hexdigest()
    manifest["journal"] = {"lines": len(lines), "hash": hashlib.sha256(lines[-1].encode()).hexdigest()}
    file.write_text(json.dumps(manifest), encoding="utf-8")


def test_each_line_of_the_journal_that_is_altered_or_removed_is_named(whole):
    lines = (whole.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    for number in range(1, len(lines)):
        rewritten(whole, [line.replace("submi", "sabmi").replace("round", "rund").replace('", ', '",  ', 1)
                          if at == number else line for at, line in enumerate(lines, 1)])  # fmt: skip
        assert f"台账第 {number} 行" in whole.judged()
        rewritten(whole, lines[: number - 1] + lines[number:])
        assert f"台账第 {number} 行" in whole.judged()
    rewritten(whole, lines[:-1])
    assert "封存不符" in whole.verified()[1]


def test_a_journal_chained_anew_is_not_what_was_sealed(whole):
    entries = [json.loads(line) for line in (whole.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    entries[3][6] = "forged"
    lines, before = [], ""
    for entry in entries:
        lines.append(json.dumps([before, *entry[1:]], ensure_ascii=False))
        before = hashlib.sha256(lines[-1].encode()).hexdigest()
    rewritten(whole, lines)
    assert whole.verified()[1].startswith("不符：台账与第 1 号封存不符")


def test_a_head_that_is_of_another_day_is_refused(whole):
    assert whole.verified("--head", "0" * 64) == (1, f"不符：没有一号封存的校验值是 {'0' * 64}\n")


def test_what_is_no_package_is_said_in_a_sentence(whole):
    (whole.folder / "manifest.json").write_text("{}", encoding="utf-8")
    status, told = whole.verified()
    assert (status, told.startswith("不符：归档包不完整")) == (1, True)


def test_the_same_record_gives_the_same_bytes(opened_at):
    opened_at("certification")
    assert packed() == packed()


def test_a_command_writes_the_package_and_overwrites_nothing(opened_at, tmp_path, capsys):
    opened_at("certification")
    target = tmp_path / "JD-2026-0001.zip"
    archive("JD-2026-0001", target, print)
    assert zipfile.ZipFile(target).testzip() is None
    assert "归档包" in capsys.readouterr().out
    with pytest.raises(Conflict):
        archive("JD-2026-0001", target, print)
    assert [file.name for file in tmp_path.iterdir()].count("JD-2026-0001.zip") == 1


def test_only_the_office_is_given_a_package(opened_at):
    opened_at("certification")
    require_archivist(cast.person(cast.OFFICE))
    for email in (cast.AUDITOR, cast.DECIDER, cast.APPLICANT, cast.OPERATOR, cast.RECOMMENDER, cast.CHAIR):
        with pytest.raises(NotPermitted):
            require_archivist(cast.person(email))


def test_whatever_refers_to_a_case_is_archived_or_left_out_on_purpose(opened_at):
    opened_at("certification")
    refers = {
        table.name for table in METADATA.sorted_tables for key in table.foreign_keys if key.column.table.name == "cases"
    }
    assert refers - set(conditions()) == {"bells", "journal", "runs"}
    with reading() as session:
        assert records_of(session, session.exec(select(Case)).one())["cases"][0]["reference"] == "JD-2026-0001"


def test_a_copy_elsewhere_is_verified_as_well(whole, tmp_path):
    shutil.copytree(whole.folder, tmp_path / "另一处 (2)")
    assert Unpacked(tmp_path / "另一处 (2)", whole.head).verified()[0] == 0
