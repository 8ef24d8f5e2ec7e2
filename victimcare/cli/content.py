"""Commands for what is in the database: its tables, a demonstration, what is imported, what is derived."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from victimcare.cli.everything import import_everything
from victimcare.cli.installation import (
    AsJson,
    At,
    instant,
    law_of_database,
    open_database,
    read_settings,
    say,
    the_law,
    the_vault,
)
from victimcare.cli.records import import_rms

if TYPE_CHECKING:
    from victimcare.exchange.demonstration.build import Plan
    from victimcare.settings import Settings
    from victimcare.store.database import Database

app = typer.Typer()
imports = typer.Typer(no_args_is_help=True, help="Bring data in.")
imports.command("rms")(import_rms)
imports.command("all")(import_everything)


@app.command()
def migrate(
    without_backup: Annotated[bool, typer.Option("--without-backup", help="There is one already.")] = False,
) -> None:
    """Bring the database's tables to the newest shape, after a backup: none leads back."""
    with open_database(read_settings(), migrate=True, backed_up=not without_backup):
        typer.echo("The database is up to date.")


@app.command()
def demo(
    police_uk: Annotated[Path | None, typer.Option(help="Published crimes to add journeys to: a folder.")] = None,
    victims: Annotated[int, typer.Option(min=1, help="How many victims to invent.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed at the same instant makes the same content.")] = 1,
    at: At = None,
) -> None:
    """Fill an empty database with invented people and their journeys."""
    from victimcare.exchange.demonstration.build import Plan
    from victimcare.exchange.demonstration.people import HOW_TO_SIGN_IN

    plan = Plan(instant(at) if at else datetime.now(UTC), victims, seed, police_uk)
    with open_database(settings := read_settings(), migrate=True) as database:
        build(database, settings, plan)
    typer.echo(HOW_TO_SIGN_IN)


@imports.command("police-uk")
def import_published_crimes(
    paths: Annotated[list[Path], typer.Argument(help="CSV files or folders of data.police.uk, plain or .gz.")],
    as_json: AsJson = False,
    rejects: Annotated[Path, typer.Option(help="Where refused rows go.")] = Path("data/police-uk-rejects.csv"),
) -> None:
    """Published crimes become cases, published outcomes events of their journeys. Again, it changes nothing."""
    from victimcare.exchange.police_uk import import_police_uk
    from victimcare.exchange.progress import progress_bar

    with open_database(read_settings(), begin=True) as database, progress_bar("Importing") as progress:
        report = import_police_uk(
            database,
            paths,
            law=law_of_database(database),
            now=datetime.now(UTC),
            progress=progress,
            rejects_path=rejects,
        )
    figures = report.as_json()
    typer.echo(json.dumps(figures) if as_json else "\n".join(f"{name:10} {figures[name]}" for name in figures))
    if report.left_out:
        say(f"{report.left_out} outcomes were left out: their crimes are of a type without a victim")
    if report.rejects_path:
        say(f"{report.rejected} rows were rejected: {report.rejects_path} says why")
    for refused in report.refused:
        say(str(refused))
    if report.refused:
        raise typer.Exit(1)


@app.command()
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if anything differs.")] = False,
) -> None:
    """Derive every deadline, and what a case says of itself, again from the journeys."""
    from victimcare.domain.calendar import london_date
    from victimcare.exchange.progress import progress_bar
    from victimcare.store import rebuilding

    now = datetime.now(UTC)
    with open_database(read_settings()) as database, progress_bar("Checking" if check else "Rebuilding") as progress:
        if not check:
            rebuilt = rebuilding.rebuild(database, law=law_of_database(database), now=now, progress=progress)
            typer.echo(
                f"{rebuilt.cases} cases derived again, {rebuilt.corrected} deadlines and "
                f"{rebuilt.corrected_cases} rows of cases corrected."
            )
            return
        differences = rebuilding.check(
            database, law=law_of_database(database), today=london_date(now), progress=progress
        )
    typer.echo("\n".join(map(str, differences)) or "Every deadline and every case is as derived.")
    if differences:
        raise typer.Exit(1)


def build(database: Database, settings: Settings, plan: Plan) -> None:
    from victimcare.exchange.demonstration.build import build_demonstration
    from victimcare.exchange.progress import progress_bar

    vault = the_vault(settings)
    with progress_bar("Inventing a demonstration") as progress:
        build_demonstration(database, plan, law=the_law(), vault=vault, progress=progress)
