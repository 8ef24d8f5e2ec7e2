"""The command line: `victimcare --help` lists every command. An error is a sentence, never a traceback."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from victimcare.commands.send_message import Post
    from victimcare.domain.law import Law
    from victimcare.exchange.deadline_batch import DeadlineCalculator
    from victimcare.exchange.demonstration.build import Plan
    from victimcare.settings import Settings
    from victimcare.store.database import Database
    from victimcare.store.vault import Vault

# What a command needs is imported inside it, so that the others start at once.

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
imports = typer.Typer(no_args_is_help=True, help="Bring data in.")
jobs = typer.Typer(no_args_is_help=True, help="What runs by itself: list it, run one, or serve them all.")
app.add_typer(imports, name="import")
app.add_typer(jobs, name="jobs")

_At = Annotated[str | None, typer.Option(help="As of when, if not now: ISO 8601 with an offset or Z.")]
_INTERRUPTED = 130
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command line; exit 1 with a sentence on an error, 2 on wrong usage, 130 on Ctrl-C."""
    try:
        code = app(prog_name="victimcare", standalone_mode=False) or 0
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except typer.TyperException as wrong:
        wrong.show()  # type: ignore[attr-defined]
        code = wrong.exit_code  # type: ignore[attr-defined]
    except Exception as error:
        _say(_sentence(error))
        code = 1
    if code == _INTERRUPTED:
        _say("stopped")
    sys.exit(code)


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if show_version:
        typer.echo(f"victimcare {version('victimcare')}")
        raise typer.Exit


@app.command()
def start() -> None:
    """Everything in one process: create the database and its demonstration if need be, then pages and jobs."""
    from victimcare.exchange.demonstration.build import Plan, state_of

    with _database(settings := _settings(), migrate=True) as database:
        with database.reading() as connection:
            state = state_of(connection)
        if state.empty or state.unfinished:
            typer.echo("Filling the database with a demonstration, which takes about half a minute")
            _build(database, settings, state.unfinished or Plan(datetime.now(UTC)))
        _serve(database, settings, jobs_too=True)


@app.command()
def web() -> None:
    """Only the pages."""
    with _database(settings := _settings()) as database:
        _serve(database, settings, jobs_too=False)


@app.command()
def migrate() -> None:
    """Bring the database's tables to the newest shape."""
    with _database(_settings(), migrate=True):
        typer.echo("The database is up to date.")


@app.command()
def demo(
    police_uk: Annotated[Path | None, typer.Option(help="Published crimes to add journeys to: a folder.")] = None,
    victims: Annotated[int, typer.Option(min=1, help="How many victims to invent.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed at the same instant makes the same content.")] = 1,
    at: _At = None,
) -> None:
    """Fill an empty database with invented people and their journeys."""
    from victimcare.exchange.demonstration.build import Plan
    from victimcare.exchange.demonstration.people import HOW_TO_SIGN_IN

    plan = Plan(_instant(at) if at else datetime.now(UTC), victims, seed, police_uk)
    with _database(settings := _settings(), migrate=True) as database:
        _build(database, settings, plan)
    typer.echo(HOW_TO_SIGN_IN)


