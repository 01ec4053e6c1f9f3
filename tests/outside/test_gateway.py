"""The one way out: what is not registered does not leave, and what leaves is written down, never what it was."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.disclosures import Disclosure
from imgpilot.errors import Refused, StartError
from imgpilot.parts import Parts
from imgpilot.processors import MAIL, OPENAI, SANDBOX, image_provider
from imgpilot.purposes import ACCOUNT, GENERATION, NEWS, SIGN_IN
from imgpilot.sandbox.server import Sandbox

PROMPT = ("user.content.private",)
QUICK = httpx.Timeout(30)


@pytest.fixture
def ana(session: Session, parts: Parts) -> Account:
    account = Account(email="ana@example.com", created_at=parts.clock())
    session.add(account)
    session.commit()
    return account


@pytest.fixture
def provider() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1") as server:
        yield server


def log_of(session: Session) -> list[Disclosure]:
    return list(session.scalars(select(Disclosure).execution_options(populate_existing=True)))


def test_p12_a_purpose_that_is_not_registered_for_the_processor_is_refused_before_anything_leaves(
    parts: Parts, session: Session, provider: HTTPServer
) -> None:
    with pytest.raises(Refused, match="not registered for the purpose news"):
        parts.gateway.client(SANDBOX, NEWS, subject=None, categories=PROMPT, timeout=QUICK)
    assert provider.log == []
    assert log_of(session) == []


def test_p12_a_processor_that_is_not_in_the_register_is_refused(parts: Parts) -> None:
    stranger = replace(SANDBOX, key="stranger")
    with pytest.raises(Refused, match="not a registered processor"):
        parts.gateway.client(stranger, GENERATION, subject=None, categories=PROMPT, timeout=QUICK)
    lookalike = replace(SANDBOX, hosts=("elsewhere.example",))
    with pytest.raises(Refused):
        parts.gateway.client(lookalike, GENERATION, subject=None, categories=PROMPT, timeout=QUICK)


def test_p10_a_category_outside_the_purpose_is_refused(parts: Parts) -> None:
    with pytest.raises(Refused, match=r"may not receive user\.contact\.email"):
        parts.gateway.client(OPENAI, GENERATION, subject=None, categories=("user.contact.email",), timeout=QUICK)


def test_a_purpose_of_ours_alone_lets_nothing_out(parts: Parts) -> None:
    with pytest.raises(Refused):
        parts.gateway.client(MAIL, ACCOUNT, subject=None, categories=(), timeout=QUICK)


def test_a_host_that_is_not_the_processors_own_is_refused(parts: Parts, session: Session, provider: HTTPServer) -> None:
    client = parts.gateway.client(OPENAI, GENERATION, subject=None, categories=PROMPT, timeout=QUICK)
    with client, pytest.raises(Refused, match="not a host of openai"):
        client.post(provider.url_for("/v1"), content=b"x")
    assert provider.log == []
    assert log_of(session) == []


def test_a_redirect_to_another_place_is_not_followed(parts: Parts, provider: HTTPServer) -> None:
    provider.expect_request("/").respond_with_data("", 302, {"Location": "http://elsewhere.example/"})
    with parts.gateway.client(SANDBOX, GENERATION, subject=None, categories=PROMPT, timeout=QUICK) as client:
        assert client.get(provider.url_for("/")).status_code == 302


def test_p10_what_leaves_is_written_down_with_its_measure_but_not_its_words(
    parts: Parts, session: Session, ana: Account, provider: HTTPServer
) -> None:
    provider.expect_request("/v1").respond_with_data(b"12345")
    with parts.gateway.client(SANDBOX, GENERATION, subject=ana.id, categories=PROMPT, timeout=QUICK) as client:
        client.post(provider.url_for("/v1"), content=b"a secret garden")
    [line] = log_of(session)
    assert (line.account_id, line.processor, line.purpose) == (ana.id, "sandbox", "generation")
    assert (line.categories, line.status, line.bytes_out, line.bytes_in) == (list(PROMPT), 200, 15, 5)
    assert line.latency_ms is not None
    assert "garden" not in repr(vars(line))
    assert line.digest
    assert len(line.digest) == 64


def test_the_digest_is_keyed_so_that_a_prompt_cannot_be_guessed_from_it(
    parts: Parts, session: Session, provider: HTTPServer
) -> None:
    import hashlib

    provider.expect_request("/v1").respond_with_data(b"")
    with parts.gateway.client(SANDBOX, GENERATION, subject=None, categories=PROMPT, timeout=QUICK) as client:
        client.post(provider.url_for("/v1"), content=b"cat")
        client.post(provider.url_for("/v1"), content=b"cat")
    first, second = log_of(session)
    assert first.digest == second.digest
    assert first.digest != hashlib.sha256(b"cat").hexdigest()


def test_the_line_is_there_before_the_first_byte_leaves(parts: Parts, session: Session, provider: HTTPServer) -> None:
    seen: list[int] = []

    def answer(_request: object) -> object:
        from werkzeug import Response

        with parts.sessions() as other:
            seen.append(len(list(other.scalars(select(Disclosure)))))
        return Response("")

    provider.expect_request("/v1").respond_with_handler(answer)  # type: ignore[arg-type]
    with parts.gateway.client(SANDBOX, GENERATION, subject=None, categories=PROMPT, timeout=QUICK) as client:
        client.get(provider.url_for("/v1"))
    assert seen == [1]


def test_a_call_that_fails_is_written_down_with_the_class_of_the_failure(parts: Parts, session: Session) -> None:
    client = parts.gateway.client(SANDBOX, GENERATION, subject=None, categories=PROMPT, timeout=QUICK)
    with client, pytest.raises(httpx.ConnectError):
        client.post("http://127.0.0.1:9/", content=b"x")
    [line] = log_of(session)
    assert (line.status, line.failure) == (None, "ConnectError")


def test_logs_hold_neither_words_nor_addresses(
    parts: Parts, sandbox: Sandbox, ana: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    parts.mailer.send(ana.email, "Hello", "text", "<p>text</p>", purpose=SIGN_IN, subject=ana.id)
    assert sandbox.mail.to(ana.email)
    assert "ana@example.com" not in caplog.text


def test_a_mail_is_a_disclosure_to_who_delivers_it(
    parts: Parts, session: Session, sandbox: Sandbox, ana: Account
) -> None:
    line_id = parts.mailer.send(ana.email, "Hallo 你好", "text", "<p>text</p>", purpose=SIGN_IN, subject=ana.id)
    line = session.get_one(Disclosure, line_id)
    assert (line.processor, line.purpose, line.status) == ("mail", "sign-in", 250)
    assert line.categories == ["user.contact.email"]
    [mail] = sandbox.mail.to(ana.email)
    assert mail.subject == "Hallo 你好"


def test_a_provider_at_an_unknown_host_is_an_error_that_says_what_to_do(parts: Parts) -> None:
    elsewhere = parts.settings.model_copy(update={"openai_base_url": "https://models.example/v1"})
    with pytest.raises(StartError, match=r"models\.example, which is no registered processor"):
        image_provider(elsewhere)


def test_nothing_goes_in_clear_to_anybody_but_the_sandbox(parts: Parts, session: Session) -> None:
    client = parts.gateway.client(OPENAI, GENERATION, subject=None, categories=PROMPT, timeout=QUICK)
    with client, pytest.raises(Refused, match="nothing goes to openai in clear text"):
        client.post("http://api.openai.com/v1", content=b"x")
    assert log_of(session) == []
