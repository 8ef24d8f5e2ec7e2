"""Who may sign in, where no page can be used for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import typer

from victimcare.cli.installation import open_database, read_settings, the_vault

if TYPE_CHECKING:
    from victimcare.settings import Settings
    from victimcare.store.database import Database

app = typer.Typer(no_args_is_help=True, help="Who may sign in, where no page can be used for it.")


@app.command("first-administrator")
def first_administrator() -> None:
    """Print a one-time secret with which the first administrator sets up how they sign in."""
    from victimcare.commands.invite import HasAdministrator

    with open_database(settings := read_settings(), migrate=True) as database:
        if not print_first_secret(database, settings):
            raise HasAdministrator


def print_first_secret(database: Database, settings: Settings) -> bool:
    """Print the secret of the first administrator; False where somebody can administer this installation already."""
    from victimcare.commands.invite import GOOD_FOR_FIRST, invite_first_administrator, needs_first_administrator

    with database.writing() as connection:
        if not needs_first_administrator(connection):
            return False
        secret = invite_first_administrator(connection, now=datetime.now(UTC), vault=the_vault(settings))
    hours = GOOD_FOR_FIRST // timedelta(hours=1)
    typer.echo(
        f"There is no administrator yet. This one-time secret makes one, within {hours} hours, on the page /welcome:\n"
        f"\n    {secret}\n\nIt takes the place of any before it, and is shown nowhere else."
    )
    return True
