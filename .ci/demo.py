"""`make demo`: one person's data from sign-up to erasure certificate, over real HTTP, every step verified.

Uses the platform that runs on the default ports; if none does, it starts one of its own and stops it afterwards.
What comes out (package, report, certificate) lands in var/demo/.
"""

import argparse
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from PIL import Image

import config

OUT = Path("var/demo")
CHECKS: list[str] = []
#: What is held about a person and grows when they look at their own page, so it says nothing about what others did.
GROWS_BY_LOOKING = ("lines in the usage log", "versions of the policy that you were shown")


class Failed(Exception):
    """A step did not do what it must."""


def check(said: str, true: object) -> None:
    """Verify, or stop."""
    if not true:
        raise Failed(said)
    CHECKS.append(said)


def step(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A step with its line on the screen and how long it took."""

    def wrap(run: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            began, before = time.monotonic(), len(CHECKS)
            if sys.stdout.isatty():
                print(f"  …  {words}", end="\r", flush=True)
            result = run(*given)
            seconds = time.monotonic() - began
            print(f"  ok {words}  ({len(CHECKS) - before} checks, {seconds:.1f} s)", flush=True)
            return result

        return timed

    return wrap


class Forms(HTMLParser):
    """The forms of a page: {action: {field: value}}."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._now: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect forms and what their fields hold."""
        given = dict(attrs)
        if tag == "form":
            self._now = self.found.setdefault((given.get("action") or "").partition("?")[0], {})
        elif tag == "input" and given.get("name"):
            radio = given.get("type") in ("radio", "checkbox")
            if not radio or "checked" in given:
                self._now[str(given["name"])] = given.get("value") or ""


class Browser:
    """A person's browser: cookies, forms, and nothing hidden."""

    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, follow_redirects=True, timeout=30)

    def get(self, path: str) -> httpx.Response:
        """A page; anything but 200 stops the demo."""
        answer = self.http.get(path)
        check(f"{re.sub('[0-9a-f-]{36}|(?<=sign-in/).+', '…', path)} answers", answer.status_code == 200)
        return answer

    def submit(self, page: httpx.Response, action: str, files: Any = None, **fields: str) -> httpx.Response:
        """Fill in the form of the page that goes to `action`, and send it."""
        forms = Forms(page.text).found
        given = forms.get(action) or forms.get("", {}) if action == page.url.path else forms.get(action)
        check(f"the page has the form for {action.split('/')[1]}", given)
        return self.http.post(action, data={**(given or {}), **fields}, files=files)


def until(what: Callable[[], Any], seconds: float, said: str) -> Any:
    """Look again and again until it is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.3)
    raise Failed(f"{said} did not happen within {seconds:.0f} s")


class Journey:
    """The seven steps, for one person and one officer."""

    def __init__(self, site: str, console: str, sandbox: str, home: Path) -> None:
        self.site, self.console, self.sandbox, self.home = site, console, sandbox, home
        self.mail = httpx.Client(base_url=sandbox, timeout=30)

    def newest_mail(self, to: str, containing: str) -> dict[str, Any] | None:
        """The newest mail to this address whose subject holds these words."""
        found = self.mail.get("/api/mail", params={"to": to}).json()["messages"]
        return next((m for m in found if containing.lower() in m["subject"].lower()), None)

    def sign_up(self, name: str) -> tuple[Browser, str]:
        """A new person with an account."""
        email, browser = f"{name}-{token_hex(3)}@example.com", Browser(self.site)
        browser.submit(browser.get("/sign-in"), "/sign-in", email=email)
        mail = until(lambda: self.newest_mail(email, "sign"), 15, "the mail with the link")
        link = next(link for link in mail["links"] if "/sign-in/" in link)
        path = link.removeprefix(self.site)
        confirm = browser.get(path)
        confirm = browser.get(path)  # a scanner that looks first does not burn it
        signed = browser.submit(confirm, path, country="DE", day="4", month="5", year="1990")
        check(f"{name} is in the studio", signed.url.path == "/studio")
        used = Browser(self.site).http.post(path, data={})
        check("the link works once", used.status_code >= 400)
        return browser, email

    def make(self, who: Browser, prompt: str, count: int, reference: bytes | None = None) -> list[str]:
        """Order pictures and watch them arrive; their ids."""
        files = {"reference": ("reference.png", reference, "image/png")} if reference else {"reference": ("", b"")}
        page = who.get("/studio")
        check("the price stands in the studio", "credit" in page.text)
        placed = who.submit(
            page, "/studio", files=files, prompt=prompt, count=str(count), acknowledged="1", model="sandbox-draft"
        )
        check("the order is taken", placed.status_code == 200 and re.search(r"/studio/[0-9a-f-]{36}", placed.url.path))
        where = placed.url.path

        def finished() -> list[str]:
            found = re.findall(r"/images/([0-9a-f-]{36})", who.http.get(where).text.partition('id="earlier"')[0])
            unique = list(dict.fromkeys(found))
            return unique if len(unique) >= count else []

        ids = until(finished, 60, "the pictures")
        for id_ in ids[:count]:
            data = who.http.get(f"/images/{id_}/file").content
            check("the picture is a picture", Image.open(io.BytesIO(data)).size[0] >= 512)
        return list(ids[:count])


def _officer(journey: Journey) -> Browser:
    """The officer, signed in."""
    name, password = (journey.home / "keys" / "staff").read_text().split()
    officer = Browser(journey.console)
    page = officer.get("/login/")
    action, fields = next((a, given) for a, given in Forms(page.text).found.items() if "username" in given)
    answer = officer.http.post(action or "/login/", data={**fields, "username": name, "password": password})
    check("the officer is in", answer.status_code == 200 and "/login" not in answer.url.path)
    return officer


def _decide(officer: Browser, case: str) -> str:
    """Find the case in the queue, look at its plan, approve it; the case's path."""

    def listed() -> str | None:
        page = officer.http.get("/requests/?view=decide").text
        row = re.search(rf'href="(/requests/[0-9a-f-]{{36}})"[^>]*>{case}<', page)
        return row.group(1) if row else None

    path = until(listed, 40, f"{case} in the queue")
    queue = officer.get("/requests/?view=decide").text
    check("the due date is in the queue", "Due " in queue or "days late" in queue)
    page = officer.get(path)
    check("the plan is shown", "Digest of this plan" in page.text or "Plan" in page.text)
    deed = officer.get(f"{path}/decide/approve")
    done = officer.submit(deed, f"{path}/decide/approve", do="act")
    check("the plan is approved by its digest", "Plan approved" in done.text)
    return str(path)


