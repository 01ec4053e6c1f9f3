"""The shape of the project: what may import what, and what must never be there."""

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: Where each package lies, and which of ours it may import.
MAY = {
    "imgpilot": {"imgpilot", "config"},
    "reports": {"reports"},
    "compliance": {"compliance", "imgpilot", "reports", "config"},
    "migrations": {"imgpilot", "config"},
}
OURS = {"imgpilot", "reports", "compliance", "migrations", "config", "tests"}
PLACE = {"imgpilot": ROOT / "platform" / "imgpilot"}
#: What opens connections, and the only modules that may: the gateway, the mail and the store that go through it.
DOORS = {"httpx", "requests", "urllib3", "smtplib", "boto3", "botocore", "http.client", "urllib.request"}
DOORKEEPERS = {
    "imgpilot/gateway.py",
    "imgpilot/mail.py",
    "imgpilot/storage.py",
    "imgpilot/processors.py",
    # Asks our own servers on this machine whether they are up.
    "imgpilot/running/ports.py",
}
#: These may name httpx for its types and errors; the client they use comes from the gateway.
GUESTS = {"imgpilot/generation/engines", "imgpilot/accounts/google.py", "compliance/processors"}


def modules(package: str) -> Iterator[Path]:
    """Every Python file of a package."""
    yield from sorted(PLACE.get(package, ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The dotted names a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("package", sorted(MAY))
def test_imports_go_one_way(package: str) -> None:
    for path in modules(package):
        wrong = {name for name in imported(path) if name.split(".")[0] in OURS - MAY[package]}
        assert not wrong, f"{path.relative_to(ROOT)} imports {', '.join(sorted(wrong))}"


def test_platform_is_a_folder_and_never_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists(), "it would shadow the standard library's platform"
    done = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.python_version())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("3.")


def test_the_top_level_is_the_one_that_was_asked_for() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    top = {name.split("/")[0] for name in tracked}
    assert {"compliance", "platform", "reports", "migrations", "tests", "config.py", "setup.cfg"} <= top
    assert top <= {
        *("compliance", "platform", "reports", "migrations", "tests", "config.py", "setup.cfg"),
        *("pyproject.toml", "Makefile", "README.md", "LICENSE", "package.json", "package-lock.json"),
        *("requirements.lock", "docs", ".ci", ".gitignore", ".npmrc", ".env.example"),
    }


def test_setup_cfg_lists_every_package() -> None:
    read = configparser.ConfigParser()
    read.read(ROOT / "setup.cfg")
    listed = set(read["options"]["packages"].split())
    found = set()
    for package in MAY:
        base = PLACE.get(package, ROOT / package)
        for init in base.rglob("__init__.py"):
            inside = init.parent.relative_to(base.parent)
            found.add(".".join(inside.parts))
    assert listed == found


def test_only_the_gateway_and_what_it_guards_can_open_a_connection() -> None:
    for package in ("imgpilot", "compliance", "reports"):
        for path in modules(package):
            name = path.relative_to(PLACE.get(package, ROOT / package).parent).as_posix()
            if name in DOORKEEPERS or name.startswith(("imgpilot/sandbox/", *GUESTS)):
                continue
            doors = {d for d in DOORS if any(n == d or n.startswith(d + ".") for n in imported(path))}
            assert not doors, f"{name} imports {', '.join(sorted(doors))}: go through imgpilot.gateway"


@pytest.mark.parametrize("package", ["imgpilot", "compliance", "reports"])
def test_domain_code_knows_no_flask_and_no_celery(package: str) -> None:
    thin = {"views", "tasks", "people", "browsers", "again", "my_account", "web", "app", "worker", "machine"}
    # The parts of the account's pages that several views share.
    thin |= {"commands", "visitors", "account_page", "doors", "joining"}
    for path in modules(package):
        name = path.relative_to(PLACE.get(package, ROOT / package).parent).as_posix()
        if (
            path.stem in thin
            or path.stem.endswith(("_commands", "_views"))
            or name.startswith(
                ("imgpilot/look", "imgpilot/sandbox/", "compliance/console", "compliance/portal", "compliance/staff")
            )
        ):
            continue
        web = {n for n in imported(path) if n.split(".")[0].startswith(("flask", "celery", "werkzeug"))}
        if name == "imgpilot/db.py":
            web.discard("flask_appbuilder")
            web.discard("flask_appbuilder.Model")
        assert not web, f"{name} imports {', '.join(sorted(web))}"


def test_every_package_says_what_it_is_for() -> None:
    for package in ("imgpilot", "compliance", "reports"):
        for path in modules(package):
            assert ast.get_docstring(ast.parse(path.read_text())), f"{path.relative_to(ROOT)} has no docstring"
