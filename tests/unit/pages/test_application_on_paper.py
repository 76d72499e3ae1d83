"""The printable form is one click away for whoever may read the papers, and for nobody else."""

import pytest

from core.files import digest
from tests import cast
from tests.stories.telling import Story
from tests.unit.pages.applying import begun, case_of, completed, stored, submit
from tests.unit.pages.visitor import Visitor


@pytest.fixture
def applicant(database):
    del database
    return Visitor().sign_in(cast.APPLICANT)


@pytest.fixture
def filed(applicant):
    address = completed()
    submit(applicant, address)
    Story(stored(address).id, case_of(address).id).turn()
    return address


def test_a_draft_is_printed_from_its_page(applicant):
    address = begun(applicant)
    assert f'href="{address}/pdf"' in applicant.get(address).text
    paper = applicant.get(f"{address}/pdf")
    assert paper.content.startswith(b"%PDF-")
    assert "attachment" in paper.headers["content-disposition"]
    assert Visitor().sign_in(cast.OTHER_APPLICANT).get(f"{address}/pdf").status_code == 404
    assert not Visitor().get(f"{address}/pdf").content.startswith(b"%PDF-")


def test_what_was_filed_is_printed_for_the_parties(applicant, filed):
    address = f"/cases/{case_of(filed).reference}"
    own = applicant.get(f"{filed}/pdf").content
    assert f'href="{filed}/pdf"' in applicant.get(filed).text
    for email in (cast.APPLICANT, cast.RECOMMENDER, cast.OFFICE):
        visitor = Visitor().sign_in(email)
        assert f'href="{address}/papers/1/pdf"' in visitor.get(address).text
        assert f'href="{address}/papers/1/pdf"' in visitor.get(f"{address}/papers/1").text
        paper = visitor.get(f"{address}/papers/1/pdf")
        assert paper.headers["content-type"] == "application/pdf"
        if email != cast.APPLICANT:  # the personal data are hidden until they say why they need them
            assert digest(paper.content) != digest(own)
            visitor.get(address)
            visitor.submit(visitor.form(f"{address}/unmasking"), {"purpose": "核实申报内容"})
            paper = visitor.get(f"{address}/papers/1/pdf")
        assert digest(paper.content) == digest(own)


@pytest.mark.parametrize("email", [cast.OTHER_APPLICANT, cast.EXPERTS[0], cast.OPERATOR])
def test_strangers_get_no_paper(filed, email):
    address = f"/cases/{case_of(filed).reference}"
    assert Visitor().sign_in(email).get(f"{address}/papers/1/pdf").status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "x", "-1"])
def test_what_was_never_filed_is_not_printed(applicant, filed, number):
    assert applicant.get(f"/cases/{case_of(filed).reference}/papers/{number}/pdf").status_code == 404