@imports.command("police-uk")
def import_published_crimes(
    paths: Annotated[list[Path], typer.Argument(help="CSV files or folders of data.police.uk, plain or .gz.")],
    as_json: _AsJson = False,
    rejects: Annotated[Path, typer.Option(help="Where refused rows go.")] = Path("data/police-uk-rejects.csv"),
) -> None:
    """Published crimes become cases, published outcomes events of their journeys. Again, it changes nothing."""
    from victimcare.exchange.police_uk import import_police_uk
    from victimcare.exchange.progress import progress_bar

    with _database(_settings()) as database, progress_bar("Importing") as progress:
        report = import_police_uk(
            database, paths, law=_law(), now=datetime.now(UTC), progress=progress, rejects_path=rejects
        )
    figures = report.as_json()
    typer.echo(json.dumps(figures) if as_json else "\n".join(f"{name:10} {figures[name]}" for name in figures))
    if report.left_out:
        _say(f"{report.left_out} outcomes were left out: their crimes are of a type without a victim")
    if report.rejects_path:
        _say(f"{report.rejected} rows were rejected: {report.rejects_path} says why")
    for refused in report.refused:
        _say(str(refused))
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
    with _database(_settings()) as database, progress_bar("Checking" if check else "Rebuilding") as progress:
        if not check:
            rebuilt = rebuilding.rebuild(database, law=_law(), now=now, progress=progress)
            typer.echo(
                f"{rebuilt.cases} cases derived again, {rebuilt.corrected} deadlines and "
                f"{rebuilt.corrected_cases} rows of cases corrected."
            )
            return
        differences = rebuilding.check(database, law=_law(), today=london_date(now), progress=progress)
    typer.echo("\n".join(map(str, differences)) or "Every deadline and every case is as derived.")
    if differences:
        raise typer.Exit(1)


@app.command()
def deadline(
    rule: Annotated[str, typer.Argument(help="A rule's id, such as R6-ARR.")],
    started_at: Annotated[str, typer.Option("--from", help="When the clock starts: ISO 8601 with an offset or Z.")],
    tier: Annotated[str, typer.Option(help="The victim's tier: standard or enhanced.")] = "standard",
    as_json: _AsJson = False,
) -> None:
    """By when a duty must be done, and why by then."""
    found = _calculator().deadline(rule=rule, tier=tier, started_at=started_at)
    typer.echo(json.dumps(found.as_json(), indent=2) if as_json else f"{found.due_in_words}\n{found.explanation}")


@app.command("deadline-batch")
def deadline_batch() -> None:
    """The deadlines of a CSV file (id,rule,tier,started_at) on standard input, as CSV on standard output."""
    from victimcare.exchange.deadline_batch import answer_file

    errors = answer_file(sys.stdin, sys.stdout, _calculator())  # type: ignore[arg-type]
    if errors:
        _say(f"{errors} rows could not be answered: their last column says why")
        raise typer.Exit(1)


@jobs.command("list")
def list_jobs() -> None:
    """Each job, when it last succeeded (UTC), and what it does."""
    from victimcare.jobs.schedule import JOBS
    from victimcare.store.job_runs import last_done

    with _database(_settings()) as database, database.reading() as connection:
        for job in JOBS:
            at = last_done(connection, job.name, until=datetime.now(UTC))
            typer.echo(f"{job.name:24} {f'{at:%Y-%m-%d %H:%M}' if at else 'never':18} {job.does}")


@jobs.command("run")
def run_one_job(
    name: Annotated[str, typer.Argument(help="A job of `victimcare jobs list`.")],
    at: _At = None,
    full: Annotated[bool, typer.Option("--full", help="Look at everything, not only at what is new.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done.")] = False,
) -> None:
    """Run one job now, or as of an instant."""
    from victimcare.jobs.runner import run_job
    from victimcare.notices.configured import configured_channel

    as_of = _instant(at) if at else None
    settings = _settings()
    with _database(settings) as database:
        post = _post(_key(settings), settings)
        channel = configured_channel(settings)
        finished = run_job(database, name, law=_law(), channel=channel, at=as_of, full=full, dry_run=dry_run, post=post)
    typer.echo(finished.summary)
    if not finished.succeeded:
        raise typer.Exit(1)


@jobs.command("serve")
def serve_jobs() -> None:
    """Run jobs until stopped, in a process of their own."""
    import signal
    from threading import Event

    from victimcare.jobs.runner import serve
    from victimcare.notices.configured import configured_channel

    settings, stop = _settings(), Event()
    for signalled in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signalled, lambda *_: stop.set())
    with _database(settings) as database:
        typer.echo("Jobs run until you press Ctrl-C.")
        post = _post(_key(settings), settings)
        serve(database, law=_law(), channel=configured_channel(settings), stop=stop, post=post)


