"""The studio as a browser sees it."""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.generation import references
from imgpilot.generation.make import make
from imgpilot.generation.models import Generation, Image, Reference
from imgpilot.generation.order import LONGEST_PROMPT
from imgpilot.parts import Parts
from imgpilot.safety.models import PromptRefusal
from imgpilot.sandbox.server import Sandbox
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.generation.conftest import images_of, photo

Enter = Callable[[Account], Browser]
PENDING = "data-events="


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form and what is ticked in it."""
    form = page[page.index('class="compose"') :]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    for name in ("model", "ratio"):
        chosen = re.search(rf'name="{name}" value="([^"]+)" checked', form)
        if chosen:
            found[name] = chosen[1]
    return found


def send(browser: Browser, *, upload: Any = None, page: str = "/studio", **given: Any) -> TestResponse:
    """Fill in the form of the page and send it."""
    filled = fields(browser.get(page).text) | {"prompt": "two pears", "count": "1"} | given
    # Encoded here: werkzeug would put a large upload into a file and leave that open.
    parts = [(f'name="{name}"', value.encode()) for name, value in filled.items()]
    parts += [('name="reference"; filename="holiday.jpg"', upload)] if upload is not None else []
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\n" + value + b"\r\n"
        for name, value in parts
    )
    kind = "multipart/form-data; boundary=edge"
    return browser.client.post("/studio", data=body + b"--edge--\r\n", content_type=kind, base_url=browser.base)


def batch_of(page: str) -> str:
    return page[page.index('id="batch"') : page.index("</section>")]


@pytest.mark.parametrize("path", ["/studio", "/gallery", f"/studio/{UUID(int=1)}", f"/images/{UUID(int=1)}"])
def test_whoever_is_not_signed_in_does_that_first(site: Flask, path: str) -> None:
    answer = Browser(site).get(path)
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next={path}")


def test_the_start_page_is_the_studio_for_those_who_are_signed_in(site: Flask, ana: Account, signed_in: Enter) -> None:
    assert Browser(site).get("/").status_code == 200
    assert signed_in(ana).get("/").location == "/studio"


def test_p04_the_request_stands_beside_the_prompt(ana: Account, signed_in: Enter) -> None:
    page = signed_in(ana).get("/studio").text
    box = re.search(r"<textarea[^>]*>.*?</span></div>", page, re.DOTALL)
    assert box
    for said in ("Leave out what is private", "identity numbers", "full names of private people", "confidential"):
        assert said in box[0]
    described = re.search(r'<textarea[^>]*aria-describedby="([^"]+)"', box[0])
    assert described and f'id="{described[1]}"' in box[0], "and is read out with it"
    refused = send(signed_in(ana), prompt="")
    assert "Leave out what is private" in refused.text, "also when there is something else to say"


def test_p10_the_form_says_who_gets_the_prompt_and_asks_the_first_time(
    session: Session, ana: Account, signed_in: Enter
) -> None:
    browser = signed_in(ana)
    page = browser.get("/studio").text
    assert "Goes to: Sandbox on this machine" in page
    assert 'name="acknowledged"' in page
    refused = send(browser)
    assert refused.status_code == 400
    assert "Tick the box first" in refused.text
    assert send(browser, acknowledged="1").status_code == 303
    assert 'name="acknowledged"' not in browser.get("/studio").text


def test_p10_with_the_real_provider_its_name_and_country_stand_there(
    parts: Parts, ana: Account, signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.settings, "openai_base_url", "https://api.openai.com/v1")
    page = signed_in(ana).get("/studio").text
    assert "Goes to: OpenAI, United States" in page
    assert "GPT Image 2" in page


def test_what_it_costs_and_what_is_left_stand_beside_the_button(ana: Account, signed_in: Enter) -> None:
    page = signed_in(ana).get("/studio").text
    assert ">6</b>" in page and "Make 1 picture" in page
    assert "You will have 34 left. Pictures that fail are refunded." in page


def test_an_order_goes_from_the_form_to_the_picture(
    session: Session, parts: Parts, clock: Clock, ana: Account, signed_in: Enter
) -> None:
    browser = signed_in(ana)
    answer = send(browser, model="sandbox-draft", count="2", acknowledged="1")
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert PENDING in page and page.count("Waiting its turn") == 2
    assert '<noscript><meta http-equiv="refresh"' in page
    (order,) = session.scalars(select(Generation))
    first, second = images_of(session, order)

    make(parts, first.id, clock())
    page = browser.get(answer.location, **{"HX-Request": "true"}).text
    assert page.lstrip().startswith("<div"), "a piece, not a page"
    assert PENDING in page
    assert f"/images/{first.id}/thumbnail" in page
    assert "1 of 2 credits used so far." in page

    make(parts, second.id, clock.tick(seconds=3))
    page = browser.get(answer.location, **{"HX-Request": "true"}).text
    assert PENDING not in page, "nothing more to ask for"
    assert "2 of 2 pictures are there. Nothing more is being made." in page, "and it is read out"
    assert "refresh" not in browser.get(answer.location).text


def test_a_picture_that_is_being_made_says_for_how_long(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    ordered: Callable[..., Generation],
    signed_in: Enter,
) -> None:
    from datetime import timedelta

    from imgpilot.generation import jobs

    order = ordered(ana)
    (image,) = images_of(session, order)
    with parts.sessions.begin() as own:
        assert jobs.take(own, image.id, clock(), timedelta(minutes=4))
    clock.tick(seconds=7)
    page = batch_of(signed_in(ana).get("/studio").text)
    assert "7 s so far" in page and "usually 2 s" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="ruler"' in page


@pytest.mark.parametrize(
    ("fault", "chip", "said"),
    [
        ("blocked", "Blocked", "safety check stopped the prompt"),
        ("invalid", "Not made", "could not use this request"),
        ("quota", "Not made", "That is ours to repair"),
    ],
)
def test_a_picture_that_is_not_made_keeps_its_place_says_why_and_shows_the_refund(
    parts: Parts, session: Session, ana: Account, ordered: Callable[..., Generation], signed_in: Enter,
    sandbox: Sandbox, fault: str, chip: str, said: str,
) -> None:  # fmt: skip
    order = ordered(ana, model="sandbox-painter")
    sandbox.faults.add(fault, message="what the provider says")
    make(parts, images_of(session, order)[0].id, parts.clock())
    page = batch_of(signed_in(ana).get("/studio").text)
    assert chip in page and said in page and "6 credits refunded" in page
    assert "what the provider says" not in page
    assert PENDING not in page


def test_a_picture_that_is_put_off_says_until_when(
    parts: Parts,
    session: Session,
    ana: Account,
    ordered: Callable[..., Generation],
    signed_in: Enter,
    sandbox: Sandbox,
) -> None:
    order = ordered(ana)
    sandbox.faults.add("rate_limited", retry_after=40)
    make(parts, images_of(session, order)[0].id, parts.clock())
    page = batch_of(signed_in(ana).get("/studio").text)
    assert "Another try in 40 s" in page and PENDING in page


def test_a_form_sent_twice_makes_one_order(session: Session, ana: Account, signed_in: Enter) -> None:
    browser = signed_in(ana)
    token = str(uuid4())
    first = send(browser, id=token, model="sandbox-draft", acknowledged="1")
    again = send(browser, id=token, model="sandbox-draft", acknowledged="1", upload=photo())
    assert first.location == again.location == f"/studio/{token}"
    assert session.scalar(select(func.count()).select_from(Image)) == 1
    assert session.scalar(select(func.count()).select_from(Reference)) == 0
    assert ledger.balance(session, ana.id) == 39


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"prompt": "  "}, "Say what the picture should show."),
        ({"count": "7"}, "Choose from 1 to 4 pictures."),
        ({"count": "many"}, "Choose from 1 to 4 pictures."),
        ({"count": "１"}, "Choose from 1 to 4 pictures."),
        ({"model": "crystal-ball"}, "That model is not offered here."),
        ({"ratio": "1:7"}, "makes these shapes"),
        (
            {"model": "sandbox-painter", "count": "4", "prompt": "more than I can pay", "drain": "1"},
            "of your credits",
        ),
    ],
)
def test_a_mistake_is_said_where_it_is_and_nothing_typed_is_lost(
    session: Session, ana: Account, signed_in: Enter, ordered: Callable[..., Generation],
    given: dict[str, str], said: str,
) -> None:  # fmt: skip
    browser = signed_in(ana)
    if given.pop("drain", ""):
        ordered(ana, model="sandbox-painter", count=4)
    typed = {"prompt": "ein <b>Birnbaum</b> & 梨", "ratio": "9:16", "model": "sandbox-draft", "acknowledged": "1"}
    answer = send(browser, **(typed | given))
    assert answer.status_code in {400, 402}
    assert said in answer.text
    if "prompt" not in given:
        assert "ein &lt;b&gt;Birnbaum&lt;/b&gt; &amp; 梨</textarea>" in answer.text
    if "ratio" not in given:
        assert 'value="9:16" checked' in answer.text
    if "model" not in given:
        assert 'value="sandbox-draft" checked' in answer.text
    if "drain" not in given and "count" not in given:
        assert re.search(r'name="acknowledged" value="1"\s*checked', answer.text)


def test_a_prompt_that_is_too_long_says_by_how_much_and_stays(ana: Account, signed_in: Enter) -> None:
    answer = send(signed_in(ana), prompt="x" * (LONGEST_PROMPT + 1), acknowledged="1")
    assert "The prompt has 2001 characters and 2000 fit." in answer.text
    assert "x" * (LONGEST_PROMPT + 1) + "</textarea>" in answer.text


def test_p03_an_upload_is_stored_used_and_shown(
    session: Session, parts: Parts, ana: Account, signed_in: Enter, sandbox: Sandbox
) -> None:
    browser = signed_in(ana)
    answer = send(browser, model="sandbox-draft", acknowledged="1", upload=photo("JPEG", (300, 200)))
    (reference,) = session.scalars(select(Reference))
    assert (reference.width, reference.height, reference.media_type) == (300, 200, "image/png")
    page = browser.get(answer.location).text
    assert "With a reference picture." in page
    assert f"/references/{reference.id}" in page
    assert browser.get(f"/references/{reference.id}").data[:4] == b"\x89PNG"
    small = browser.get(f"/references/{reference.id}/small")
    assert (small.mimetype, small.data[8:12]) == ("image/webp", b"WEBP")
    known = {"If-None-Match": small.headers["ETag"]}
    assert browser.get(f"/references/{reference.id}/small", **known).status_code == 304
    make(parts, images_of(session, session.scalars(select(Generation)).one())[0].id, parts.clock())
    (call,) = sandbox.calls.all()
    assert call.path.endswith("/images/edits")
    assert [file.sha256 for file in call.sent.files] == [reference.sha256]
    assert "holiday" not in str(call.sent)


def test_an_upload_is_not_lost_to_a_mistake_elsewhere(session: Session, ana: Account, signed_in: Enter) -> None:
    browser = signed_in(ana)
    answer = send(browser, prompt="", acknowledged="1", upload=photo())
    assert answer.status_code == 400
    (reference,) = session.scalars(select(Reference))
    assert fields(answer.text)["reference_id"] == str(reference.id)
    sent = browser.client.post(
        "/studio",
        data=fields(answer.text) | {"prompt": "now with words", "count": "1", "acknowledged": "1"},
        base_url=browser.base,
    )
    assert sent.status_code == 303
    assert references.of(session, session.scalars(select(Generation)).one().id) == [reference]


def test_a_kept_reference_can_be_left_out_again(session: Session, ana: Account, signed_in: Enter) -> None:
    browser = signed_in(ana)
    answer = send(browser, prompt="", acknowledged="1", upload=photo())
    again = browser.client.post(
        "/studio",
        data=fields(answer.text)
        | {"prompt": "without", "count": "1", "reference_remove": fields(answer.text)["reference_id"]},
        base_url=browser.base,
    )
    assert again.status_code == 200
    assert "reference_id" not in fields(again.text)
    assert "without</textarea>" in again.text
    assert session.scalar(select(func.count()).select_from(Generation)) == 0


@pytest.mark.parametrize(
    ("upload", "status", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "PNG, JPEG, WebP, HEIC or AVIF"),
        (b"", 400, "PNG, JPEG, WebP, HEIC or AVIF"),
        (photo("GIF"), 400, "PNG, JPEG, WebP, HEIC or AVIF"),
        (bytes(20 * 2**20 + 1), 413, "larger than 20 MB"),
    ],
)
def test_a_bad_upload_says_what_is_wrong_with_it_and_keeps_the_words(
    session: Session, parts: Parts, ana: Account, signed_in: Enter, upload: bytes, status: int, said: str
) -> None:
    answer = send(signed_in(ana), prompt="long thought about", acknowledged="1", upload=upload)
    assert answer.status_code == status
    assert said in answer.text
    assert "long thought about</textarea>" in answer.text
    assert session.scalar(select(func.count()).select_from(Generation)) == 0
    assert list(parts.storage.keys()) == []


def test_a_request_far_too_large_gets_a_page_that_says_so(ana: Account, signed_in: Enter) -> None:
    form, kind = bytes(27 * 2**20), "multipart/form-data; boundary=b"
    answer = signed_in(ana).client.post("/studio", data=form, content_type=kind, base_url="http://127.0.0.1:8000")
    assert answer.status_code == 413
    assert "20 MB" in answer.text


def test_a_form_without_its_token_is_refused(session: Session, ana: Account, signed_in: Enter) -> None:
    answer = signed_in(ana).send("/studio", {"prompt": "x", "acknowledged": "1"})
    assert answer.status_code == 400
    assert session.scalar(select(func.count()).select_from(Generation)) == 0


def test_using_a_prompt_again_brings_everything_back(
    ana: Account, ordered: Callable[..., Generation], signed_in: Enter
) -> None:
    order = ordered(ana, prompt="a jar of honey", ratio="2:3", count=3)
    page = signed_in(ana).get(f"/studio/{order.id}").text
    assert "a jar of honey</textarea>" in page
    assert (fields(page)["model"], fields(page)["ratio"]) == ("sandbox-draft", "2:3")
    assert fields(page)["id"] != str(order.id), "and makes a new order"


def test_no_page_of_the_studio_has_inline_style_or_script(
    parts: Parts,
    session: Session,
    ana: Account,
    ordered: Callable[..., Generation],
    signed_in: Enter,
    sandbox: Sandbox,
) -> None:
    order = ordered(ana, count=4)
    sandbox.faults.add("blocked")
    for image in images_of(session, order)[:3]:
        make(parts, image.id, parts.clock())
    browser = signed_in(ana)
    finished = images_of(session, order)[1]
    for path in ("/studio", f"/studio/{order.id}", "/gallery", f"/images/{finished.id}"):
        page = browser.get(path).text
        assert not re.search(r"<[^>]+\sstyle=", page), path
        assert not re.search(r"<[^>]+\son\w+=", page), path
        assert not re.search(r"<script(?![^>]*src=)", page), path


def test_in_chinese_the_whole_page_says_so(ana: Account, session: Session, signed_in: Enter) -> None:
    ana.language = "zh_Hans"
    session.commit()
    assert '<html lang="zh-Hans"' in signed_in(ana).get("/studio").text


@pytest.fixture
def made(
    session: Session, parts: Parts, ana: Account, ordered: Callable[..., Generation], sandbox: Sandbox
) -> tuple[Generation, Image]:
    """A finished order of Ana's, and its picture."""
    order = ordered(ana, model="sandbox-painter", prompt="a jar of honey", ratio="2:3", seed=41)
    make(parts, images_of(session, order)[0].id, parts.clock())
    session.rollback()
    return order, images_of(session, order)[0]


