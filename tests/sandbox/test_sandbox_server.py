"""The sandbox starts on ports that are free, and its end leaves nothing behind."""

import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest

from imgpilot.sandbox.server import Sandbox, SandboxError
from tests import ports
from tests.sandbox.asking import KEY

#: Seconds that "at once" may take on a busy machine; whoever waited for a call would wait for minutes.
AT_ONCE = 30

SERVE = """
import sys
from imgpilot.sandbox.server import serve
serve(port=int(sys.argv[1]), ready=lambda: print("ready", flush=True))
"""


def port_of(url: str) -> int:
    """The port in an address."""
    return urlsplit(url).port or 0


@pytest.mark.parametrize("kind", ["hang", "huge"])
def test_it_closes_at_once_while_a_call_is_stuck(kind: str) -> None:
    with Sandbox(latency=0) as sandbox, ThreadPoolExecutor() as pool:
        sandbox.faults.add(kind, seconds=6000)
        url = f"{sandbox.openai_url}/images/generations"
        stuck = pool.submit(httpx.post, url, json={"prompt": "Waves"}, headers=KEY, timeout=120)
        while not sandbox.calls.all():
            time.sleep(0.01)
        time.sleep(0.2)
        started = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - started < AT_ONCE
        assert isinstance(stuck.exception(timeout=60), httpx.TransportError)


def test_it_closes_at_once_while_a_slow_picture_is_made() -> None:
    with Sandbox(latency=600) as sandbox, ThreadPoolExecutor() as pool:
        body = {"prompt": "Waves", "n": 10, "size": "1024x1024"}
        url = f"{sandbox.openai_url}/images/generations"
        slow = pool.submit(httpx.post, url, json=body, headers=KEY, timeout=120)
        while not sandbox.calls.all():
            time.sleep(0.01)
        time.sleep(0.3)
        started = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - started < AT_ONCE
        assert slow.exception(timeout=60) is not None or slow.result().status_code == 503


def test_it_closes_while_clients_are_only_connected() -> None:
    sandbox = Sandbox(latency=0).start()
    with socket.create_connection(("127.0.0.1", port_of(sandbox.url))):
        smtp = smtplib.SMTP("127.0.0.1", port_of(sandbox.smtp_url))
        smtp.ehlo()
        started = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - started < AT_ONCE
        smtp.close()


def test_nothing_is_left_running_or_listening() -> None:
    before = set(threading.enumerate())
    with Sandbox(latency=0) as sandbox:
        taken = [port_of(sandbox.url), port_of(sandbox.smtp_url)]
        httpx.get(f"{sandbox.url}/healthz")
    sandbox.stop()  # once more does no harm
    assert {t for t in set(threading.enumerate()) - before if "sandbox" in t.name or "_run" in t.name} == set()
    for port in taken:
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            pass


def test_it_can_be_started_again() -> None:
    sandbox = Sandbox(latency=0)
    for _ in range(2):
        with sandbox:
            assert httpx.get(f"{sandbox.url}/healthz").status_code == 200


def test_it_is_started_once_at_a_time() -> None:
    with Sandbox(latency=0) as sandbox, pytest.raises(SandboxError, match="running already"):
        sandbox.start()


def test_a_taken_port_is_named_and_nothing_stays_bound() -> None:
    with Sandbox(latency=0) as first:
        with pytest.raises(SandboxError, match=f"Port {port_of(first.url)} on 127.0.0.1 is taken"):
            Sandbox(port=port_of(first.url), latency=0).start()
        web = ports.block()
        with pytest.raises(SandboxError, match=f"Port {port_of(first.smtp_url)} "):
            Sandbox(port=web, smtp_port=port_of(first.smtp_url), latency=0).start()
        with Sandbox(port=web, latency=0) as second:
            assert second.url == f"http://127.0.0.1:{web}"


def test_the_pace_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDBOX_LATENCY", raising=False)
    assert Sandbox().latency == 1.2
    monkeypatch.setenv("SANDBOX_LATENCY", "0.25")
    assert Sandbox().latency == 0.25
    for wrong in ("fast", "-1", "nan", "601"):
        monkeypatch.setenv("SANDBOX_LATENCY", wrong)
        with pytest.raises(SandboxError, match="SANDBOX_LATENCY"):
            Sandbox()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serving_ends_cleanly_on_a_signal(number: signal.Signals) -> None:
    port = ports.block()
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").json()["smtp"] == f"smtp://127.0.0.1:{port + 1}"
        httpx.post(f"http://127.0.0.1:{port}/api/faults", json={"kind": "hang"})
        with ThreadPoolExecutor() as pool:
            url = f"http://127.0.0.1:{port}/openai/v1/images/generations"
            stuck = pool.submit(httpx.post, url, json={"prompt": "Waves"}, timeout=120)
            time.sleep(0.3)
            started = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=120)
            assert time.monotonic() - started < AT_ONCE
            assert isinstance(stuck.exception(timeout=60), httpx.TransportError)
    assert (process.returncode, out, err) == (0, "", "")


def test_ten_people_ask_at_once() -> None:
    with Sandbox(latency=0) as sandbox, ThreadPoolExecutor(10) as pool:

        def one(number: int) -> int:
            body = {"prompt": f"Waves {number}", "size": "64x64", "model": "sandbox-draft"}
            return httpx.post(
                f"{sandbox.openai_url}/images/generations", json=body, headers=KEY, timeout=30
            ).status_code

        assert list(pool.map(one, range(30))) == [200] * 30
        assert len(sandbox.calls) == 30