def _ask(who: Browser, kind: str, **chosen: str) -> tuple[str, str]:
    """Ask in the privacy centre, as somebody who lives in Germany; the request's path and its case number."""
    page = who.get(f"/privacy/ask/{kind}")
    answer = who.submit(page, f"/privacy/ask/{kind}", country="DE", **chosen)
    case = re.search(r"IP-\d{4}-\d{4,}", answer.text)
    check("the request has a number", case)
    assert case
    return answer.url.path, case.group()


@step("Ana signs in by magic link; so does Bob")
def people(journey: Journey) -> tuple[tuple[Browser, str], tuple[Browser, str]]:
    """Step 1."""
    return journey.sign_up("ana"), journey.sign_up("bob")


@step("Ana makes pictures, one from a reference picture; Bob makes one")
def pictures(journey: Journey, ana: Browser, bob: Browser) -> tuple[list[str], list[str]]:
    """Step 2."""
    hers = journey.make(ana, "Ridges at first light, low mist, a small pale sun", 2)
    reference = ana.http.get(f"/images/{hers[0]}/file").content
    hers += journey.make(ana, "The same place at night, northern lights", 1, reference)
    his = journey.make(bob, "Two pears on a white plate", 1)
    check("Bob cannot open Ana's picture", bob.http.get(f"/images/{hers[0]}").status_code == 404)
    return hers, his


@step("Ana shares one picture; a stranger opens it; she takes it back and it is gone")
def sharing(journey: Journey, ana: Browser, picture: str) -> None:
    """Clause P11."""
    at = f"/images/{picture}/share"
    shared = ana.submit(ana.get(at), at)
    found = re.search(rf"{re.escape(journey.site)}(/share/[0-9A-Za-z]{{22}})", shared.text)
    check("the picture has a public page", found)
    assert found
    stranger = Browser(journey.site)
    page = stranger.http.get(found[1])
    check("a stranger opens it without signing in", page.status_code == 200 and "Made with AI" in page.text)
    check("it sets no cookie", not stranger.http.cookies)
    check("the prompt is not on it", "Ridges at first light" not in page.text)
    card = stranger.http.get(f"{found[1]}/card.jpg").content
    check("its card is 1200 by 630", Image.open(io.BytesIO(card)).size == (1200, 630))
    said = stranger.http.get("/oembed", params={"url": f"{journey.site}{found[1]}"}).json()
    check("oEmbed calls it a photo", said["type"] == "photo")
    ana.submit(ana.get(at), f"{at}/end")
    for path in ("", "/card.jpg", "/shown.webp"):
        check("what was taken back is gone for good", stranger.http.get(f"{found[1]}{path}").status_code == 410)


