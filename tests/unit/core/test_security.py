"""Secrets: hashes that tell nothing, tokens nobody guesses, signatures for one purpose."""

import pytest

from core.security import digest, hashed, is_signed, matches, new_token, signature
from tests.conftest import environment


def test_a_password_is_kept_as_a_salted_hash():
    first, second = hashed("密码 with spaces"), hashed("密码 with spaces")
    assert first != second
    assert first.startswith("$argon2id$")
    assert matches("密码 with spaces", first)
    assert not matches("密码 with space", first)


def test_tokens_differ_and_only_their_digest_is_kept():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(len(token) >= 43 for token in tokens)
    token = tokens.pop()
    assert token not in digest(token)
    assert digest(token) == digest(token)


def test_a_signature_is_for_one_text_and_one_purpose():
    signed = signature("csrf", "session-1")
    assert is_signed("csrf", "session-1", signed)
    assert not is_signed("csrf", "session-2", signed)
    assert not is_signed("link", "session-1", signed)


@pytest.mark.parametrize("forged", ["", "0", "签名", "x" * 64, signature("csrf", "other")])
def test_a_forged_signature_is_none(forged):
    assert not is_signed("csrf", "session-1", forged)


def test_another_secret_makes_old_signatures_worthless():
    signed = signature("csrf", "session-1")
    with environment(JIDI_WEB_SECRET="another secret"):
        assert not is_signed("csrf", "session-1", signed)
