"""Bringing the database's tables to the newest shape, or saying that they are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from victimcare.store.database import Database
from victimcare.store.vault import NoVaultKey, Vault

_PACKAGE = Path(__file__).resolve().parent.parent


def no_vault() -> Vault:
    """For a database without words to seal. Raises `NoVaultKey`."""
    raise NoVaultKey("data/vault.key")


def upgrade(url: str, vault: Callable[[], Vault] = no_vault) -> None:
    """Run every migration that the database at `url` still lacks. `vault` is asked for where there are words to seal.

    Raises what `vault` raises, and `DoesNotOpen` for another key than the database was sealed with: nothing is changed.
    """
    command.upgrade(_config(url, vault), "head")


def check_current(database: Database) -> None:
    """Raise `WrongSchema` unless the database has exactly the tables that this program was written for."""
    wanted = newest_revision()
    with database.reading() as connection:
        found = revision_of(connection)
    if found != wanted:
        raise WrongSchema(found, wanted)


def revision_of(connection: Connection) -> str | None:
    """The migration that the database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The migration that this program was written for."""
    return _scripts().get_current_head()


def is_known_revision(revision: str) -> bool:
    """Whether this program has that migration; it has none of a newer program."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config("sqlite://"))


def _config(url: str, vault: Callable[[], Vault] = no_vault) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.attributes["url"] = url
    config.attributes["vault"] = vault
    return config


def _folder() -> Path:
    """Beside the package in a checkout, inside it when installed from a wheel."""
    beside = _PACKAGE.parent / "migrations"
    return beside if beside.is_dir() else _PACKAGE / "migrations"


class WrongSchema(RuntimeError):
    """The database's tables are older or newer than the program."""

    def __init__(self, found: str | None, wanted: str | None) -> None:
        self.found = found
        self.wanted = wanted
        super().__init__(
            f"the database is at migration {found or 'none'} and this program needs {wanted}: "
            "run `victimcare migrate` (after a backup), or the program's version that fits the database"
        )
