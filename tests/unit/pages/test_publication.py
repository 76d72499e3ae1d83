"""Announcements, the map, open data, the feed and the register of plaques, as people and programs meet them."""

import csv
import io
import json
import re
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sqlmodel import select

from casework.publication.open_data import FIELDS
from casework.publication.plaque_sheet import HEADINGS
from core import clock
from core.db import reading, transaction
from core.files import digest
from core.settings import settings
from core.spreadsheets import read
from models.certificate import Certificate, RegisterEntry
from models.journal import JournalEntry
from models.message import Message
from models.publication import Announcement
from tests import cast
from tests.stories.announcing import NUMBER, announces, enters, made, revoked, the_plaques
from tests.unit.pages.visitor import Forms, Visitor, counted

ATOM = "{http://www.w3.org/2005/Atom}"
PERSONAL = re.compile("姓名|电话|手机|邮箱|身份证|联系人|负责人|name_of|phone|email|contact|person|born|birth|head")


def listed(certificate, number: int, name: str = "") -> None:
    """Enter a base whose certificate was revoked; a case may have many of those."""
    with transaction() as session:
        one = Certificate(
            case_id=certificate.case_id,
            number=f"鄂继教基地〔2025〕{number:04}号",
            token=f"old-{number}",
            holder=name or f"示例第{number}培训中心",
            base_name=f"示例第{number}基地",
            credit_code="91420100MA4T000513",
            issued_on=clock.today(),
            revoked_at=clock.now(),
            revocation_reason="单位注销",
        )
        session.add(one)
        session.flush()
        entry = RegisterEntry(
            certificate_id=one.id,
            name=one.holder,
            base_name=one.base_name,
            area_code="420600",
            fields="biotechnology new-energy",
            published_on=clock.today(),
        )
        session.add(entry)


def announced_by_hand(office, **typed):
    office.get("/office/announcements")
    office.get(re.search(r'href="(/office/announcements/new[^"]+)"', office.page.text)[1])
    return office.submit(office.form("/office/announcements/new"), {"number": NUMBER} | typed)


def test_the_office_composes_an_announcement_and_everybody_reads_it(certificate):
    office = Visitor().sign_in(cast.OFFICE)
    assert "1 家待公布" in office.get("/office/announcements").text
    page = announced_by_hand(office)
    assert page.status_code == 200
    assert "已公布" in page.text
    reader = Visitor()
    assert NUMBER in reader.get("/announcements").text
    told = reader.get(re.search(r"/announcements/[0-9a-f-]{36}", reader.page.text)[0]).text
    for said in (certificate.holder, certificate.base_name, certificate.number, "武汉市人力资源和社会保障局"):
        assert said in told
    file = reader.send("GET", re.search(r'"(/announcements/[0-9a-f-]{36}/file\.pdf)"', told)[1])
    assert file.content.startswith(b"%PDF-")
    assert digest(file.content) in told
    assert NUMBER in reader.get("/register").text
    assert NUMBER in reader.get(f"/register/{certificate.number}").text
    assert "没有待公布的基地" not in office.get("/office/announcements").text
    assert "本批次没有待公布的基地" in office.get("/office/announcements/new?call=2026-1").text


