"""OpenID Connect: who somebody is, as a provider says it that the settings name (authorization code with PKCE).

Only addresses that the provider's own discovery document gives are asked, over HTTPS outside the embedded mode, and no
redirect is followed; what a browser brings along decides no address.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hmac import compare_digest
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from cryptography.fernet import InvalidToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from core.clock import now
from core.errors import NotSignedIn, Unavailable
from core.i18n import marked
from core.security import new_token, seal, unseal
from core.settings import settings

PURPOSE = "oidc"
CALLBACK = "/sign-in/external/callback"
ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures that are taken; `none` and those by a shared secret are not."""
SECONDS, LARGEST = 5, 256 * 1024
FLOW_SECONDS = 600
KEPT_SECONDS = 300
LEEWAY = 30
REFUSED = marked("统一身份认证未能确认您的身份，请重新登录。")
NOT_THERE = marked("统一身份认证暂时不可用，请稍后再试，或使用邮箱和密码登录。")


@dataclass(frozen=True)
class Started:
    """A sign-in at the provider that this browser began.

    `person` is who links an account, `invitation` the link of a letter that is taken up so; empty where it is neither.
    """

    state: str
    nonce: str
    verifier: str
    began_at: float
    came_for: str = ""
    person: str = ""
    invitation: str = ""

    @classmethod
    def opened(cls, sealed: str) -> "Started | None":
        """Return what a browser kept for us, if it is ours and not too old."""
        try:
            started = cls(**json.loads(unseal(PURPOSE, sealed)))
        except (InvalidToken, ValueError, TypeError):
            return None
        return started if started.began_at > now().timestamp() - FLOW_SECONDS else None

    def sealed(self) -> str:
        """Return it as a browser may keep it."""
        return seal(PURPOSE, json.dumps(asdict(self)))


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    email: str = ""


_known: dict[str, tuple[float, dict[str, Any]]] = {}


def start(came_for: str = "", person: str = "", invitation: str = "") -> tuple[Started, str]:
    """Begin a sign-in; return what the browser keeps, and where at the provider it goes."""
    secrets = new_token(), new_token(), new_token() + new_token()
    started = Started(*secrets, now().timestamp(), came_for, person, invitation)
    query = {
        "response_type": "code", "client_id": settings().oidc.client_id, "redirect_uri": callback(),
        "scope": "openid email", "state": started.state, "nonce": started.nonce,
        "code_challenge": create_s256_code_challenge(started.verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    endpoint = metadata()["authorization_endpoint"]
    return started, f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def finish(started: Started, state: str, code: str) -> Identity:
    """Exchange a code for an identity; raises `NotSignedIn` for whatever is not exactly as it must be."""
    if not code or not compare_digest(state.encode(), started.state.encode()):
        raise NotSignedIn(REFUSED)
    chosen = settings().oidc
    ours = chosen.client_id, chosen.client_secret.get_secret_value()
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback()}
    given["code_verifier"] = started.verifier
    answer = _ask("POST", metadata()["token_endpoint"], auth=ours, data=given)
    if answer.status_code != httpx.codes.OK:
        raise NotSignedIn(REFUSED)
    try:
        claims = verified(str(answer.json()["id_token"]), started.nonce)
    except (JoseError, ValueError, KeyError, TypeError) as wrong:
        raise NotSignedIn(REFUSED) from wrong
    verified_email = claims.get("email_verified") is True
    return Identity(chosen.issuer, str(claims["sub"])[:255], str(claims.get("email", "")) if verified_email else "")


def verified(token: str, nonce: str) -> Mapping[str, Any]:
    """Return an id token's claims; raises when signature, issuer, audience, time or nonce is wrong."""
    chosen = settings().oidc
    keys = KeySet.import_key_set(_ask("GET", metadata()["jwks_uri"]).json())
    claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    JWTClaimsRegistry(
        now=int(now().timestamp()), leeway=LEEWAY,
        iss={"essential": True, "value": chosen.issuer}, aud={"essential": True, "value": chosen.client_id},
        exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    ).validate(claims)  # fmt: skip
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != chosen.client_id:
        message = "meant for several, and not authorised for us"
        raise ValueError(message)
    return claims


def metadata() -> dict[str, Any]:
    """Return the provider's discovery document, read every few minutes."""
    issuer = settings().oidc.issuer
    at, document = _known.get(issuer, (0.0, {}))
    if document and at > monotonic() - KEPT_SECONDS:
        return document
    answer = _ask("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    try:
        document = dict(answer.json())
    except ValueError as wrong:
        raise Unavailable(NOT_THERE) from wrong
    needed = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
    if answer.status_code != httpx.codes.OK or document.get("issuer") != issuer or not needed <= document.keys():
        raise Unavailable(NOT_THERE)
    _known[issuer] = monotonic(), document
    return document


def callback() -> str:
    """Return the address to which the provider sends people back."""
    return settings().public_url + CALLBACK


def _ask(method: str, address: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - what httpx takes
    """Ask the provider; never along a redirect, never without HTTPS outside the embedded mode, never for long."""
    if urlsplit(address).scheme != "https" and not settings().embedded:
        raise Unavailable(NOT_THERE)
    try:
        answer = httpx.request(method, address, timeout=SECONDS, follow_redirects=False, **more)
    except httpx.HTTPError as trouble:
        raise Unavailable(NOT_THERE) from trouble
    if len(answer.content) > LARGEST or answer.is_redirect:
        raise Unavailable(NOT_THERE)
    return answer