def shown_references(page: str) -> list[str]:
    return re.findall(r'name="reference_id" value="([^"]+)"', page)


def test_p10_how_long_the_provider_keeps_it_stands_beside_its_name(
    parts: Parts, ana: Account, signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.settings, "openai_base_url", "https://api.openai.com/v1")
    page = signed_in(ana).get("/studio").text
    assert re.search(r"Goes to: OpenAI, United States<br>Kept there: up to 30 days, to detect abuse", page)


def test_p04_what_was_found_is_marked_named_and_can_be_taken_out(
    session: Session, ana: Account, signed_in: Enter
) -> None:
    browser = signed_in(ana)
    typed = {"prompt": "a <b>card</b> for ana@example.com & friends", "acknowledged": "1", "ratio": "9:16"}
    answer = send(browser, **typed)
    assert answer.status_code == 422
    assert "<mark>ana@example.com</mark>" in answer.text and "<b>ana@example.com</b>: an e-mail address" in answer.text
    assert "a &lt;b&gt;card&lt;/b&gt; for ana@example.com &amp; friends</textarea>" in answer.text
    assert session.scalar(select(func.count()).select_from(Generation)) == 0
    tidied = send(browser, **typed, tidy="1")
    assert tidied.status_code == 200
    assert "a &lt;b&gt;card&lt;/b&gt; for &amp; friends</textarea>" in tidied.text and "<mark>" not in tidied.text
    assert 'value="9:16" checked' in tidied.text
    assert session.scalar(select(func.count()).select_from(Generation)) == 0, "it is only shown"