def test_a_preview_says_so_on_every_page_and_leaves_nothing_behind(certificate, tmp_path):
    office = Visitor().sign_in(cast.OFFICE)
    office.get("/office/announcements/new?call=2026-1")
    form, before = office.form("/office/announcements/new"), everything()
    answer = office.submit(form, button=("act", "preview"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    pages = printed(answer.content, tmp_path)
    assert len(pages) >= 2
    assert all("预览（草稿）" in text and "未公布，不具效力" in text for text in pages)
    assert "（文号待定）" in pages[0]
    assert certificate.number in "".join(pages)
    assert everything() == before, "no number, no letter, no line of the journal, no file"
    page = announced_by_hand(office)
    published = re.search(r"/announcements/[0-9a-f-]{36}", page.text)[0]
    document = Visitor().send("GET", f"{published}/file.pdf").content
    assert "预览" not in "".join(printed(document, tmp_path))


def test_what_could_not_be_announced_is_not_previewed(certificate):
    office = Visitor().sign_in(cast.OFFICE)
    office.get("/office/announcements/new?call=2026-1")
    wrong = {"number": "128号", "certificates": []}
    page = office.submit(office.form("/office/announcements/new"), wrong, button=("act", "preview"))
    assert page.status_code == 422
    assert page.text.count('class="field-error"') == 2
    revoked(certificate.number)
    late = {"number": NUMBER, "certificates": [certificate.number]}
    assert office.submit(Forms(page.text).found[-1], late, button=("act", "preview")).status_code == 409


def printed(document, folder):
    """The words of each page of a PDF."""
    reader = shutil.which("pdftotext") or pytest.skip("pdftotext is not installed")
    path = folder / "document.pdf"
    path.write_bytes(document)
    done = subprocess.run([reader, "-raw", path, "-"], capture_output=True, check=True, text=True)
    return ["".join(page.split()) for page in done.stdout.rstrip("\f").split("\f")]


def everything():
    """Every row that tells of announcements, letters and acts, and every stored file."""
    with reading() as session:
        rows = [len(session.exec(select(table)).all()) for table in (Announcement, Message, JournalEntry)]
    return rows, sorted(path.name for path in settings().home.rglob("*") if path.is_file())


def test_a_wrong_announcement_keeps_what_was_typed(certificate):
    del certificate
    office = Visitor().sign_in(cast.OFFICE)
    page = announced_by_hand(office, number="128号", title="<b>通知</b>", dated_on="2099-01-01")
    assert page.status_code == 422
    assert "GB/T 9704" in page.text
    assert "成文日期不能晚于今天" in page.text
    assert "&lt;b&gt;通知" in page.text
    page = announced_by_hand(office, certificates=[])
    assert page.status_code == 422
    assert "请选择列入公布文件的基地" in page.text


def test_the_register_is_filtered_by_field_year_and_state(certificate):
    listed(certificate, 7)
    reader = Visitor()
    assert "示例第7基地" in reader.get("/register?field=biotechnology&state=revoked").text
    assert certificate.base_name not in reader.page.text
    assert certificate.base_name in reader.get(f"/register?state=valid&year={clock.today().year}").text
    assert "没有符合条件" in reader.get("/register?year=1999").text
    assert "没有符合条件" in reader.get("/register?year=x&state=odd&field=%25").text


def test_the_map_counts_lead_to_the_bases_they_count(certificate):
    listed(certificate, 7)
    page = Visitor().get("/register/map").text
    assert "目前有效的基地共 1 家" in page
    assert page.count("</li>") >= 17
    href = re.search(r'href="(/register\?area=420100&amp;field=[^"]+)">1<', page)[1].replace("&amp;", "&")
    assert certificate.base_name in Visitor().get(href).text


def test_pages_cost_no_more_queries_for_sixty_bases_than_for_ten(certificate):
    office = Visitor().sign_in(cast.OFFICE)
    announces()
    paths = (
        "/register",
        "/register/map",
        "/open-data/bases.csv",
        "/register.atom",
        "/office/plaques",
        "/announcements",
    )
    counts = []
    for numbers in (range(1, 10), range(10, 60)):
        for number in numbers:
            listed(certificate, number)
        counts.append([])
        for path in paths:
            with counted() as statements:
                assert office.get(path).status_code == 200
            counts[-1].append(len(statements))
    assert counts[0] == counts[1]


def test_open_data_equals_the_register_and_its_schema_and_names_nobody(certificate):
    announces()
    listed(certificate, 7, "=HYPERLINK(1)")
    revoked(certificate.number)
    reader = Visitor()
    told = reader.send("GET", "/open-data/bases.json").json()
    schema = reader.send("GET", "/open-data/bases.schema.json").json()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(told)
    assert [row["certificate_number"] for row in told["bases"]] == ["鄂继教基地〔2025〕0007号", certificate.number]
    assert {row["state"] for row in told["bases"]} == {"revoked"}
    assert told["bases"][1]["announcement_number"] == NUMBER
    assert set(told["bases"][0]) == {field.name for field in FIELDS}
    assert not PERSONAL.search(" ".join(f"{field.name} {field.title}" for field in FIELDS))
    whole = json.dumps(told, ensure_ascii=False)
    assert not re.search("林晓|周敏|@|130000|孙示例", whole)
    raw = reader.send("GET", "/open-data/bases.csv").content
    assert raw.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["certificate_number"] for row in rows] == [row["certificate_number"] for row in told["bases"]]
    assert rows[0]["unit_name"] == "'=HYPERLINK(1)"
    page = reader.get("/open-data").text
    assert digest(raw) in page
    assert all(field.name in page for field in FIELDS)


@pytest.mark.parametrize("path", ["/open-data/bases.csv", "/open-data/bases.json", "/register.atom"])
def test_whoever_has_it_already_is_told_so(certificate, path):
    reader = Visitor()
    first = reader.send("GET", path)
    assert first.headers["access-control-allow-origin"] == "*"
    for name, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        assert reader.send("GET", path, headers={name: value}).status_code == 304
    for odd in ("nonsense", "Thu, 01 Jan 2015 00:00:00 GMT"):
        assert reader.send("GET", path, headers={"If-Modified-Since": odd}).status_code == 200
    listed(certificate, 7)
    assert reader.send("GET", path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_no_other_page_may_be_read_by_other_sites(certificate):
    del certificate
    assert "access-control-allow-origin" not in Visitor().send("GET", "/register").headers


def test_the_feed_is_atom_and_its_identities_stay(certificate):
    announces()
    listed(certificate, 7, "<b>&</b>")
    feed = ET.fromstring(Visitor().send("GET", "/register.atom").content)  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + name) is not None
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids) == 4
    assert all(entry.findtext(f"{ATOM}updated") and entry.find(f"{ATOM}link") is not None for entry in entries)
    assert "<b>&</b>" in " ".join(str(entry.findtext(f"{ATOM}summary")) for entry in entries)
    again = ET.fromstring(Visitor().send("GET", "/register.atom").content)  # noqa: S314 - our own
    assert [entry.findtext(f"{ATOM}id") for entry in again.findall(f"{ATOM}entry")] == ids


