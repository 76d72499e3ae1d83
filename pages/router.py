"""Every page of the house; who is at the door is known before any of them is made."""

from fastapi import APIRouter, Depends

from pages import (
    account,
    account_settings,
    applicant,
    applicant_form,
    applicant_overview,
    public,
    public_register,
)
from pages.session import recognise

ROOMS = (
    public.router,
    public_register.router,
    account.router,
    account_settings.router,
    applicant.router,
    applicant_form.router,
    applicant_form.autosaving,
    applicant_overview.router,
    # The rooms of those who act on a case (cases, duties, office, operator) are entered below this line.
)
"""In this order: an address is answered by the first room that knows it."""

router = APIRouter(dependencies=[Depends(recognise)], include_in_schema=False)
for room in ROOMS:
    router.include_router(room)
