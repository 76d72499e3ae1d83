"""Everything that can be refused has a status, a stable name and a sentence in both languages."""

import re

import pytest

from core import errors
from core.errors import AlreadyDecided, Fault, Invalid, JidiError, Stale
from core.i18n import catalogue, language


def every(of: type[JidiError] = JidiError) -> list[type[JidiError]]:
    return [of, *(below for child in of.__subclasses__() for below in every(child))]


TREE = [error for error in every() if error.__module__ == errors.__name__]


@pytest.mark.parametrize("error", TREE)
def test_a_refusal_speaks_both_languages(error):
    assert 400 <= error.status < 600
    assert catalogue("en").get(error.title), error.title
    assert catalogue("en").get(error.message), error.message


def test_the_tree_is_drawn_in_the_docstring():
    drawn = re.findall(r"([A-Z][A-Za-z]+)(?: +\d{3}|$)", errors.__doc__ or "", re.MULTILINE)
    assert set(drawn) == {error.__name__ for error in TREE}


def test_names_for_programs_are_stable_and_their_own():
    codes = [error().code for error in TREE]
    assert len(set(codes)) == len(codes)
    assert AlreadyDecided().code == "already-decided"


def test_the_values_of_a_sentence_are_translated_too():
    refused = AlreadyDecided(by="王芳示例", at="2026-11-24 10:12", outcome="同意推荐")
    assert "王芳示例" in str(refused)
    assert "同意推荐" in refused.sentence()
    language.set("en")
    assert "同意推荐" not in refused.sentence()
    assert "王芳示例" in refused.sentence()


def test_braces_in_what_people_wrote_are_shown_as_they_are():
    assert "{by}{0}" in AlreadyDecided(by="{by}{0}", at="now", outcome="通过").sentence()


def test_faults_and_changes_are_carried():
    assert Invalid(faults=[Fault("a.0.b", "错")]).faults == [Fault("a.0.b", "错")]
    assert Invalid().faults == Stale().changed == []
    assert Stale(changed=["name"]).changed == ["name"]
