"""Drafts through the API: editions, papers, and everything a submission lacks at once."""

from uuid import uuid4

import pytest
from sqlmodel import select

from casework.demonstration import CALL
from core.db import transaction
from models.application import Call
from tests import cast
from tests.factories import a_pdf
from tests.stories.telling import Story
from tests.unit.api.program import Engine, Program, as_person, turn

pytestmark = pytest.mark.usefixtures("database")
KIND = "registration_certificate"


@pytest.fixture
def applicant(database: str) -> Program:
    del database
    return as_person(cast.APPLICANT)


def begun(applicant: Program) -> str:
    bureau = applicant.get("recommenders")["items"][0]
    return f"applications/{applicant.post('applications', {'call': CALL, 'recommender_id': bureau['id']})['id']}"


def patch(applicant: Program, address: str, version: int, changes: object, status: int = 200):
    return applicant.send("PATCH", address, json=changes, headers={"If-Match": f'"{version}"'}, status=status)


def test_an_edit_says_which_version_it_edits(applicant: Program) -> None:
    address = begun(applicant)
    assert applicant.send("GET", address).headers["etag"] == '"1"'
    missing = applicant.refused("PATCH", address, 428, json={"postcode": "430000"})
    assert missing["detail"] == "请在 If-Match 请求头中给出您所修改的版本。"
    saved = patch(applicant, address, 1, {"postcode": "430000"})
    assert saved.headers["etag"] == '"2"'
    assert saved.json()["version"] == 2
    stale = patch(applicant, address, 1, {"postcode": "430001"}, 412).json()
    assert stale["code"] == "stale"
    assert stale["changed"] == ["邮政编码"]
    assert applicant.get(address)["content"]["postcode"] == "430000"
    assert patch(applicant, address, 1, {"postcode": "430000"}).headers["etag"] == '"2"'


@pytest.mark.parametrize("etag", ["7", 'W/"1"', '""', "*", '"1", "2"', '"99999999999999999999"', "\u00e9"])
def test_an_if_match_that_names_no_version(applicant: Program, etag: str) -> None:
    address = begun(applicant)
    headers = {"If-Match": etag.encode("latin-1")}
    applicant.refused("PATCH", address, 412, json={"postcode": "430001"}, headers=headers)


def test_what_is_wrong_is_kept_and_told(applicant: Program) -> None:
    address = begun(applicant)
    wrong = {
        "credit_code": "12420000000000018Q",
        "founded_on": "2025-02-30",
        "training_years": [{"year": 2025, "classes": "十二"}],
    }
    told = patch(applicant, address, 1, wrong).json()
    errors = {e["pointer"]: e["detail"] for s in told["sections"] for e in s["errors"]}
    assert errors["#/credit_code"] == "统一社会信用代码的校验位不符，请对照证书逐位核对。"
    assert errors["#/founded_on"] == "“单位成立时间”应填写真实存在的日期，例如 2025-06-30。"
    assert "应填写整数，例如 520。" in errors["#/training_years/0/classes"]
    assert told["content"]["training_years"][0]["classes"] == "十二"


def test_what_cannot_be_kept_is_refused_at_once(applicant: Program) -> None:
    address = begun(applicant)
    problem = patch(applicant, address, 1, {"no_such": 1, "unit_name": ["a"], "teachers": "b"}, 422).json()
    assert {e["pointer"] for e in problem["errors"]} == {"#/no_such", "#/unit_name", "#/teachers"}
    assert applicant.get(address)["version"] == 1


def test_markup_and_sql_are_text(applicant: Program) -> None:
    address = begun(applicant)
    text = "<script>alert(1)</script>'; DROP TABLE cases; --"
    assert patch(applicant, address, 1, {"base_name": text}).json()["content"]["base_name"] == text


def test_a_submission_lists_everything_it_lacks(applicant: Program) -> None:
    address = begun(applicant)
    problem = applicant.refused("POST", f"{address}/submission", 422, headers={"If-Match": '"1"'})
    assert problem["detail"] == "申报表尚未填写完整，请按提示补充后再提交。"
    pointers = {e["pointer"] for e in problem["errors"]}
    assert {"#/base_name", "#/training_years", f"#/{KIND}", "#/promise"} <= pointers
    assert len(pointers) > 20


def test_a_submission_is_of_what_was_seen(applicant: Program, story: Story) -> None:
    address = f"applications/{story.application_id}/submission"
    applicant.refused("POST", address, 428)
    applicant.refused("POST", address, 412, headers={"If-Match": '"1"'})


