"""`jidi verify`: whether the journal and the record are as they were written, with the first fault of each chain."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from sqlmodel import Session

from casework.trust.chains import (
    WORDS,
    Broken,
    Line,
    at_one_moment,
    broken_chains,
    broken_ends,
    every_line,
    firsts,
    names_of,
)
from casework.trust.seals import bad_seals, every_seal, latest, seal, unlike_their_seal
from casework.trust.soundness import unsound
from core.db import reading, transaction
from core.errors import Invalid
from core.i18n import gettext, marked
from models.journal import NO_CASE

Say = Callable[[str], None]

EVERY = 100_000
"""Lines after which progress is told."""
MOST_TOLD = 20
"""Faults of one kind that are told one by one."""

PROGRESS = marked("已核对 {n} 行……")
COUNTED = marked("台账：{n} 行，{seconds} 秒，每秒 {rate} 行")
SEALED = marked("封存：{n} 号，最后一号 {hash}")
NO_SEAL = marked("封存：还没有")
OF_NO_CASE = marked("（不属于任何申报的记录）")
OF_CHAIN = marked("{case}：{fault}")
MORE = marked("……另有 {n} 项")
WELL = marked("台账完好，与全部封存相符；各项记录相互一致。")
NOT_WELL = marked("发现 {n} 项问题，见上。请勿改动数据库，先另行备份，再由运维人员核查。")
NO_HEADS = marked("{file} 中没有台账校验值：请使用网站“台账校验值”页面下载的 JSON 文件，或用 --head 给出校验值。")


def verify(say: Say, heads: Sequence[str] = ()) -> bool:
    """Verify everything there is, and that published hashes are ours; return whether nothing is wrong."""
    with reading() as session:
        at_one_moment(session)
        found = [*_chains(session, say), *_seals(session, say, heads)]
        record = list(unsound(session))
    harmful = [gettext(one.sentence, about=one.about) for one in record if not one.harmless]
    _tell(say, "✗", [*found, *harmful])
    _tell(say, "!", [gettext(one.sentence, about=one.about) for one in record if one.harmless])
    wrong = len(found) + len(harmful)
    say(gettext(NOT_WELL, n=wrong) if wrong else gettext(WELL))
    return not wrong


def seal_now(say: Say) -> None:
    """Seal the journal as it is now, and say the hash to publish."""
    with transaction() as session:
        sealed = seal(session) or latest(session)
    say(gettext(SEALED, n=sealed.number, hash=sealed.hash) if sealed else gettext(NO_SEAL))


def heads_in(file: Path) -> list[str]:
    """Return the hashes in a file that was downloaded from the page."""
    try:
        return [one["hash"] for one in json.loads(file.read_text(encoding="utf-8"))["seals"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(NO_HEADS, file=str(file)) from error


def _chains(session: Session, say: Say) -> Iterator[str]:
    """Tell the first fault of each chain."""
    started, counted = time.monotonic(), [0]
    within = list(broken_chains(_counted(every_line(session), counted, say)))
    seconds = max(time.monotonic() - started, 0.001)
    say(gettext(COUNTED, n=f"{counted[0]:,}", seconds=f"{seconds:.1f}", rate=f"{counted[0] / seconds:,.0f}"))
    found = firsts(within, broken_ends(session), unlike_their_seal(session))
    names = names_of(session, [one.chain for one in found]) | {NO_CASE: gettext(OF_NO_CASE)}
    for one in found:
        yield gettext(OF_CHAIN, case=names.get(one.chain, str(one.chain)), fault=_fault(one))


def _fault(one: Broken) -> str:
    return gettext(WORDS[one.wrong], line=one.line, seal=one.seal)


def _seals(session: Session, say: Say, heads: Sequence[str]) -> Iterator[str]:
    last = latest(session)
    say(gettext(SEALED, n=last.number, hash=last.hash) if last else gettext(NO_SEAL))
    for bad in bad_seals(every_seal(session), heads):
        yield gettext(bad.sentence, number=bad.number, hash=bad.hash)


def _counted(lines: Iterable[Line], counted: list[int], say: Say) -> Iterator[Line]:
    """Count the lines that pass, and tell progress."""
    for line in lines:
        counted[0] += 1
        if counted[0] % EVERY == 0:
            say(gettext(PROGRESS, n=f"{counted[0]:,}"))
        yield line


def _tell(say: Say, mark: str, sentences: Sequence[str]) -> None:
    for sentence in sentences[:MOST_TOLD]:
        say(f"{mark} {sentence}")
    if len(sentences) > MOST_TOLD:
        say(f"{mark} {gettext(MORE, n=len(sentences) - MOST_TOLD)}")
