"""Every pair of colours that is used, measured as WCAG 2 measures it, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "platform/imgpilot/static/tokens.css").read_text()
GROUNDS = ("paper", "surface", "sunken")
STATES = ("ok", "go", "wait", "soon", "late")

#: Words on what they stand on: 4.5 : 1.
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3", "link") for ground in GROUNDS],
    *[("on-brand", ground) for ground in ("brand", "brand-hover")],
    *[(ink, "brand-tint") for ink in ("ink", "ink-2", "brand", "link")],
    *[(ink, "prussian") for ink in ("on-prussian", "on-prussian-2")],
    *[(state, f"{state}-tint") for state in STATES],
    *[(state, ground) for state in STATES for ground in ("paper", "surface")],
    *[(ink, f"{state}-tint") for ink in ("ink", "ink-2", "link") for state in ("go", "ok", "soon", "late")],
    ("on-late", "late"),
    ("on-prussian-late-ink", "on-prussian-late"),
    *[("held", ground) for ground in ("held-tint", "surface", "paper")],
    ("paper", "ink"),
]
#: Edges of controls, marks of charts: 3 : 1.
MARKS = [
    *[("line-strong", ground) for ground in ("paper", "surface")],
    *[("brand", ground) for ground in GROUNDS],
    *[(f"d{n}", "surface") for n in range(1, 7)],
    ("sun", "prussian"),
    ("late", "sunken"),
]


def tokens(theme: int) -> dict[str, str]:
    """Each token's colour; theme 0 is light, 1 is dark."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"--([\w-]+):\s*(light-dark\([^)]*\)|#[0-9A-F]{6})\s*;", TOKENS, re.IGNORECASE):
        colours = re.findall(r"#[0-9A-F]{6}", value, re.IGNORECASE)
        found[name] = colours[theme] if len(colours) == 2 else colours[0]
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.x)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT, ids=str)
def test_words_can_be_read(ink: str, ground: str, theme: int) -> None:
    colours = tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS, ids=str)
def test_controls_and_marks_can_be_seen(mark: str, ground: str, theme: int) -> None:
    colours = tokens(theme)
    assert contrast(colours[mark], colours[ground]) >= 3


def test_every_colour_is_said_once() -> None:
    names = re.findall(r"^\s*--([\w-]+):\s*(?:light-dark|#)", TOKENS, re.MULTILINE)
    assert len(names) == len(set(names))
