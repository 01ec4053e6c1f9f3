"""Charts: what they say in words, and that nobody needs colours to read them."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.figures import Series, bars, lines

#: A busy machine is no failure.
calm = settings(deadline=None)
SVG = "{http://www.w3.org/2000/svg}"
counts = st.lists(st.integers(0, 10**6), min_size=4, max_size=4)


def written(svg: str) -> list[str]:
    """The words of a drawing."""
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_bar_carries_its_sum_and_each_series_its_name() -> None:
    words = written(bars(["Oct", "Nov"], [Series("Access", [3, 4]), Series("Deletion", [5, 1])]))
    assert {"Oct", "Nov", "8", "5", "Access", "Deletion"} <= set(words)


def test_a_line_ends_with_its_name_and_last_number() -> None:
    assert "Median 6" in written(lines(["Oct", "Nov"], [Series("Median", [9, 6])], unit="days"))


def test_numbers_are_written_the_readers_way() -> None:
    words = written(bars(["A"], [Series("S", [12000])], write=lambda number: f"{number / 10000:g} 万"))
    assert "1.2 万" in words


def test_names_are_escaped() -> None:
    evil = '<script>"&'
    for drawn in (bars([evil], [Series(evil, [1])], unit=evil), lines([evil], [Series(evil, [1])], unit=evil)):
        assert "<script" not in drawn
        assert evil in " ".join(written(drawn))


@calm
@given(st.lists(counts, min_size=1, max_size=6))
def test_names_never_lie_on_each_other_nor_outside(numbers: list[list[int]]) -> None:
    named = [Series(f"series-{place}", values) for place, values in enumerate(numbers)]
    for draw in (bars, lines):
        root = ET.fromstring(draw(["a", "b", "c", "d"], named))
        places = sorted(float(t.get("y", "")) for t in root.iter(f"{SVG}text") if "series-" in (t.text or ""))
        assert all(after - before >= 14.9 for before, after in pairwise(places))
        assert places[0] > 0
        assert places[-1] <= 230


def test_lines_differ_without_colour() -> None:
    root = ET.fromstring(lines(["a", "b"], [Series(str(n), [n, n]) for n in range(6)]))
    assert len({line.get("stroke-dasharray") for line in root.iter(f"{SVG}polyline")}) == 6


def test_a_seventh_series_is_refused() -> None:
    with pytest.raises(ValueError, match="6 series"):
        bars(["a"], [Series(str(n), [1]) for n in range(7)])


@pytest.mark.parametrize("values", [[1], [1, -1]])
def test_numbers_that_do_not_fit_are_refused(values: list[int]) -> None:
    with pytest.raises(ValueError, match="each category"):
        lines(["a", "b"], [Series("s", values)])


def test_nothing_at_all_can_be_drawn() -> None:
    assert "0" in written(bars(["a"], [Series("s", [0])]))
