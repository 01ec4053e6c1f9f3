"""The delivery network forgets pages that are gone, by real HTTP to the sandbox."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

import config
from compliance.processors import public_pages
from imgpilot.accounts.models import Account
from imgpilot.disclosures import Disclosure
from imgpilot.errors import StartError
from imgpilot.parts import Parts
from imgpilot.processors import cache_of_pages
from imgpilot.sandbox.server import Sandbox
from imgpilot.sharing import ids, publishing
from imgpilot.sharing.models import GoneShare, Share
from tests.accounts.browser import Browser

Publish = Callable[..., Share]


@pytest.fixture
def cached(parts: Parts) -> Parts:
    """The site is served through the delivery network."""
    parts.settings = parts.settings.model_copy(update={"cloudflare_zone_id": "zone"})
    return parts


@pytest.fixture
def gone(session: Session, cached: Parts, publish: Publish, picture: UUID, ana: Account) -> str:
    """The number of a page that Ana took back."""
    id_ = publish(picture).id
    publishing.take_back(cached, session, ana.id, [picture])
    session.commit()
    return id_


def waiting(session: Session) -> int:
    """How many pages the network was not told of yet."""
    session.rollback()
    return session.scalar(select(func.count()).where(GoneShare.purged_at.is_(None))) or 0


def test_p11_taking_back_purges_what_the_network_keeps(
    session: Session, cached: Parts, sandbox: Sandbox, gone: str
) -> None:
    assert public_pages.purge(cached, cached.clock()) == 1
    [call] = sandbox.purged.all()
    assert (call.status, call.path) == (200, "/cloudflare/client/v4/zones/zone/purge_cache")
    assert call.sent.json == {"tags": [ids.tag(ids.digest(gone))]}
    assert waiting(session) == 0
    assert public_pages.purge(cached, cached.clock()) == 0
    assert len(sandbox.purged) == 1
    [line] = session.scalars(select(Disclosure).where(Disclosure.purpose == "rights"))
    assert (line.account_id, line.categories, line.status) == (None, ["user.unique_id.pseudonymous"], 200)


@pytest.mark.parametrize("fault", ["server_error", "rate_limited", "auth", "html", "truncated"])
def test_a_purge_that_fails_is_tried_again_and_the_page_is_down_meanwhile(
    session: Session, cached: Parts, sandbox: Sandbox, stranger: Browser, gone: str, fault: str
) -> None:
    sandbox.faults.add(fault)
    assert public_pages.purge(cached, cached.clock()) == 0
    assert waiting(session) == 1
    for rest in ("", "/picture.png"):
        assert stranger.get(f"/share/{gone}{rest}").status_code == 410
    assert public_pages.purge(cached, cached.clock()) == 1
    assert waiting(session) == 0


def test_pages_that_an_erasure_removed_are_purged_too(
    session: Session, cached: Parts, sandbox: Sandbox, publish: Publish, picture: UUID
) -> None:
    id_ = publish(picture).id
    session.execute(delete(Share))  # as the engine does: rows, by SQL
    session.commit()
    assert public_pages.purge(cached, cached.clock()) == 1
    assert sandbox.purged.all()[0].sent.json == {"tags": [ids.tag(ids.digest(id_))]}


def test_many_pages_go_a_hundred_in_a_call(session: Session, cached: Parts, sandbox: Sandbox) -> None:
    session.add_all([GoneShare(digest=ids.digest(str(n)), at=cached.clock()) for n in range(205)])
    session.commit()
    assert public_pages.purge(cached, cached.clock()) == 205
    assert sorted(len(call.sent.json["tags"]) for call in sandbox.purged.all()) == [5, 100, 100]


def test_without_a_network_there_is_nothing_to_forget(
    session: Session, cached: Parts, sandbox: Sandbox, gone: str
) -> None:
    cached.settings = cached.settings.model_copy(update={"cloudflare_zone_id": None})
    assert public_pages.purge(cached, cached.clock()) == 1
    assert (waiting(session), len(sandbox.purged)) == (0, 0)


def test_a_zone_that_nothing_could_purge_is_an_error_at_start(cached: Parts) -> None:
    with pytest.raises(StartError, match="CLOUDFLARE_API_TOKEN"):
        cache_of_pages(cached.settings.model_copy(update={"imgpilot_env": config.Environment.PRODUCTION}))
