"""What anybody gets at the address of a public page, and that nothing else is in it (policy P11)."""

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.parts import Parts
from imgpilot.sharing import ids, publishing
from imgpilot.sharing.models import Share
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.sharing.conftest import PROMPT

Publish = Callable[..., Share]
#: A word of the prompt that stands nowhere else.
MARK = "Zanzibar"


def everything(stranger: Browser, id_: str) -> dict[str, bytes]:
    """Every public answer about a page: headers and body."""
    asked = f"/oembed?url={quote(f'http://127.0.0.1:8000/share/{id_}')}"
    found = {}
    for path in (
        *(f"/share/{id_}{rest}" for rest in ("", "?lang=zh_Hans", "/card.jpg", "/shown.webp", "/picture.png")),
        *(f"/share/{id_}{rest}" for rest in ("/report", "/reported")),
        asked,
    ):
        answer = stranger.get(path)
        assert answer.status_code == 200, path
        found[path] = f"{answer.headers}".encode() + answer.data
    return found


def meta(page: str, name: str) -> str:
    """The content of a meta element."""
    found = re.search(rf'<meta (?:property|name)="{re.escape(name)}" content="([^"]*)"', page)
    assert found, name
    return found[1]


def linked(page: str) -> dict[str, object]:
    """The JSON-LD of the page."""
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    said = json.loads(found[1])
    assert isinstance(said, dict)
    return said


def test_p11_anybody_opens_the_page_without_signing_in_and_gets_no_cookie(
    stranger: Browser, publish: Publish, picture: UUID
) -> None:
    id_ = publish(picture).id
    for path, said in everything(stranger, id_).items():
        if "/report" not in path:
            assert b"Set-Cookie" not in said, path
    page = stranger.get(f"/share/{id_}").text
    assert "Made with AI" in page
    assert "Sandbox painter" in page
    assert 'name="csrf_token"' not in page


def test_p11_without_the_choice_no_public_byte_holds_the_prompt(
    stranger: Browser, publish: Publish, picture: UUID
) -> None:
    id_ = publish(picture).id
    for path, said in everything(stranger, id_).items():
        assert MARK.encode() not in said, path


def test_p11_with_the_choice_the_prompt_is_on_the_page_as_it_was_written(
    stranger: Browser, publish: Publish, picture: UUID
) -> None:
    id_ = publish(picture, show_prompt=True).id
    page = stranger.get(f"/share/{id_}").text
    assert "Zanzibar lighthouse &lt;b&gt;at&lt;/b&gt; dusk &amp; “two” pears" in page
    assert "<b>at</b>" not in page
    assert linked(page)["description"] == PROMPT


def test_p11_nothing_on_the_page_names_its_owner(
    stranger: Browser, publish: Publish, picture: UUID, ana: Account, signed_in: Callable[[Account], Browser]
) -> None:
    id_ = publish(picture, show_prompt=True).id
    for who in (stranger, signed_in(ana)):
        for path, said in everything(who, id_).items():
            if "/report" in path and who is not stranger:
                continue  # an own form in the site's frame, which shows her who she is
            for secret in (str(ana.id), str(picture), ana.email, "ana@"):
                assert secret.encode() not in said, path


def test_p11_search_engines_are_asked_to_stay_away_unless_chosen(
    stranger: Browser, publish: Publish, picture: UUID
) -> None:
    id_ = publish(picture).id
    for rest in ("", "/card.jpg", "/shown.webp", "/picture.png", "/report"):
        assert "noindex" in stranger.get(f"/share/{id_}{rest}").headers["X-Robots-Tag"]
    assert "noindex" in meta(stranger.get(f"/share/{id_}").text, "robots")
    publish(picture, listed=True)
    answer = stranger.get(f"/share/{id_}")
    assert answer.headers["X-Robots-Tag"] == "all"
    assert 'name="robots"' not in answer.text
    assert "noindex" in stranger.get(f"/share/{id_}/report").headers["X-Robots-Tag"]


def test_p11_a_page_taken_back_answers_410_at_every_address_of_it(
    session: Session, parts: Parts, stranger: Browser, publish: Publish, picture: UUID, ana: Account
) -> None:
    id_ = publish(picture).id
    paths = list(everything(stranger, id_))
    publishing.take_back(parts, session, ana.id, [picture])
    session.commit()
    for path in paths:
        if path.endswith("/reported"):
            continue  # thanks whoever reported it, whatever became of the page
        answer = stranger.get(path)
        assert answer.status_code == 410, path
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert stranger.get(f"/share/{ids.fresh()}").status_code == 404


