"""The hashes of the journal for everybody, and the archive package for the office."""

import io
import json
import zipfile

import pytest

from casework import journal
from casework.trust.seals import seal
from core.db import transaction
from tests import cast
from tests.unit.pages.reviewing import at_the_door, filed, quiet_bells, reference
from tests.unit.pages.visitor import Visitor

pytestmark = pytest.mark.usefixtures("database")


def sealed(times: int = 1) -> list[str]:
    hashes = []
    for number in range(times):
        with transaction() as session:
            journal.note(session, "kept", case=None, by=None, number=number)
        with transaction() as session:
            hashes.append(seal(session).hash)
    return hashes


def test_before_the_first_seal_the_page_says_so():
    page = Visitor().get("/register/journal")
    assert "还没有校验值" in page.text
    assert "/register/journal" not in Visitor().get("/register").text


def test_the_newest_hash_stands_on_the_register_and_all_on_their_page():
    first, second = sealed(2)
    register, page = Visitor().get("/register").text, Visitor().get("/register/journal").text
    assert second in register
    assert first not in register
    assert page.index(second) < page.index(first)


def test_older_hashes_are_a_page_further():
    hashes = sealed(32)
    visitor = Visitor()
    assert hashes[0] not in visitor.get("/register/journal").text
    older = visitor.get("/register/journal?after=3").text
    assert hashes[0] in older
    assert hashes[31] not in older
    assert visitor.get("/register/journal?after=nonsense").status_code == 200


def test_the_open_data_say_the_same():
    hashes = sealed(2)
    told = json.loads(Visitor().get("/open-data/journal.json").text)
    assert [one["hash"] for one in told["seals"]] == hashes[::-1]
    assert told["seals"][0]["previous"] == hashes[0]
    assert set(told["seals"][0]) == {"number", "date", "sealed_at", "lines", "previous", "hash"}


# The archive package


@pytest.mark.parametrize(("email", "sees"), [(cast.OFFICE, True), (cast.AUDITOR, False), (cast.APPLICANT, False)])
def test_the_office_takes_the_package_away_from_the_page_of_the_case(email, sees):
    with quiet_bells():
        story = filed()
        visitor = at_the_door(email)
        address = f"/cases/{reference(story)}"
        assert (f"{address}/archive" in visitor.get(address).text) is sees
        if sees:
            visitor.submit(visitor.form(f"{address}/unmasking"), {"purpose": "移交档案室归档"})
        answer = visitor.get(f"{address}/archive")
    assert answer.status_code == (200 if sees else 403)
    if sees:
        assert answer.headers["content-disposition"] == f'attachment; filename="{reference(story)}.zip"'
        assert int(answer.headers["content-length"]) == len(answer.content)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
            assert {"manifest.json", "verify.py", "journal.jsonl", "README.txt"} <= set(package.namelist())