def test_an_empty_house_has_an_empty_feed_and_valid_open_data(database):
    del database
    reader = Visitor()
    assert ET.fromstring(reader.send("GET", "/register.atom").content).find(f"{ATOM}entry") is None  # noqa: S314
    assert reader.send("GET", "/open-data/bases.json").json()["bases"] == []
    for path in ("/open-data", "/register/map", "/announcements"):
        assert reader.get(path).status_code == 200


def test_a_plaque_goes_through_the_office_step_by_step(certificate):
    office = Visitor().sign_in(cast.OFFICE)
    office.get("/office/plaques")
    assert office.submit(office.form("/office/plaques")).status_code == 422
    page = office.submit(office.form("/office/plaques"), {"certificates": [certificate.number]})
    assert "已登记 1 块牌匾" in page.text
    (line,) = the_plaques()
    address = f"/office/plaques/{line.plaque.id}"
    for act, typed, state in (
        ("made", {}, "待颁发"),
        ("handed", {"to": "江汉示例职业技术学院"}, "已颁发"),
        ("ended", {"ending": "returned"}, "已收回或销毁"),
    ):
        office.get(address)
        assert state in office.submit(office.form(address), typed, button=("act", act)).text
    rows = read(office.send("GET", "/office/plaques.xlsx").content, HEADINGS)
    assert [row.cells["证书编号"] for row in rows] == [certificate.number]


def test_a_revoked_certificate_leaves_its_plaque_open(certificate):
    plaque = enters(certificate.number)
    made(plaque)
    revoked(certificate.number)
    office = Visitor().sign_in(cast.OFFICE)
    assert "1 块牌匾的证书已撤销" in office.get("/office/plaques?state=todo").text
    office.get(f"/office/plaques/{plaque}")
    page = office.submit(office.form(f"/office/plaques/{plaque}"), {"on": "2099-01-01"}, button=("act", "ended"))
    assert page.status_code == 422
    assert "请选择收回或销毁" in page.text
    assert "不能晚于今天" in page.text


def test_the_new_pages_speak_english(certificate):
    announces()
    enters(certificate.number)
    reader, office = Visitor(**{"Accept-Language": "en"}), Visitor(**{"Accept-Language": "en"})
    office.sign_in(cast.OFFICE)
    for who, path, said in (
        (reader, "/announcements", "Announcements"),
        (reader, "/register/map", "Areas and fields"),
        (reader, "/open-data", "Open data"),
        (office, "/office/plaques", "Plaques"),
        (office, "/office/announcements", "Announcing"),
    ):
        assert said in who.get(path).text