def _serve(database: Database, settings: Settings, *, jobs_too: bool) -> None:
    """Pages, and jobs beside them, until Ctrl-C or a signal to end."""
    from victimcare.jobs.runner import scheduler
    from victimcare.notices.configured import configured_channel
    from victimcare.queries.job_runs import job_notices
    from victimcare.web.app import create_app
    from victimcare.web.serving import listen, serve

    vault = _vault(database, settings)
    application = create_app(settings=settings, law=_law(), database=database, vault=vault, notices=job_notices)
    listening = listen(settings.host, settings.port)
    _print_welcome(database, settings)
    channel, post = configured_channel(settings), _post(vault, settings)
    with scheduler(database, law=_law(), channel=channel, post=post) if jobs_too else nullcontext():
        serve(application, listening)
    typer.echo("Stopped.")


def _print_welcome(database: Database, settings: Settings) -> None:
    from victimcare.exchange.demonstration.people import HOW_TO_SIGN_IN
    from victimcare.queries.installation import is_demonstration

    with database.reading() as connection:
        demonstration = is_demonstration(connection)
    if demonstration:
        typer.echo(f"This is a demonstration: everything in it is invented. {HOW_TO_SIGN_IN}")
    typer.echo(f"victimcare is at http://{settings.host}:{settings.port} (Ctrl-C stops it)")


def _database(settings: Settings, *, migrate: bool = False) -> AbstractContextManager[Database]:
    from victimcare.store.opening import opened
    from victimcare.store.vault import kept_vault

    vault = partial(kept_vault, key=settings.vault_key, key_file=settings.vault_key_file)
    return opened(settings.database_url, migrate=migrate, vault=vault)


def _build(database: Database, settings: Settings, plan: Plan) -> None:
    from victimcare.exchange.demonstration.build import build_demonstration
    from victimcare.exchange.progress import progress_bar

    vault = _key(settings)
    with progress_bar("Inventing a demonstration") as progress:
        build_demonstration(database, plan, law=_law(), vault=vault, progress=progress)


def _vault(database: Database, settings: Settings) -> Vault:
    """The vault, with everything in it ready to be found. A wrong key is said, and stops nobody's other work."""
    from victimcare.store.contact_points import make_comparable
    from victimcare.store.vault import DoesNotOpen
    from victimcare.store.victim_names import make_findable

    vault = _key(settings)
    try:
        with database.writing() as connection:
            make_comparable(connection, vault)
        make_findable(database, vault)
    except DoesNotOpen as wrong:
        _say(str(wrong))
    return vault


def _key(settings: Settings) -> Vault:
    from victimcare.store.vault import vault_of

    return vault_of(key=settings.vault_key, key_file=settings.vault_key_file)


def _post(vault: Vault, settings: Settings) -> Post:
    """What sending to victims needs."""
    from victimcare.commands.send_message import Post
    from victimcare.editions.force_policy import published_policy

    return Post(vault, published_policy(), settings.text_messages_to)


def _settings() -> Settings:
    from victimcare.settings import Settings

    return Settings()


def _law() -> Law:
    from victimcare.editions.law import published_law

    return published_law()


def _calculator() -> DeadlineCalculator:
    from victimcare.exchange.deadline_batch import DeadlineCalculator

    return DeadlineCalculator(_law(), agency_names={"police": _settings().force_name})


def _instant(text: str) -> datetime:
    from victimcare.exchange.deadline_batch import instant_of

    return instant_of(text).astimezone(UTC)


def _say(sentence: str) -> None:
    typer.echo(f"victimcare: {sentence}", err=True)


def _sentence(error: Exception) -> str:
    """What to tell of an error: our own words, or where it came from."""
    if isinstance(error, OSError) or type(error).__module__.startswith("victimcare."):
        return str(error)
    place = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