def test_p04_or_it_is_sent_as_it_is_and_not_asked_again(session: Session, ana: Account, signed_in: Enter) -> None:
    browser = signed_in(ana)
    prompt = "a card for ana@example.com"
    assert send(browser, prompt=prompt, acknowledged="1", model="sandbox-draft").status_code == 422
    other = send(browser, prompt=prompt, knowing="e-mail", model="sandbox-draft")
    assert "Tick the box first" in other.text and "<mark>" not in other.text
    assert fields(other.text)["knowing"] == "e-mail", "a mistake elsewhere does not make us ask again"
    assert send(browser, prompt=prompt, knowing="e-mail", acknowledged="1", model="sandbox-draft").status_code == 303
    assert session.scalars(select(Generation)).one().prompt == prompt


def test_a_refusal_of_ours_says_its_stage_and_is_kept_for_an_appeal(
    session: Session, ana: Account, signed_in: Enter, sandbox: Sandbox
) -> None:
    browser = signed_in(ana)
    prompt = "a nude child, explicit"
    answer = send(browser, prompt=prompt, acknowledged="1")
    assert answer.status_code == 403
    assert "Refused by our own rules, before anything was sent" in answer.text
    assert "Nothing was charged." in answer.text and f"{prompt}</textarea>" in answer.text
    (refusal,) = session.scalars(select(PromptRefusal))
    assert (refusal.account_id, refusal.prompt) == (ana.id, prompt)
    assert f'href="/refusals/{refusal.id}"' in answer.text
    assert sandbox.calls.all() == [] and ledger.balance(session, ana.id) == 40


