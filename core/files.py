"""Files: kept under the hash of their content, never under a name that somebody chose, and judged before they are."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from unicodedata import category, normalize

from core.antivirus import require_harmless
from core.errors import JidiError, NotFound, TooLarge, Unavailable, UnsupportedFile
from core.i18n import marked
from core.pdf_examination import Condition, examined
from core.settings import settings

MEGABYTE = 2**20
LARGEST_MEGABYTES = 20
LONGEST_NAME = 120
UNNAMED = "附件"

SHA256 = re.compile(r"[0-9a-f]{64}")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
NOT_IN_NAMES = re.compile(r'[<>:"|?*]')

NOT_A_PDF = marked("“{name}”不是 PDF 文件，请转换为 PDF 后再上传。")
EMPTY = marked("“{name}”是空文件，请重新选择文件。")
REFUSALS = {
    Condition.DAMAGED: marked("“{name}”已损坏或不完整，无法打开，请重新导出后再上传。"),
    Condition.LOCKED: marked("“{name}”设有打开密码，请取消密码后再上传。"),
    Condition.WITHOUT_PAGES: marked("“{name}”没有任何页面，请重新导出后再上传。"),
    Condition.SCRIPT: marked("“{name}”含有脚本（JavaScript），为安全起见不予接收，请另行打印为 PDF 后再上传。"),
    Condition.LAUNCH: marked("“{name}”含有启动外部程序的指令，为安全起见不予接收，请另行打印为 PDF 后再上传。"),
    Condition.EMBEDDED: marked("“{name}”内嵌有其他文件，为安全起见不予接收，请将内嵌文件取出后分别上传。"),
    Condition.DYNAMIC_FORM: marked("“{name}”是动态表单（XFA），不能长期保存，请另行打印为 PDF 后再上传。"),
    Condition.EXHAUSTING: marked("“{name}”结构异常，无法完成检查，请另行打印为 PDF 后再上传。"),
}


def keep(data: bytes) -> str:
    """Keep the bytes for good and return their SHA-256; keeping them again changes nothing, or mends what was lost."""
    sha256 = digest(data)
    path = path_of(sha256)
    try:
        if not (path.exists() and digest(path.read_bytes()) == sha256):
            write(path, data)
    except OSError as error:
        raise Unavailable(marked("文件未能保存（存储空间不足或不可写），请稍后再试。")) from error
    return sha256


def fetch(sha256: str) -> bytes:
    """Return the bytes that were kept under this hash, having checked that they are still the same."""
    try:
        data = path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise NotFound from error
    if digest(data) != sha256:
        raise JidiError(marked("存档文件已损坏（{sha256}），不能提供，请由运维人员从备份恢复。"), sha256=sha256)
    return data


def path_of(sha256: str) -> Path:
    """Return where the bytes of this hash lie; raises `NotFound` for a word that is no SHA-256."""
    if not SHA256.fullmatch(sha256):
        raise NotFound
    return settings().home / "files" / sha256[:2] / sha256[2:4] / sha256


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes."""
    return hashlib.sha256(data).hexdigest()


def write(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a power cut, finds the whole of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    for folder in path.parents[:4]:
        sync(folder)


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def accepted_pdf(data: bytes, filename: str) -> str:
    """Return the name to show for an uploaded PDF, or raise saying what is wrong.

    Raises `TooLarge`, `UnsupportedFile`, or `Unavailable` when the virus scanner does not answer.
    """
    name = checked_filename(filename)
    if len(data) > LARGEST_MEGABYTES * MEGABYTE:
        raise TooLarge(limit=LARGEST_MEGABYTES)
    if not data:
        raise UnsupportedFile(EMPTY, name=name)
    if not data.startswith(b"%PDF-"):
        raise UnsupportedFile(NOT_A_PDF, name=name)
    require_harmless(data, name)
    found = examined(data)
    if found is not Condition.SOUND:
        raise UnsupportedFile(REFUSALS[found], name=name)
    return name if name.lower().endswith(".pdf") else f"{name[: LONGEST_NAME - 4]}.pdf"


def checked_filename(filename: str) -> str:
    """Return a name that is safe to show and to download under: no path, nothing invisible, nothing that reverses it.

    Chinese is kept; what is too long is cut before the extension.
    """
    visible = "".join(" " if c.isspace() else c for c in filename if c.isspace() or category(c) not in INVISIBLE)
    last = NOT_IN_NAMES.sub("_", normalize("NFC", visible).replace("\\", "/").rpartition("/")[2])
    name = " ".join(last.split()).strip(" .") or UNNAMED
    stem, dot, extension = name.rpartition(".")
    if len(name) <= LONGEST_NAME or not dot or len(extension) > 10:
        return name[:LONGEST_NAME].rstrip()
    return f"{stem[: LONGEST_NAME - len(extension) - 1].rstrip()}.{extension}"
