"""Every table in one place, for migrations and tests."""

from sqlmodel import SQLModel

from models import (
    application,
    call,
    case,
    certificate,
    clarification,
    delegation,
    engine,
    expert,
    journal,
    judgement,
    message,
    objection,
    operating,
    organisation,
    person,
    publication,
    publicity,
    recommendation,
    sign_in,
    unmasking,
    visit,
)

MODULES = (
    organisation,
    person,
    sign_in,
    application,
    call,
    engine,
    case,
    judgement,
    clarification,
    visit,
    recommendation,
    expert,
    certificate,
    publicity,
    objection,
    publication,
    delegation,
    journal,
    message,
    operating,
    unmasking,
)
METADATA = SQLModel.metadata
