"""An answer to somebody, and the words planted in it (`planted.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

CANARY = re.compile(r"Canary([a-z]+)([A-Z])")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*Canary[^"]*)"')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass
class Answer:
    """An answer to somebody: at which route's address, and what was in it."""

    who: str
    route: str
    address: str
    status: int
    headers: str
    body: str
    leads_to: str = ""

    @property
    def found(self) -> set[tuple[str, str]]:
        """The words found, each with the letter of its case."""
        return {(f"Canary{word}", letter) for word, letter in CANARY.findall(self.body)}


def answered(who: str, route: str, address: str, answer: Any) -> Answer:
    """The answer, of an archive all that is in it."""
    packed = answer.headers.get("content-type") == "application/zip"
    body = _unpacked(answer.content) if packed else answer.text
    leads_to = answer.headers.get("location", "") if answer.status_code == 303 else ""
    return Answer(who, route, address, answer.status_code, str(dict(answer.headers)), body, leads_to)


def _unpacked(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())
