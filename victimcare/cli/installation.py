"""What the commands stand on: the settings, the database, the law, the vault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from victimcare.commands.send_message import Post
    from victimcare.domain.ladder import Ladder
    from victimcare.domain.law import Law
    from victimcare.exchange.backup.make import Backups
    from victimcare.exchange.feeds import Feeds
    from victimcare.settings import Settings
    from victimcare.store.audit_anchors import AnchorFile
    from victimcare.store.database import Database
    from victimcare.store.vault import Vault

# What a command needs is imported inside it, so that the others start at once.

At = Annotated[str | None, typer.Option(help="As of when, if not now: ISO 8601 with an offset or Z.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def open_database(
    settings: Settings, *, migrate: bool = False, begin: bool = False, backed_up: bool = True
) -> Iterator[Database]:
    """The database of the settings, in the newest shape; brought to it first where `migrate` says so, and before that
    backed up unless it need not be: no migration leads back.

    One that is not there is made with `migrate` or `begin` only: an address that was mistyped is not an empty database.
    """
    from victimcare.store.opening import opened
    from victimcare.store.vault import kept_vault

    vault = partial(kept_vault, key=settings.vault_key, key_file=settings.vault_key_file)
    before = partial(_back_up, settings, vault) if backed_up else _go_on
    with opened(settings.database_url, migrate=migrate, begin=begin, vault=vault, before_migrating=before) as database:
        if migrate or begin:
            _keep_holidays(database)
        yield database


def _keep_holidays(database: Database) -> None:
    from victimcare.commands.keep_shipped_holidays import keep_shipped_holidays, unkept_holidays

    shipped = the_law().calendar
    with database.reading() as connection:
        if unkept_holidays(connection, shipped) is None:
            return
    with database.writing() as connection:
        proposed = keep_shipped_holidays(connection, shipped=shipped, now=datetime.now(UTC))
    if proposed:
        say(f"list {proposed} of bank holidays came with this program: nothing moves before a Code lead approves it")


def _back_up(settings: Settings, vault: Callable[[], Vault], database: Database) -> None:
    from victimcare.exchange.backup.make import copy_database
    from victimcare.exchange.progress import progress_bar

    backups = backups_of(vault(), settings)
    with progress_bar("Backing up before the tables are changed") as progress:
        made = copy_database(database, backups=backups, now=datetime.now(UTC), progress=progress)
    typer.echo(f"{made.file}: the database as it was, read again, and whole.")


def _go_on(_database: Database) -> None:
    pass


def the_vault(settings: Settings) -> Vault:
    """The vault with the key of the settings, which is made where there is none."""
    from victimcare.store.vault import vault_of

    return vault_of(key=settings.vault_key, key_file=settings.vault_key_file)


def vault_of_database(database: Database, settings: Settings) -> Vault:
    """The same as this database needs it, while a key is being changed for another."""
    from victimcare.store.rotating import vault_for

    return vault_for(database, the_vault(settings))


def post_of(vault: Vault, settings: Settings) -> Post:
    """What sending to victims needs."""
    from victimcare.commands.send_message import Post
    from victimcare.editions.force_policy import published_policy

    return Post(vault, published_policy(), settings.sends_texts)


def anchor_file(settings: Settings, *, copy: Path | None = None) -> AnchorFile:
    """Where the audit is anchored outside the database; to be read from a `copy` kept elsewhere, if there is one."""
    from victimcare.store.audit_anchors import AnchorFile

    return AnchorFile(copy or settings.audit_anchors, key_file=settings.audit_key_file)


def feeds_of(settings: Settings) -> Feeds | None:
    """Where open tables are written each night; None where no folder is set."""
    from victimcare.exchange.feeds import Feeds

    return Feeds(settings.feed_folder, settings.force_name) if settings.feed_folder else None


def backups_of(vault: Vault, settings: Settings, *, folder: Path | None = None) -> Backups:
    """Where backups go and what seals them; into another `folder`, if one is given."""
    from victimcare.exchange.backup.make import Backups
    from victimcare.store.key_file import decoded, key_in

    given = settings.backup_key
    key = decoded(given, "VICTIMCARE_BACKUP_KEY") if given else key_in(settings.backup_key_file)
    return Backups(
        folder or settings.backup_folder,
        key,
        vault.fingerprint,
        keep_days=settings.backup_keep_days,
        programs=settings.postgres_programs,
    )


def filled_vault(database: Database, settings: Settings) -> Vault:
    """The vault, with everything in it ready to be found. A wrong key is said, and stops nobody's other work."""
    from victimcare.store.contact_points import make_comparable
    from victimcare.store.vault import DoesNotOpen
    from victimcare.store.victim_names import make_findable

    vault = vault_of_database(database, settings)
    try:
        with database.writing() as connection:
            make_comparable(connection, vault)
        make_findable(database, vault)
    except DoesNotOpen as wrong:
        say(str(wrong))
    return vault


def read_settings() -> Settings:
    """How this installation is set up. Raises `BadAddress` for a database that cannot be one."""
    from victimcare.settings import Settings
    from victimcare.store.addresses import check_address

    settings = Settings()
    check_address(settings.database_url)
    return settings


def the_law() -> Law:
    """The published editions of the Code and the working days, as they came with the program."""
    from victimcare.editions.law import published_law

    return published_law()


def law_of(connection: Connection) -> Law:
    """The same, counted by the list of bank holidays that is in force in this database."""
    from victimcare.store.law_in_force import law_now

    return law_now(connection, the_law())


def law_of_database(database: Database) -> Law:
    """The same, for a command that opens its own transactions."""
    with database.reading() as connection:
        return law_of(connection)


def the_ladder(settings: Settings) -> Ladder:
    """Who hears of duties, as the force decided. Raises `BadEdition`, which says what is wrong with its file."""
    from victimcare.editions.escalation import ladder_of

    return ladder_of(settings.escalation, small_numbers_below=settings.small_numbers_below)


def instant(text: str) -> datetime:
    """The UTC instant that was typed. Raises what says that it is none."""
    from victimcare.exchange.deadline_batch import instant_of

    return instant_of(text).astimezone(UTC)


def say(sentence: str) -> None:
    """Say something to whoever runs the command, beside its output."""
    typer.echo(f"victimcare: {sentence}", err=True)
