"""Sign-in with Google, against an OpenID provider that really answers: the sandbox's, over HTTP."""

import io
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.processors import of as adapter_of
from compliance.requests.kinds import Kind
from compliance.requests.notifying import SPARED
from config import Environment
from imgpilot.accounts import google
from imgpilot.accounts.models import Account, Identity, SignIn
from imgpilot.disclosures import Disclosure
from imgpilot.errors import StartError
from imgpilot.parts import Parts
from imgpilot.processors import GOOGLE, SANDBOX
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser
from tests.accounts.google import asked, chosen, everything, said_in, through_google
from tests.conftest import Clock
from tests.signing_up import ANSWER

ANA = "ana@example.com"
Another = Callable[[], Browser]


@pytest.fixture(autouse=True)
def _one_time(sandbox: Sandbox, clock: Clock) -> None:
    """The provider's clock is the test's."""
    sandbox.google.clock = lambda: clock().timestamp()


def joined(browser: Browser, email: str = ANA) -> None:
    assert through_google(browser, email).location == "/sign-up"
    assert browser.post("/sign-up", ANSWER).location == "/studio"


def accounts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Account)) or 0


def test_p01_google_is_asked_for_openid_email_and_profile_and_nothing_more(browser: Browser) -> None:
    said = said_in(asked(browser))
    assert said["scope"] == "openid email profile"
    assert (said["response_type"], said["code_challenge_method"]) == ("code", "S256")
    assert said["redirect_uri"] == "http://127.0.0.1:8000/sign-in/google/back"
    assert min(len(said[each]) for each in ("state", "nonce", "code_challenge")) >= 20
    assert "access_type" not in said, "no offline access"


def test_p01_somebody_new_comes_in_with_google_and_gives_name_and_picture_once(
    browser: Browser, session: Session, parts: Parts
) -> None:
    joined(browser)
    ana = session.scalars(select(Account)).one()
    assert (ana.email, ana.name, ana.old_enough_in) == (ANA, "Ana Sample", "DE")
    assert ana.picture_key is not None
    assert ana.picture_key.startswith(f"{ana.id}/profile/")
    stored = Image.open(io.BytesIO(b"".join(parts.storage.open(ana.picture_key))))
    assert (stored.format, stored.size, dict(stored.getexif())) == ("WEBP", (256, 256), {})
    identity = session.scalars(select(Identity)).one()
    assert (identity.provider, identity.email, identity.account_id) == ("google", ANA, ana.id)
    ana.name = "Ana as she likes"
    session.commit()
    browser.post("/sign-out", on="/account")
    assert through_google(browser).location == "/studio"
    session.expire_all()
    assert session.scalars(select(Account.name)).one() == "Ana as she likes"
    assert accounts(session) == 1