@step("The privacy centre shows what is held and where it went")
def centre(ana: Browser, email: str) -> None:
    """Step 3, first half."""
    page = ana.get("/privacy").text
    for words in ("What we hold", "Where it went", "ictures you made", "Sandbox"):
        check(f"the centre says {words}", words in page)
    lines = ana.get("/privacy/ledger.csv").text.strip().splitlines()
    check("every disclosure is a line", len(lines) >= 5)
    check("no line holds her address", email not in "".join(lines))


@step("Ana asks for a copy; an officer approves; she downloads a package that proves itself")
def copy(journey: Journey, ana: Browser, officer: Browser, email: str, pictures: list[str]) -> None:
    """Steps 3 to 5."""
    path, case = _ask(ana, "access")
    _decide(officer, case)
    until(lambda: f"{path}/package/link" in ana.http.get(path).text, 90, "the package")
    check("what lies in the store is encrypted", not _zips(journey.home / "objects"))
    got = ana.submit(ana.get(path), f"{path}/package/link")
    check("she proved minutes ago that it is her, so she gets a link and the file", got.status_code == 200)
    data = got.content
    (OUT / "package.zip").write_bytes(data)
    check("the link works once", ana.http.get(got.url.path).status_code == 410)
    check("the mail says it is ready", until(lambda: journey.newest_mail(email, "ready"), 20, "the mail"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        for wanted in ("index.html", "report.pdf", "manifest.json", "manifest.sig"):
            check(f"the package has {wanted}", wanted in names)
        package.extractall(OUT / "package")
        _verify(journey, package)
        held = json.loads(package.read("data/generation.json"))
        check("her prompts are in it", any("Ridges at first light" in row["prompt"] for row in held))
        originals = {hashlib.sha256(package.read(n)).hexdigest() for n in names if n.startswith("files/")}
        for id_ in pictures:
            here = hashlib.sha256(ana.http.get(f"/images/{id_}/file").content).hexdigest()
            check("each picture is in it byte for byte", here in originals)
    shutil.copy(OUT / "package" / "report.pdf", OUT / "report.pdf")


def _verify(journey: Journey, package: zipfile.ZipFile) -> None:
    """The signature over the manifest, and every hash in it."""
    key = load_pem_public_key(httpx.get(f"{journey.site}/.well-known/imgpilot-signing-key.pem").content)
    assert isinstance(key, Ed25519PublicKey)
    manifest = package.read("manifest.json")
    key.verify(package.read("manifest.sig"), manifest)
    listed = {f["path"]: f["sha256"] for f in json.loads(manifest)["files"]}
    check("the manifest lists every file", set(listed) == set(package.namelist()) - {"manifest.json", "manifest.sig"})
    for name, digest in listed.items():
        check("every hash is right", hashlib.sha256(package.read(name)).hexdigest() == digest)


def _zips(folder: Path) -> list[Path]:
    """The files there that anybody could open as a ZIP."""
    return [file for file in folder.rglob("*") if file.is_file() and zipfile.is_zipfile(file)]


@step("Ana asks for deletion; an officer approves the plan; everything goes, and the certificate comes")
def deletion(journey: Journey, ana: Browser, officer: Browser, email: str, pictures: list[str]) -> None:
    """Step 6."""
    _path, case = _ask(ana, "deletion", cooling="now")
    case_path = _decide(officer, case)
    mail = until(lambda: journey.newest_mail(email, "deleted"), 90, "the last letter")
    check("the certificate is attached", any(a["name"].endswith("certificate.pdf") for a in mail["attachments"]))
    check("her browser is signed out", "I have an account" in ana.http.get("/privacy").text)
    check("her picture is gone", ana.http.get(f"/images/{pictures[0]}/file").url.path == "/sign-in")
    until(lambda: "Answered" in officer.http.get(case_path).text, 30, "the end of the case")
    page = officer.get(case_path).text
    check("the second look found nothing", "0 found" in page)
    check("the case no longer knows her address", email not in page)
    pdf = officer.get(f"{case_path}/certificate").content
    check("the certificate is a PDF", pdf.startswith(b"%PDF-"))
    (OUT / "certificate.pdf").write_bytes(pdf)


@step("Bob's data is untouched, to the byte")
def untouched(bob: Browser, before: dict[str, str]) -> None:
    """Step 6, the other half."""
    check("every byte of Bob's is as before", _bob(bob, list(before)[1:]) == before)


def _bob(bob: Browser, his: list[str]) -> dict[str, str]:
    """What Bob sees of his own: the numbers in his centre and the bytes of his pictures."""
    page = bob.get("/privacy").text
    held = re.search(r'<section id="held".*?</section>', page, re.S)
    assert held
    lines = re.findall(r'<summary><b class="b">(.*?)</b><span class="n">([\d,]+)', held.group())
    numbers = {noun: number for noun, number in lines if noun.lower() not in GROWS_BY_LOOKING}
    check("Bob sees what is held about him", numbers)
    seen = {"held": repr(numbers)}
    return seen | {id_: hashlib.sha256(bob.http.get(f"/images/{id_}/file").content).hexdigest() for id_ in his}


@step("The audit log proves all this; an entry altered in the database is named")
def audit(journey: Journey) -> None:
    """Step 7."""
    from sqlalchemy import text

    from imgpilot import db, postgres

    def verify() -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "IMGPILOT_HOME": str(journey.home)}
        run = [sys.executable, "-m", "imgpilot", "audit", "verify", "--json"]
        return subprocess.run(run, env=env, capture_output=True, text=True, check=False)

    until(lambda: (p := verify()).returncode == 0 and json.loads(p.stdout)["segments"] > 0, 40, "a sealed log")
    settings = config.read_settings(imgpilot_home=journey.home)
    engine = db.connect(postgres.address(settings))
    change = "UPDATE audit_entry SET action = :to WHERE seq = :seq"
    with engine.begin() as connection:
        # As somebody who owns the database could: the triggers are switched off for the moment.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        found = connection.execute(
            text("SELECT seq FROM audit_entry WHERE action = 'request approved' ORDER BY seq DESC LIMIT 1")
        ).scalar_one()
        connection.execute(text(change), {"seq": found, "to": "request refused"})
    broken = verify()
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(change), {"seq": found, "to": "request approved"})
    engine.dispose()
    check("the altered log is refused", broken.returncode == 1)
    check("and the entry is named", str(found) in broken.stderr)
    check("put back as it was, it holds again", verify().returncode == 0)