def test_twice_is_told_who_and_when(applicant: Program, story: Story, engine: Engine) -> None:
    address = f"applications/{story.application_id}"
    seen = {"If-Match": applicant.send("GET", address).headers["etag"]}
    filed = applicant.send("POST", f"{address}/submission", headers=seen, status=201).json()
    for method, path in (("POST", f"{address}/submission"), ("PATCH", address)):
        again = applicant.refused(method, path, 409, headers=seen, json={"postcode": "430001"})
        assert again["code"] == "already-decided"
        assert "林晓示例" in again["detail"]
    turn(filed["case"])
    later = applicant.refused("POST", f"{address}/submission", 409, headers=seen)
    assert later["detail"] == "申报表已提交，正在审核中，不能重复提交。"
    assert len(engine.heard) == 1


def test_a_call_that_has_closed(applicant: Program, story: Story) -> None:
    address = f"applications/{story.application_id}"
    seen = {"If-Match": applicant.send("GET", address).headers["etag"]}
    with transaction() as session:
        call = session.exec(select(Call)).one()
        call.closes_at = call.opens_at.replace(microsecond=1)
    for method, path in (("POST", f"{address}/submission"), ("PATCH", address)):
        problem = applicant.refused(method, path, 409, headers=seen, json={"postcode": "430001"})
        assert problem["code"] == "call-closed"
        assert "（北京时间），现在不能提交。" in problem["detail"]


def test_one_application_in_a_call(applicant: Program) -> None:
    begun(applicant)
    bureau = applicant.get("recommenders")["items"][0]["id"]
    again = applicant.refused("POST", "applications", 409, json={"call": CALL, "recommender_id": bureau})
    assert again["code"] == "conflict"
    applicant.refused("POST", "applications", 404, json={"call": "no-such", "recommender_id": bureau})
    unknown = as_person(cast.OTHER_APPLICANT).refused(
        "POST", "applications", 422, json={"call": CALL, "recommender_id": str(uuid4())}
    )
    assert unknown["errors"][0]["pointer"] == "#/recommender_id"


def test_papers_come_and_go(applicant: Program) -> None:
    address = f"{begun(applicant)}/attachments/{KIND}"
    applicant.refused("GET", address, 404)
    put = applicant.send("PUT", address, files={"file": ("证书.pdf", a_pdf(), "application/pdf")}, status=200)
    assert put.json()["filename"] == "证书.pdf"
    assert applicant.send("GET", address, status=200).content == a_pdf()
    as_person(cast.OTHER_APPLICANT).refused("GET", address, 404)
    applicant.send("DELETE", address, status=204)
    applicant.refused("DELETE", address, 404)


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"%PDF-1.7\n" + b"0" * (21 * 2**20), 413, "文件超过 20 MB 的上限，请压缩后重新上传。"),
        (b"0" * (26 * 2**20), 413, "提交的内容超过 25 MB 的上限，未予接收；请精简后重新提交。"),
        (b"hello", 415, "“证书.pdf”不是 PDF 文件，请转换为 PDF 后再上传。"),
        (b"%PDF-1.7 broken", 415, "“证书.pdf”已损坏或不完整，无法打开，请重新导出后再上传。"),
        (b"", 415, "“证书.pdf”是空文件，请重新选择文件。"),
    ],
)
def test_files_that_are_refused(applicant: Program, content: bytes, status: int, sentence: str) -> None:
    address = begun(applicant)
    upload = {"file": ("证书.pdf", content, "application/pdf")}
    problem = applicant.refused("PUT", f"{address}/attachments/{KIND}", status, files=upload)
    assert problem["detail"] == sentence
    assert applicant.get(address)["attachments"] == []


def test_a_paper_of_an_unknown_kind_or_without_a_file(applicant: Program) -> None:
    address = begun(applicant)
    file = {"file": ("a.pdf", a_pdf(), "application/pdf")}
    applicant.refused("PUT", f"{address}/attachments/no-such", 404, files=file)
    missing = applicant.refused("PUT", f"{address}/attachments/{KIND}", 422, data={"other": "x"})
    assert missing["errors"] == [{"pointer": "#/file", "detail": "请填写该项。"}]


def test_other_peoples_applications(applicant: Program, story: Story) -> None:
    address = f"applications/{story.application_id}"
    stranger = as_person(cast.OTHER_APPLICANT)
    stranger.refused("GET", address, 404)
    stranger.refused("PATCH", address, 404, json={}, headers={"If-Match": '"1"'})
    assert stranger.get("applications")["items"] == []
    as_person(cast.OFFICE).refused("GET", address, 403)
    assert [a["id"] for a in applicant.get("applications")["items"]] == [str(story.application_id)]
