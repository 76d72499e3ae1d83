"""Every table in one place, for migrations and tests."""

from sqlmodel import SQLModel

from models import application, case, certificate, engine, journal, judgement, message, organisation, person

MODULES = (organisation, person, application, engine, case, judgement, certificate, journal, message)
METADATA = SQLModel.metadata
