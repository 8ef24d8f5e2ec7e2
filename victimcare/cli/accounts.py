"""Who may sign in, where no page can be used for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from victimcare.cli.installation import open_database, read_settings, the_vault

if TYPE_CHECKING:
    from victimcare.settings import Settings
    from victimcare.store.database import Database

_Username = Annotated[str, typer.Argument(help="A user name of `victimcare accounts list`.")]

app = typer.Typer(no_args_is_help=True, help="Who may sign in, where no page can be used for it.")


@app.command("first-administrator")
def first_administrator() -> None:
    """Print a one-time secret with which the first administrator sets up how they sign in."""
    from victimcare.commands.invite import HasAdministrator

    with open_database(settings := read_settings(), migrate=True) as database:
        if not print_first_secret(database, settings):
            raise HasAdministrator


@app.command("list")
def list_accounts() -> None:
    """Everybody who has a user name, with their role and how it stands with their signing in."""
    from victimcare.queries.people import people
    from victimcare.store.staff import SYSTEM

    with open_database(read_settings()) as database, database.reading() as connection:
        for each in people(connection, person=SYSTEM, now=datetime.now(UTC)):
            if each.username:
                typer.echo(f"{each.username:24} {each.role.in_words:18} {each.standing}")


@app.command()
def secret(username: _Username) -> None:
    """Print a one-time secret that replaces password and second factor, for an administrator who lost theirs."""
    from victimcare.commands.invite import GOOD_FOR
    from victimcare.commands.keep_people import give_secret
    from victimcare.store.accounts import person_id_of
    from victimcare.store.staff import SYSTEM

    with open_database(settings := read_settings()) as database, database.writing() as connection:
        person_id, vault = person_id_of(connection, username), the_vault(settings)
        made = give_secret(connection, person_id=person_id, by=SYSTEM, now=datetime.now(UTC), vault=vault)
    typer.echo(f"For {username}, on the page /welcome, within {GOOD_FOR.days} days:\n\n    {made}\n")


@app.command()
def stop(username: _Username) -> None:
    """Stop somebody's signing in at once, and end their sign-ins; an administrator allows it again."""
    from victimcare.commands.keep_people import stop_signing_in
    from victimcare.store.accounts import person_id_of
    from victimcare.store.staff import SYSTEM

    with open_database(read_settings()) as database, database.writing() as connection:
        stop_signing_in(connection, person_id=person_id_of(connection, username), by=SYSTEM, now=datetime.now(UTC))
    typer.echo(f"{username} can do nothing here any more.")


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
