"""Commands for the vault's key: what opens with it, and changing it for another."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from victimcare.cli.installation import open_database, read_settings, the_vault

if TYPE_CHECKING:
    from victimcare.settings import Settings
    from victimcare.store.vault import Vault

app = typer.Typer(no_args_is_help=True, help="The key of what is sealed: check it, change it for another.")


@app.command()
def check() -> None:
    """Open all that is sealed; exit 1 saying what is lost, if a key is."""
    from victimcare.store.sealed_rows import lost

    with open_database(settings := read_settings()) as database, database.reading() as connection:
        vault = the_vault(settings)
        found = lost(connection, vault)
    typer.echo(f"The keys here: {', '.join(vault.fingerprints)}; the first seals.")
    if found:
        typer.echo(_lost_in_words(found), err=True)
        raise typer.Exit(1)
    typer.echo("All that is sealed opens.")


@app.command()
def rotate() -> None:
    """Seal everything with a new key. Stop the service and its jobs before; interrupted, run it again."""
    from victimcare.exchange.progress import progress_bar
    from victimcare.store import rotating
    from victimcare.store.opening import opened

    settings = read_settings()
    with opened(settings.database_url, by_itself=True) as database, progress_bar("Sealing anew") as progress:
        rotating.check_opens(database, the_vault(settings))
        vault = _with_new_key(settings)
        done = rotating.rotate(database, vault, now=datetime.now(UTC), progress=progress)
    typer.echo(f"{done.resealed:,} values sealed anew with the key {vault.fingerprint}.")
    if done.recovery_codes:
        typer.echo(f"{done.recovery_codes} recovery codes are worthless now: their owners need new ones.")
    if done.lost:
        typer.echo(_lost_in_words(done.lost), err=True)
        raise typer.Exit(1)
    _put_former_aside(settings, vault)


def _with_new_key(settings: Settings) -> Vault:
    """The vault with a new key before the old one; of a rotation that was begun, the one that it began with."""
    from victimcare.store.key_file import KEY_BYTES, keys_in, write_keys

    vault = the_vault(settings)
    if len(vault.fingerprints) > 1:
        return vault
    if settings.vault_key:
        raise KeyIsGiven
    write_keys(settings.vault_key_file, [secrets.token_bytes(KEY_BYTES), *keys_in(settings.vault_key_file)])
    return the_vault(settings)


def _put_former_aside(settings: Settings, vault: Vault) -> None:
    """No row needs them any more; backups that were made before do."""
    from victimcare.store.key_file import fingerprint, keys_in, write_keys

    if settings.vault_key:
        typer.echo("No row needs the former keys: take them out of VICTIMCARE_VAULT_KEY.")
        return
    current, *former = keys_in(settings.vault_key_file)
    for key in former:
        aside = settings.vault_key_file.with_name(f"{settings.vault_key_file.name}.{fingerprint(key)}")
        write_keys(aside, [key])
        typer.echo(f"No row needs the key {fingerprint(key)} any more. Backups made until now do: it is in {aside}.")
    write_keys(settings.vault_key_file, [current])


def _lost_in_words(lost: Mapping[str, int]) -> str:
    from victimcare.store.sealed_rows import in_words

    what = ", ".join(f"{count:,} {in_words(table)}" for table, count in lost.items())
    return (
        f"Sealed with a key that is not here, and lost unless somebody finds it: {what}. "
        "Cases, deadlines and the audit are not sealed. A key that is found goes on a line of its own after the first."
    )


class KeyIsGiven(ValueError):
    """The key stands in the environment, which this program cannot change."""

    def __init__(self) -> None:
        super().__init__(
            "the vault's key is given in VICTIMCARE_VAULT_KEY: put a new one before it, with a comma between, and run "
            "this again; a new one: head -c 32 /dev/urandom | base64 | tr +/ -_"
        )
