"""Every address of the API, under `/api/v1`, and the two that ask after our health."""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from api import (
    acts,
    applications,
    assignments,
    attachments,
    calls,
    case_papers,
    cases,
    certificates,
    health,
    operator,
    people,
    replacing,
    revocations,
    sign_in,
    undoing,
)

RESOURCES = (
    sign_in.router,
    calls.router,
    applications.router,
    attachments.router,
    assignments.router,
    acts.router,
    replacing.router,
    cases.router,
    case_papers.router,
    undoing.router,
    certificates.router,
    revocations.router,
    people.router,
    operator.router,
)


def named(route: APIRoute) -> str:
    """Name an operation after its function, so that generated clients read well."""
    return route.name


router = APIRouter(generate_unique_id_function=named)
for resource in RESOURCES:
    router.include_router(resource, prefix="/api/v1", generate_unique_id_function=named)
router.include_router(health.router)
