"""A board pack as a PDF that a screen reader can read (PDF/UA-1), from the page that it is made of.

WeasyPrint is BSD; it needs Pango, which no Python package brings. Both are asked for only when a PDF is made.
"""

from __future__ import annotations

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
"""What Debian calls that which it needs."""


def pdf_bytes(page: bytes) -> bytes:
    """The page as a PDF. Nothing is fetched for it. Raises `NoPango`."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as missing:
        raise NoPango from missing
    made: bytes = HTML(string=page.decode(), url_fetcher=URLFetcher(allowed_protocols=())).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return made


class NoPango(RuntimeError):
    """A PDF was asked for where nothing can lay out its text."""

    def __init__(self) -> None:
        super().__init__(f"No PDF was made: Pango is not installed here ({', '.join(PACKAGES)})")
