"""What docs/integration.md tells to do is done, word by word, over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from httpx2 import Client
from sqlalchemy import select
from standardwebhooks import Webhook

from tests import force
from tests.notices.servers import free_port
from tests.web.casework import Casework, add_strangers
from tests.web.routes.test_service_referrals import Helping
from tests.web.site import Site, add_people, make_site, served
from tests.web.systems import System, listed_hearing, register, told_system
from victimcare.cli import program
from victimcare.commands.send_message import Post
from victimcare.domain.agencies import OWN_AGENCY, SUPPORT_SERVICE
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.law import Law
from victimcare.editions.force_policy import published_policy
from victimcare.editions.law import published_law
from victimcare.jobs.events_out import tell_systems
from victimcare.jobs.work import Work, utc_now
from victimcare.notices.event_channel import EventChannel
from victimcare.notices.mailbox import Mailbox
from victimcare.store.key_file import KEY_BYTES, encoded
from victimcare.store.webhook_events import ATTEMPTS

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs/integration.md").read_text("utf-8")
OF_AGENCIES, _, OF_RECORDS = GUIDE.partition("# Records of the force's own systems\n")
ASKING, _, TOLD = OF_AGENCIES.partition("## Being told")
STEPS, RECEIVER, BRINGING = (re.findall(r"```python\n(.*?)```", part, re.DOTALL) for part in (ASKING, TOLD, OF_RECORDS))
SAID = re.compile(r"print\(.*\)  # (.*)")


@contextmanager
def a_force(sqlite_url: str, law: Law, folder: Path) -> Iterator[dict[str, str]]:
    """A force with a case at court and a referral, its systems registered, served; what their people know of it."""
    site = make_site(sqlite_url, law)
    add_people(site.database)
    add_strangers(site)
    casework = Casework(site)
    helping = Helping(casework, folder)
    listed_hearing(casework)
    known: dict[str, System] = {
        "COURT": register(casework, "hmcts"),
        "UNIT": register(casework, "witness_care_unit"),
        "SERVICE": register(casework, SUPPORT_SERVICE, service=helping.desk.service),
    }
    with served(site) as address:
        yield {"VICTIMCARE": address} | {
            f"{name}_{what}": value
            for name, system in known.items()
            for what, value in (("ID", system.id), ("SECRET", system.secret))
        }
    site.database.close()


def test_the_worked_example_works(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "clients/python"))
    assert len(STEPS) == 6
    with a_force(sqlite_url, published_law(), tmp_path) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        names: dict[str, Any] = {}
        for step in STEPS:
            run(step, names)
    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("20")]
    assert said == SAID.findall(ASKING)


def test_the_receiver_takes_what_the_court_is_told_and_nothing_that_is_forged(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "clients/python"))
    made, asked = RECEIVER
    port = free_port()
    site = make_site(sqlite_url, published_law())
    add_people(site.database)
    casework = Casework(site)
    court = told_system(casework, url=f"http://127.0.0.1:{port}/told")
    listed_hearing(casework)
    known = {"COURT_ID": court.id, "COURT_SECRET": court.secret, "COURT_SIGNS": court.signs, "COURT_PORT": str(port)}
    with served(site) as address:
        for name, value in {"VICTIMCARE": address, **known}.items():
            monkeypatch.setenv(name, value)
        names: dict[str, Any] = {}
        run(STEPS[0].partition("\n\ncourt")[0] + "\n", names)
        run(made, names)
        with names["receiver"] as receiver:
            telling = Thread(target=tell, args=(site, tmp_path))
            telling.start()
            run(asked, names)
            telling.join()
            forged = Thread(target=forge, args=(port,))
            forged.start()
            receiver.handle_request()
            forged.join()
    assert [line for line in capsys.readouterr().out.splitlines() if line in SAID.findall(TOLD)] == SAID.findall(TOLD)
    assert [each["type"] for each in names["told"].values()] == ["victimcare.duty.owed"]
    with site.database.reading() as connection:
        assert connection.execute(select(ATTEMPTS.c.status)).scalars().all() == [204]
    site.database.close()


def test_the_records_system_brings_a_few_records_and_is_told_what_became_of_each(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "clients/python"))
    site = make_site(sqlite_url, published_law())
    add_people(site.database)
    with site.database.writing() as connection:
        connection.exec_driver_sql("UPDATE team SET area = 'Luton' WHERE area = 'E01'")
    system = register(Casework(site), OWN_AGENCY)
    with served(site) as address:
        known = {"VICTIMCARE": address, "RECORDS_ID": system.id, "RECORDS_SECRET": system.secret}
        for name, value in known.items():
            monkeypatch.setenv(name, value)
        names: dict[str, Any] = {}
        run(STEPS[0].partition("\n\ncourt")[0] + "\n", names)
        [example] = BRINGING
        run(example, names)
    assert [line for line in capsys.readouterr().out.splitlines() if line[:1] == "{"] == SAID.findall(OF_RECORDS)
    site.database.close()


def run(step: str, names: dict[str, Any]) -> None:
    exec(compile(step, "docs/integration.md", "exec"), names)  # noqa: S102 - that is what is tested


def tell(site: Site, folder: Path) -> None:
    """The job, at the time that it really is: a receiver refuses what was signed long ago."""
    work = Work(
        database=site.database,
        law=published_law(),
        channel=Mailbox(folder, sender="care@police.invalid"),
        now=utc_now(),
        post=Post(site.app.state.vault, published_policy()),
        events=EventChannel(loopback=True),
    )
    tell_systems(work)


def forge(port: int) -> None:
    """What somebody sends who has not the secret."""
    body = b'{"id": "forged", "type": "victimcare.duty.owed"}'
    at = utc_now()
    signed = Webhook("whsec_" + "A" * 43 + "=").sign("forged", at, body.decode())
    headers = {"webhook-id": "forged", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signed}
    answer = Client(trust_env=False).post(f"http://127.0.0.1:{port}/told", content=body, headers=headers)
    assert answer.status_code == 401


def test_the_guide_speaks_of_every_scope_and_of_no_address_that_is_none() -> None:
    contract = json.loads((ROOT / "docs/api/v1.json").read_text("utf-8"))
    assert all(f"`{scope.value}`" in GUIDE for scope in ApiScope)
    named = {path.split("?")[0] for path in re.findall(r"\$VICTIMCARE(/api/[^\s\"]+)", GUIDE)}
    assert {path.replace("$CASE", "{ref}") for path in named} <= set(contract["paths"])


RECORDS = GUIDE.split("# Records of the force's own systems")[1]
FILES = dict(zip(("monday.jsonl", "tuesday.jsonl"), re.findall(r"```json\n(.*?)```", RECORDS, re.DOTALL), strict=True))
SESSIONS = re.findall(r"^\$ victimcare (.*?)\n(.*?)(?=^\$|^```)", RECORDS, re.DOTALL | re.MULTILINE)


def test_the_example_of_records_prints_what_it_says(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/victimcare.db").write_bytes(sqlite_template.read_bytes())
    force.a_force(f"sqlite:///{tmp_path}/data/victimcare.db").database.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VICTIMCARE_VAULT_KEY", encoded(bytes(KEY_BYTES)))
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    assert len(SESSIONS) == 3
    for arguments, said in SESSIONS:
        monkeypatch.setattr("sys.argv", ["victimcare", *arguments.split()])
        with pytest.raises(SystemExit) as ended:
            program.main()
        printed = capsys.readouterr()
        assert ended.value.code == 0, printed.err
        assert re.sub(r"[0-9A-Z]{5}-[0-9A-Z]{5}", "CASE", printed.out) == said


def test_the_forms_that_the_program_prints_are_those_published(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for option, published in (("--schema", "records-v1.json"), ("--csvw", "csv-metadata.json")):
        monkeypatch.setattr("sys.argv", ["victimcare", "import", "rms", option])
        with pytest.raises(SystemExit):
            program.main()
        assert capsys.readouterr().out == (ROOT / "docs/records" / published).read_text("utf-8")
