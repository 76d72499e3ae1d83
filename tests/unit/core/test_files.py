"""Files are kept under their hash, and a PDF is taken only when it is whole and does nothing by itself."""

import io
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from core.errors import JidiError, NotFound, TooLarge, Unavailable, UnsupportedFile
from core.files import accepted_pdf, checked_filename, fetch, keep, path_of
from core.i18n import language
from core.settings import settings
from tests.factories import a_pdf

MEBIBYTE = 2**20


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("JIDI_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def files_in(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def test_what_was_kept_is_fetched_and_lies_under_its_hash(home):
    sha256 = keep("基地".encode())
    assert fetch(sha256) == "基地".encode()
    assert files_in(home) == [home / "files" / sha256[:2] / sha256[2:4] / sha256]


def test_keeping_the_same_bytes_from_many_threads_leaves_one_whole_file(home):
    data = bytes(range(256)) * 4096
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: keep(data), range(24)))
    assert len(names) == 1
    assert files_in(home) == [path_of(names.pop())]


def test_a_damaged_file_is_never_given_out_and_is_mended_by_keeping_it_again(home):
    sha256 = keep(b"the decision")
    path_of(sha256).write_bytes(b"the Decision")
    with pytest.raises(JidiError, match="存档文件已损坏") as refused:
        fetch(sha256)
    assert refused.value.status == 500
    assert keep(b"the decision") == sha256
    assert fetch(sha256) == b"the decision"
    assert len(files_in(home)) == 1


@pytest.mark.parametrize("word", ["", "ab", "../../../etc/passwd", "A" * 64, "0" * 63 + "/", "0" * 64 + "\n", "0" * 64])
def test_a_hash_that_is_none_or_unknown_is_not_found(home, word):
    del home
    with pytest.raises(NotFound):
        fetch(word)


def test_a_store_that_cannot_be_written_says_so_and_leaves_nothing_behind(home):
    (home / "files").write_text("not a folder")
    with pytest.raises(Unavailable, match="文件未能保存"):
        keep(b"anything")
    assert files_in(home) == [home / "files"]


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("C:\\Users\\张三\\资质 证书（2026）.PDF", "资质 证书（2026）.PDF"),
        ("../../etc/passwd", "passwd"),
        ("发票\u202efdp.exe", "发票fdp.exe"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie_ x.pdf"),
        ("\ufeff\u200b证书\ud800.pdf", "证书.pdf"),
        ("  ..  ", "附件"),
        ("", "附件"),
        ("证明材料/", "附件"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("长" * 300, "长" * 120),
        ('<img src=x onerror="a">.pdf', "_img src=x onerror=_a__.pdf"),
    ],
)
def test_names_are_shown_without_what_could_deceive(given_name, shown):
    assert checked_filename(given_name) == shown


@given(st.text(max_size=400))
def test_every_name_comes_out_short_visible_and_without_a_path(given_name):
    name = checked_filename(given_name)
    assert 0 < len(name) <= 120
    assert not set(name) & set('/\\\0\r\n\t<>:"|?*\u202e\u200f\ufeff')
    assert name.isprintable()
    assert checked_filename(name) == name


def test_a_sound_pdf_is_accepted_and_its_name_ends_as_it_should():
    assert accepted_pdf(a_pdf(), "D:\\材料\\营业执照.pdf") == "营业执照.pdf"
    assert accepted_pdf(a_pdf(2), "营业执照.PDF") == "营业执照.PDF"
    assert accepted_pdf(a_pdf(), "扫描件.jpg") == "扫描件.jpg.pdf"
    assert accepted_pdf(a_pdf(), "长" * 200) == "长" * 116 + ".pdf"


