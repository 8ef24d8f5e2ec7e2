"""Checks that several tables share."""

from __future__ import annotations

from sqlalchemy import CheckConstraint


def code_check(column: str, *codes: str) -> CheckConstraint:
    """The column holds one of these codes."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=f"ck_{column}_known")
