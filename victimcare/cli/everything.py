"""Commands that let everything out and in: all of one's own data, in one sealed file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from victimcare.cli.installation import anchor_file, open_database, read_settings, the_ladder, the_law, the_vault
from victimcare.cli.sealing import KeyFile, sealing_key

if TYPE_CHECKING:
    from victimcare.exchange.everything.manifest import Manifest

exports = typer.Typer(no_args_is_help=True, help="Let data out.")


@exports.command("all")
def export_everything(
    to: Annotated[Path | None, typer.Argument(help="The file to write; none is written over.")] = None,
    key_file: KeyFile = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of what it holds.")] = False,
) -> None:
    """Everything that is held, in one sealed file that other systems can read, while the database is in use."""
    from victimcare.exchange.everything.leave import export_all
    from victimcare.exchange.progress import progress_bar
    from victimcare.store.vault import kept_vault

    if schema:
        _print_schema()
        return
    if to is None:
        raise typer.BadParameter("say which file to write", param_hint="TO")
    settings = read_settings()
    key = sealing_key(settings, key_file, new=True)
    vault = kept_vault(key=settings.vault_key, key_file=settings.vault_key_file)
    with open_database(settings) as database, progress_bar("Exporting") as progress:
        anchors = anchor_file(settings).anchors()
        done = export_all(database, to, key=key, vault=vault, now=datetime.now(UTC), anchors=anchors, progress=progress)
    typer.echo(f"{done.file}: read again, and whole.\n{_in_words(done.manifest)}\nSHA-256 of the file {done.sha256}.")
    _say_if_wrong(done.manifest)


def import_everything(
    file: Annotated[
        Path, typer.Argument(help="A file that `victimcare export all` made.", exists=True, dir_okay=False)
    ],
    key_file: KeyFile = None,
    check: Annotated[bool, typer.Option("--check", help="Read all of it, say what it holds, store nothing.")] = False,
) -> None:
    """Everything that another installation held, into an empty database. Nothing is sent, nobody is signed in."""
    from victimcare.exchange.everything.arrive import Settling, check_fits, import_all
    from victimcare.exchange.everything.leave import read_manifest
    from victimcare.exchange.progress import progress_bar
    from victimcare.store.opening import opened

    settings = read_settings()
    key = sealing_key(settings, key_file, new=False)
    with progress_bar("Reading") as progress:
        manifest = read_manifest(file, key=key, progress=progress)
    if check:
        typer.echo(f"{file}: whole.\n{_in_words(manifest)}")
        _say_if_wrong(manifest)
        return
    check_fits(manifest)
    settling = Settling(the_law(), the_ladder(settings), anchor_file(settings))
    with (
        opened(settings.database_url, begin=True, by_itself=True) as database,
        progress_bar("Importing") as progress,
    ):
        held_back = import_all(
            database,
            file,
            manifest,
            key=key,
            vault=the_vault(settings),
            settling=settling,
            now=datetime.now(UTC),
            progress=progress,
        )
    typer.echo(
        f"Imported, read again from the database, and the same.\n{_in_words(manifest)}\n"
        f"{held_back} notices, messages and referrals are held back: they may have left where this came from. "
        "Nobody is signed in, and passwords, second factors and secrets of systems did not come with it: "
        "`victimcare accounts secret USERNAME` lets an administrator in, who lets in the others."
    )


def _print_schema() -> None:
    from victimcare.exchange.everything.schema import schema_text

    typer.echo(schema_text(), nl=False)


def _in_words(manifest: Manifest) -> str:
    cases = manifest.tables["victim_case"].rows
    return (
        f"Made at {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, migration {manifest.migration}, {cases:,} cases, "
        f"{manifest.rows:,} rows in {len(manifest.tables)} tables.\nContents {manifest.contents}."
    )


def _say_if_wrong(manifest: Manifest) -> None:
    """What is written is whole, and yet the command ends with 1: nobody is to delete the old database for it."""
    if manifest.audit_wrong:
        typer.echo(
            f"The audit in it is not as it was written: {manifest.audit_wrong}. All of it is in the file as it stands, "
            "for other programs; `victimcare import all` refuses it. See docs/audit.md, and keep the database.",
            err=True,
        )
        raise typer.Exit(1)
