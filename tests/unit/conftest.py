"""What the tests of several rooms begin with."""

from pathlib import Path
from shutil import copytree

import pytest
from sqlmodel import select

from core.db import reading, transaction
from core.settings import settings
from models.certificate import Certificate
from tests.stories.telling import Story, an_application
from tests.turned_back import States

EARNED = "earned"


@pytest.fixture(scope="session")
def files_of_the_earned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the folder where the files are kept that belong to the state."""
    return tmp_path_factory.mktemp(EARNED) / "home"


@pytest.fixture
def certificate(database: str, shared: States, files_of_the_earned: Path) -> Certificate:
    """Earn a certificate the whole way, and publish it; a process goes that way once, and is turned back to its end."""
    del database
    if EARNED in shared.filled:
        shared.turn_back(EARNED)
        copytree(files_of_the_earned, settings().home)
    else:
        earn()
        shared.keep(EARNED)
        copytree(settings().home, files_of_the_earned)
    with reading() as session:
        return session.exec(select(Certificate)).one()


def earn() -> None:
    """Tell the story of the application that the demonstration begins with."""
    with transaction() as session:
        told = Story(an_application(session))
    told.submits()
    told.goes_on_to_publication()