def walk(journey: Journey) -> None:
    """All of it."""
    (ana, email), (bob, _) = people(journey)
    hers, his = pictures(journey, ana, bob)
    sharing(journey, ana, hers[0])
    before = _bob(bob, his)
    centre(ana, email)
    officer = _officer(journey)
    copy(journey, ana, officer, email, hers)
    deletion(journey, ana, officer, email, hers)
    untouched(bob, before)
    audit(journey)


@contextmanager
def platform(args: argparse.Namespace) -> Iterator[Journey]:
    """The platform that runs, or one of our own for as long as the demo takes."""
    try:
        running = httpx.get(f"{args.site}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        running = False
    if running:
        print(f"Using the platform at {args.site}.")
        yield Journey(args.site, args.console, args.sandbox, config.settings().home)
        return
    home = (OUT / "platform").absolute()
    shutil.rmtree(home, ignore_errors=True)
    ports = [18000, 18001, 18002]
    print(f"No platform runs at {args.site}; starting one at http://127.0.0.1:{ports[0]}.")
    env = {**os.environ, "IMGPILOT_HOME": str(home)}
    options = zip(("--site-port", "--console-port", "--sandbox-port"), map(str, ports), strict=True)
    command = [sys.executable, "-m", "imgpilot", "up", "--sample", *(o for pair in options for o in pair)]
    with (OUT / "platform.log").open("w") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            until(lambda: process.poll() is not None or _ready(OUT / "platform.log"), 240, "the start of the platform")
            if process.poll() is not None:
                raise Failed(f"the platform did not start; see {OUT / 'platform.log'}")
            site, console, sandbox = (f"http://127.0.0.1:{port}" for port in ports)
            yield Journey(site, console, sandbox, home)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _ready(log: Path) -> bool:
    return "is running" in log.read_text() and (OUT / "platform" / "keys" / "staff").exists()


def main() -> int:
    """Run the demo; exit 0 only if every step was verified."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--console", default="http://127.0.0.1:8001")
    parser.add_argument("--sandbox", default="http://127.0.0.1:8002")
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    for old in ("package.zip", "report.pdf", "certificate.pdf"):
        (OUT / old).unlink(missing_ok=True)
    shutil.rmtree(OUT / "package", ignore_errors=True)
    began = time.monotonic()
    try:
        with platform(args) as journey:
            walk(journey)
    except Failed as error:
        print(f"\n  FAILED  {error}", file=sys.stderr)
        return 1
    print(f"\n  All {len(CHECKS)} checks passed in {time.monotonic() - began:.0f} s. See {OUT}/:")
    for name in ("package.zip", "report.pdf", "certificate.pdf"):
        print(f"    {OUT / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
