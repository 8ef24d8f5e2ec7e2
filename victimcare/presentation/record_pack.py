"""The pack for a victim who asks what is held on them: a page to print and the same as JSON Lines, in one ZIP file.

Made of items that were decided about, in memory, and stored nowhere. What is about somebody else is not in it: where it
stood, it says so. What is for officers only is not in it at all. The same items make the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from victimcare.domain.code import VictimsCode
from victimcare.presentation.environment import environment
from victimcare.store.held_items import HeldItem, HeldLine
from victimcare.store.record_decisions import Share

MEDIA_TYPE = "application/zip"
REDACTED = "[left out: it is about somebody else]"
STYLE = b"""body { font-family: Arial, sans-serif; max-width: 50em; margin: 2em auto; line-height: 1.4; }
section { border-top: 1px solid #505a5f; break-inside: avoid; }
dl { display: grid; grid-template-columns: minmax(8em, 1fr) 3fr; gap: .25em 1em; margin: 0 0 1em; }
dt { font-weight: bold; }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
"""
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def pack_bytes(*, ref: str, items: Sequence[HeldItem], at: datetime, force: str, code: VictimsCode) -> bytes:
    """The ZIP file: `record.html` with its style, `record.jsonl`, and a manifest with the hash of each."""
    rules = {rule.id: rule.title for edition in code.editions for rule in edition.rules}
    shown = [(item.title, rows) for item in items if (rows := redacted(item, rules))]
    page = environment([]).get_template("record_pack.html").render(ref=ref, items=shown, at=at, force=force)
    files = {"record.html": page.encode(), "record.css": STYLE, "record.jsonl": _lines(shown)}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["manifest.json"] = json.dumps({"case": ref, "items": len(shown), "sha256": hashes}, indent=1).encode()
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name, _NO_DATE), content, ZIP_DEFLATED)
    return packed.getvalue()


def redacted(item: HeldItem, rules: Mapping[str, str]) -> list[list[tuple[str, str]]]:
    """The lines of an item that are given, row by row, with what is about somebody else struck out.

    A rule of the Code is called by its title in `rules`.
    """
    rows = [
        [
            (line.label, REDACTED if line.share is Share.THIRD_PARTY else _said(line, rules))
            for line in row
            if _leaves(line.share)
        ]
        for row in item.rows
    ]
    return [row for row in rows if row]


def _said(line: HeldLine, rules: Mapping[str, str]) -> str:
    return rules.get(line.value, line.value) if line.label == "Rule" else line.value


def _leaves(share: Share) -> bool:
    return share in (Share.GIVEN, Share.THIRD_PARTY)


def _lines(shown: Sequence[tuple[str, Any]]) -> bytes:
    lines = (json.dumps({"what": title, **dict(row)}, ensure_ascii=False) for title, rows in shown for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()