def test_a_refusal_of_the_provider_says_its_stage(
    parts: Parts,
    session: Session,
    ana: Account,
    ordered: Callable[..., Generation],
    signed_in: Enter,
    sandbox: Sandbox,
) -> None:
    order = ordered(ana, count=2)
    sandbox.faults.add("blocked")
    first, second = images_of(session, order)
    make(parts, first.id, parts.clock())
    with parts.sessions.begin() as own:
        row = own.get_one(Image, second.id)
        row.state, row.failure = "blocked", "BlockedOutput"
    page = batch_of(signed_in(ana).get("/studio").text)
    assert "Refused by the provider, before it made anything" in page
    assert "Refused by the provider, once the picture was made" in page


def test_remixing_fills_in_everything_with_the_seed_if_it_is_asked_for(
    ana: Account, signed_in: Enter, made: tuple[Generation, Image]
) -> None:
    order, _image = made
    browser = signed_in(ana)
    page = browser.get(f"/studio?remix={order.id}").text
    assert "a jar of honey</textarea>" in page and 'name="seed" type="text" value="41"' in page
    assert fields(page)["ratio"] == "2:3"
    assert 'name="seed" type="text" value="99"' in browser.get(f"/studio?remix={order.id}&seed=99").text


def test_a_picture_of_ones_own_becomes_a_reference_once(
    session: Session, ana: Account, signed_in: Enter, made: tuple[Generation, Image]
) -> None:
    _order, image = made
    browser = signed_in(ana)
    for _ in range(2):
        page = browser.get(f"/studio?reference={image.id}").text
        (reference,) = session.scalars(select(Reference))
        assert shown_references(page) == [str(reference.id)]
    assert (reference.width, reference.height) == (image.width, image.height)
    assert "a jar of honey</textarea>" not in page


