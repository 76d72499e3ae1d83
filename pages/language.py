"""Which of the two languages this reader wants, and the middleware that makes everything speak it."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from core.i18n import LANGUAGES, Language, language

COOKIE = "language"


def chosen_language(request: HTTPConnection) -> Language:
    """Return the language asked for in the address, else in the cookie, else by the browser; Chinese otherwise."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        for known in LANGUAGES:
            if wanted == known:
                return known
    preferred = request.headers.get("accept-language", "").split(",")[0].strip().lower()
    return "en" if preferred.startswith("en") else "zh"


class SpeakTheirLanguage:
    """ASGI middleware: within a request, `core.i18n.gettext` answers in the reader's language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the language for one request and put it back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        token = language.set(chosen_language(HTTPConnection(scope)))
        try:
            await self.app(scope, receive, send)
        finally:
            language.reset(token)
