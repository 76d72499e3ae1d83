"""An applicant at the door, and applications as far as they have come."""

import pytest

from tests import cast
from tests.unit.pages.applying import begun, completed
from tests.unit.pages.visitor import Visitor


@pytest.fixture
def applicant(database):
    del database
    return Visitor().sign_in(cast.APPLICANT)


@pytest.fixture
def draft(applicant):
    return begun(applicant)


@pytest.fixture
def complete(applicant):
    del applicant
    return completed()
