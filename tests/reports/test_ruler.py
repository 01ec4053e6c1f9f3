"""The ruler: one tick is one real unit, nothing runs past its end, no word lies on another."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from imgpilot.ruler import PRINT, Mark, ruler, ruler_print, ruler_scale, ruler_units
from imgpilot.ruler.words import Words, apart, beneath, breadth, overhead, those_that_fit

#: A busy machine is no failure.
calm = settings(deadline=None)
SVG = "{http://www.w3.org/2000/svg}"
days = st.integers(0, 400)
labels = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=24)


def part(svg: str, role: str) -> list[ET.Element]:
    """The parts of a drawing with this class."""
    return [each for each in ET.fromstring(svg).iter() if each.get("class") == role]


def ticks(svg: str) -> list[float]:
    """Where the ticks stand."""
    return [float(x) for x in re.findall(r"M([\d.]+)", part(svg, "tick")[0].get("d", ""))]


def number(element: ET.Element, name: str) -> float:
    return float(element.get(name, ""))


@calm
@given(st.integers(1, 50), st.integers(0, 60))
def test_a_short_ruler_has_a_tick_for_every_unit_and_one_for_nought(total: int, done: int) -> None:
    assert len(ticks(ruler(total, done))) == total + 1


@calm
@given(st.integers(1, 100_000), st.integers(0, 100_000))
def test_a_long_ruler_draws_fewer_ticks_but_each_at_a_whole_number_of_units(total: int, over: int) -> None:
    places, unit = ticks(ruler(total, 0, over=over)), 126 / (total + over)
    step = next(step for step in (1, 5, 10, 50, 100, 500, 1000, 5000, 10_000) if step * unit >= 2.4)
    assert len(places) == (total + over) // step + 1
    assert places == pytest.approx([3 + number * step * unit for number in range(len(places))], abs=0.06)


@calm
@given(days, st.integers(-5, 500), st.integers(-5, 60))
def test_what_is_done_never_reaches_past_the_end(total: int, done: int, over: int) -> None:
    svg = ruler(total, done, over=over)
    (bar,), (end,) = part(svg, "done"), part(svg, "end")
    edge = float(re.findall(r"M([\d.]+)", end.get("d", ""))[0])
    assert number(bar, "x") + number(bar, "width") <= edge + 0.11
    for late in part(svg, "over"):
        assert number(late, "x") >= edge - 0.11
        assert number(late, "x") + number(late, "width") <= 132


def test_twenty_of_thirty_days_are_two_thirds() -> None:
    (bar,) = part(ruler(30, 20), "done")
    assert number(bar, "width") == pytest.approx(126 * 2 / 3, abs=0.1)


def test_lateness_is_drawn_to_the_same_scale() -> None:
    svg = ruler(30, 30, over=3)
    (bar,), (late,) = part(svg, "done"), part(svg, "over")
    assert number(late, "width") / number(bar, "width") == pytest.approx(3 / 30, abs=0.01)


def test_a_stopped_clock_is_a_hollow_part() -> None:
    (pause,) = part(ruler(30, 20, pause=(5, 10)), "pause")
    assert number(pause, "width") == pytest.approx(126 * 5 / 30, abs=0.1)


def test_a_ruler_of_nothing_can_be_drawn() -> None:
    assert "NaN" not in ruler(0, 0)
    assert "NaN" not in ruler_units([], 0)


@calm
@given(labels)
def test_labels_are_escaped(label: str) -> None:
    evil = f'<script x="{label}">'
    drawings = [
        ruler(30, 20, label=evil),
        ruler_print(30, 20, [Mark(3, evil, evil)], now_label=evil, end_label=evil, label=evil),
        ruler_units([evil], 1, label=evil),
        *re.findall("<svg.*?</svg>", ruler_scale(30, 20, [Mark(3, evil, evil)], now_label=evil), re.DOTALL),
    ]
    for svg in drawings:
        assert "<script" not in svg
        root = ET.fromstring(svg)
        assert root.get("aria-label") == evil


def test_a_ruler_speaks_only_if_it_has_something_to_say() -> None:
    spoken, silent = ET.fromstring(ruler(30, 20, label="10 days left")), ET.fromstring(ruler(30, 20))
    assert (spoken.get("role"), spoken.get("aria-label")) == ("img", "10 days left")
    assert (silent.get("role"), silent.get("aria-hidden")) == (None, "true")


@calm
@given(days, days, st.lists(st.tuples(days, labels, labels), max_size=5))
def test_pages_get_no_style_and_no_colour_of_their_own(
    total: int, done: int, marks: list[tuple[int, str, str]]
) -> None:
    named = [Mark(at, "x" * len(label), "y" * len(note)) for at, label, note in marks]
    for svg in (ruler(total, done, pause=(1, 2)), ruler_scale(total, done, named), ruler_units(["a", "b"], 1)):
        assert "style" not in svg
        assert "#" not in svg


def test_paper_gets_every_colour_said() -> None:
    for svg in (
        ruler(30, 20, palette=PRINT),
        ruler_print(30, 20, [Mark(3, "a", "b")]),
        ruler_units(["a"], 0, palette=PRINT),
    ):
        drawn = [each for each in ET.fromstring(svg).iter() if each.tag != f"{SVG}svg"]
        assert all(each.get("fill") for each in drawn)
        assert "var(" not in svg


def test_the_scale_comes_once_for_the_desk_and_once_for_the_phone() -> None:
    svg = ruler_scale(30, 20, [Mark(0, "3 Nov", "You asked")], now_label="Today, day 20 of 30", compact_now="Today")
    assert re.findall(r'class="ruler big (\w+)"', svg) == ["wide", "compact"]
    wide, compact = re.findall("<svg.*?</svg>", svg, re.DOTALL)
    assert ">Today, day 20 of 30<" in wide
    assert ">Today<" in compact


marked = st.lists(
    st.builds(Words, st.floats(10, 870), st.text("abc dé人", min_size=1, max_size=14), st.text("abc 人", max_size=14)),
    max_size=6,
)


@calm
@given(marked)
def test_words_below_never_touch_and_never_leave_the_ruler(words: list[Words]) -> None:
    placed = beneath(words, 0, 880)
    assert len(placed) == len(words)
    for one, other in combinations(placed, 2):
        assert one.lane != other.lane or apart([one, other])
    assert all(each.span[0] >= 0 and each.span[1] <= 880 for each in placed)


@calm
@given(marked)
def test_a_phone_keeps_the_first_mark_and_those_that_fit(words: list[Words]) -> None:
    kept = those_that_fit(words, 0, 340)
    assert apart(kept)
    assert [each.words for each in kept[:1]] == words[:1]


@calm
@given(st.floats(10, 330), st.floats(10, 330), st.text("ab 人", min_size=1, max_size=20))
def test_the_two_labels_above_never_touch(now: float, end: float, label: str) -> None:
    placed = overhead(Words(now, label), Words(end, label), 0, 340)
    assert placed[0].lane != placed[1].lane or apart(placed)


def test_words_are_never_wider_than_they_are_thought_to_be(fonts: Path) -> None:
    font = TTFont(fonts / "instrument-sans-latin-600-normal.woff2")
    glyphs, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    for words in (
        "Identity confirmed",
        "Today, day 28 of 30",
        "2 days left, due Thu 3 Dec",
        "Legal deadline",
        "Approved",
    ):
        real = 12 * sum(widths[glyphs[ord(letter)]][0] for letter in words) / em
        assert real <= breadth(words, 12) * 1.02
