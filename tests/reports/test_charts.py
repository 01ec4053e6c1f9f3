"""Charts: what they say in words and numbers, that they stay in their frame, and that nobody needs colours."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.blocks import Drawing
from reports.charts import Chart, Palette, Series, Words, bars, figure, line, median, spark, strip
from reports.charts.letters import shortened, width, wrapped
from reports.document import Document, Labels, Section

#: A busy machine is no failure.
calm = settings(deadline=None, max_examples=60)
SVG = "{http://www.w3.org/2000/svg}"
EVIL = '<script>alert("&")</script>'
WORDS = Words("Open requests", "Deletion is asked for most.", "Kind", "No requests yet.")
KINDS = ["Deletion", "Copy", "Correction"]
OPEN, LATE = Series("in time", [15, 4, 0]), Series("overdue", [3, 0, 0])
PLAIN = ("Median: {:g} days", "The law allows {} days")


def spread(counts: dict[int, int], limit: int = 30, words: Words = WORDS, palette: Palette | None = None) -> Chart:
    """A strip with words of its own."""
    return strip(
        words,
        counts,
        limit=limit,
        counted="Requests",
        say_median=PLAIN[0].format,
        say_limit=PLAIN[1].format,
        palette=palette,
    )


def samples(words: Words = WORDS, name: str = "x", palette: Palette | None = None) -> list[Chart]:
    """One of each kind."""
    return [
        bars(words, [name, *KINDS[1:]], [OPEN, Series(name, [3, 0, 0])], palette=palette),
        line(words, [name, "b", "c"], [OPEN, Series(name, [1, 2, 3])], palette=palette),
        spark(words, [name, "b"], [1, 2], palette=palette),
        spread({3: 2, 31: 1}, words=words, palette=palette),
    ]


def drawings(chart: Chart) -> Iterator[ET.Element]:
    """Its drawings, read as XML, which is stricter than HTML."""
    yield ET.fromstring(chart.svg)
    if chart.compact:
        yield ET.fromstring(chart.compact)


def written(drawing: ET.Element) -> list[str]:
    """The words of a drawing."""
    return [text.text or "" for text in drawing.iter(f"{SVG}text")]


def corners(drawing: ET.Element) -> Iterator[tuple[float, float]]:
    """Every place that a drawing names, and both ends of each line of words."""
    for rect in drawing.iter(f"{SVG}rect"):
        x, y, wide, tall = (float(rect.get(key, "nan")) for key in ("x", "y", "width", "height"))
        assert min(wide, tall) >= 0
        yield from ((x, y), (x + wide, y + tall))
    for text in drawing.iter(f"{SVG}text"):
        x, y = float(text.get("x", "nan")), float(text.get("y", "nan"))
        long = width(text.text or "")
        start = x - {"start": 0, "middle": long / 2, "end": long}[text.get("text-anchor", "")]
        yield from ((start, y - 9), (start + long, y + 3))
    for path in drawing.iter(f"{SVG}path"):
        yield from walked(path.get("d", ""))


def walked(d: str) -> Iterator[tuple[float, float]]:
    """The places of a path."""
    assert re.fullmatch(r"[-MLHVhvlamz. \d]*", d)
    x = y = 0.0
    for letter, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", rest)]
        size = {"h": 1, "v": 1, "z": 1, "a": 7}.get(letter.lower(), 2)
        assert len(numbers) % size == 0 or letter == "z", f"{letter}{rest}"
        for start in range(0, len(numbers), size):
            part = numbers[start : start + size]
            back = letter.islower()
            if letter not in "Vv":
                x = part[-2 if size > 1 else -1] + x * back
            if letter not in "Hh":
                y = part[-1] + y * back
            yield x, y


def stays_inside(chart: Chart) -> None:
    """Every place is a number within the frame."""
    for drawing in drawings(chart):
        _, _, wide, tall = map(float, drawing.get("viewBox", "").split())
        for x, y in corners(drawing):
            assert -0.3 <= x <= wide + 0.3, x
            assert -0.3 <= y <= tall + 0.3, y


# ── what is said ──


def test_a_drawing_says_its_title_and_finding_to_who_cannot_see_it() -> None:
    for chart in samples():
        for drawing in drawings(chart):
            assert drawing.get("role") == "img"
            assert [child.tag for child in drawing][:2] == [f"{SVG}title", f"{SVG}desc"]
            assert (drawing.findtext(f"{SVG}title"), drawing.findtext(f"{SVG}desc")) == (WORDS.title, WORDS.finding)


def test_a_bar_carries_its_sum_and_names_the_part_that_asks_for_attention() -> None:
    for drawing in drawings(bars(WORDS, KINDS, [OPEN, LATE])):
        assert {*KINDS, "in time", "overdue", "18", "3 overdue", "4", "0"} <= set(written(drawing))
        assert "0 overdue" not in written(drawing)


def test_one_series_of_bars_needs_no_key() -> None:
    assert written(ET.fromstring(bars(WORDS, ["Copy"], [Series("in time", [4])]).svg)) == ["Copy", "4"]


def test_a_line_ends_with_its_last_number_and_name() -> None:
    chart = line(WORDS, ["9 Nov", "16 Nov"], [Series("closed", [16, 17]), Series("received", [19, 14])])
    for drawing in drawings(chart):
        assert {"17 closed", "14 received", "16 Nov", "0", "20"} <= set(written(drawing))


def test_a_strip_marks_its_median_its_limit_and_its_peak() -> None:
    for drawing in drawings(spread({8: 4, 12: 9, 40: 1})):
        assert {"Median: 12 days", "The law allows 30 days", "9"} <= set(written(drawing))


def test_the_last_day_that_the_law_allows_is_in_time_and_the_next_is_late() -> None:
    assert "hatch" not in spread({30: 1}).svg
    assert "hatch" in spread({31: 1}).svg


@pytest.mark.parametrize(("counts", "middle"), [({5: 1}, 5), ({1: 2, 9: 2}, 5), ({1: 3, 9: 2}, 1), ({0: 1, 7: 0}, 0)])
def test_the_median_is_the_middle(counts: dict[int, int], middle: float) -> None:
    assert median(counts) == middle


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="no median"):
        median({3: 0})


def test_numbers_are_written_the_readers_way() -> None:
    def chinese(number: float) -> str:
        return f"{number / 10000:g} 万"

    chart = bars(WORDS, ["删除"], [Series("未结", [12000])], write=chinese)
    assert "1.2 万" in written(ET.fromstring(chart.svg))
    assert chart.table.rows == (("删除", "1.2 万"),)


# ── the table behind ──


def test_the_table_holds_what_is_drawn() -> None:
    chart = bars(WORDS, KINDS, [OPEN, LATE])
    assert chart.table.header == ("Kind", "in time", "overdue")
    assert chart.table.rows == (("Deletion", "15", "3"), ("Copy", "4", "0"), ("Correction", "0", "0"))
    weeks = line(WORDS, ["a", "b"], [Series("closed", [1, 2])])
    assert weeks.table.rows == (("a", "1"), ("b", "2"))
    assert spark(WORDS, ["a", "b"], [1, 2]).table.rows == (("a", "1"), ("b", "2"))
    assert spread({40: 1, 2: 5, 3: 0}).table.rows == (("2", "5"), ("40", "1"))


def test_a_figure_is_drawing_finding_and_table() -> None:
    root = ET.fromstring(figure(bars(WORDS, KINDS, [OPEN, LATE]), summary="The numbers"))
    assert len(root.findall(f"{SVG}svg")) == 2
    assert root.findtext("figcaption") == WORDS.finding
    assert root.findtext("details/summary") == "The numbers"
    assert root.findtext("details//caption") == WORDS.title
    assert [cell.text for cell in root.findall("details//thead//th")] == ["Kind", "in time", "overdue"]
    rows = [[cell.text for cell in row] for row in root.findall("details//tbody/tr")]
    assert rows[0] == ["Deletion", "15", "3"]


def test_without_numbers_there_is_a_sentence_and_no_table() -> None:
    for chart in (bars(WORDS, [], [Series("s", [])]), line(WORDS, [], [Series("s", [])]), spread({})):
        assert all(written(drawing) == ["No requests yet."] for drawing in drawings(chart))
        assert "<details" not in figure(chart, summary="The numbers")


# ── safe on any page ──


def test_words_are_escaped_everywhere() -> None:
    for chart in samples(Words(EVIL, EVIL, EVIL, EVIL), EVIL):
        markup = figure(chart, summary=EVIL)
        assert "<script" not in markup
        assert EVIL in "".join(ET.fromstring(markup).itertext())
    assert "<script" not in bars(Words("", "", "", EVIL), [], [Series("s", [])]).svg


def test_a_letter_that_xml_forbids_is_drawn_as_a_blank() -> None:
    chart = bars(Words("a\x00", "b\x1b", "", ""), ["c\x08"], [Series("s", [1])])
    assert ["c□", "1"] in [written(drawing) for drawing in drawings(chart)]


def test_a_chart_has_no_style_script_name_or_size_of_its_own() -> None:
    for chart in [*samples(), *samples(palette=Palette())]:
        for drawing in drawings(chart):
            assert {"width", "height", "style"}.isdisjoint(drawing.keys())
            for part in drawing.iter():
                assert part.tag.removeprefix(SVG) in {"svg", "title", "desc", "path", "rect", "text"}
                assert {"id", "style", "href"}.isdisjoint(part.keys())


# ── without colour ──


def test_what_asks_for_attention_is_hatched_and_the_rest_is_not() -> None:
    for palette in (None, Palette()):
        drawing = ET.fromstring(bars(WORDS, ["a"], [Series("in time", [1]), Series("late", [1])], palette=palette).svg)
        hatchings = [path for path in drawing.iter(f"{SVG}path") if path.get("d", "").count("L") > 2]
        solid = list(drawing.iter(f"{SVG}rect"))
        assert len(hatchings) == len(solid) == 2  # one in the key, one at the bar


def test_lines_differ_by_dash_and_dot() -> None:
    drawing = ET.fromstring(line(WORDS, ["a", "b"], [Series(str(n), [n, n]) for n in range(4)]).svg)
    paths = list(drawing.iter(f"{SVG}path"))
    lines = [path for path in paths if re.fullmatch(r"l\d", path.get("class", ""))]
    assert len({path.get("stroke-dasharray") for path in lines}) == len(lines) == 4
    dots = [path for path in paths if re.fullmatch(r"d\d|l\d hollow", path.get("class", ""))]
    assert len({re.sub(r"^M\S+ [\d.]+", "", path.get("d", "")) for path in dots}) == 4


def test_the_colours_of_paper_can_be_told_from_it() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    paper = Palette()
    for colours, least in (((paper.ink, paper.quiet, paper.late), 4.5), ((*paper.data, paper.axis), 3.0)):
        assert all((light(paper.surface) + 0.05) / (light(colour) + 0.05) >= least for colour in colours)


def test_on_paper_every_colour_is_in_the_drawing() -> None:
    for chart in samples(palette=Palette()):
        drawing = ET.fromstring(chart.svg)
        assert chart.compact is None
        for part in drawing.iter():
            if part.tag != f"{SVG}svg":
                assert part.get("class") is None
            if part.tag in {f"{SVG}path", f"{SVG}rect", f"{SVG}text"}:
                assert {"fill", "stroke"} & set(part.keys())


def test_a_pdf_carries_the_charts(pdf: Callable[[Document], bytes], words: Callable[..., str]) -> None:
    drawn = [Drawing(svg=str(chart.svg), alt=chart.caption) for chart in samples(name="删除", palette=Palette())]
    labels = Labels(brand="ImgPilot", page="Page {page} of {pages}")
    read = words(pdf(Document("Charts", "en", "Charts", labels, [Section("All", drawn)])))
    for expected in ("3 删除", "Median: 3 days", "The law allows 30 days"):
        assert expected in " ".join(read.split())


# ── any numbers, any names ──

sizes = st.integers(0, 10**12) | st.floats(0, 1e12) | st.just(0)
names = st.text(st.characters(codec="utf-8"), max_size=60)


def many(least: int, most: int) -> st.SearchStrategy[tuple[list[str], list[Series]]]:
    """Categories and series that fit each other."""
    return st.integers(0, 40).flatmap(
        lambda size: st.tuples(
            st.lists(names, min_size=size, max_size=size),
            st.lists(
                st.builds(Series, names, st.lists(sizes, min_size=size, max_size=size)), min_size=least, max_size=most
            ),
        )
    )


@calm
@given(many(1, 2))
@example((["Access"], [Series("M" * 14, [3]), Series("W" * 14, [1])]))
def test_bars_stay_in_their_frame(data: tuple[list[str], list[Series]]) -> None:
    stays_inside(bars(WORDS, *data))


@calm
@given(many(1, 4))
def test_lines_stay_in_their_frame_and_their_names_apart(data: tuple[list[str], list[Series]]) -> None:
    chart = line(WORDS, *data)
    stays_inside(chart)
    for drawing in drawings(chart):
        ends = [t for t in drawing.iter(f"{SVG}text") if t.get("class") == "b"]
        assert all(after - before >= 15.9 for before, after in pairwise(sorted(float(t.get("y", "")) for t in ends)))


@calm
@given(
    st.dictionaries(st.integers(0, 4000) | st.integers(0, 60), st.integers(0, 10**9), max_size=50), st.integers(0, 90)
)
def test_strips_stay_in_their_frame(counts: dict[int, int], limit: int) -> None:
    stays_inside(spread(counts, limit))


@calm
@given(st.lists(sizes, max_size=30))
def test_sparks_stay_in_their_frame(values: list[float]) -> None:
    stays_inside(spark(WORDS, [str(place) for place in range(len(values))], values))


@calm
@given(st.text(max_size=80), st.floats(20, 300), st.integers(1, 4))
def test_wrapped_words_fit_and_are_lost_only_with_a_sign(words: str, room: float, lines: int) -> None:
    done = wrapped(words, room, lines)
    assert len(done) <= lines
    assert all(width(each) <= room + 0.02 for each in done)
    if not any(each.endswith("…") for each in done):
        assert "".join("".join(done).split()) == "".join(words.split())
    assert width(shortened(words, room)) <= room + 0.02


@pytest.mark.parametrize("values", [[1], [1, -1], [1, float("nan")], [1, float("inf")]])
def test_numbers_that_do_not_fit_are_refused(values: list[float]) -> None:
    for draw in (bars, line):
        with pytest.raises(ValueError, match="number"):
            draw(WORDS, ["a", "b"], [Series("s", values)])


def test_more_series_than_eyes_can_part_are_refused() -> None:
    series = [Series(str(n), [1]) for n in range(5)]
    for draw, most in ((bars, 2), (line, 4)):
        with pytest.raises(ValueError, match=f"{most} series"):
            draw(WORDS, ["a"], series)


def test_days_below_zero_are_refused() -> None:
    for counts in ({-1: 1}, {1: -1}):
        with pytest.raises(ValueError, match="below zero"):
            spread(counts)
