"""The command for board packs: make one into a folder, or find out whether one is still what it was made of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from victimcare.cli.installation import law_of_database, open_database, read_settings, say

app = typer.Typer()


@app.command()
def report(
    period: Annotated[str, typer.Argument(help="Such as 2026-q3, or year-to-2026-q3.")] = "",
    out: Annotated[Path, typer.Option(help="The folder that the files go into.")] = Path("."),
    since: Annotated[str, typer.Option(help="The period to hold it against, or none; else the one before it.")] = "",
    check: Annotated[str, typer.Option(help="Instead, derive the figures of the pack of this hash again.")] = "",
) -> None:
    """Make the board pack of a period from its published figures: HTML, PDF, ODS, CSV and JSON."""
    if check:
        _check(check)
        return
    from victimcare.exchange.board_packs import pack_into
    from victimcare.exchange.progress import progress_bar

    settings = read_settings()
    with open_database(settings) as database, progress_bar("Making the pack") as progress:
        made = pack_into(
            database,
            out,
            period_id=period,
            since=since,
            law=law_of_database(database),
            force=settings.force_name,
            threshold=settings.small_numbers_below,
            clock=lambda: datetime.now(UTC),
            progress=progress,
        )
    typer.echo(f"Pack {made.name}\n" + "\n".join(map(str, made.files)))
    if made.note:
        say(made.note)


def _check(name: str) -> None:
    from victimcare.exchange.board_packs import check_pack

    with open_database(read_settings()) as database:
        checked = check_pack(database, name, law=law_of_database(database))
    for fault in checked.faults:
        say(f"{checked.name}: {fault}")
    if checked.faults:
        raise typer.Exit(1)
    typer.echo(f"Pack {checked.name} is what it was made of, byte for byte.")
