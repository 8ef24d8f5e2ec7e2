"""Our style sheet and script, and the packages fetched at build time. Pages work without any of them."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

FOLDER = Path(__file__).parent / "static"


class Static:
    """The files of a folder, each at an address that changes with its content."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.address = cache(self._address)

    def app(self) -> ASGIApp:
        """What is mounted at /static. Only these are compressed: pages hold secrets beside what was typed."""
        return GZipMiddleware(_Kept(directory=self.folder), minimum_size=500)

    def _address(self, name: str) -> str | None:
        file = self.folder / name
        if not file.is_file():
            return None
        return f"/static/{name}?v={sha256(file.read_bytes()).hexdigest()[:12]}"


class _Kept(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if scope["query_string"].startswith(b"v="):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers["Cache-Control"] = "public, max-age=300"
        return response
