"""Programs get the printable form too, of what they may read and nothing else."""

import pytest

from core.files import digest
from tests import cast
from tests.unit.api.program import as_person, reference_of


@pytest.fixture
def reference(story):
    story.submits()
    return reference_of(story.case_id)


def test_a_draft_and_then_what_was_filed(story):
    applicant, path = as_person(cast.APPLICANT), f"applications/{story.application_id}/pdf"
    draft = applicant.send("GET", path, status=200)
    assert draft.headers["content-type"] == "application/pdf"
    assert draft.content.startswith(b"%PDF-")
    as_person(cast.OTHER_APPLICANT).refused("GET", path, 404)
    as_person(cast.RECOMMENDER).refused("GET", path, 403)
    story.submits()
    filed = applicant.send("GET", path, status=200).content
    assert filed != draft.content
    version = f"cases/{reference_of(story.case_id)}/submissions/1/pdf"
    recommender = as_person(cast.RECOMMENDER)
    assert digest(recommender.send("GET", version, status=200).content) != digest(filed), "personal data are hidden"
    recommender.post(f"cases/{reference_of(story.case_id)}/unmasking", {"purpose": "核实申报内容"})
    assert digest(recommender.send("GET", version, status=200).content) == digest(filed)


def test_strangers_and_unknown_versions(reference):
    path = f"cases/{reference}/submissions"
    as_person(cast.OTHER_APPLICANT).refused("GET", f"{path}/1/pdf", 404)
    as_person(cast.OPERATOR).refused("GET", f"{path}/1/pdf", 403)
    as_person(cast.APPLICANT).refused("GET", f"{path}/2/pdf", 404)
    as_person(cast.APPLICANT).refused("GET", f"{path}/x/pdf", 422)
