"""Nobody is sent out of the house, and no address leads to a file that is not ours to give."""

from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit

import pytest

from casework.demonstration import PASSWORD
from tests import cast
from tests.security.door import HERE, Door
from tests.security.principals import Principal, Who
from tests.security.record import Record

OUTSIDE = [
    "//evil.example", "///evil.example", "////evil.example/x", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "http://evil.example", "https:evil.example", "https:/evil.example", "hTTps://evil.example", "javascript:alert(1)",
    "java\tscript:alert(1)", "data:text/html,x", "/%2f%2fevil.example", "%2f%2fevil.example", "/%5cevil.example",
    "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/\r\nLocation: //evil.example",
    "/\u2028/evil.example", "/.//evil.example", "/..//evil.example", "http://jidi.test@evil.example", "@evil.example",
    "//jidi.test.evil.example", "/\u3002evil.example", "\u2215\u2215evil.example", "evil.example", "?x=//evil.example",
    "/calls/../..//evil.example", "\x00//evil.example", "/\x0b/evil.example",
]  # fmt: skip
TRAVERSALS = [
    "../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cetc%5cpasswd",
    "....//....//etc/passwd", "%252e%252e%252fetc%252fpasswd", "/etc/passwd", "%2fetc%2fpasswd", "..%00/etc/passwd",
    "file:%2f%2f%2fetc%2fpasswd", "%2e%2e", "%2e%2e%2f", "%c0%ae%c0%ae%c0%afetc", "~root", "a" * 64, "0" * 64, "\u2025",
]  # fmt: skip
FILES = (
    "/static/{}", "/static/fonts/{}", "/caught-letters/{}", "/certificates/{}.pdf", "/cases/{reference}/files/{}",
    "/cases/{reference}/papers/{}", "/cases/{reference}/papers/{}/pdf", "/applications/{application_id}/files/{}",
    "/applications/{application_id}/sections/{}", "/api/v1/certificates/{}/pdf", "/api/v1/cases/{reference}/files/{}",
    "/api/v1/cases/{reference}/submissions/{}/pdf", "/api/v1/applications/{application_id}/attachments/{}",
)  # fmt: skip


def goes_to(location: str) -> str:
    """Return where a browser goes: it takes tabs, line ends and leading blanks away, and a backslash for a slash."""
    plain = "".join(c for c in location if c not in "\t\r\n").strip("".join(map(chr, range(33)))).replace("\\", "/")
    return urlsplit(urljoin(f"{HERE}/sign-in", plain)).netloc


@pytest.fixture
def applicant(principals: dict[Who, Principal]) -> Iterator[dict[str, str]]:
    return principals[Who.APPLICANT].browser[0]


@pytest.mark.parametrize("wanted", OUTSIDE)
def test_signing_in_and_choosing_a_language_lead_nowhere_else(
    wanted: str, record: Record, principals: dict[Who, Principal], door: Door
) -> None:
    del record
    cookie, csrf = principals[Who.APPLICANT].browser
    given = {"email": cast.AUDITOR, "password": PASSWORD, "next": wanted}
    answers = [
        door.send("POST", "/sign-in", data=given),
        door.send("GET", f"/sign-in?next={quote(wanted, safe='')}", headers=cookie),
        door.send("POST", "/language", data={"language": "zh", "next": wanted, "csrf": csrf}, headers=cookie),
    ]
    for answer in answers:
        assert answer.status_code == 303
        assert goes_to(answer.headers["location"]) == "jidi.test"
        assert answer.headers["location"].isascii()
    for page in ("/sign-in", "/sign-up"):
        text = door.send("GET", f"{page}?next={quote(wanted, safe='')}").text
        kept = text.partition('name="next" value="')[2].partition('"')[0]
        assert goes_to(kept or "/") == "jidi.test"


@pytest.mark.parametrize("path", ["/calls/", "/register/", "/office/board/"])
def test_a_forged_host_is_not_where_anybody_is_sent(path: str, record: Record, door: Door) -> None:
    del record
    answer = door.send("GET", path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "evil" not in answer.headers.get("location", "")


@pytest.mark.parametrize("file", FILES)
def test_no_address_leads_out_of_its_folder(
    file: str, record: Record, principals: dict[Who, Principal], door: Door
) -> None:
    names = record.named("own", "")
    headers = principals[Who.APPLICANT].browser[0] | principals[Who.APPLICANT].bearer
    place = file.replace("{reference}", names["reference"]).replace("{application_id}", names["application_id"])
    for traversal in TRAVERSALS:
        answer = door.send("GET", place.replace("{}", quote(traversal, safe="%/.~")), headers=headers)
        assert answer.status_code in {404, 405, 422}, f"{file} {traversal}: {answer.status_code}"
        assert "root:" not in answer.text


@pytest.mark.parametrize("api", [False, True])
def test_a_file_of_one_case_is_not_given_out_by_another(
    api: bool,  # noqa: FBT001
    record: Record,
    principals: dict[Who, Principal],
    door: Door,
) -> None:
    own, foreign = record.ids["own"], record.ids["foreign"]
    assert own["sha256"] != foreign["sha256"]
    for who in (Who.APPLICANT, Who.EXPERT, Who.RECOMMENDER, Who.OFFICE):
        headers = principals[who].browser[0] | principals[who].bearer
        path = f"{'/api/v1' if api else ''}/cases/{own['reference']}/files/"
        assert door.send("GET", path + own["sha256"], headers=headers).status_code == 200
        assert door.send("GET", path + foreign["sha256"], headers=headers).status_code == 404
