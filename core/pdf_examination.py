"""Looks into an uploaded PDF in a process of its own, so that a hostile file exhausts that process and not the web.

Run as `python -P pdf_examination.py` it reads the file from standard input and prints one word: its `Condition`.
"""

import contextlib
import hashlib
import io
import re
import resource
import subprocess
import sys
from enum import StrEnum

import pikepdf
from pikepdf import settings as qpdf

MEBIBYTE = 2**20
MEMORY_BYTES = 1024 * MEBIBYTE
STREAM_BYTES = 128 * MEBIBYTE
CPU_SECONDS = 10
WALL_SECONDS = 30

MOST_REMEMBERED = 1000
SOUND_FILES: set[bytes] = set()

GIVEN_UP = re.compile("error reading object|error decoding stream|giving up")
STRING = re.compile(rb"\((?:[^\\)]|\\.)*\)", re.DOTALL)


class Condition(StrEnum):
    """What was found in a file."""

    SOUND = "sound"
    DAMAGED = "damaged"
    LOCKED = "locked"
    WITHOUT_PAGES = "without-pages"
    SCRIPT = "script"
    LAUNCH = "launch"
    EMBEDDED = "embedded"
    DYNAMIC_FORM = "dynamic-form"
    EXHAUSTING = "exhausting"


ACTIVE = {
    Condition.SCRIPT: re.compile(rb"/(?:JavaScript|JS)\b"),
    Condition.LAUNCH: re.compile(rb"/S /Launch\b"),
    Condition.EMBEDDED: re.compile(rb"/EF (?:<<|\d+ \d+ R)|/Type /EmbeddedFile\b"),
    Condition.DYNAMIC_FORM: re.compile(rb"/XFA\b"),
}


def examined(data: bytes) -> Condition:
    """Return what another process finds in the file; one that it cannot finish with is `EXHAUSTING`.

    The same file is often handed in more than once: what was found sound is not examined again.
    """
    fingerprint = hashlib.sha256(data).digest()
    if fingerprint in SOUND_FILES:
        return Condition.SOUND
    found = ask_another_process(data)
    if found is Condition.SOUND:
        if len(SOUND_FILES) >= MOST_REMEMBERED:
            SOUND_FILES.clear()
        SOUND_FILES.add(fingerprint)
    return found


def ask_another_process(data: bytes) -> Condition:
    """Run this file as a program over the bytes and read its answer."""
    command = [sys.executable, "-P", __file__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=WALL_SECONDS, check=True)  # noqa: S603
        return Condition(done.stdout.decode().strip())
    except (subprocess.SubprocessError, ValueError):
        return Condition.EXHAUSTING


def condition(data: bytes) -> Condition:
    """Open the file and judge it, in this process."""
    if b"%%EOF" not in data[-4096:]:
        return Condition.DAMAGED
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if not len(pdf.pages):
                return Condition.WITHOUT_PAGES
            return active_content(pdf) or (Condition.EXHAUSTING if overlooked(pdf) else Condition.SOUND)
    except pikepdf.PasswordError:
        return Condition.LOCKED
    except pikepdf.PdfError:
        return Condition.DAMAGED


def active_content(pdf: pikepdf.Pdf) -> Condition | None:
    """Return what in the file would act by itself or carries another file, wherever it hides.

    Every object is looked at as qpdf writes it: names spelled out, one space between tokens, strings set aside.
    """
    for thing in (pdf.trailer, *pdf.objects):
        if not isinstance(thing, pikepdf.Object):
            continue
        written = (thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing).unparse(resolved=True)
        for found, sign in ACTIVE.items():
            if sign.search(written) and sign.search(STRING.sub(b"()", written)):
                return found
    return None


def overlooked(pdf: pikepdf.Pdf) -> bool:
    """Tell whether qpdf gave up on a part of the file, which then was not looked at but may be there for a reader."""
    return qpdf.qpdf_limit_errors() > 0 or any(GIVEN_UP.search(warning) for warning in pdf.get_warnings())


def limit_this_process() -> None:
    """Bound memory and time; where the system has no such limit, the one on waiting remains."""
    for kind, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
    qpdf.set_qpdf_limits(
        flate_max_memory=STREAM_BYTES,
        run_length_max_memory=STREAM_BYTES,
        png_max_memory=STREAM_BYTES,
        tiff_max_memory=STREAM_BYTES,
    )


if __name__ == "__main__":
    limit_this_process()
    sys.stdout.write(condition(sys.stdin.buffer.read()))
