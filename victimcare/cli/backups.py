"""Commands for backups: make one, look into one, put one back, and let leave what putting back held back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from victimcare.cli.installation import (
    anchor_file,
    backups_of,
    open_database,
    read_settings,
    the_ladder,
    the_law,
    the_vault,
)

if TYPE_CHECKING:
    from victimcare.exchange.backup.manifest import Manifest

_Backup = Annotated[Path, typer.Argument(help="A file that `victimcare backup` made.", exists=True, dir_okay=False)]

app = typer.Typer()


@app.command()
def backup(
    to: Annotated[Path | None, typer.Option(help="The folder to put it into, if not VICTIMCARE_BACKUP_FOLDER.")] = None,
) -> None:
    """Copy the whole database, sealed, while it is in use; the copy is read again before it counts."""
    from victimcare.exchange.backup.make import make_backup
    from victimcare.exchange.progress import progress_bar

    with open_database(settings := read_settings()) as database, progress_bar("Backing up") as progress:
        backups = backups_of(the_vault(settings), settings, folder=to)
        made = make_backup(database, backups=backups, now=datetime.now(UTC), progress=progress)
    typer.echo(f"{made.file}: read again, and whole.\n{_in_words(made.manifest)}")


@app.command()
def restore(
    file: _Backup,
    check: Annotated[bool, typer.Option("--check", help="Read all of it, say what it holds, change nothing.")] = False,
    other_vault: Annotated[
        bool, typer.Option("--without-vault-key", help="Although what is sealed in it cannot be opened here.")
    ] = False,
) -> None:
    """Put a backup in the place of the database. Stop the service and its jobs before; nothing is sent again."""
    from victimcare.exchange.backup.restore import read_manifest, restore_backup
    from victimcare.exchange.progress import progress_bar
    from victimcare.store.vault import kept_vault

    settings = read_settings()
    found = partial(kept_vault, key=settings.vault_key, key_file=settings.vault_key_file)
    vault = partial(the_vault, settings) if other_vault else found
    with progress_bar("Reading") as progress:
        backups = backups_of(vault(), settings)
        if check:
            manifest = read_manifest(file, key=backups.key, progress=progress)
            typer.echo(f"{file}: whole.\n{_in_words(manifest)}")
            return
        done = restore_backup(
            file,
            url=settings.database_url,
            backups=backups,
            vault=vault,
            anchors=anchor_file(settings),
            law=the_law(),
            ladder=the_ladder(settings),
            now=datetime.now(UTC),
            other_vault=other_vault,
            progress=progress,
        )
    typer.echo(f"Restored.\n{_in_words(done.manifest)}")
    if done.migrated:
        typer.echo("It was older than this program, and was brought up to date.")
    if done.former:
        typer.echo(f"The database from before is kept as {done.former}: delete it when nobody needs it any more.")
    _say_held_back(done.held_back)


@app.command("settle-restored")
def settle() -> None:
    """After another program put a copy in the place of the database: nothing of what it had to send leaves again."""
    from victimcare.exchange.backup.restore import settle_put_back

    settings = read_settings()
    done = settle_put_back(
        settings.database_url,
        anchors=anchor_file(settings),
        law=the_law(),
        ladder=the_ladder(settings),
        now=datetime.now(UTC),
    )
    typer.echo(f"Settled: the database as it was at {done.as_of:%Y-%m-%d %H:%M:%S} UTC.")
    _say_held_back(done.held_back)


@app.command("release-held-back")
def release() -> None:
    """Let leave what restoring a backup held back. Only if you know that none of it had left."""
    from victimcare.commands.settle_restored import release_held_back
    from victimcare.store.staff import SYSTEM

    with open_database(read_settings()) as database, database.writing() as connection:
        count = release_held_back(connection, by=SYSTEM, now=datetime.now(UTC))
    typer.echo(f"{count} wait to be sent again.")


def _say_held_back(count: int) -> None:
    typer.echo(
        f"{count} notices, messages and referrals are held back: they may have left since. Everybody is "
        "signed out. Who was stopped, left or changed role since then can sign in as before: see People."
    )


def _in_words(manifest: Manifest) -> str:
    held = manifest.contents
    return (
        f"Made at {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, migration {held.migration}, "
        f"{held.rows.get('victim_case', 0):,} cases, {sum(held.rows.values()):,} rows in {len(held.rows)} tables.\n"
        f"What is sealed in it opens with the vault key {manifest.vault}, which is not in it."
    )