def test_variations_take_the_words_and_the_picture(
    session: Session, ana: Account, signed_in: Enter, made: tuple[Generation, Image]
) -> None:
    page = signed_in(ana).get(f"/studio?vary={made[1].id}").text
    assert "a jar of honey</textarea>" in page
    assert shown_references(page) == [str(session.scalars(select(Reference)).one().id)]


@pytest.mark.parametrize("name", ["remix", "vary", "reference"])
def test_nothing_is_filled_in_from_what_is_somebody_elses(
    session: Session, bob: Account, signed_in: Enter, made: tuple[Generation, Image], name: str
) -> None:
    browser = signed_in(bob)
    for id_ in (made[0].id, made[1].id, UUID(int=1), "nonsense"):
        assert browser.get(f"/studio?{name}={id_}").status_code == 404
    assert session.scalar(select(func.count()).select_from(Reference)) == 0


def test_a_removed_picture_is_nowhere(
    session: Session, ana: Account, signed_in: Enter, made: tuple[Generation, Image], parts: Parts
) -> None:
    order, image = made
    image.removed_at = parts.clock()
    session.commit()
    browser = signed_in(ana)
    assert "a jar of honey" not in browser.get("/studio").text
    for path in (f"/studio/{order.id}", f"/studio?remix={order.id}", f"/studio?reference={image.id}"):
        assert browser.get(path).status_code == 404


