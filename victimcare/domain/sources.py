"""What the systems that records come from are called: a force's own records system is `rms`, say."""

from __future__ import annotations

import re

SOURCE = r"^[a-z][a-z0-9-]{0,29}$"
"""How a system is called in its records."""
NOT_SOURCES = ("recorded", "agency", "erased", "police-uk")
"""Names that this program uses itself, of what was recorded here, for instance."""


def is_source(name: str) -> bool:
    """Whether records of a system can come under this name."""
    return re.fullmatch(SOURCE, name) is not None and name not in NOT_SOURCES
