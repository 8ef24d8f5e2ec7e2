"""A thin client of the API for partner agencies: one file to copy, that needs httpx2 and nothing of the service.

    with Agency("https://victimcare.example", client_id, secret) as agency:
        for duty in agency.duties():
            print(duty.case, duty.title, duty.due_on)
        agency.record(case, {"kind": "sentence_received", "happened_at": "2026-06-01", "subject": "Hearing 1"})

It takes a token when it needs one, gives each write a key of its own, and sends again what was not answered, with the
same key: so nothing is written twice. What is refused is raised as a `Problem`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Any

import httpx2

_LATER = (429, 503)
_EARLIER = 30.0
"""Seconds before a token ends from which another one is taken."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that your agency owes in a case. `name` names it in an answer."""

    name: str
    rule: str
    title: str
    subject: str | None
    standing: str
    due_on: date | None
    working_days_late: int
    must_tell: Mapping[str, str]
    answered_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A case as your agency knows it. `etag` is for `record(..., as_read=case)`."""

    ref: str
    version: int
    etag: str
    duties: tuple[Duty, ...]
    may_record: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyInList:
    """One duty in the list of all that your agency owes."""

    case: str
    rule: str
    title: str
    expected: bool
    due_on: date
    working_days_late: int


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral that lies with your service."""

    ref: str
    sent_on: date
    now: str
    now_on: date
    next_steps: tuple[str, ...]


@dataclass(frozen=True)
class Became:
    """What became of a record that was brought: `new`, `changed`, ... or `refused`, and why, by field."""

    became: str
    refused: Mapping[str, str]
    kept_here: tuple[str, ...]


