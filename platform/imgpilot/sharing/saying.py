"""What a public page says to machines: link previews, oEmbed, JSON-LD, and the links that share it elsewhere."""

import unicodedata
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import config
from imgpilot.language import marked as _
from imgpilot.language import translate
from imgpilot.sharing import copies, ids
from imgpilot.sharing.models import Share
from imgpilot.sharing.public import Public

#: How long others may keep an answer of ours before they ask again, in seconds.
KEPT = 60
NO_PROMPT = _("A picture made with AI")


def address(settings: config.Settings, id_: str, rest: str = "") -> str:
    """The address of the page, or of what belongs to it ("/card.jpg")."""
    return f"{settings.site_url}/share/{id_}{rest}"


def title(found: Public, language: str) -> str:
    """The prompt's beginning, if it is shown; else what it is."""
    return found.short or translate(language, NO_PROMPT)


def spoken(text: str) -> str:
    """The language tag of what a person wrote, as far as its letters tell; "" (unknown) for Latin and others."""
    names = "".join(unicodedata.name(letter, "") for letter in text[:200] if not letter.isascii())
    scripts = (("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("HANGUL", "ko"), ("CJK", "zh"))
    return next((tag for script, tag in scripts if script in names), "")


def maker(found: Public, language: str) -> str:
    """ "GPT Image 2, OpenAI": the model and whose it is, or our name for a model that left."""
    model = found.model
    return found.generation.model if model is None else f"{model.name}, {translate(language, model.processor.name)}"


def linked_data(settings: config.Settings, found: Public, language: str) -> dict[str, Any]:
    """The page for search engines, in schema.org's words; that AI made it, in the IPTC's (EU AI Act, Art. 50)."""
    width, height = found.size
    said = {
        "@context": "https://schema.org",
        "@type": "ImageObject",
        "name": title(found, language),
        "url": address(settings, found.id),
        "contentUrl": address(settings, found.id, f"/picture.{found.suffix}"),
        "thumbnailUrl": address(settings, found.id, "/card.jpg"),
        "encodingFormat": found.image.media_type,
        "width": width,
        "height": height,
        "datePublished": found.share.published_at.date().isoformat(),
        "creditText": f"{config.PRODUCT}, {maker(found, language)}",
        "digitalSourceType": copies.MADE_BY_AI,
    }
    if found.prompt:
        said["description"] = found.prompt
    return said


def embed(
    settings: config.Settings, found: Public, language: str, most_wide: int | None, most_high: int | None
) -> dict[str, Any]:
    """The answer of oEmbed 1.0: a photo, within these sides."""
    width, height = found.shown_size
    scale = min([1.0, *(most / side for most, side in ((most_wide, width), (most_high, height)) if most)])
    said: dict[str, Any] = {
        "version": "1.0",
        "type": "photo",
        "url": address(settings, found.id, found.shown_path),
        "width": max(1, int(width * scale)),
        "height": max(1, int(height * scale)),
        "title": title(found, language),
        "provider_name": config.PRODUCT,
        "provider_url": f"{settings.site_url}/",
        "cache_age": KEPT,
    }
    across, down = copies.CARD
    if across <= (most_wide or across) and down <= (most_high or down):
        said |= {
            "thumbnail_url": address(settings, found.id, "/card.jpg"),
            "thumbnail_width": across,
            "thumbnail_height": down,
        }
    return said


def page_in(settings: config.Settings, url: str) -> str:
    """The number of the public page at this address of ours; "" if it is none."""
    try:
        asked, ours = urlsplit(url), urlsplit(settings.site_url)
    except ValueError:
        return ""
    head, _slash, id_ = asked.path.rpartition("/")
    here = (asked.scheme, asked.netloc.lower()) == (ours.scheme, ours.netloc.lower())
    return id_ if here and head == "/share" and ids.is_one(id_) else ""


def intents(settings: config.Settings, share: Share, words: str) -> list[tuple[str, str]]:
    """Where it can be shared: (name, address). Plain links: nothing of theirs is loaded before one is followed."""
    page, card = address(settings, share.id), address(settings, share.id, "/card.jpg")
    return [
        ("X", f"https://x.com/intent/post?{_query(text=words, url=page)}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?{_query(u=page)}"),
        (
            "Pinterest",
            f"https://www.pinterest.com/pin/create/button/?{_query(url=page, media=card, description=words)}",
        ),
    ]


def _query(**values: str) -> str:
    return urlencode(values, quote_via=quote)
