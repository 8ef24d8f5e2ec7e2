"""Commands that take in records of the force's own systems, and say in which form they must be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from victimcare.cli.installation import AsJson, law_of_database, open_database, read_settings, say, vault_of_database
from victimcare.presentation.words import counted

if TYPE_CHECKING:
    from victimcare.exchange.records.importing import RecordsReport
    from victimcare.exchange.records.preview import Preview

_SHOWN = 20


def import_rms(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="JSON Lines or CSV files, plain or .gz, or folders.")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="A force's own columns: a TOML file, or a name.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Store nothing: say what would become of it.")] = False,
    as_json: AsJson = False,
    rejects: Annotated[Path, typer.Option(help="Where refused records go.")] = Path("data/records-rejects.csv"),
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a record.")] = False,
    csvw: Annotated[bool, typer.Option("--csvw", help="Print the CSVW metadata of the CSV form.")] = False,
) -> None:
    """Records of the force's own systems: crimes, victims, events and more. Again, they change nothing.

    Ends with 1 where anything is refused, missing or different from what its source says.
    """
    if schema or csvw:
        _print_form(csvw=csvw)
        return
    if not paths:
        raise typer.BadParameter("say which files or folders to read", param_hint="PATHS")
    if preview:
        _preview(paths, profile, as_json=as_json)
    else:
        _import(paths, profile, rejects, as_json=as_json)


def _print_form(*, csvw: bool) -> None:
    from victimcare.exchange.records.csv_files import csvw_text
    from victimcare.exchange.records.schema import json_schema_text

    typer.echo(csvw_text() if csvw else json_schema_text(), nl=False)


def _import(paths: list[Path], profile: str | None, rejects: Path, *, as_json: bool) -> None:
    from victimcare.exchange.progress import progress_bar
    from victimcare.exchange.records.importing import import_records
    from victimcare.exchange.records.profiles import find_profile, read_profile

    by = read_profile(find_profile(profile)) if profile else None
    settings = read_settings()
    with open_database(settings) as database, progress_bar("Importing") as progress:
        report = import_records(
            database,
            paths,
            law=law_of_database(database),
            vault=vault_of_database(database, settings),
            now=datetime.now(UTC),
            profile=by,
            progress=progress,
            rejects_path=rejects,
        )
    typer.echo(json.dumps(report.as_json()) if as_json else "\n".join(_in_words(report)))
    _say_what_is_wrong(report)
    if not report.is_whole:
        raise typer.Exit(1)


def _in_words(report: RecordsReport) -> list[str]:
    figures = report.as_json()
    said = [f"{name:12} {figures[name]}" for name in ("files", "lines", "duplicate", "joined", "kept_here", "rejected")]
    said += _passed_over(report.passed_over)
    said += [
        f"{kind:12} " + ", ".join(f"{count} {fate}" for fate, count in fates.items())
        for kind, fates in figures["records"].items()
    ]
    for side in report.reconciliation.sides:
        same = "the same" if side.hash_there == side.hash_here else "DIFFERENT"
        said.append(f"{side.source} {side.kind}: {side.there} there, {side.here} here, contents {same}")
        said += [f"  {count} {what}" for what, count in _beside(side) if count]
    return said


def _passed_over(rows: int) -> list[str]:
    return [f"The profile makes no record of {counted(rows, 'row')}: no only_if of it holds there"] if rows else []


def _beside(side: object) -> list[tuple[str, int]]:
    from victimcare.editions.force_policy import published_policy

    days = published_policy().keep_waiting
    names = {
        "waiting": f"wait for what they hang on, and are forgotten {days} days after they came last",
        "changed_here": "were changed here since",
    }
    names["disposed"] = "were disposed of here"
    return [(words, getattr(side, name)) for name, words in names.items()]


def _say_what_is_wrong(report: RecordsReport) -> None:
    for one in report.reconciliation.different[:_SHOWN]:
        say(f"{one.source} {one.kind} {one.source_id}: {one.why.value} ({one.file}, line {one.line})")
    if report.reconciliation.differences > _SHOWN:
        say(f"{report.reconciliation.differences} records differ in all; --json names them")
    if report.rejects_path:
        rows = counted(report.rejected + report.kept_here, "row")
        say(f"What was not taken as it was said: {rows} of {report.rejects_path}")
    for refused in report.refused:
        say(str(refused))


def _preview(paths: list[Path], profile: str | None, *, as_json: bool) -> None:
    from victimcare.exchange.records.preview import preview_records
    from victimcare.exchange.records.profiles import find_profile, read_profile

    by = read_profile(find_profile(profile)) if profile else None
    settings = read_settings()
    with open_database(settings) as database:
        law, vault = law_of_database(database), vault_of_database(database, settings)
        found = preview_records(database, paths, law=law, vault=vault, now=datetime.now(UTC), profile=by)
    typer.echo(json.dumps(found.as_json()) if as_json else "\n".join(_preview_in_words(found)))
    for refused in found.files_refused:
        say(str(refused))
    if found.files_refused or found.refusals:
        raise typer.Exit(1)


def _preview_in_words(found: Preview) -> list[str]:
    said = ["Nothing was stored. This is what would become of it:"]
    said += [
        f"{kind:12} " + ", ".join(f"{count} {fate}" for fate, count in fates.items())
        for kind, fates in found.as_json()["records"].items()
    ]
    said += _passed_over(found.passed_over)
    said.append(f"{counted(found.moves, 'deadline')} would move, {counted(found.refusals, 'record')} would be refused")
    said += [
        f"  {one.case} {one.rule} {one.move}: {one.due_before or 'no day'} to {one.due_after or 'no day'}"
        f" ({one.kind} {one.source_id})"
        for one in found.moved[:_SHOWN]
    ]
    said += [f"  {one.file}, line {one.line}, {one.field or 'record'}: {one.why}" for one in found.refused[:_SHOWN]]
    return said
