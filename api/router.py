"""Every address of the API, under `/api/v1`, and the two that ask after our health."""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from api import (
    acts,
    announcements,
    application_rows,
    applications,
    assignments,
    attachments,
    by_hand,
    call_acts,
    calls,
    case_papers,
    case_recommending,
    cases,
    certificates,
    certifying,
    clarifications,
    conflicts,
    delegations,
    experts,
    health,
    metrics,
    objecting,
    objections,
    operator,
    people,
    plaques,
    policy,
    publicity,
    recommendations,
    replacing,
    rerunning,
    revocations,
    scoring,
    sign_in,
    undoing,
    unmasking,
    visit_records,
    visits,
)

RESOURCES = (
    sign_in.router,
    calls.router,
    call_acts.router,
    policy.router,
    applications.router,
    application_rows.router,
    attachments.router,
    assignments.router,
    acts.router,
    replacing.router,
    cases.router,
    case_papers.router,
    scoring.router,
    clarifications.router,
    case_recommending.router,
    recommendations.router,
    undoing.router,
    unmasking.router,
    visits.router,
    visit_records.router,
    certificates.router,
    revocations.router,
    announcements.router,
    plaques.router,
    certifying.router,
    publicity.router,
    objecting.router,
    objections.router,
    people.router,
    experts.router,
    conflicts.router,
    delegations.router,
    operator.router,
    rerunning.router,
    by_hand.router,
)


def named(route: APIRoute) -> str:
    """Name an operation after its function, so that generated clients read well."""
    return route.name


router = APIRouter(generate_unique_id_function=named)
for resource in RESOURCES:
    router.include_router(resource, prefix="/api/v1", generate_unique_id_function=named)
router.include_router(health.router)
router.include_router(metrics.router)