def test_a_reference_is_taken_in_at_once_and_answered_with_its_tile(
    session: Session, ana: Account, signed_in: Enter
) -> None:
    browser = signed_in(ana)
    token = browser.csrf("/studio")

    def upload(data: bytes) -> TestResponse:
        sent = {"csrf_token": token, "reference": (io.BytesIO(data), "x.png")}
        return browser.client.post("/studio/references", data=sent, base_url=browser.base)

    tile = upload(photo())
    (reference,) = session.scalars(select(Reference))
    assert tile.status_code == 200 and shown_references(tile.text) == [str(reference.id)]
    assert upload(b"no picture").json == {
        "detail": "This file is not a still picture that we can read. Use PNG, JPEG, WebP, HEIC or AVIF."
    }


def test_the_form_shows_only_what_the_model_can_do(ana: Account, signed_in: Enter) -> None:
    browser = signed_in(ana)
    painter = browser.get("/studio").text
    assert re.search(r'<div data-able="seed">', painter) and re.search(r'<div data-able="negative" hidden>', painter)
    draft = send(browser, model="sandbox-draft", seed="7", change="model").text
    assert re.search(r'<div data-able="seed" hidden>', draft)
    assert re.search(r'name="seed" type="text" value=""[^>]* disabled', draft)
    assert ">1</b>" in draft and "Make 1 picture" in draft
    refused = send(browser, model="sandbox-draft", seed="7", acknowledged="1")
    assert refused.status_code == 400
    assert "takes no seed" in refused.text and 'name="seed" type="text" value="7"' in refused.text


def test_orders_besides_the_newest_are_listed_while_they_are_under_way(
    session: Session,
    parts: Parts,
    clock: Clock,
    ana: Account,
    bob: Account,
    ordered: Callable[..., Generation],
    signed_in: Enter,
) -> None:
    first = ordered(bob, prompt="bob's own")
    older = ordered(ana, prompt="an older one", count=2)
    clock.tick(seconds=5)
    ordered(ana, prompt="the newest")
    make(parts, images_of(session, older)[0].id, clock())
    browser = signed_in(ana)
    page = browser.get("/studio").text
    assert "Also under way" in page and f'href="/studio/{older.id}"' in page and "1 of 2 done" in page
    assert "number 3 in line" in page, "after Bob's and the rest of her own"
    assert str(first.id) not in page
    make(parts, images_of(session, older)[1].id, clock())
    page = browser.get("/studio").text
    assert "Also under way" not in page and "number 2 in line" in page
