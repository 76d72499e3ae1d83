"""What may be done so often from one address: counted before anything else is looked at."""

from fastapi import Request

from casework.limits import Allowance, wait_for
from core.clients import client_address
from core.db import transaction
from core.errors import TooManyAttempts
from core.settings import settings


class Limited:
    """A dependency: one request more from this address; raises `TooManyAttempts` when it is one too many."""

    def __init__(self, allowance: Allowance) -> None:
        """Take how often it may be done."""
        self.allowance = allowance

    def __call__(self, request: Request) -> None:
        """Count the request; the count is committed whatever comes of it."""
        if not settings().limits_rates:
            return
        with transaction() as session:
            minutes = wait_for(session, self.allowance, client_address(request))
        if minutes:
            raise TooManyAttempts(minutes=minutes)