def test_p01_no_token_of_googles_is_kept(browser: Browser, session: Session, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    back = chosen(asked(browser))
    code = said_in(back)["code"]
    browser.get(back)
    browser.post("/sign-up", ANSWER)
    held = everything(session)
    for secret in (code, "eyJ"):
        assert secret not in held
    ours = "\n".join(
        r.getMessage() for r in caplog.records if r.name.startswith("imgpilot") and "sandbox" not in r.name
    )
    assert code not in ours


def test_the_account_with_the_same_address_is_linked_because_google_vouches_for_it_and_its_owner_is_told(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    another_browser().sign_in(sandbox, ANA)
    assert through_google(browser).location == "/studio"
    assert accounts(session) == 1
    assert session.scalar(select(func.count()).select_from(Identity)) == 1
    assert "Google is linked" in sandbox.mail.to(ANA)[0].subject


@pytest.mark.parametrize(
    ("email", "typed"),
    [
        ("ana@example.com", {"name": "Not Ana"}),
        ("pia@example.com", {}),
        ("otto@elsewhere.example", {}),
        ("ana@example.com", {"domain": "on"}),
        ("ana@gmail.com", {"domain": "on"}),
    ],
)
def test_p01_an_address_that_google_does_not_vouch_for_opens_no_account_and_makes_none(
    browser: Browser,
    another_browser: Another,
    sandbox: Sandbox,
    session: Session,
    email: str,
    typed: dict[str, str],
) -> None:
    another_browser().sign_in(sandbox, email)
    answer = through_google(browser, email, **typed)
    assert answer.status_code == 403
    assert "Sign in with a link by mail" in answer.text
    assert browser.token is None
    assert (accounts(session), session.scalar(select(func.count()).select_from(Identity))) == (1, 0)
    assert browser.get("/sign-up").location == "/sign-in"


def test_whoever_is_signed_in_may_link_any_google_account_and_unlink_it(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    browser.sign_in(sandbox, ANA)
    assert "Link Google" in browser.get("/account").text
    assert through_google(browser, "otto@elsewhere.example", "/account/google/link").location == "/account#sign-in-ways"
    page = browser.get("/account").text
    assert "otto@elsewhere.example" in page and "Google is linked." in page
    other = another_browser()
    assert through_google(other, "otto@elsewhere.example").location == "/studio"
    assert ANA in other.get("/account").text
    browser.post("/account/google/unlink", on="/account")
    assert session.scalar(select(func.count()).select_from(Identity)) == 0
    assert through_google(another_browser(), "otto@elsewhere.example").status_code == 403


def test_p18_linking_and_unlinking_need_a_fresh_proof(browser: Browser, sandbox: Sandbox, clock: Clock) -> None:
    browser.sign_in(sandbox, ANA)
    through_google(browser, ANA, "/account/google/link")
    clock.tick(minutes=11)
    assert browser.get("/account/google/link").location.startswith("/prove?next=")
    assert browser.post("/account/google/unlink", on="/account").location == "/prove?next=/account"


def test_one_google_account_is_one_person(
    browser: Browser, another_browser: Another, sandbox: Sandbox, session: Session
) -> None:
    joined(browser)
    bob = another_browser()
    bob.sign_in(sandbox, "bob@example.com")
    answer = through_google(bob, ANA, "/account/google/link")
    assert answer.status_code == 409
    assert "Unlink that first" in answer.text
    answer = through_google(browser, "bob@example.com", "/account/google/link")
    assert answer.status_code == 409, "and one person has one"


def test_a_round_trip_to_google_proves_the_person_and_only_with_the_linked_account(
    browser: Browser, sandbox: Sandbox, clock: Clock
) -> None:
    joined(browser)
    clock.tick(minutes=11)
    page = browser.get("/prove?next=/account/google/link")
    assert "Use Google instead" in page.text
    said = said_in(asked(browser, "/prove/google?next=/account"))
    assert (said["prompt"], said["max_age"]) == ("select_account", "0")
    assert "auth_time" in said["claims"], "Google tells only who asks for it"
    answer = through_google(browser, "bob@example.com", "/prove/google?next=/account")
    assert answer.status_code == 403
    assert browser.get("/account/google/link").location.startswith("/prove")
    sandbox.google.twist["auth_time"] = int((clock() - timedelta(minutes=20)).timestamp())
    assert through_google(browser, ANA, "/prove/google?next=/account").status_code == 403, "it asked nobody anew"
    sandbox.google.twist["auth_time"] = None
    undated = through_google(browser, ANA, "/prove/google?next=/account")
    assert undated.status_code == 403, "when the token was made proves nothing"
    assert 'href="/prove?next=/account"' in undated.text, "the link by mail does"
    assert browser.get("/account/google/link").location.startswith("/prove")
    sandbox.google.twist.clear()
    assert through_google(browser, ANA, "/prove/google?next=/account").location == "/account"
    assert "/google/auth" in browser.get("/account/google/link").location


@pytest.mark.parametrize(
    "twist",
    [
        {"nonce": "another"},
        {"aud": "somebody else"},
        {"iss": "https://accounts.evil.example"},
        {"exp": 1_600_000_000},
        {"sub": ""},
    ],
)
def test_an_id_token_that_does_not_fit_lets_nobody_in(
    browser: Browser, sandbox: Sandbox, session: Session, twist: dict[str, object]
) -> None:
    sandbox.google.twist.update(twist)
    answer = through_google(browser)
    assert answer.status_code == 400
    assert "was not finished" in answer.text
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0
    assert browser.get("/sign-up").location == "/sign-in"


def test_an_answer_counts_once_in_the_browser_that_asked_and_for_ten_minutes(
    browser: Browser, another_browser: Another, clock: Clock
) -> None:
    back = chosen(asked(browser))
    assert another_browser().get(back).status_code == 400, "another browser never asked"
    assert browser.get(back.replace("state=", "state=x")).status_code == 400
    assert browser.get(back).status_code == 400, "the state is used up"
    back = chosen(asked(browser))
    clock.tick(minutes=11)
    assert browser.get(back).status_code == 400
    back = chosen(asked(browser))
    assert browser.get(back).location == "/sign-up"
    assert browser.get(back).status_code == 400
    asked(browser)
    assert "was not finished" in browser.get("/sign-in/google/back?error=access_denied&state=x").text


def test_what_google_said_waits_a_quarter_of_an_hour(browser: Browser, clock: Clock, session: Session) -> None:
    assert through_google(browser).location == "/sign-up"
    clock.tick(minutes=16)
    assert browser.get("/sign-up").location == "/sign-in"
    assert accounts(session) == 0


def test_a_frozen_account_stays_shut(
    browser: Browser, another_browser: Another, session: Session, clock: Clock
) -> None:
    joined(browser)
    session.scalars(select(Account)).one().frozen_at = clock()
    session.commit()
    answer = through_google(another_browser())
    assert answer.status_code == 403
    assert "This account is being deleted" in answer.text


def test_p10_the_call_that_told_us_who_it_is_stands_in_the_persons_own_log(browser: Browser, session: Session) -> None:
    joined(browser)
    ana = session.scalars(select(Account.id)).one()
    lines = session.scalars(select(Disclosure).where(Disclosure.account_id == ana)).all()
    assert {(line.processor, line.purpose) for line in lines} == {("sandbox", "sign-in")}
    assert len(lines) == 2, "the code, and the picture"


def test_p12_in_production_it_is_google_or_nobody(parts: Parts) -> None:
    production = parts.settings.model_copy(update={"imgpilot_env": Environment.PRODUCTION})
    assert google.provider(production) is None
    ours = production.model_copy(update={"google_client_id": "x", "google_client_secret": SecretStr("y")})
    found = google.provider(ours)
    assert found is not None
    assert (found.processor, found.discovery) == (GOOGLE, google.DISCOVERY)
    with pytest.raises(StartError):
        google.provider(ours.model_copy(update={"oidc_discovery_url": "https://evil.example/"}))
    dev = google.provider(parts.settings)
    assert dev is not None
    assert dev.processor == SANDBOX


@pytest.mark.parametrize("kind", [Kind.DELETION, Kind.CORRECTION, Kind.RESTRICTION])
def test_p12_google_is_told_nothing_at_an_erasure_and_the_reason_is_said(kind: Kind) -> None:
    adapter = adapter_of("google")
    assert adapter is not None
    assert "we keep none of its tokens" in SPARED[adapter.spared(kind)]


def test_a_google_that_does_not_answer_is_said(browser: Browser, parts: Parts) -> None:
    parts.settings.oidc_discovery_url = "http://127.0.0.1:1/.well-known/openid-configuration"
    answer = browser.get("/sign-in/google")
    assert answer.status_code == 503
    assert "Google does not answer" in answer.text
