"""核验归档包：在解压后的目录中运行 python3 verify.py，不需要网络，也不需要安装任何软件包 (verify an archive package).

This file travels in every package as verify.py: Python's own library, nothing of ours. It checks the chain of the
journal line by line, the journal against the seals it is under, and every file against manifest.json; it names the
first thing that is wrong. With --head HASH, a hash that was published, one of the seals must have that hash.
"""

import hashlib
import json
import sys
from pathlib import Path

MANIFEST = "manifest.json"


class Wrong(Exception):
    """The first thing that is not as it must be."""


def hold(true: bool, sentence: str, *values: object) -> None:  # noqa: FBT001
    """Raise `Wrong` with a sentence unless something is true."""
    if not true:
        raise Wrong(sentence.format(*values))


def hashed(data: bytes) -> str:
    """Return the SHA-256."""
    return hashlib.sha256(data).hexdigest()


def check_list(folder: Path, manifest: dict) -> None:  # type: ignore[type-arg]  # for every Python 3
    """Every file of the list is there, and no other is."""
    listed = [one["path"] for one in manifest["files"]]
    for path in listed:
        hold((folder / path).is_file(), "文件缺失：{}", path)
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    for path in sorted(there - set(listed) - {MANIFEST}):
        hold("__pycache__" in path, "包中多出文件：{}", path)


def check_files(folder: Path, manifest: dict) -> None:  # type: ignore[type-arg]
    """Every file is as it was."""
    for one in manifest["files"]:
        hold(hashed((folder / one["path"]).read_bytes()) == one["sha256"], "文件被改动：{}", one["path"])


def entry_in(line: bytes, number: int) -> list:  # type: ignore[type-arg]
    """Read one line of the journal."""
    try:
        entry = json.loads(line.decode("utf-8"))
    except ValueError:
        entry = None
    hold(isinstance(entry, list) and len(entry) == 10, "台账第 {} 行被改动：无法读取", number)
    return list(entry)


def check_journal(folder: Path, manifest: dict) -> list:  # type: ignore[type-arg]
    """Every line holds on to the line before it; return the hash of each line."""
    hashes: list = []  # type: ignore[type-arg]
    for line in (folder / "journal.jsonl").read_bytes().split(b"\n")[:-1]:
        number, previous = len(hashes) + 1, hashes[-1] if hashes else ""
        entry = entry_in(line, number)
        hold(entry[1] == number, "台账第 {} 行缺失或次序不符", number)
        hold(entry[0] == previous, "台账第 {} 行被改动，或第 {} 行不与之相接", number - 1, number)
        hold(entry[4] == manifest["case"], "台账第 {} 行不属于本件", number)
        hashes.append(hashed(line))
    end = {"lines": len(hashes), "hash": hashes[-1] if hashes else ""}
    hold(end == manifest["journal"], "台账末尾（第 {} 行）被改动，或其后有缺失", len(hashes))
    return hashes


def check_seal(text: bytes, hashes: list, case: str) -> tuple:  # type: ignore[type-arg]
    """Check that the journal is what a seal found; return its number, moment, last line covered, and hash."""
    facts, heads = {}, {}
    for line in text.decode("utf-8").splitlines():
        words = line.split(" ")
        if len(words) == 3 and len(words[0]) == 36:
            heads[words[0]] = (int(words[1]), words[2])
        else:
            facts[words[0]] = words[-1]
    lines, head = heads.get(case, (0, ""))
    agrees = 0 < lines <= len(hashes) and hashes[lines - 1] == head
    hold(agrees, "台账与第 {} 号封存不符（至第 {} 行）", facts.get("number"), lines)
    return facts["number"], facts["sealed"], lines, hashed(text)


def check(folder: Path, heads: list) -> list:  # type: ignore[type-arg]
    """Check everything in order; return what to tell when all is well."""
    manifest = json.loads((folder / MANIFEST).read_bytes().decode("utf-8"))
    check_list(folder, manifest)
    hashes = check_journal(folder, manifest)
    files = sorted((folder / "seals").glob("*.txt"))
    seals = [check_seal(file.read_bytes(), hashes, manifest["case"]) for file in files]
    check_files(folder, manifest)
    known = {seal[-1] for seal in seals}
    for head in heads:
        hold(head.strip().lower() in known, "没有一号封存的校验值是 {}", head)
    told = [f"归档包 {manifest['reference']}：{len(manifest['files'])} 个文件、台账 {len(hashes)} 行，全部相符。"]
    words = "第 {} 号封存（{}）覆盖至第 {} 行，校验值 {}，请与网站公布的比对。"
    told += [words.format(*seal) for seal in seals] or ["台账尚未封存：无法与公布的校验值比对。"]
    return [*told, f"清单校验值 {hashed((folder / MANIFEST).read_bytes())}"]


def main(arguments: list) -> int:  # type: ignore[type-arg]
    """Check the package that this file lies in."""
    try:
        told, status = check(Path(__file__).resolve().parent, [one for one in arguments if one != "--head"]), 0
    except Wrong as wrong:
        told, status = [f"不符：{wrong}"], 1
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        told, status = [f"不符：归档包不完整或无法读取（{error}）"], 1
    sys.stdout.buffer.write("".join(f"{line}\n" for line in told).encode("utf-8"))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
