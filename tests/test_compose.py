"""The set of docker-compose.yml, each service's command run as a process with its own health check: no engine needed.

The database, the mail server and the ports are those of this machine; all else is as the file says.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.notices.servers import Received, free_port, mail_server
from tests.postgres import Server

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
OURS = ("migrate", "web", "jobs")
PATIENCE = 60


class Containers:
    """Runs our services' commands in one folder, which takes the place of their volume."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment

    def once(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the image to its end."""
        return subprocess.run(self._command(command), **self._how(), capture_output=True, text=True, timeout=PATIENCE)

    @contextmanager
    def running(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a service while the block lasts, and stop it as an engine does."""
        with (self.folder / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(
                self._command(COMPOSE["services"][service]["command"]), **self._how(), stdout=log, stderr=log
            )
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE)

    def becomes_healthy(self, service: str) -> bool:
        """Ask as the file says, until it answers or patience is over."""
        kind, *check = COMPOSE["services"][service]["healthcheck"]["test"]
        assert kind == "CMD"
        ours = [part.replace(":8000", f":{self.environment['VICTIMCARE_PORT']}") for part in check]
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.once(*ours).returncode == 0:
                return True
            time.sleep(0.2)
        return False

    def _command(self, command: Any) -> list[str]:
        program = [sys.executable] if command[0] == "python" else [sys.executable, "-m", "victimcare"]
        return [*program, *(command[1:] if command[0] in ("python", "victimcare") else command)]

    def _how(self) -> dict[str, Any]:
        return {"cwd": self.folder, "env": {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}}


@pytest.fixture
def received() -> Received:
    """What the mail server took."""
    return Received()


@pytest.fixture
def containers(postgresql_server: Server, received: Received, tmp_path: Path) -> Iterator[Containers]:
    """The set's environment, with this machine's addresses in the place of the names of other services."""
    said = {name: str(value) for name, value in COMPOSE["services"]["web"]["environment"].items()}
    database = f"victimcare_test_{uuid.uuid4().hex}"
    with ExitStack() as stack:
        own = {
            "VICTIMCARE_DATABASE_URL": postgresql_server.create(database),
            "VICTIMCARE_HOST": "127.0.0.1",
            "VICTIMCARE_PORT": str(free_port()),
            "VICTIMCARE_SMTP_HOST": "127.0.0.1",
            "VICTIMCARE_SMTP_PORT": str(stack.enter_context(mail_server(received))),
        }
        assert said.keys() - own.keys() == {"PGPASSWORD"}
        yield Containers(tmp_path, own)
    postgresql_server.drop(database)


@pytest.mark.slow
@pytest.mark.postgres
def test_the_set_starts_in_its_order_is_healthy_and_stops_when_it_is_told_to(
    containers: Containers, received: Received
) -> None:
    assert containers.once(*COMPOSE["services"]["migrate"]["command"]).returncode == 0
    filled = containers.once("demo", "--victims", "60")
    assert filled.returncode == 0, filled.stderr
    with containers.running("web") as web, containers.running("jobs") as jobs:
        assert containers.becomes_healthy("web")
        assert containers.becomes_healthy("jobs")
        until = time.monotonic() + PATIENCE
        while not received.messages and time.monotonic() < until:
            time.sleep(0.2)
    assert (web.returncode, jobs.returncode) == (0, 0)
    assert received.messages, "no notice of the demonstration reached the mail server"
    assert "Traceback" not in "".join(log.read_text("utf-8") for log in containers.folder.glob("*.log"))


def test_each_of_ours_waits_for_what_it_needs() -> None:
    needs = {name: set(COMPOSE["services"][name].get("depends_on", ())) for name in OURS}
    assert needs == {"migrate": {"postgres"}, "web": {"migrate"}, "jobs": {"migrate", "mail"}}
    assert {COMPOSE["services"][name]["image"] for name in OURS} == {"victimcare"}


def test_pages_and_jobs_run_twice_each_at_a_port_of_its_own() -> None:
    twice = {name for name, service in COMPOSE["services"].items() if service.get("deploy") == {"replicas": 2}}
    assert twice == {"web", "jobs"}
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:8000-8001:8000"]


def test_nothing_is_reached_from_another_machine_and_no_password_is_in_the_file() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    password = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${POSTGRES_PASSWORD:?")


def test_the_image_can_back_up_the_server_of_the_set() -> None:
    """pg_dump refuses a server that is newer than itself."""
    (server,) = re.findall(r"postgres:(\d+)", COMPOSE["services"]["postgres"]["image"])
    assert f"postgresql-client-{server} " in DOCKERFILE
