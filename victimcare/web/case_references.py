"""How a case is named in an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

CaseRef = Annotated[str, Path(pattern=r"^[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}$")]
