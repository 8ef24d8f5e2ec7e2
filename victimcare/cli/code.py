"""Commands for the editions of the Code: which are law, what another would change, and proposing it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from victimcare.cli.installation import law_of, open_database, read_settings

app = typer.Typer(no_args_is_help=True, help="The editions of the Code: show them, see what another would change.")
_FILE = typer.Argument(help="An edition as a TOML file (docs/the-code.md).")


@app.command()
def show() -> None:
    """The editions that are law here, the one that is proposed, and what it says otherwise."""
    from victimcare.domain.calendar import london_date
    from victimcare.domain.explanation import in_words
    from victimcare.queries.code_editions import code_editions

    with open_database(read_settings()) as database, database.reading() as connection:
        found = code_editions(connection, law=law_of(connection), today=london_date(datetime.now(UTC)))
    for edition in found.editions:
        until = f" until the day before {in_words(edition.in_force_to)}" if edition.in_force_to else ""
        typer.echo(f"Edition {edition.id}: in force from {in_words(edition.in_force_from)}{until}.")
    if found.cases_waiting:
        typer.echo(f"{found.cases_waiting} cases still have to follow.")
    if found.proposed is None:
        typer.echo("No other edition is proposed.")
        return
    typer.echo(f"Edition {found.proposed.edition.id} is proposed (number {found.proposed.number}):")
    for one in found.proposed.differences:
        marked = "" if one.verified else " (not verified)"
        typer.echo(f"  {one.entry.id} {one.difference}: {one.entry.title}{marked}")
        for change in one.changes:
            typer.echo(f"    {change}")


@app.command()
def preview(file: Annotated[Path | None, _FILE] = None) -> None:
    """What the edition in this file, or the proposed one, would change if it were approved now; nothing is changed."""
    from victimcare.commands.propose_edition import readable_edition
    from victimcare.domain.explanation import in_words
    from victimcare.exchange.progress import progress_bar
    from victimcare.queries.edition_preview import edition_preview
    from victimcare.store.code_editions import waiting_text
    from victimcare.store.staff import SYSTEM

    with (
        open_database(read_settings()) as database,
        progress_bar("Looking") as progress,
        database.reading() as connection,
    ):
        law, now = law_of(connection), datetime.now(UTC)
        text = _text_of(file) if file else waiting_text(connection)
        edition = readable_edition(connection, text=text, law=law, now=now)
        found = edition_preview(connection, person=SYSTEM, edition=edition, law=law, now=now, progress=progress)
    typer.echo(
        f"Edition {edition.id} would change {found.duties} duties in {found.cases} cases, of {found.touched} looked at."
    )
    for count in found.counts:
        typer.echo(f"  {count.team}: {count.title}: {count.what}: {count.duties}")
        for words, days in (("due", count.before), ("would be due", count.after)):
            if days:
                typer.echo(f"    {words} {in_words(days[0])}{f' to {in_words(days[1])}' if days[0] < days[1] else ''}")


@app.command()
def propose(file: Annotated[Path, _FILE]) -> None:
    """Propose the edition for the Code lead to decide on; nothing changes before that."""
    from victimcare.commands.propose_edition import EditionSource, propose_edition
    from victimcare.store.staff import SYSTEM, ensure_system

    text = _text_of(file)
    with open_database(read_settings()) as database, database.writing() as connection:
        ensure_system(connection)
        done = propose_edition(
            connection,
            text=text,
            source=EditionSource.FILE,
            by=SYSTEM,
            now=datetime.now(UTC),
            law=law_of(connection),
        )
    typer.echo(
        f"Edition {done.edition} {'is proposed' if done.anew else 'was proposed already'}, number {done.number}."
    )


def _text_of(file: Path) -> str:
    from victimcare.editions.reading import BadEdition

    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        raise BadEdition(file, "", "", "it cannot be read as text") from broken
