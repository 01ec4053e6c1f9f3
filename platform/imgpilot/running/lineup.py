"""What `imgpilot up` runs, in which order, at which addresses."""

import sys
import tempfile
from dataclasses import dataclass
from urllib.parse import urlsplit

from config import Settings
from imgpilot.running.child import Process
from imgpilot.running.ports import HERE, answers


@dataclass(frozen=True)
class Ports:
    """Where the servers listen on loopback. The sandbox takes mail one port above its pages."""

    site: int = 8000
    console: int = 8001
    sandbox: int = 8002


def processes(settings: Settings, ports: Ports, database: str, *, sample: bool = False) -> list[Process]:
    """What runs, in the order it starts in."""
    env = {
        "DATABASE_URL": database,
        "IMGPILOT_HOME": str(settings.home),
        "SITE_URL": _reached_at(settings.site_url, ports.site),
        "CONSOLE_URL": _reached_at(settings.console_url, ports.console),
        "SANDBOX_URL": f"http://{HERE}:{ports.sandbox}",
    }
    parts = []
    if needs_sandbox(settings):
        argv = _imgpilot("sandbox", "--port", str(ports.sandbox))
        parts.append(Process("sandbox", argv, env, answers(ports.sandbox)))
    parts += [
        Process("site", gunicorn("imgpilot.app:site()", ports.site), env, answers(ports.site)),
        Process("console", gunicorn("imgpilot.app:console()", ports.console), env, answers(ports.console)),
        Process("worker", _imgpilot("worker"), env),
        Process("beat", _imgpilot("beat"), env),
    ]
    if sample:
        argv = _imgpilot("sample", "--people", "6", "--images", "4", "--once")
        parts.append(Process("sample", argv, env, health_timeout=600, once=True))
    return parts


def addresses(settings: Settings, ports: Ports) -> list[tuple[str, str]]:
    """What a person may want to open, and where."""
    rows = [
        ("Site", _reached_at(settings.site_url, ports.site)),
        ("Console", _reached_at(settings.console_url, ports.console)),
    ]
    if needs_sandbox(settings):
        rows.append(("Sandbox", f"http://{HERE}:{ports.sandbox}   mail, and stand-ins for what is not set"))
    return rows


def taken_ports(settings: Settings, ports: Ports) -> list[tuple[int, str]]:
    """Every port that will be listened on, and the option that changes it."""
    taken = [(ports.site, "--site-port"), (ports.console, "--console-port")]
    if needs_sandbox(settings):
        taken += [(ports.sandbox, "--sandbox-port"), (ports.sandbox + 1, "--sandbox-port")]
    return taken


def needs_sandbox(settings: Settings) -> bool:
    """Whether anything outside is not set, so that the sandbox stands in for it. Never in production."""
    given = (settings.smtp_url, settings.openai_api_key or settings.openai_base_url)
    return not settings.is_production and not all(given)


def _reached_at(given: str, port: int) -> str:
    """A public address stays, as a proxy in front may serve it; one on this machine follows the port."""
    return f"http://{HERE}:{port}" if urlsplit(given).hostname in (HERE, "localhost", "::1") else given


def _imgpilot(*words: str) -> list[str]:
    return [sys.executable, "-m", "imgpilot", *words]


def gunicorn(app: str, port: int) -> list[str]:
    """The command that serves a web application on a port of this machine."""
    # No access log: the addresses of people are the usage log's matter. No forwarding header is believed here:
    # nothing here knows a proxy yet.
    return [
        *(sys.executable, "-m", "gunicorn", "--bind", f"{HERE}:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "16"),
        *("--timeout", "60", "--graceful-timeout", "3", "--worker-tmp-dir", tempfile.gettempdir()),
        *("--forwarded-allow-ips", "", "--log-level", "warning", "--no-control-socket"),
        app,
    ]
