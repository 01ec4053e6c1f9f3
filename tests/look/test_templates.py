"""What no template may hold, because the pages' policy refuses it or because it would tell another host."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Letters by mail need style attributes: mail programs know nothing else. The page in an export package is opened
#: from a disk and carries its style in itself, under a policy of its own.
PAGES = sorted(
    path
    for folder in (ROOT / "platform" / "imgpilot", ROOT / "compliance")
    for path in folder.glob("**/templates/**/*.html")
    if not {"mail", "sandbox", "export"} & set(path.parts) and not path.name.startswith("letter")
)
#: Jinja's comments are not sent.
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
FORBIDDEN = {
    "a style attribute": re.compile(r"""\sstyle\s*=\s*["'{]""", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"""[\s"'](on[a-z]+|hx-on[:\w-]*)\s*=\s*["'{]""", re.IGNORECASE),
    "a script in an address": re.compile(r"javascript:", re.IGNORECASE),
    "something from another host": re.compile(
        r"""<(?:script|link|img|source|iframe|video|audio|object|use)\b[^>]*(?:src|href|srcset|data)\s*=\s*["']?(?:https?:)?//""",
        re.IGNORECASE,
    ),
    "script or style without a nonce": re.compile(
        r"<(?:script|style)(?![^>]*(?:src=|nonce=|type=.application/(?:ld\+)?json))", re.IGNORECASE
    ),
}


def test_there_are_pages_to_look_at() -> None:
    names = {path.name for path in PAGES}
    assert {"page.html", "base.html", "macros.html", "pictures.html", "error.html", "home.html"} <= names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_need_nothing_that_the_policy_refuses(path: Path) -> None:
    text = COMMENT.sub("", path.read_text())
    for what, pattern in FORBIDDEN.items():
        found = pattern.search(text)
        assert not found, f"{what}: {text[max(found.start() - 40, 0) : found.end() + 40]!r}"


@pytest.mark.parametrize("name", ["page", "base", "macros", "pictures", "error", "home"])
def test_the_stylesheet_knows_every_class_of_the_shared_templates(name: str) -> None:
    known = set(
        re.findall(r"\.([a-z][\w-]*)", (ROOT / "platform/imgpilot/static/imgpilot.css").read_text(), re.IGNORECASE)
    )
    used: set[str] = set()
    for value in re.findall(r'class="([^"]*)"', (ROOT / f"platform/imgpilot/templates/{name}.html").read_text()):
        used |= {word for word in re.sub(r"\{[{%].*?[}%]\}", "… ", value).split() if "…" not in word}
    # Put together from a part: btn-{{ kind }}.
    assert {word for word in used - known if not word.endswith("-")} == set()


def test_the_stylesheet_loads_from_this_host() -> None:
    for name in ("tokens.css", "imgpilot.css"):
        text = (ROOT / "platform/imgpilot/static" / name).read_text()
        assert "@import" not in text
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", text)
