"""`jidi verify` names the first line that was altered, removed or inserted, whatever was done to it."""

# ruff: noqa: ARG001, S608 - fixtures that open the book, and statements of our own

from pathlib import Path

import pytest
from sqlalchemy import text

from casework import journal
from casework.trust.chains import every_line
from casework.trust.seals import newest, seal, seal_of_the_day
from core.db import reading, transaction
from core.errors import Invalid
from core.files import path_of, write
from models.case import Case
from terminal.verify import heads_in, verify
from tests.stories.telling import Story
from tests.unit.casework.tampering import asked, chain_again, tamper

FIRST, MIDDLE = 1, 5


@pytest.fixture
def story(opened_at) -> Story:
    """A case that waits for its certification; its journal is sealed up to the expert review."""
    return opened_at("certification")


@pytest.fixture
def lines(story) -> int:
    [(number,)] = asked(f"SELECT lines FROM journal_chains WHERE chain = '{story.case_id}'")
    assert number > MIDDLE + 2
    return number


def told(*heads: str) -> list[str]:
    """What `jidi verify` says is wrong."""
    said: list[str] = []
    well = verify(said.append, heads)
    wrong = [line for line in said if line.startswith("✗")]
    assert well is not bool(wrong)
    return [line.removeprefix("✗ ").removeprefix("JD-2026-0001：") for line in wrong]


def sealed() -> str:
    with transaction() as session:
        return seal(session).hash


def line(number: int, story: Story) -> str:
    return f"WHERE case_id = '{story.case_id}' AND number = {number}"


def test_a_journal_that_nobody_touched_is_well(story, lines):
    assert told() == []
    head = sealed()
    assert told(head) == []


