"""A certificate looks the same everywhere, says what it was given and nothing else, and can be kept for decades."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from core.errors import Invalid
from core.i18n import language
from core.typesetting import FONT_FILES, LAYOUTS, qr_svg, typeset, unprintable

ISSUED = date(2026, 11, 24)
CERTIFICATE = {
    "number": "鄂继教基地〔2026〕0001号",
    "holder": "江汉示例职业技术学院",
    "credit_code": "12420000000000019Q",
    "base_name": "江汉示例专业技术人员继续教育基地",
    "citation": "《湖北省专业技术人员继续教育基地建设与管理暂行办法》（鄂人社发〔2015〕25号）",
    "authority": "湖北省人力资源和社会保障厅",
    "issued_on": "2026年11月24日",
    "valid_until": "",
    "check_code": "AbCd-EfGh_IjKlMn",
    "verification_url": "http://127.0.0.1:8000/verify/AbCd-EfGh_IjKlMn",
}
HOSTILE = (
    '#panic() #read("/etc/passwd") #import "@preview/x:1"',
    r"*bold* _em_ `raw` $x^2$ \\ \u{41} \#",
    "\"quoted\" 'single' <b>&amp;</b> @ref [x] {y}",
    "= heading // comment /* more */ -- --- ... ~",
    "${jndi:ldap://x} {{ 7*7 }} %s %(a)s {number}",
)
MARGIN_MM = 20
POINTS_A_MM = 72 / 25.4
OUTSIDE_GBK = (  # those of the Table of General Standard Chinese Characters that GBK lacks
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖"
    "䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮鿍鿎鿏𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉"
    "𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧"
    "𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕"
    "𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹"
    "𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)


def certificate(**changes: str) -> bytes:
    return typeset("certificate", CERTIFICATE | changes, created=ISSUED)


def tool(name: str) -> str:
    """Return the path of a program; where it is missing the test is skipped, unless CI promised to have it."""
    if path := shutil.which(name):
        return path
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is required when CI=true")
    pytest.skip(f"{name} is not installed")


def run(name: str, *arguments: str | Path) -> str:
    return subprocess.run([tool(name), *arguments], capture_output=True, check=True).stdout.decode()


def squeezed(text: str) -> str:
    """Take out white space, because letter-spacing and line breaks look like some."""
    return re.sub(r"\s", "", text)


@pytest.fixture
def text_of(tmp_path):
    def read(pdf: bytes) -> str:
        path = tmp_path / "text.pdf"
        path.write_bytes(pdf)
        return squeezed(run("pdftotext", "-raw", path, "-"))

    return read


@pytest.fixture
def words_in_the_margin(tmp_path):
    def read(pdf: bytes) -> list[str]:
        path = tmp_path / "boxes.pdf"
        path.write_bytes(pdf)
        box = r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>'
        words = re.findall(box, run("pdftotext", "-bbox", path, "-"))
        assert len(words) > 10
        return [word for *corners, word in words if outside(*map(float, corners))]

    return read


def outside(left: float, top: float, right: float, bottom: float) -> bool:
    near = MARGIN_MM * POINTS_A_MM
    return min(left, top) < near or right > 210 * POINTS_A_MM - near or bottom > 297 * POINTS_A_MM - near


def embedded_fonts(pdf: pikepdf.Pdf) -> dict[str, bool]:
    """Return the fonts in use and whether each is embedded together with the map that makes it searchable."""
    used = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Type0"]
    return {
        str(font.BaseFont).rpartition("+")[2]: "/ToUnicode" in font
        and "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        for font in used
    }


def test_the_page_says_everything_it_was_given_and_cites_the_regulation(text_of):
    text = text_of(certificate())
    for value in CERTIFICATE.values():
        assert value in text
    assert "湖北省专业技术人员继续教育基地认定证书" in text
    assert "根据《湖北省专业技术人员继续教育基地建设与管理暂行办法》（鄂人社发〔2015〕25号），经评审，认定" in text
    assert "为湖北省专业技术人员继续教育基地。特发此证。" in text
    assert "此件需加盖公章" in text


def test_the_qr_code_leads_to_the_verification_page(tmp_path):
    address = "https://jidi.example.com/verify/Zz9_-?a=1&b=2"
    (tmp_path / "page.pdf").write_bytes(certificate(verification_url=address))
    run("pdftoppm", "-r", "150", "-png", "-singlefile", tmp_path / "page.pdf", tmp_path / "page")
    assert run("zbarimg", "--quiet", "--raw", tmp_path / "page.png").strip() == address


def test_a_qr_code_is_a_drawing_with_a_margin_and_holds_no_markup_of_others():
    drawn = qr_svg('"/><script>alert(1)</script>')
    assert drawn.startswith("<svg")
    assert "script" not in drawn
    assert 'viewBox="0 0 33 33"' in qr_svg("http://x.example/")
    assert 'viewBox="0 0 25 25"' in qr_svg("http://x.example/", quiet_modules=0)


def test_it_is_one_page_of_pdf_a_with_our_two_fonts_embedded():
    with pikepdf.open(io.BytesIO(certificate())) as pdf:
        assert len(pdf.pages) == 1
        assert [float(n) for n in pdf.pages[0].mediabox] == pytest.approx([0, 0, 595.28, 841.89], abs=0.01)
        assert embedded_fonts(pdf) == {"NotoSerifSC-Regular": True, "NotoSerifSC-Bold": True}
        assert pdf.Root.Lang == "zh-CN"
        with pdf.open_metadata() as about:
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "U")
            assert about["dc:title"] == "湖北省专业技术人员继续教育基地认定证书"
            assert about["xmp:CreateDate"].startswith("2026-11-24")


def test_the_same_data_gives_the_same_bytes_on_every_machine_and_in_any_order():
    script = (
        "import sys, json, datetime; from core.typesetting import typeset;"
        "sys.stdout.buffer.write(typeset('certificate', json.load(sys.stdin), created=datetime.date(2026, 11, 24)))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(dict(reversed(CERTIFICATE.items()))).encode(),
        env=os.environ | {"TZ": "America/New_York", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"},
        capture_output=True,
        check=True,
    )
    assert elsewhere.stdout == certificate() == certificate()
    assert certificate(number="鄂继教基地〔2026〕0002号") != certificate()


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_and_code_in_a_name_are_printed_and_never_run(words, text_of):
    text = text_of(certificate(holder=words, base_name=words, check_code=words))
    assert text.count(squeezed(words)) == 3


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("工程装备先进制造数字化转型与产业技术创新综合" * 5, id="Chinese"),
        pytest.param("W" * 100, id="one long word"),
        pytest.param("（“" * 30 + "基地" * 10 + "”）" * 10, id="brackets"),
        pytest.param("Hubei Demonstration Institute of Continuing Professional Education, Wuhan", id="English"),
    ],
)
def test_names_of_a_hundred_characters_are_wrapped_inside_the_frame_on_one_page(name, text_of, words_in_the_margin):
    name = name[:100].ljust(100, "名")
    address = "https://" + "long-host-name." * 6 + "example.com/verify/AbCd-EfGh_IjKlMn"
    pdf = certificate(holder=name, base_name=name, verification_url=address)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
    assert words_in_the_margin(pdf) == []
    text = text_of(pdf)
    assert text.count(squeezed(name)) == 2
    assert address in text


def test_a_unit_without_a_credit_code_has_no_empty_line_for_it(text_of):
    assert "统一社会信用代码" in text_of(certificate())
    assert "统一社会信用代码" not in text_of(certificate(credit_code=""))


def test_a_character_that_no_font_has_is_refused_by_name_before_anything_is_printed():
    with pytest.raises(Invalid) as refused:
        certificate(holder="𠮷野示例学院", base_name="示例\u202e基地😀")
    sentence = "证书字库中没有下列文字，无法印制：{}。请核对，或改用规范汉字。"
    assert refused.value.sentence() == sentence.format("U+202E、😀（U+1F600）、𠮷（U+20BB7）")
    assert [(fault.field, fault.message) for fault in refused.value.faults] == [
        ("holder", sentence.format("𠮷（U+20BB7）")),
        ("base_name", sentence.format("U+202E、😀（U+1F600）")),
    ]
    token = language.set("en")
    try:
        assert "cannot be printed: U+202E" in refused.value.sentence()
    finally:
        language.reset(token)


def test_data_that_does_not_fit_the_layout_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="holder"):
        typeset("certificate", {k: v for k, v in CERTIFICATE.items() if k != "holder"}, created=ISSUED)
    with pytest.raises(ValueError, match="nickname"):
        certificate(nickname="x")
    assert LAYOUTS["certificate"].keys == CERTIFICATE.keys()


def decodable(codec: str) -> str:
    """Return every character of a two-byte Chinese character set."""
    pairs = (bytes([high, low]) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF))
    read = (pair.decode(codec, errors="replace") for pair in pairs)
    return "".join(character for character in read if len(character) == 1 and character != "\ufffd")


def test_every_character_of_gbk_and_of_the_general_table_can_be_printed():
    assert len(decodable("gbk")) == 21791
    assert unprintable(decodable("gbk")) == {"≒"}
    assert len(OUTSIDE_GBK) == 276
    assert unprintable(OUTSIDE_GBK) == set()
    assert (
        unprintable("".join(map(chr, range(0x20, 0x7F))) + "·—…“”‘’《》〈〉【】〔〕（），。、；：？！％℃№①ⅠⅡ〇㎡")
        == set()
    )
    assert unprintable("a\nb\tc\0\u200b\xad𠮷") == set("\n\t\0\u200b\xad𠮷")


def test_bold_holds_gb_2312_and_the_general_table_so_that_names_stay_bold():
    with TTFont(FONT_FILES / "NotoSerifSC-Bold.ttf", lazy=True) as bold:
        held = set(map(chr, bold.getBestCmap()))
    assert len(decodable("gb2312")) == 7445
    assert set(decodable("gb2312")) - held == set()
    assert set(OUTSIDE_GBK) - held == set()
    assert "㐀" not in held


def test_a_character_that_only_the_regular_weight_has_is_printed_from_it(text_of):
    assert "㐀示例学院" in text_of(certificate(holder="㐀示例学院"))


def test_the_fonts_come_with_their_licence_and_stay_within_twenty_megabytes():
    assert "SIL OPEN FONT LICENSE" in (FONT_FILES / "OFL.txt").read_text()
    assert sum(path.stat().st_size for path in FONT_FILES.iterdir()) < 20_000_000
