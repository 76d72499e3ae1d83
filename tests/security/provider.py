"""A small OpenID Connect provider that really answers: codes once, PKCE, signed tokens, and faults on request."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "jidi", "geheim"


@dataclass
class Provider:
    """What the provider says of whoever comes next, and how it lies."""

    url: str = ""
    subject: str = "subject-1"
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    moved: str = ""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))

    def application(self) -> FastAPI:
        """Return the provider as an application."""
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self.discovery)
        app.get("/authorize")(self.authorize)
        app.post("/token")(self.token)
        app.get("/keys")(lambda: {"keys": [self.key.as_dict(private=False)]})
        return app

    def discovery(self) -> Response:
        """Say where everything is."""
        if self.moved:
            return RedirectResponse(self.moved)
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return JSONResponse({"issuer": self.url} | {name: f"{self.url}/{path}" for name, path in ends.items()})

    def authorize(self, request: Request) -> Response:
        """Recognise whoever it is, and send them back with a code."""
        asked, code = dict(request.query_params), token_urlsafe(16)
        self.asked[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=302)

    async def token(self, request: Request) -> Response:
        """Give the token of a code, once, to whoever has the verifier and the client's secret."""
        given = dict(await request.form())
        asked = self.asked.pop(str(given.get("code")), None)
        ours = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if not asked or request.headers.get("authorization") != ours:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if create_s256_code_challenge(str(given["code_verifier"])) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        at = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": at,
            "exp": at + 60,
            "nonce": asked["nonce"],
        }
        return JSONResponse(
            {"token_type": "Bearer", "access_token": "x", "id_token": self.signed(claims | self.claims)}
        )

    def signed(self, claims: dict[str, Any]) -> str:
        """Sign the claims, or not."""
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."
            )
        key = self.key if self.algorithm == "RS256" else RSAKey.generate_key(2048, {"kid": "1"})
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider on this machine."""
    made = Provider()
    server = uvicorn.Server(uvicorn.Config(made.application(), port=0, log_level="error"))
    started = threading.Event()
    startup = server.startup

    async def told(sockets: Any = None) -> None:
        await startup(sockets=sockets)
        started.set()

    server.startup = told  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(20)
    made.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join(10)
