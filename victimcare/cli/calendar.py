"""Commands for the bank holidays: which list is in force, and proposing another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from victimcare.cli.installation import law_of, open_database, read_settings

app = typer.Typer(no_args_is_help=True, help="The bank holidays: show the list in force, propose another.")


@app.command()
def show() -> None:
    """The list in force, and what the proposed one would change."""
    from victimcare.domain.explanation import in_words
    from victimcare.queries.holiday_lists import holiday_lists

    with open_database(read_settings()) as database, database.reading() as connection:
        found = holiday_lists(connection, law=law_of(connection))
    typer.echo(f"List {found.in_force.number}: bank holidays are known until {in_words(found.in_force.known_until)}.")
    if found.checked_at:
        typer.echo(f"A published list was last read on {found.checked_at:%Y-%m-%d %H:%M} UTC.")
    if found.proposed is None:
        typer.echo("No other list is proposed.")
        return
    typer.echo(f"List {found.proposed.number} is proposed:")
    for line in found.proposed.changes:
        typer.echo(f"  {line}")


@app.command()
def preview(
    cases: Annotated[bool, typer.Option("--cases", help="Name every case and its deadlines, too.")] = False,
) -> None:
    """What the proposed list would move if it came into force now; nothing is changed."""
    from victimcare.domain.explanation import in_words
    from victimcare.exchange.progress import progress_bar
    from victimcare.queries.holiday_preview import holiday_preview
    from victimcare.store.holiday_lists import NoSuchList, proposed
    from victimcare.store.staff import SYSTEM

    with (
        open_database(read_settings()) as database,
        progress_bar("Looking") as progress,
        database.reading() as connection,
    ):
        number = proposed(connection)
        if number is None:
            raise NoSuchList(0)
        law, now = law_of(connection), datetime.now(UTC)
        found = holiday_preview(connection, person=SYSTEM, number=number, law=law, now=now, progress=progress)
    typer.echo(
        f"List {number} would move {found.duties} deadlines in {found.cases} cases, of {found.touched} looked at; "
        f"{found.verdicts} verdicts would wait for a decision."
    )
    for count in found.counts:
        typer.echo(f"  {count.team}: {count.title}: {count.duties} {'later' if count.later else 'earlier'}")
    for move in found.moves if cases else ():
        typer.echo(f"  {move.ref}: {move.title}: {in_words(move.due_before)} to {in_words(move.due_after)}")


@app.command()
def propose(file: Annotated[Path, typer.Argument(help="bank-holidays.json, as GOV.UK publishes it.")]) -> None:
    """Propose the published list for the Code lead to decide on; nothing moves before that."""
    from victimcare.commands.propose_holidays import ListSource, propose_holidays
    from victimcare.editions.published_holidays import read_file
    from victimcare.store.staff import SYSTEM, ensure_system

    published = read_file(file)
    with open_database(read_settings()) as database, database.writing() as connection:
        ensure_system(connection)
        done = propose_holidays(
            connection,
            published=published,
            source=ListSource.FILE,
            by=SYSTEM,
            now=datetime.now(UTC),
            calendar=law_of(connection).calendar,
        )
    if done.number is None:
        typer.echo("It says what is known already.")
    else:
        typer.echo(f"List {done.number} {'is proposed' if done.anew else 'was proposed already'}.")
