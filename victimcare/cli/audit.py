"""Commands for the audit trail: whether anybody changed it, and the anchors that prove it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from victimcare.cli.installation import AsJson, anchor_file, open_database, read_settings

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
    from victimcare.queries.audit_check import current_anchor

    settings = read_settings()
    with open_database(settings) as database, database.reading() as connection:
        found = current_anchor(connection, now=datetime.now(UTC))
    anchors = anchor_file(settings)
    anchors.add(found)
    rows = ", ".join(str(head.seq) for head in found.heads) or "none"
    typer.echo(f"Anchored in {anchors.file}: the last rows of the chains are {rows}.")


@app.command("rotate-key")
def rotate_key() -> None:
    """Sign anchors with a new key from now on. The old key signs that it is so, and is thrown away."""
    from victimcare.queries.audit_check import current_anchor
    from victimcare.store import audit
    from victimcare.store.staff import SYSTEM

    settings = read_settings()
    with open_database(settings) as database:
        now = datetime.now(UTC)
        with database.writing() as connection:
            audit.write(connection, at=now, operation="alteration", what="rotate audit key", person=SYSTEM)
        with database.reading() as connection:
            found = current_anchor(connection, now=now)
    public = anchor_file(settings).rotate(found)
    typer.echo(f"Anchors are signed with a new key. Give those who check them elsewhere its public part:\n{public}")


@app.command("public-key")
def public_key() -> None:
    """What the anchors can be checked with on another machine."""
    typer.echo(anchor_file(read_settings()).public_key())
