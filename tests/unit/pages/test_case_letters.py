"""The letters of a case, as lists name them."""

import pytest

from notifications.rendering import LETTERS
from pages.case_letters import KINDS


@pytest.mark.parametrize("letter", sorted(LETTERS))
def test_every_letter_has_a_name_for_people(letter):
    assert letter in KINDS
