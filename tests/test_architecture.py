"""What the import contracts in pyproject.toml cannot see."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "victimcare"
DOMAIN_FILES = sorted((PACKAGE / "domain").rglob("*.py"))
VENDOR = PACKAGE / "web/static/vendor"


def test_there_is_a_domain_to_look_at() -> None:
    assert len(DOMAIN_FILES) > 5


@pytest.mark.parametrize("file", DOMAIN_FILES, ids=lambda file: file.name)
def test_the_domain_imports_the_standard_library_and_itself_only(file: Path) -> None:
    """A list of forbidden libraries misses the one nobody thought of."""
    foreign = {
        module
        for module in imported_modules(file)
        if module.split(".")[0] not in sys.stdlib_module_names and not inside_domain(module)
    }
    assert not foreign


def test_every_module_lies_in_a_package() -> None:
    """import-linter does not see a folder without `__init__.py`, so nothing in it would be checked."""
    folders = {file.parent for file in PACKAGE.rglob("*.py")}
    assert not sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists())


def test_nothing_but_its_own_pages_reads_the_audit() -> None:
    """It may be used to see that looking was right, never to measure anybody (Data Protection Act 2018 s.62(4))."""
    readers = {
        f"{file.parent.name}/{file.name}"
        for file in PACKAGE.rglob("*.py")
        if re.search(r"\b(AUDIT|Audit|AuditSubject|audit_subject)\b", file.read_text("utf-8"))
    }
    its_own = {"store/audit.py", "store/audit_segments.py", "tables/audit.py", "tables/__init__.py"}
    its_own |= {"store/export_decisions.py"}  # everything leaves, this too
    its_own |= {"store/database_roles.py"}  # names what the service may only add to, and nobody counts by
    assert readers - its_own == {
        "queries/audit_check.py",
        "queries/access_log.py",
        "queries/snooping.py",
    }


SCOPED = {
    *(
        "visible_cases",
        "visible_in",
        "reachable_cases",
        "case_row",
        "HELD_BY_THEM",
        "OF_TEAM",
        "OF_TEAM_AT_LAST",
        "DUTIES_OF_TEAM",
    ),
    *("open_to_viewer", "not_barred", "restricted_in", "for_the_board"),
}
OF_NO_ONES_CASES = {
    "scope.py": "the scope itself",
    "emergency_access.py": "for privacy reviewers: references, and nothing of a case",
    "access_alerts.py": "for privacy reviewers: references, and nothing of a case",
    "holiday_preview.py": "for Code leads: counts by team and duty",
    "snooping.py": "for the job that looks for signs of it: numbers",
}


def test_every_query_about_cases_or_duties_goes_through_the_scope() -> None:
    """Role, team, cover, and who is kept from a case stand there; a query with a condition of its own forgets one."""
    unscoped = set()
    for file in (PACKAGE / "queries").glob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Name)}
        if names & {"CASES", "DUES"} and not names & SCOPED:
            unscoped.add(file.name)
    assert unscoped == OF_NO_ONES_CASES.keys() - {"scope.py"}


def test_nothing_but_the_store_and_the_queries_knows_the_table_of_cases() -> None:
    outside = [
        file
        for file in PACKAGE.rglob("*.py")
        if file.parent.name not in ("store", "tables", "queries")
        and re.search(r"\b(CASES|CaseRow)\b", file.read_text("utf-8"))
    ]
    assert not outside


def test_lock_files_name_no_host() -> None:
    locks = [*ROOT.glob("requirements*.lock"), ROOT / "frontend/package-lock.json"]
    assert len(locks) == 4
    assert not [lock.name for lock in locks if "//" in lock.read_text("utf-8")]


def test_every_dependency_of_the_service_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.sub(r"\[.*?\]|;.*|\s", "", line) for line in project["dependencies"]}
    assert wanted <= {line.split()[0].rstrip(";") for line in locked("requirements.lock")}


def test_the_tests_run_on_the_versions_that_the_service_runs_on() -> None:
    assert set(locked("requirements.lock")) <= set(locked("requirements-dev.lock"))


def test_the_front_end_files_carry_no_government_branding() -> None:
    sheets = sorted(VENDOR.rglob("*.css"))
    assert [sheet.name for sheet in sheets] == ["govuk-frontend.min.css", "moj-frontend.min.css"]
    style = "".join(sheet.read_text("utf-8") for sheet in sheets)
    assert not re.findall("GDS Transport|@font-face|crest[.]svg|logotype-crown[.]png", style)
    assert not [file for file in VENDOR.rglob("*") if re.search("crest|crown|woff|logotype", file.name)]


def test_every_image_that_a_style_sheet_names_is_there() -> None:
    for sheet in VENDOR.rglob("*.css"):
        named = re.findall(r"url\((?!data:)([^)]+)\)", sheet.read_text("utf-8"))
        assert not [image for image in named if not (sheet.parent / image).is_file()]


def imported_modules(file: Path) -> Iterator[str]:
    package = ".".join(file.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield resolve_name("." * node.level + (node.module or ""), package)


def inside_domain(module: str) -> bool:
    return module == "victimcare.domain" or module.startswith("victimcare.domain.")


def locked(name: str) -> list[str]:
    """The lines `package==version` of a lock file, with the condition where there is one."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [line.rstrip(" \\") for line in lines if re.match(r"[a-z0-9]", line)]
