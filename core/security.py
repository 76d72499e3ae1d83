"""Secrets: passwords as argon2 hashes, tokens kept as SHA-256, signatures by HMAC, and seals."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from core.settings import settings

PASSWORDS = PasswordHash((Argon2Hasher(memory_cost=19456, time_cost=2, parallelism=1),))
"""OWASP's minimum for argon2id: about 30 ms and 19 MiB a sign-in."""

NOBODY = PASSWORDS.hash(secrets.token_urlsafe())
"""Checked when no such account exists, so that the answer takes as long."""


SEALED = "~sealed~{}~"
"""How a sealed token stands in a letter's row; it is opened when the letter leaves."""
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for each other."""


def hashed(password: str) -> str:
    """Return the hash of a password as it is stored."""
    return PASSWORDS.hash(password)


def matches(password: str, password_hash: str) -> bool:
    """Whether the password is the one that was hashed."""
    return PASSWORDS.verify(password, password_hash)


def new_token() -> str:
    """Return a random token of 256 bits for a cookie or a program."""
    return secrets.token_urlsafe(32)


def legible(groups: int = 4) -> str:
    """Return a random text that can be read out and typed: groups of four letters and digits, 20 bits each."""
    return "-".join("".join(secrets.choice(LEGIBLE) for _ in range(4)) for _ in range(groups))


def digest(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def signature(purpose: str, text: str) -> str:
    """Sign a text for one purpose with the web secret."""
    key = settings().web.secret.get_secret_value().encode()
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def is_signed(purpose: str, text: str, signed: str) -> bool:
    """Whether the signature is ours, for this purpose."""
    return hmac.compare_digest(signature(purpose, text).encode(), signed.encode())


def seal(purpose: str, text: str) -> str:
    """Encrypt a text that we must be able to read again, for one purpose, with a key derived from the web secret."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """Return a sealed text; raises `cryptography.fernet.InvalidToken` when no secret of ours opens it."""
    return _box(purpose).decrypt(sealed.encode()).decode()


def _box(purpose: str) -> MultiFernet:
    """Return the lock of a purpose: the newest secret seals, the former ones open still (rotation)."""
    web = settings().web
    known = [web.secret, *web.former_secrets]
    keys = [
        HKDF(SHA256(), 32, salt=None, info=f"jidi:{purpose}".encode()).derive(one.get_secret_value().encode())
        for one in known
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