def test_what_previews_ask_for_is_there(stranger: Browser, publish: Publish, picture: UUID) -> None:
    share = publish(picture, show_prompt=True)
    page, here = stranger.get(f"/share/{share.id}").text, f"http://127.0.0.1:8000/share/{share.id}"
    assert f'<link rel="canonical" href="{here}">' in page
    assert meta(page, "og:url") == here
    assert meta(page, "og:image") == f"{here}/card.jpg"
    assert (meta(page, "og:image:width"), meta(page, "og:image:height")) == ("1200", "630")
    assert meta(page, "og:image:type") == "image/jpeg"
    assert meta(page, "og:image:alt").startswith("Zanzibar lighthouse")
    assert meta(page, "twitter:card") == "summary_large_image"
    said = linked(page)
    assert said["@type"] == "ImageObject"
    assert said["digitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert said["creditText"] == "ImgPilot, Sandbox painter, Sandbox on this machine"


def test_the_picture_is_the_stored_file_byte_for_byte(
    stranger: Browser, parts: Parts, publish: Publish, picture: UUID, ana: Account
) -> None:
    id_ = publish(picture).id
    answer = stranger.get(f"/share/{id_}/picture.png")
    assert answer.data == b"".join(parts.storage.open(f"{ana.id}/images/{picture}.png"))
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert stranger.get(f"/share/{id_}/picture.jpg").status_code == 404
    again = stranger.get(f"/share/{id_}/card.jpg", **{"If-None-Match": f'"{id_[:8]}-card"'})
    assert (again.status_code, again.data) == (304, b"")


def test_without_a_delivery_network_nobody_between_us_keeps_anything(
    stranger: Browser, publish: Publish, picture: UUID
) -> None:
    id_ = publish(picture).id
    for rest in ("", "/card.jpg", "/shown.webp", "/picture.png"):
        answer = stranger.get(f"/share/{id_}{rest}")
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Cache-Tag" not in answer.headers


def test_with_one_pictures_are_kept_for_a_minute_under_a_tag_and_pages_never(
    stranger: Browser, parts: Parts, publish: Publish, picture: UUID
) -> None:
    parts.settings = parts.settings.model_copy(update={"cloudflare_zone_id": "zone"})
    id_ = publish(picture).id
    for rest in ("/card.jpg", "/shown.webp", "/picture.png"):
        answer = stranger.get(f"/share/{id_}{rest}")
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
        assert answer.headers["Cache-Tag"] == ids.tag(ids.digest(id_))
    assert stranger.get(f"/share/{id_}").headers["Cache-Control"] == "private, no-cache"


def oembed(stranger: Browser, url: str, **more: str) -> tuple[int, dict[str, object]]:
    """What oEmbed says of this address."""
    more = {"url": url} | more
    answer = stranger.get("/oembed?" + "&".join(f"{key}={quote(value, safe='')}" for key, value in more.items()))
    return answer.status_code, answer.get_json()


def test_oembed_gives_a_photo_within_the_sides_asked_for(stranger: Browser, publish: Publish, picture: UUID) -> None:
    id_ = publish(picture).id
    found = re.search(r'type="application/json\+oembed" href="([^"]+)"', stranger.get(f"/share/{id_}").text)
    assert found
    where = urlsplit(found[1].replace("&amp;", "&"))
    assert parse_qs(where.query)["url"] == [f"http://127.0.0.1:8000/share/{id_}"]
    said = stranger.get(f"{where.path}?{where.query}").get_json()
    assert (said["version"], said["type"], said["width"], said["height"]) == ("1.0", "photo", 1280, 800)
    assert said["url"] == f"http://127.0.0.1:8000/share/{id_}/shown.webp"
    assert "author_name" not in said
    url = f"http://127.0.0.1:8000/share/{id_}?utm=x"
    _, small = oembed(stranger, url, maxwidth="320", maxheight="9999")
    assert (small["width"], small["height"]) == (320, 200)
    assert "thumbnail_url" not in small
    _, low = oembed(stranger, url, maxheight="100")
    assert (low["width"], low["height"]) == (160, 100)


@pytest.mark.parametrize(
    ("url", "more", "status"),
    [
        ("http://127.0.0.1:8000/share/{id}", {"format": "xml"}, 501),
        ("http://127.0.0.1:8000/share/{id}", {"maxwidth": "-1"}, 400),
        ("http://127.0.0.1:8000/share/{id}", {"maxheight": "0"}, 400),
        ("https://elsewhere.example/share/{id}", {}, 404),
        ("http://127.0.0.1:8000/images/{id}", {}, 404),
        ("http://[", {}, 404),
        ("", {}, 404),
    ],
)
def test_oembed_answers_for_our_public_pages_only(
    stranger: Browser, publish: Publish, picture: UUID, url: str, more: dict[str, str], status: int
) -> None:
    assert oembed(stranger, url.format(id=publish(picture).id), **more)[0] == status


def test_p11_the_links_to_share_it_are_plain_and_give_nothing_away(
    stranger: Browser, publish: Publish, picture: UUID
) -> None:
    id_ = publish(picture).id
    page, here = stranger.get(f"/share/{id_}").text, quote(f"http://127.0.0.1:8000/share/{id_}", safe="")
    links = {
        urlsplit(url).hostname: (url, tag) for tag, url in re.findall(r'(<a [^>]*href="(https://[^"]+)"[^>]*>)', page)
    }
    assert set(links) == {"x.com", "www.facebook.com", "www.pinterest.com"}
    assert f"https://www.facebook.com/sharer/sharer.php?u={here}" == links["www.facebook.com"][0]
    assert links["x.com"][0].startswith("https://x.com/intent/post?text=A%20picture%20made%20with%20AI&amp;url=")
    assert "%2Fcard.jpg&amp;description=" in links["www.pinterest.com"][0]
    for _url, tag in links.values():
        assert 'rel="noopener noreferrer nofollow"' in tag
    assert not re.search(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="https?://(?!127\.0\.0\.1:8000)', page)


def test_the_page_speaks_another_language_without_a_cookie(stranger: Browser, publish: Publish, picture: UUID) -> None:
    id_ = publish(picture).id
    assert '<html lang="zh-Hans"' in stranger.get(f"/share/{id_}?lang=zh_Hans").text
    assert '<html lang="en"' in stranger.get(f"/share/{id_}?lang=<script>").text


def test_robots_txt_keeps_engines_out_of_what_is_private_and_lets_pages_speak(stranger: Browser) -> None:
    said = stranger.get("/robots.txt")
    assert said.mimetype == "text/plain"
    assert "Disallow: /images/" in said.text
    assert "Disallow: /share/\n" not in said.text, "an engine that may not look would not see that it shall not list"


def test_the_owner_publishes_changes_and_takes_back_on_the_site(
    session: Session,
    clock: Clock,
    signed_in: Callable[[Account], Browser],
    stranger: Browser,
    ana: Account,
    bob: Account,
    picture: UUID,
) -> None:
    hers, at = signed_in(ana), f"/images/{picture}/share"
    assert "Nothing of yours is public" in hers.get("/shares").text
    assert "Only you see this picture" in hers.get(at).text
    assert hers.post(at, {"show_prompt": "1"}).location == at
    page = hers.get(at).text
    found = re.search(r"http://127\.0\.0\.1:8000/share/(\w{22})", page)
    assert found
    assert MARK in stranger.get(f"/share/{found[1]}").text
    hers.post(at, {"listed": "1"})
    assert MARK not in stranger.get(f"/share/{found[1]}").text
    assert found[1] in hers.get("/shares").text
    his = signed_in(bob)
    assert found[1] not in his.get("/shares").text
    assert his.get(at).status_code == 404
    assert his.send(f"{at}/end", {"csrf_token": his.csrf("/shares")}).status_code == 404
    assert hers.post(f"{at}/end", {"back": "list"}, on=at).location == "/shares"
    assert stranger.get(f"/share/{found[1]}").status_code == 410
    hers.post(at)
    assert hers.post("/shares/end", on="/shares").location == "/shares"
    assert "Nothing of yours is public" in hers.get("/shares").text
    ana = session.get_one(Account, ana.id)
    ana.restricted_at = clock()
    session.commit()
    answer = hers.post(at)
    assert answer.status_code == 403
    assert "Your data is restricted since" in answer.text
