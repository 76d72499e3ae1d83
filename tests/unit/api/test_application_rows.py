"""Tables of a draft as workbooks through the API: which version is changed, and which one that made."""

import pytest

from core import spreadsheets
from core.spreadsheets import MEDIA_TYPE
from regulation.form.row_words import TABLES, columns_of
from tests import cast
from tests.unit.api.program import Program, as_person
from tests.unit.api.test_applications import begun

pytestmark = pytest.mark.usefixtures("database")

SUBJECTS = TABLES["subjects"]


def workbook(*names: str) -> dict[str, tuple[str, bytes, str]]:
    choices = {"series": "工程技术系列", "kind": "专业科目", "name": ""}
    rows = [
        [name if column.field.key == "name" else choices[column.field.key] for column in columns_of(SUBJECTS)]
        for name in names
    ]
    content = spreadsheets.write(spreadsheets.Table("表", [column.heading for column in columns_of(SUBJECTS)], rows))
    return {"file": ("表.xlsx", content, MEDIA_TYPE)}


def brings(applicant: Program, address: str, version: str, *names: str, status: int = 200):
    headers = {"If-Match": version}
    return applicant.send("PUT", f"{address}/rows/subjects", files=workbook(*names), headers=headers, status=status)


def test_rows_are_read_with_the_version_that_they_are_brought_back_over() -> None:
    applicant = as_person(cast.APPLICANT)
    address = begun(applicant)
    read = applicant.send("GET", f"{address}/rows/subjects").headers["etag"]
    assert read == applicant.send("GET", address).headers["etag"] == '"1"'
    brought = brings(applicant, address, read, "示例甲", "示例乙")
    assert brought.headers["etag"] == f'"{brought.json()["version"]}"' == '"2"'
    assert applicant.send("GET", f"{address}/rows/subjects").headers["etag"] == '"2"'
    assert applicant.send("GET", address).headers["etag"] == '"2"'


def test_rows_over_an_older_version_are_refused_and_those_there_stay() -> None:
    applicant = as_person(cast.APPLICANT)
    address = begun(applicant)
    brings(applicant, address, '"1"', "示例甲")
    stale = brings(applicant, address, '"1"', "示例乙", status=412).json()
    assert stale["code"] == "stale"
    assert stale["changed"]
    assert [row["name"] for row in applicant.get(address)["content"]["subjects"]] == ["示例甲"]
    assert brings(applicant, address, '"2"', "示例乙").headers["etag"] == '"3"'


def test_rows_over_no_version_are_refused() -> None:
    applicant = as_person(cast.APPLICANT)
    address = begun(applicant)
    applicant.refused("PUT", f"{address}/rows/subjects", 428, files=workbook("示例甲"))
    assert not applicant.get(address)["content"].get("subjects")
