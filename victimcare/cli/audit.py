"""Commands for the audit trail: whether anybody changed it, and the anchors that prove it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from victimcare.cli.installation import AsJson, anchor_file, open_database, read_settings
from victimcare.cli.sealing import KeyFile, sealing_key
from victimcare.presentation.words import counted

app = typer.Typer(no_args_is_help=True, help="Who saw and did what: check that nobody changed it.")

_Copy = Annotated[Path | None, typer.Option("--anchors", help="A copy of the anchors that was kept elsewhere.")]
_PublicKey = Annotated[str | None, typer.Option(help="What `victimcare audit public-key` printed, kept elsewhere.")]


@app.command()
def verify(anchors: _Copy = None, public_key: _PublicKey = None, as_json: AsJson = False) -> None:
    """Walk along every row; exit 1 naming the first that was changed, taken out, put in or moved."""
    from victimcare.exchange.progress import progress_bar
    from victimcare.queries.audit_check import check_audit

    settings = read_settings()
    known = anchor_file(settings, copy=anchors).anchors(public_key)
    with (
        open_database(settings) as database,
        progress_bar("Checking the audit") as progress,
        database.reading() as connection,
    ):
        found = check_audit(connection, known, progress=progress)
    for lost in found.lost:
        typer.echo(f"{lost}.", err=as_json)
    last = f"{known[-1].at:%Y-%m-%d %H:%M} UTC" if known else None
    wrong = found.wrong
    if as_json:
        typer.echo(json.dumps({"rows": found.rows, "anchors": len(known), "first_bad_row": wrong and wrong.seq}))
    elif wrong is None:
        typer.echo(f"{found.rows} rows checked, none of them changed.")
    if wrong is not None:
        typer.echo(f"The audit is not as it was written: {wrong.sentence}.", err=True)
        raise typer.Exit(1)
    if not as_json:
        typer.echo(
            f"{len(known)} anchors fit, the last of {last}."
            if last
            else "There are no anchors: rows taken from the end would not show. Run `victimcare audit anchor`."
        )


@app.command()
def anchor() -> None:
    """Write down now, outside the database, where the audit ends (the hourly job does the same)."""
    from victimcare.queries.audit_check import next_anchor

    settings = read_settings()
    anchors = anchor_file(settings)
    with open_database(settings) as database, database.reading() as connection:
        found = next_anchor(connection, anchors.last(), now=datetime.now(UTC))
    anchors.add(found)
    rows = ", ".join(str(head.seq) for head in found.heads) or "none"
    typer.echo(f"Anchored in {anchors.file}: the last rows of the chains are {rows}.")


@app.command()
def close(
    before: Annotated[str, typer.Option(help="The first month that stays, as 2025-01.")],
    to: Annotated[Path, typer.Option(help="The folder for the files.", file_okay=False)],
    key_file: KeyFile = None,
) -> None:
    """Move old months of the audit into sealed files; what is left, and the files, can still be checked."""
    from victimcare.exchange.closed_audit import close_months
    from victimcare.exchange.progress import progress_bar

    first, settings = _month(before), read_settings()
    key, count = sealing_key(settings, key_file, new=True), 0
    with open_database(settings) as database, progress_bar("Checking the audit") as progress:
        for done in close_months(
            database,
            to,
            before=first,
            key=key,
            anchors=anchor_file(settings),
            now=datetime.now(UTC),
            progress=progress,
        ):
            count += 1
            typer.echo(f"{done.file}: {done.segment.month}, {done.segment.rows:,} rows, read again, and whole.")
    typer.echo("Nothing of before that month is open." if not count else f"{counted(count, 'month')} closed.")


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="A file that `victimcare audit close` made.", exists=True)],
    case: Annotated[str | None, typer.Option(help="Only what was done with the case of this reference.")] = None,
    key_file: KeyFile = None,
    anchors: _Copy = None,
    public_key: _PublicKey = None,
) -> None:
    """Print the rows of a closed month, a line of JSON each, checked to the last; that you do is written down."""
    from victimcare.exchange.closed_audit import print_closed

    settings = read_settings()
    known = anchor_file(settings, copy=anchors).anchors(public_key)
    key = sealing_key(settings, key_file, new=False)
    with open_database(settings) as database:
        for line in print_closed(database, file, key=key, anchors=known, case=case, now=datetime.now(UTC)):
            typer.echo(line)


@app.command("rotate-key")
def rotate_key() -> None:
    """Sign anchors with a new key from now on. The old key signs that it is so, and is thrown away."""
    from victimcare.queries.audit_check import check_not_gone_back, current_anchor
    from victimcare.store import audit
    from victimcare.store.staff import SYSTEM

    settings = read_settings()
    anchors = anchor_file(settings)
    with open_database(settings) as database:
        now = datetime.now(UTC)
        with database.writing() as connection:
            check_not_gone_back(connection, anchors.last())
            audit.write(connection, at=now, operation="alteration", what="rotate audit key", person=SYSTEM)
        with database.reading() as connection:
            found = current_anchor(connection, now=now)
    public = anchors.rotate(found)
    typer.echo(f"Anchors are signed with a new key. Give those who check them elsewhere its public part:\n{public}")


def _month(written: str) -> date:
    try:
        return datetime.strptime(written, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        raise typer.BadParameter("a month as 2025-01", param_hint="--before") from None


@app.command("public-key")
def public_key() -> None:
    """What the anchors can be checked with on another machine."""
    typer.echo(anchor_file(read_settings()).public_key())