CHANGES = {
    "id": "id = 999999",
    "at": "at = at + interval '1 microsecond'",
    "by": "by = (SELECT id FROM users WHERE id IS DISTINCT FROM journal.by ORDER BY id LIMIT 1)",
    "act": "act = 'approved'",
    "stage": "stage = stage || 'x'",
    "round": "round = round + 1",
    "detail": 'detail = detail || \'{"reason": "另有原因"}\'',
    "hash": "hash = encode(sha256('forged'), 'hex')",
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_a_line_altered_in_whatever_column_is_named(column, where, story, lines):
    number = {"first": FIRST, "middle": MIDDLE, "last": lines}[where]
    tamper(f"UPDATE journal SET {CHANGES[column]} {line(number, story)}")
    assert told() == [f"第 {number} 行被改动：内容与校验值不符"]


def test_every_column_is_tried(story):
    columns = {
        name for (name,) in asked("SELECT column_name FROM information_schema.columns WHERE table_name = 'journal'")
    }
    assert columns == {*CHANGES, "case_id", "number", "previous"}


def test_a_line_that_holds_on_to_another_is_named(story, lines):
    tamper(f"UPDATE journal SET previous = encode(sha256('forged'), 'hex') {line(MIDDLE, story)}")
    assert told() == [f"第 {MIDDLE} 行被改动：内容与校验值不符"]


def test_a_line_with_another_number_is_missed(story, lines):
    tamper(f"UPDATE journal SET number = 900 {line(MIDDLE, story)}")
    assert told() == [f"第 {MIDDLE} 行被删除"]


def test_a_line_moved_to_another_case_is_missed_here_and_too_many_there(story, lines):
    tamper(f"UPDATE journal SET case_id = NULL, number = 900 {line(MIDDLE, story)}")
    strangers, ours = told()
    assert ours == f"第 {MIDDLE} 行被删除"
    assert strangers.startswith("（不属于任何申报的记录）")


@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_a_line_removed_is_named(where, story, lines):
    number = {"first": FIRST, "middle": MIDDLE, "last": lines}[where]
    tamper(f"DELETE FROM journal {line(number, story)}")
    assert told() == [f"第 {number} 行被删除"]


def test_a_whole_case_removed_is_named(story, lines):
    tamper(f"DELETE FROM journal WHERE case_id = '{story.case_id}'")
    assert "第 1 行被删除" in told()


def test_a_line_inserted_with_a_hash_of_its_own_is_named(story, lines):
    renumber = f"UPDATE journal SET number = number + 1 WHERE case_id = '{story.case_id}' AND number >= {MIDDLE}"
    forged = f"""
        INSERT INTO journal (at, case_id, act, stage, round, detail, number, previous, hash)
        SELECT at, case_id, 'decided', stage, round, '{{}}', {MIDDLE}, hash, '' FROM journal {line(MIDDLE - 1, story)}
    """
    own = "encode(sha256(convert_to(text_of_entry(journal), 'UTF8')), 'hex')"
    hashed = f"UPDATE journal SET hash = {own} {line(MIDDLE, story)}"
    tamper("DROP INDEX one_line_a_number", renumber, forged, hashed)
    try:
        assert told() == [f"第 {MIDDLE} 行是插入的：不在原有的次序之中"]
    finally:
        tamper(
            "DELETE FROM journal",
            "CREATE UNIQUE INDEX one_line_a_number ON journal (case_id, number) NULLS NOT DISTINCT",
        )


def test_a_line_added_past_the_trigger_is_named(story, lines):
    tamper(f"""
        INSERT INTO journal (at, case_id, act, stage, round, detail, number, previous, hash)
        SELECT at, case_id, 'decided', stage, round, '{{}}', number + 1, hash, 'x' FROM journal {line(lines, story)}
    """)
    assert told() == [f"第 {lines + 1} 行被改动：内容与校验值不符"]


def test_two_lines_that_changed_places_are_named(story, lines):
    tamper(
        f"UPDATE journal SET number = 900 {line(MIDDLE, story)}",
        f"UPDATE journal SET number = {MIDDLE} {line(MIDDLE + 1, story)}",
        f"UPDATE journal SET number = {MIDDLE + 1} WHERE number = 900",
    )
    assert told() == [f"第 {MIDDLE} 行被改动：内容与校验值不符"]


def test_only_the_first_fault_of_a_case_is_named(story, lines):
    tamper(f"DELETE FROM journal {line(MIDDLE, story)}", f"UPDATE journal SET act = 'x' {line(MIDDLE + 2, story)}")
    assert told() == [f"第 {MIDDLE} 行被删除"]


# What a careful forger does: the chain is written anew


def test_a_chain_written_anew_is_caught_by_its_seal(story, lines):
    head = sealed()
    tamper(f"UPDATE journal SET act = 'approved' {line(MIDDLE, story)}")
    chain_again(story.case_id)
    assert told(head) == [f"第 {lines} 行及之前被重新编写：与第 1 号封存不符"]


def test_a_shortened_chain_written_anew_is_caught_by_its_seal(story, lines):
    sealed()
    tamper(f"DELETE FROM journal {line(MIDDLE, story)}")
    chain_again(story.case_id)
    assert told() == [f"第 {lines} 行被删除"]


def test_a_chain_and_its_seals_written_anew_are_caught_by_the_published_head(story, lines):
    head = sealed()
    tamper(f"UPDATE journal SET act = 'approved' {line(MIDDLE, story)}")
    chain_again(story.case_id)
    tamper("DELETE FROM sealed_heads", "DELETE FROM journal_seals")
    sealed()
    assert told() == []
    assert told(head) == [f"公布过的校验值在台账中找不到：{head}"]


SEALS = {
    "altered": ("UPDATE journal_seals SET lines = lines + 1 WHERE number = 1", "第 1 号封存被改动：内容与校验值不符"),
    "when": (
        "UPDATE journal_seals SET sealed_at = sealed_at + interval '1 second' WHERE number = 1",
        "第 1 号封存被改动：内容与校验值不符",
    ),
    "removed": ("DELETE FROM journal_seals WHERE number = 1", "第 1 号封存被删除"),
    "detached": ("UPDATE journal_seals SET previous = '' WHERE number = 2", "第 2 号封存不与前一号相接"),
    "a head": ("DELETE FROM sealed_heads WHERE seal = 1 AND lines = 1", "第 1 号封存被改动：内容与校验值不符"),
}


@pytest.mark.parametrize("what", SEALS)
def test_a_seal_that_was_touched_is_named(what, story, lines):
    statement, sentence = SEALS[what]
    sealed()
    note("kept")
    sealed()
    if what == "a head":
        statement = f"DELETE FROM sealed_heads WHERE seal = 1 AND chain = '{story.case_id}'"
    tamper(statement)
    assert sentence in told()


def note(act: str) -> None:
    with transaction() as session:
        journal.note(session, act, case=None, by=None)


# Sealing


def test_a_seal_is_over_what_is_new(story, clock):
    with transaction() as session:
        first = seal(session)
        assert seal(session) is None
    note("kept")
    with transaction() as session:
        second = seal(session)
    assert (second.number, second.previous, second.lines) == (2, first.hash, first.lines + 1)
    assert asked("SELECT lines FROM sealed_heads WHERE seal = 2") == asked(
        "SELECT lines FROM journal_chains WHERE chain = '00000000-0000-0000-0000-000000000000'"
    )


def test_a_day_has_one_seal(story, clock):
    for _ in range(2):
        with transaction() as session:
            seal_of_the_day(session)
        note("kept")
    clock.shift(86400)
    with transaction() as session:
        seal_of_the_day(session)
    with reading() as session:
        assert [one.number for one in newest(session)] == [2, 1]


def test_what_is_being_written_is_in_the_next_seal(story, lines):
    with transaction() as writing:
        journal.note(writing, "late", case=writing.get_one(Case, story.case_id), by=None)
        writing.flush()
        sealed()
    assert asked(f"SELECT max(lines) FROM sealed_heads WHERE chain = '{story.case_id}'") == [(lines,)]
    sealed()
    assert asked(f"SELECT max(lines) FROM sealed_heads WHERE chain = '{story.case_id}'") == [(lines + 1,)]
    assert told() == []


def test_what_is_hashed_is_the_same_here_and_in_the_database(story):
    with reading() as session:
        written = session.connection().execute(
            text("SELECT text_of_entry(journal) FROM journal ORDER BY case_id NULLS FIRST, number, id")
        )
        assert [one.text for one in every_line(session)] == list(written.scalars())


def test_the_file_of_the_page_is_read(tmp_path: Path):
    file = tmp_path / "heads.json"
    file.write_text('{"seals": [{"hash": "abc"}]}')
    assert heads_in(file) == ["abc"]
    file.write_text('{"bases": []}')
    with pytest.raises(Invalid):
        heads_in(file)


# The rest of the record


def test_a_file_that_is_gone_or_spoilt_is_named(story):
    [(sha256,)] = asked("SELECT sha256 FROM documents ORDER BY kind LIMIT 1")
    path = path_of(str(sha256))
    content = path.read_bytes()
    path.write_bytes(b"spoilt")
    assert told() == [f"引用的文件缺失或已损坏：documents {sha256}"]
    path.unlink()
    assert told() == [f"引用的文件缺失或已损坏：documents {sha256}"]
    write(path, content)
    assert told() == []


def test_changed_papers_are_named(story):
    tamper('UPDATE submissions SET content = content || \'{"unit_name": "另一单位"}\'')
    [sentence] = told()
    assert sentence.startswith("申报材料与提交时的校验值不符")


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE series SET last = last + 1 WHERE name LIKE 'certificate-%'", "证书编号不连续：certificate-2026"),
        ("DELETE FROM register_entries", "已公布的申报不在基地名录中：JD-2026-0001"),
        ("UPDATE register_entries SET name = '另一单位'", "名录与证书上的单位不一致："),
        ("DELETE FROM decisions WHERE stage = 'publication'", "申报已办结，却没有作出结论：JD-2026-0001"),
    ],
)
def test_a_record_that_does_not_agree_with_itself_is_named(statement, sentence, opened_at):
    opened_at("certified")
    assert told() == []
    tamper(statement)
    assert [one for one in told() if one.startswith(sentence)]
