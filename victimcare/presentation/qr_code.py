"""QR codes as SVG, drawn by the template from one path."""

from __future__ import annotations

from dataclasses import dataclass

import segno

_QUIET = 4
"""Empty squares around it, without which it is not read."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """The dark squares as a path; `size` is the width and height of all of it, in squares."""

    path: str
    size: int


def qr_code(text: str) -> QrCode:
    """The code that is read as this text."""
    rows = [bytes(row) for row in segno.make(text, micro=False).matrix]
    dark = ((x, y) for y, row in enumerate(rows, _QUIET) for x, square in enumerate(row, _QUIET) if square)
    return QrCode("".join(f"M{x} {y}h1v1h-1z" for x, y in dark), len(rows) + 2 * _QUIET)
