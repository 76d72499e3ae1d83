"""Settings: read by name, and in production nothing runs on a default."""

import pytest
from pydantic import ValidationError

from core.settings import DEMONSTRATION_SECRET, Settings

PRODUCTION = {
    "JIDI_EMBEDDED": "false",
    "JIDI_DATABASE_URL": "postgresql://jidi@db.example.com/jidi",
    "JIDI_WEB_SECRET": "a-secret-of-our-own",
    "JIDI_WEB_PUBLIC_URL": "https://jidi.example.com/",
}


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "WEB_SECRET", "WEB_PUBLIC_URL", "EMBEDDED", "MAIL_HOST", "HOME"):
        monkeypatch.delenv(f"JIDI_{name}", raising=False)
    monkeypatch.chdir(tmp_path)  # no .env


def test_without_any_setting_everything_is_on_this_machine():
    chosen = Settings()
    assert chosen.embedded
    assert chosen.public_url == "http://127.0.0.1:8000"
    assert chosen.engine_ui_url == "http://127.0.0.1:4200"


def test_a_nested_setting_is_named_by_its_path(monkeypatch):
    monkeypatch.setenv("JIDI_DATABASE_POOL_SIZE", "3")
    monkeypatch.setenv("JIDI_ENGINE_RETRY_SECONDS", "[0.1, 2]")
    chosen = Settings()
    assert chosen.database.pool_size == 3
    assert chosen.engine.retry_seconds == [0.1, 2.0]


def test_a_file_is_read_and_the_environment_goes_before_it(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("JIDI_WEB_PORT=8101\nJIDI_MAIL_PORT=2601\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("JIDI_WEB_PORT", "8102")
    chosen = Settings()
    assert (chosen.web.port, chosen.mail.port) == (8102, 2601)


def test_production_with_everything_given(monkeypatch):
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert Settings().public_url == "https://jidi.example.com"


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name != "JIDI_EMBEDDED"])
def test_production_names_what_is_missing(monkeypatch, missing):
    for name, value in PRODUCTION.items():
        if name != missing:
            monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=missing) as refused:
        Settings()
    others = set(PRODUCTION) - {missing, "JIDI_EMBEDDED"}
    assert not any(name in str(refused.value) for name in others)


@pytest.mark.parametrize("secret", ["", DEMONSTRATION_SECRET])
def test_production_refuses_a_secret_that_everybody_knows(monkeypatch, secret):
    for name, value in (PRODUCTION | {"JIDI_WEB_SECRET": secret}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match="JIDI_WEB_SECRET"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIDI_DATABASE_POOL_SIZE", "0"),
        ("JIDI_MAIL_SECURITY", "ssl"),
        ("JIDI_WEB_PORT", "eight"),
        ("JIDI_EMBEDDED", ""),
    ],
)
def test_a_senseless_value_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_secrets_are_not_shown(monkeypatch):
    monkeypatch.setenv("JIDI_WEB_SECRET", "a-secret-of-our-own")
    monkeypatch.setenv("JIDI_MAIL_PASSWORD", "another")
    told = repr(Settings())
    assert "a-secret-of-our-own" not in told
    assert "another" not in told
