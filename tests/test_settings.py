"""What an installation can set."""

from pathlib import Path

import pytest

from victimcare.settings import Settings


def test_it_starts_with_nothing_set() -> None:
    settings = Settings()
    assert settings.database_url == "sqlite:///data/victimcare.db"
    assert settings.host == "127.0.0.1", "reachable from this machine only until somebody decides otherwise"
    assert settings.cookie_secure, "a sign-in goes over HTTPS only until somebody decides otherwise"


def test_the_environment_sets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VICTIMCARE_DATABASE_URL", "postgresql+psycopg://db/victimcare")
    monkeypatch.setenv("VICTIMCARE_COOKIE_SECURE", "false")
    monkeypatch.setenv("VICTIMCARE_MAILBOX_FOLDER", "/srv/mail")
    settings = Settings()
    assert settings.database_url == "postgresql+psycopg://db/victimcare"
    assert not settings.cookie_secure
    assert settings.mailbox_folder == Path("/srv/mail")


def test_a_value_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VICTIMCARE_PORT", "eighty")
    with pytest.raises(ValueError, match="port"):
        Settings()