def changed(change: Callable[[Pdf], None], **options: object) -> bytes:
    """Return a blank page with something done to the file."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf())) as pdf:
        change(pdf)
        pdf.save(buffer, **options)
    return buffer.getvalue()


def refusal(data: bytes, name: str = "材料.pdf") -> str:
    """Return the sentence with which the file is refused."""
    with pytest.raises(UnsupportedFile) as refused:
        accepted_pdf(data, name)
    return refused.value.sentence()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def link(action: Dictionary) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)


def opens_with_a_script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = script()


def has_a_script_behind_a_link(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([link(Dictionary(S=Name.GoTo, Next=Array([script()])))])


def has_a_named_script(pdf: Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", pdf.make_indirect(script())])))


def starts_a_program(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F="cmd.exe"))


def carries_a_file(pdf: Pdf) -> None:
    pdf.attachments["账册.xlsx"] = b"PK"


def is_a_dynamic_form(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(pdf, b"<xdp/>"))


@pytest.mark.parametrize("packed", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (opens_with_a_script, "含有脚本（JavaScript）"),
        (has_a_script_behind_a_link, "含有脚本（JavaScript）"),
        (has_a_named_script, "含有脚本（JavaScript）"),
        (starts_a_program, "启动外部程序"),
        (carries_a_file, "内嵌有其他文件"),
        (is_a_dynamic_form, "动态表单（XFA）"),
    ],
)
def test_what_would_act_by_itself_is_refused_with_the_reason(change, why, packed):
    sentence = refusal(changed(change, object_stream_mode=packed), "合同.pdf")
    assert sentence.startswith("“合同.pdf”")
    assert why in sentence


def test_a_script_spelled_with_escapes_or_locked_away_is_found_too():
    plain = changed(opens_with_a_script, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert "脚本" in refusal(plain.replace(b"/JavaScript", b"/#4aavaScript").replace(b"/JS", b"/#4a#53"))
    without_password = pikepdf.Encryption(owner="主人", user="")
    assert "脚本" in refusal(changed(opens_with_a_script, encryption=without_password))


def test_words_about_scripts_links_and_a_ban_on_editing_are_no_reason_to_refuse():
    def harmless(pdf: Pdf) -> None:
        pdf.docinfo["/Title"] = "Vue/JS (/S /Launch) /EF << /XFA"
        pdf.pages[0].obj.Annots = Array([link(Dictionary(S=Name.URI, URI="http://example.com/"))])

    no_editing = pikepdf.Encryption(owner="主人", user="", allow=pikepdf.Permissions(modify_other=False))
    assert accepted_pdf(changed(harmless), "讲义.pdf") == "讲义.pdf"
    assert accepted_pdf(changed(harmless, encryption=no_editing), "讲义.pdf") == "讲义.pdf"


def test_files_that_nobody_could_read_are_refused():
    whole = a_pdf(3)
    assert "结构异常" in refusal(packed_pdf(zlib.compress(b"6 0 <</S/JavaScript/JS(x)" + b") " * 50 + b">>")))
    assert "设有打开密码" in refusal(changed(lambda _: None, encryption=pikepdf.Encryption(owner="甲", user="乙")))
    assert "已损坏或不完整" in refusal(whole[: len(whole) // 2])
    assert "已损坏或不完整" in refusal(b"%PDF-1.7\nnothing else\n%%EOF")
    assert "没有任何页面" in refusal(a_pdf(0))
    assert "是空文件" in refusal(b"")


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"<html>%PDF-", b"\x89PNG\r\n", "申报书".encode(), b" %PDF-1.7"])
def test_other_kinds_of_file_are_refused_whatever_their_name(data):
    assert refusal(data, "申报书.pdf") == "“申报书.pdf”不是 PDF 文件，请转换为 PDF 后再上传。"


def test_twenty_one_megabytes_are_too_large():
    with pytest.raises(TooLarge) as refused:
        accepted_pdf(a_pdf() + b" " * (20 * MEBIBYTE), "大.pdf")
    assert refused.value.sentence() == "文件超过 20 MB 的上限，请压缩后重新上传。"


def test_the_reason_is_given_in_english_too():
    token = language.set("en")
    try:
        assert refusal(b"PK", "papers.zip") == ("“papers.zip” is not a PDF. Convert it to PDF and upload it again.")
    finally:
        language.reset(token)


def packed_pdf(hidden: bytes) -> bytes:
    """Return a PDF whose object 6 lies in a compressed stream that holds exactly these bytes (deflated already)."""
    bodies = {
        1: b"<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        4: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(hidden), hidden),
    }
    written, rows = b"%PDF-1.7\n", [bytes(6)]
    for number, body in bodies.items():
        rows.append(b"\1" + len(written).to_bytes(4, "big") + b"\0")
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows += [b"\1" + len(written).to_bytes(4, "big") + b"\0", b"\2" + (4).to_bytes(4, "big") + b"\0"]
    table = b"".join(rows)
    index = b"5 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n%s\nendstream\nendobj\n"
    return written + index % (len(table), table) + b"startxref\n%d\n%%%%EOF" % len(written)


def deflated(start: bytes, filling: bytes, mebibytes: int, end: bytes) -> bytes:
    """Deflate something large without ever holding it."""
    squeeze = zlib.compressobj(9)
    block = filling * (MEBIBYTE // len(filling))
    parts = [squeeze.compress(start), *(squeeze.compress(block) for _ in range(mebibytes)), squeeze.compress(end)]
    return b"".join(parts) + squeeze.flush()


REFUSED_AT_A_COST = """
import resource, sys
from pathlib import Path
from core.pdf_examination import ask_another_process
print(ask_another_process(Path(sys.argv[1]).read_bytes()).name, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A program of its own, so that the most any child of it took (in KiB) is what the examination of this file took."""


def test_the_builder_of_hostile_files_builds_readable_ones():
    assert accepted_pdf(packed_pdf(zlib.compress(b"6 0 [3 0 R/Fit]")), "好.pdf") == "好.pdf"
    assert "脚本" in refusal(packed_pdf(zlib.compress(b"6 0 <</S/JavaScript/JS(x)>>")))


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param(deflated(b"6 0 <</S/JavaScript/JS(x)>>", b" ", 300, b""), id="unpacks to 300 MB"),
        pytest.param(deflated(b"6 0 [", b"1 ", 60, b"<</S/JavaScript/JS(x)>>]"), id="30 million numbers"),
        pytest.param(zlib.compress(b"6 0 " + b"[" * 600 + b"<</S/JavaScript/JS(x)>>" + b"]" * 600), id="nested"),
        pytest.param(zlib.compress(b"6 0 <</S/JavaScript/JS(x)" + b") " * 50 + b">>"), id="garbled"),
    ],
)
def test_a_file_that_cannot_be_looked_through_is_refused_at_a_bounded_cost(hidden, tmp_path):
    file = tmp_path / "hostile.pdf"
    file.write_bytes(packed_pdf(hidden))
    done = subprocess.run([sys.executable, "-c", REFUSED_AT_A_COST, file], capture_output=True, text=True, check=True)
    condition, kibibytes = done.stdout.split()
    assert condition == "EXHAUSTING"
    assert int(kibibytes) < 1200 * 1024