class Problem(Exception):
    """What the service refused (RFC 9457). `slug` is the last part of its type: `no-such-case`, `case-changed`."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.slug = str(document.get("type", "")).rpartition(":")[2]
        self.detail = str(document.get("detail", ""))
        self.errors = {each["field"]: each["message"] for each in document.get("errors") or []}
        super().__init__(f"{status} {self.slug}: {self.detail} {self.errors or ''}".rstrip())


class Agency:
    """The system of an agency, as it is registered. `http` replaces the connection, `sleep` and `clock` the time."""

    def __init__(
        self,
        address: str,
        client_id: str,
        secret: str,
        *,
        http: httpx2.Client | None = None,
        tries: int = 4,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http or httpx2.Client(base_url=_safe(address), timeout=30)
        self._known = (client_id, secret)
        self._tries, self._sleep, self._clock = tries, sleep, clock
        self._token, self._token_until = "", 0.0

    def __enter__(self) -> Agency:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def cases(self) -> Iterator[tuple[str, int]]:
        """Reference and version of every case that concerns your agency."""
        for item in self._every("/api/v1/cases"):
            yield item["case"], item["version"]

    def duties(self) -> Iterator[DutyInList]:
        """All that your agency owes, the first due first."""
        for item in self._every("/api/v1/duties"):
            yield DutyInList(
                case=item["case"],
                rule=item["rule"],
                title=item["title"],
                expected=item["expected"],
                due_on=date.fromisoformat(item["due_on"]),
                working_days_late=item["working_days_late"],
            )

    def case(self, ref: str) -> Case:
        """What your agency owes in one case. Raises `Problem`."""
        answer = self._ask("GET", f"/api/v1/cases/{ref}")
        said = answer.json()
        duties = tuple(_duty(each) for each in said["duties"])
        return Case(said["case"], said["version"], answer.headers["etag"], duties, tuple(said["may_record"]))

    def record(self, ref: str, event: Mapping[str, Any], *, as_read: Case | None = None, key: str | None = None) -> str:
        """Record an event and return its key; with `as_read`, only if the case is still as it was read.

        Raises `Problem`: 409 where it cannot be recorded, 412 where the case has changed.
        """
        more = {"If-Match": as_read.etag} if as_read else {}
        return str(self._write(f"/api/v1/cases/{ref}/events", dict(event), key, more)["event"])

    def referrals(self) -> Iterator[Referral]:
        """Every referral that lies with your service."""
        return (_referral(item) for item in self._every("/api/v1/referrals"))

    def referral(self, ref: str) -> Referral:
        """How far one has come. Raises `Problem`."""
        return _referral(self._ask("GET", f"/api/v1/referrals/{ref}").json())

    def take_step(
        self, referral: str, step: str, happened_at: str, *, reason: str | None = None, key: str | None = None
    ) -> None:
        """Say that a referral was accepted, refused (with the reason), contacted or started. Raises `Problem`."""
        said = {"step": step, "happened_at": happened_at, **({"reason": reason} if reason else {})}
        self._write(f"/api/v1/referrals/{referral}/steps", said, key, {})

    def bring(self, records: Sequence[Mapping[str, Any]], *, key: str | None = None) -> tuple[Became, ...]:
        """Bring in records of the force's own system, forty at most; and what became of each. Raises `Problem`."""
        answer = self._write("/api/v1/records", [dict(one) for one in records], key, {})
        return tuple(
            Became(one["became"], {each["field"]: each["reason"] for each in one["refused"]}, tuple(one["kept_here"]))
            for one in answer["records"]
        )

    def _every(self, path: str) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            page = self._ask("GET", path, params={"limit": 100, **({"cursor": cursor} if cursor else {})}).json()
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def _write(self, path: str, said: Any, key: str | None, headers: Mapping[str, str]) -> dict[str, Any]:
        keyed = {"Idempotency-Key": key or str(uuid.uuid4()), **headers}
        answer: dict[str, Any] = self._ask("POST", path, json=said, headers=keyed).json()
        return answer

    def _ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> httpx2.Response:
        """The answer. What was not answered, or came too soon, is sent again: with the key, that is harmless."""
        for tried in range(1, self._tries + 1):
            try:
                shown = {"Authorization": f"Bearer {self._good_token()}", **(headers or {})}
                answer = self._http.request(method, path, headers=shown, **more)
            except httpx2.TransportError:
                if tried == self._tries:
                    raise
                self._sleep(tried)
                continue
            if answer.status_code == 401 and tried == 1:
                self._token = ""  # it was ended meanwhile
            elif _is_for_later(answer) and tried < self._tries:
                self._sleep(float(answer.headers.get("retry-after", "1")))
            elif answer.is_success:
                return answer
            else:
                break
        raise Problem(answer.status_code, answer.json())

    def _good_token(self) -> str:
        if not self._token or self._clock() >= self._token_until - _EARLIER:
            answer = self._http.post("/api/v1/token", data={"grant_type": "client_credentials"}, auth=self._known)
            if not answer.is_success:
                raise Problem(answer.status_code, answer.json())
            said = answer.json()
            self._token, self._token_until = said["access_token"], self._clock() + said["expires_in"]
        return self._token


def _is_for_later(answer: httpx2.Response) -> bool:
    """Too often or not now; or the same request is being answered at this moment (409 with Retry-After)."""
    return answer.status_code in _LATER or (answer.status_code == 409 and "retry-after" in answer.headers)


def _safe(address: str) -> str:
    """The address, where a secret may be shown there: over HTTPS, or to this machine. Raises `ValueError`."""
    url = httpx2.URL(address)
    if url.scheme != "https" and not (url.scheme == "http" and url.host in ("127.0.0.1", "::1", "localhost")):
        raise ValueError("the address must begin with https://: what goes there is secret")
    return address


def _duty(said: Mapping[str, Any]) -> Duty:
    return Duty(
        name=said["duty"],
        rule=said["rule"],
        title=said["title"],
        subject=said["subject"],
        standing=said["standing"],
        due_on=date.fromisoformat(said["due_on"]) if said["due_on"] else None,
        working_days_late=said["working_days_late"],
        must_tell={each["id"]: each["says"] for each in said["must_tell"]},
        answered_by=tuple(said["answered_by"]),
    )


def _referral(said: Mapping[str, Any]) -> Referral:
    return Referral(
        ref=said["referral"],
        sent_on=date.fromisoformat(said["sent_on"]),
        now=said["now"],
        now_on=date.fromisoformat(said["now_on"]),
        next_steps=tuple(said["next_steps"]),
    )
