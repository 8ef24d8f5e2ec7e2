"""The command line: what it prints, how it refuses, and that stopping it is no accident."""

import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.contents import contents, contents_hash
from tests.exchange.published import outcome, outcomes_file, street, street_file
from victimcare.cli import deadlines, program
from victimcare.editions.law import published_law
from victimcare.exchange.demonstration.build import Plan, build_demonstration
from victimcare.exchange.demonstration.people import HOW_TO_SIGN_IN
from victimcare.store.database import Database
from victimcare.store.migrate import upgrade
from victimcare.store.vault import Vault

COMMANDS = ["start", "web", "migrate", "demo", "import", "rebuild", "deadline", "deadline-batch", "jobs"]
TODAY = "2026-11-22T09:00Z"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds nothing, where commands are run."""
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command here: to start a process for it takes twenty times as long."""

    def run_command(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as here:
            here.chdir(folder)
            here.setattr(sys, "stdin", io.StringIO(stdin))
            for name, value in environment.items():
                here.setenv(name, value)
            code = in_process(here, *arguments)
        printed = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(code or 0), printed.out, printed.err)

    return run_command


@pytest.fixture
def run_apart(folder: Path) -> Run:
    """Run a command as a person would, in a process of its own."""

    def run_command(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "victimcare", *arguments],
            cwd=folder,
            input=stdin,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run_command


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demonstration") / "victimcare.db"
    upgrade(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    plan = Plan(datetime.fromisoformat(TODAY), victims=5)
    build_demonstration(database, plan, law=published_law(), vault=Vault(b"0" * 32))
    database.close()
    return file


@pytest.fixture
def demonstration(built_once: Path, folder: Path) -> Path:
    """A demonstration of five victims where commands look for the database."""
    file = folder / "data" / "victimcare.db"
    file.parent.mkdir()
    shutil.copyfile(built_once, file)
    return file


def in_process(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    """Run a command here, which is quicker; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["victimcare", *arguments])
    with pytest.raises(SystemExit) as ended:
        program.main()
    return ended.value.code


def test_help_names_every_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_process(monkeypatch, "--help") == 0
    printed = capsys.readouterr().out
    assert all(re.search(rf"\b{command}\b", printed) for command in COMMANDS)


def test_the_version_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_process(monkeypatch, "--version") == 0
    assert re.fullmatch(r"victimcare \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_a_deadline_is_printed_with_its_explanation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert in_process(monkeypatch, "deadline", "R6-ARR", "--from", "2026-05-22T15:00+01:00", "--tier", "enhanced") == 0
    day, explanation = capsys.readouterr().out.splitlines()
    assert day == "Tuesday 26 May 2026"
    assert explanation.startswith(
        "A suspect was arrested on Friday 22 May 2026. "
        "The victim has enhanced rights, so Bedfordshire Police must tell them within 1 working day."
    )


def test_a_deadline_is_printed_as_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_process(monkeypatch, "deadline", "R4-REF", "--from", "2026-05-22T15:00Z", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["rule"], answer["due_on"], answer["tier"]) == ("R4-REF", "2026-05-27", "standard")
    assert answer["explanation"].endswith("Evidence: quoted; of when it starts: secondary, not verified.")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["deadline", "R6-ARR", "--from", "2026-05-22T15:00"], 1, "has no offset"),
        (["deadline", "R6-ARR", "--from", "soon"], 1, "'soon' is not an instant"),
        (
            ["deadline", "R6-ARR", "--from", "0001-01-01T00:00+01:00"],
            1,
            "'0001-01-01T00:00+01:00' has no date in London",
        ),
        (["deadline", "R0", "--from", "2026-05-22T15:00Z"], 1, "has no rule 'R0'"),
        (["deadline", "R6-ARR", "--from", "2026-05-22T15:00Z", "--tier", "gold"], 1, "has no tier 'gold'"),
        (["deadline", "R6-ARR", "--from", "2126-05-22T15:00Z"], 1, "outside the calendar"),
        (["deadline", "R6-ARR"], 2, "Missing option '--from'"),
        (["deadlines"], 2, "No such command 'deadlines'"),
        (["demo", "--victims", "0"], 2, "greater than or equal to 1"),
        (["import", "police-uk"], 2, "Missing argument"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    arguments: list[str], code: int, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert in_process(monkeypatch, *arguments) == code
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.out == ""


def test_an_error_that_nobody_foresaw_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise KeyError("Amber Example")

    monkeypatch.setattr(deadlines, "the_law", broken)
    assert in_process(monkeypatch, "deadline", "R6-ARR", "--from", "2026-05-22T15:00Z") == 1
    printed = capsys.readouterr().err
    assert re.fullmatch(r"victimcare: KeyError at test_program.py:\d+\n", printed)


def test_a_batch_is_answered_row_by_row_and_exits_1_for_a_bad_one(run_apart: Run) -> None:
    rows = "id,rule,tier,started_at\n1,R6-ARR,enhanced,2026-05-22T15:00:00+01:00\n2,R6-ARR,enhanced,never\n"
    answered = run_apart("deadline-batch", stdin=rows)
    assert answered.returncode == 1
    header, good, bad = csv.reader(answered.stdout.splitlines())
    assert header == ["id", "due_on", "explanation", "error"]
    assert good[:2] == ["1", "2026-05-26"]
    assert bad == ["2", "", "", "'never' is not an instant like 2026-05-22T15:00+01:00"]
    assert answered.stderr == "victimcare: 1 row could not be answered: the last column says why\n"


def test_a_batch_without_a_bad_row_exits_0_and_one_of_other_columns_is_refused(run_apart: Run) -> None:
    assert run_apart("deadline-batch", stdin="id,rule,tier,started_at\n").stdout == "id,due_on,explanation,error\n"
    refused = run_apart("deadline-batch", stdin="a,b\n1,2\n")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "victimcare: the first line must be id,rule,tier,started_at, and it is a,b\n"


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    rows = "id,rule,tier,started_at\n" + "1,R6-ARR,enhanced,2026-05-22T15:00Z\n" * 20_000
    command = f"{sys.executable} -m victimcare deadline-batch | head -n 1"
    answered = subprocess.run(["bash", "-c", command], input=rows, cwd=folder, capture_output=True, text=True)
    assert (answered.stdout, answered.stderr) == ("id,due_on,explanation,error\n", "")


@pytest.mark.parametrize("victims", ["5", pytest.param("40", marks=pytest.mark.slow)])
def test_the_same_demonstration_comes_out_of_any_process(run_apart: Run, folder: Path, victims: str) -> None:
    hashes = set()
    for number in (1, 2):
        url = f"sqlite:///{folder}/{number}.db"
        made = run_apart(
            "demo", "--victims", victims, "--at", TODAY, VICTIMCARE_DATABASE_URL=url, PYTHONHASHSEED=str(number)
        )
        assert (made.returncode, made.stderr) == (0, "")
        hashes.add(contents_hash(Database(url)))
    assert len(hashes) == 1
    assert (folder / "data" / "vault.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("demonstration")
def test_a_second_demonstration_is_refused(run: Run) -> None:
    again = run("demo", "--victims", "5", "--at", TODAY)
    assert again.returncode == 1
    assert again.stderr.startswith("victimcare: this database holds cases or another demonstration already")


def test_published_crimes_are_imported_once(run: Run, folder: Path) -> None:
    published = folder / "published"
    street_file(published, "2022-03", street("a", "2022-03"), street("b", "2022-03", crime_type="Drugs"))
    outcomes_file(published, "2022-05", outcome("a", "2022-05"), "not,a,row")
    first, second = (run("import", "police-uk", str(published), "--json") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    figures = json.loads(first.stdout)
    assert (figures["cases"], figures["excluded"], figures["rejected"]) == (1, {"Drugs": 1}, 1)
    assert json.loads(second.stdout)["cases"] == 0
    assert first.stderr == "victimcare: 1 rows were rejected: data/police-uk-rejects.csv says why\n"
    assert "2022-05-bedfordshire-outcomes.csv" in (folder / "data" / "police-uk-rejects.csv").read_text()


def test_a_refused_file_is_an_error(run: Run, folder: Path) -> None:
    wrong = folder / "2022-03-bedfordshire-street.csv"
    wrong.write_text("a,b\n1,2\n")
    refused = run("import", "police-uk", str(wrong))
    assert refused.returncode == 1
    assert str(wrong.name) in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.usefixtures("demonstration")
def test_jobs_are_listed_and_run(run: Run) -> None:
    done = run("jobs", "run", "find-breaches", "--at", "2026-11-22T10:00Z", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    listed = run("jobs", "list").stdout
    assert re.search(r"^find-breaches +never +\w", listed, re.MULTILINE)
    unknown = run("jobs", "run", "nothing")
    assert unknown.returncode == 1
    assert "Traceback" not in unknown.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["rebuild", "--check"],
        ["rebuild"],
        ["jobs", "list"],
        ["jobs", "run", "find-breaches"],
        ["jobs", "serve"],
        ["web"],
        ["accounts", "list"],
        ["audit", "verify"],
        ["backup"],
    ],
    ids=" ".join,
)
def test_a_mistyped_address_is_not_taken_for_an_empty_database(run: Run, folder: Path, arguments: list[str]) -> None:
    refused = run(*arguments, VICTIMCARE_DATABASE_URL=f"sqlite:///{folder}/x/none.db")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"there is no database of this program at {folder}/x/none.db" in refused.stderr
    assert not (folder / "x").exists()


def test_what_is_no_address_of_a_database_is_a_sentence(run: Run) -> None:
    refused = run("jobs", "list", VICTIMCARE_DATABASE_URL="foo://hunter2@bar")
    assert refused.returncode == 1
    assert refused.stderr.startswith("victimcare: VICTIMCARE_DATABASE_URL is no address of a database")
    assert "hunter2" not in refused.stderr


def test_a_database_that_is_newer_than_the_program_is_refused(run: Run, demonstration: Path) -> None:
    with sqlite3.connect(demonstration) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    refused = run("jobs", "list")
    assert refused.returncode == 1
    assert "the database is at migration 9999" in refused.stderr


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Started:
    """`victimcare start` as `make run` starts it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "victimcare", "start"],
            cwd=folder,
            env={**os.environ, "VICTIMCARE_PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def wait_until_it_answers(self) -> None:
        for _ in range(600):
            try:
                with urllib.request.urlopen(self.address, timeout=5) as page:  # noqa: S310
                    assert page.status == 200
                    return
            except OSError:
                assert self._process.poll() is None, self._process.communicate()[0]
                time.sleep(0.2)
        raise TimeoutError

    def stopped_by(self, signalled: signal.Signals) -> tuple[str, int]:
        """What it printed and its exit code."""
        self._process.send_signal(signalled)
        printed, _ = self._process.communicate(timeout=60)
        return printed, self._process.returncode

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture
def start(folder: Path, port: int) -> Iterator[Callable[[], Started]]:
    started: list[Started] = []

    def begin() -> Started:
        started.append(Started(folder, port))
        return started[-1]

    yield begin
    for each in started:
        each.end()


@pytest.mark.parametrize("signalled", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGTERM])
def test_started_again_it_has_what_was_there_and_stops_without_a_traceback(
    demonstration: Path, start: Callable[[], Started], signalled: signal.Signals
) -> None:
    before = recorded(demonstration)
    service = start()
    service.wait_until_it_answers()
    printed, code = service.stopped_by(signalled)
    assert code == 0
    assert "Traceback" not in printed
    assert printed.splitlines()[-1] == "Stopped."
    assert service.address in printed
    assert HOW_TO_SIGN_IN in printed
    after = recorded(demonstration)
    assert all(set(rows) <= set(after[table]) for table, rows in before.items())
    assert {table: len(after[table]) for table in NOBODY_ADDS_TO} == {
        table: len(before[table]) for table in NOBODY_ADDS_TO
    }


RECORDED = {"crime", "victim", "assignment", "journey_event", "person", "team"}
NOBODY_ADDS_TO = RECORDED - {"journey_event"}


def recorded(demonstration: Path) -> dict[str, list[str]]:
    """What people recorded; deadlines and breaches, which the jobs of a later day change, are left out."""
    database = Database(f"sqlite:///{demonstration}")
    with database.reading() as connection:
        rows = contents(connection)
    database.close()
    return {table: rows[table] for table in RECORDED}


def test_interrupted_while_it_invents_it_goes_on_at_the_next_start(folder: Path, start: Callable[[], Started]) -> None:
    service = start()
    file = folder / "data" / "victimcare.db"
    while not file.exists() or cases_in(file) == 0:
        time.sleep(0.05)
    printed, code = service.stopped_by(signal.SIGINT)
    assert (printed.splitlines()[-1], code) == ("victimcare: stopped", 130)
    assert 0 < cases_in(file) < 2000


def cases_in(file: Path) -> int:
    connection = sqlite3.connect(file, timeout=30)
    try:
        return int(connection.execute("SELECT count(*) FROM victim_case").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_an_address_that_is_taken_is_a_sentence(run: Run, port: int) -> None:
    assert run("migrate").returncode == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = run("web", VICTIMCARE_PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"victimcare: cannot listen at 127.0.0.1:{port}")


def test_deadlines_are_checked_and_derived_again(run: Run, demonstration: Path) -> None:
    assert run("rebuild", "--check").stdout == "Every deadline and every case is as derived.\n"
    with sqlite3.connect(demonstration) as connection:
        connection.execute("UPDATE due SET due_on = '2020-01-01' WHERE rule = 'R4-REF'")
    connection.close()
    differing = run("rebuild", "--check")
    assert differing.returncode == 1
    assert differing.stdout.count("due_on is 2020-01-01, derived 2026-") == 5
    assert run("rebuild").stdout == "5 cases derived again, 5 deadlines and 0 rows of cases corrected.\n"
    assert run("rebuild", "--check").returncode == 0
