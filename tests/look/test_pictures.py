"""Shapes and shares."""

import re
from pathlib import Path

import pytest

from imgpilot.look.pictures import SHAPES, portions, shape, wide

CSS = (Path(__file__).parents[2] / "platform/imgpilot/static/imgpilot.css").read_text()


@pytest.mark.parametrize(
    ("width", "height", "name"),
    [
        (1024, 1024, "ar-100"),
        (1536, 1024, "ar-150"),
        (640, 853, "ar-75"),
        (1920, 1080, "ar-178"),
        (1080, 1920, "ar-56"),
        (10, 5000, "ar-40"),
        (5000, 10, "ar-250"),
        (0, 0, "ar-100"),
    ],
)
def test_a_picture_has_the_nearest_shape(width: int, height: int, name: str) -> None:
    assert shape(width, height) == name


def test_the_stylesheet_knows_every_shape_with_its_number() -> None:
    known = {int(name): float(ratio) for name, ratio in re.findall(r"\.ar-(\d+) \{ --ar: ([\d.]+) \}", CSS)}
    assert sorted(known) == sorted(SHAPES)
    for name, ratio in known.items():
        assert ratio == pytest.approx(name / 100, abs=0.006)


def test_no_shape_crops_more_than_a_twentieth() -> None:
    for width in range(400, 2500, 7):
        known = int(shape(width, 1000).removeprefix("ar-"))
        assert 0.94 < width / 10 / known < 1.06


def test_a_square_shares_its_row_on_a_phone() -> None:
    assert wide(1536, 1024)
    assert not wide(1024, 1024)


def test_portions_fill_the_bar() -> None:
    (at, long), (then, rest) = portions([3, 1])
    assert (at, long, then, rest) == (0, 75, 75, 25)


def test_the_smallest_part_is_seen_and_nothing_is_nothing() -> None:
    parts = portions([100_000, 1, 0])
    assert parts[1][1] > 1
    assert parts[2][1] == 0
    assert sum(long for _, long in parts) == pytest.approx(100, abs=0.01)
    assert portions([0, 0]) == [(0, 0), (0, 0)]
