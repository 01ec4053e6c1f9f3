"""The ruler: one tick is one real unit (a day, a step, a system). It is the only progress device there is.

    ruler(30, 20)                                  beside a deadline in a list: 20 of 30 days are gone
    ruler(30, 30, over=3, label="3 days late")     past the tall line everything is red
    ruler_scale(30, 20, [Mark(0, "3 Nov", "You asked")], now_label="Today", end_label="Due Thu 3 Dec")
    ruler_units(["Accounts", "Pictures"], 1)       every unit has a name

The first tick is nought, so a ruler of 30 days has 31. Where they would run together only every 5th, 10th, 50th …
is drawn; the distances stay true: one unit has the same length everywhere on a ruler. A page's stylesheet colours
the classes; where no stylesheet reaches (a PDF) pass `palette=PRINT`. Nothing here is a `style` attribute: the
pages' content security policy forbids those.
"""

from collections.abc import Sequence

from markupsafe import Markup

from imgpilot.ruler.track import Mark, Palette, Track
from imgpilot.ruler.words import beneath, in_a_row, overhead, those_that_fit

__all__ = ["PRINT", "Mark", "Palette", "ruler", "ruler_print", "ruler_scale", "ruler_units"]

#: For paper: a PDF's drawings see no stylesheet.
PRINT = Palette()

#: How wide the drawing for phones is; it is scaled to the screen.
_PHONE = 340


def ruler(
    total: int,
    done: int,
    *,
    over: int = 0,
    pause: tuple[int, int] | None = None,
    width: int = 132,
    height: int = 16,
    label: str | None = None,
    palette: Palette | None = None,
) -> Markup:
    """The small one: `done` of `total` units, `over` past the end, the clock stopped during `pause`."""
    track = Track(total, done, over, pause, left=3, right=width - 3, base=height - 4, palette=palette)
    drawn = [*track.body(thick=4, tall=6, short=3), track.end(1, height), track.now(1, 3.6, 5.4)]
    return _svg("ruler", width, height, drawn, label=label, fixed=True)


def ruler_scale(
    total: int,
    done: int,
    marks: Sequence[Mark],
    *,
    over: int = 0,
    pause: tuple[int, int] | None = None,
    now_label: str = "",
    end_label: str = "",
    compact_now: str = "",
    compact_end: str = "",
    label: str | None = None,
    width: int = 880,
) -> Markup:
    """The big one with words, twice: `.wide`, and `.compact` for a phone with the marks that have room there."""
    wide = Track(total, done, over, pause, left=10, right=width - 10)
    phone = Track(total, done, over, pause, left=10, right=_PHONE - 10)
    short = (compact_now or now_label, compact_end or end_label)
    label = label or "; ".join(filter(None, (now_label, end_label)))
    return _scale("ruler big wide", wide, marks, (now_label, end_label), label=label) + _scale(
        "ruler big compact", phone, marks, short, label=label
    )


def ruler_print(
    total: int,
    done: int,
    marks: Sequence[Mark],
    *,
    over: int = 0,
    pause: tuple[int, int] | None = None,
    now_label: str = "",
    end_label: str = "",
    label: str | None = None,
    width: int = 642,
    palette: Palette = PRINT,
) -> Markup:
    """The big one for paper, one drawing in its own colours. 642 px are the 170 mm an A4 page leaves."""
    track = Track(total, done, over, pause, left=1, right=width - 1, palette=palette)
    return _scale("ruler big", track, marks, (now_label, end_label), label=label, fixed=True)


def ruler_units(
    names: Sequence[str],
    done: int,
    *,
    width: int = 582,
    label: str | None = None,
    palette: Palette | None = None,
) -> Markup:
    """A unit for each name, the first `done` of them filled: "all 7 systems answered", each of them named."""
    track = Track(len(names), done, left=1, right=width - 1, base=4, palette=palette)
    placed = beneath(track.words(Mark(at, "", name) for at, name in enumerate(names)), 0, width, "start")
    drawn = [*track.segments(thick=5), *track.captions(placed, 0)]
    return _svg("ruler big", width, track.depth(placed), drawn, label=label, fixed=palette is not None)


def _scale(
    kind: str,
    track: Track,
    marks: Sequence[Mark],
    above: tuple[str, str],
    *,
    label: str | None,
    fixed: bool = False,
) -> Markup:
    width = track.left + track.right
    now, end = track.words([Mark(track.reach, above[0]), Mark(track.total, above[1])])
    over = overhead(now, end, 0, width) if all(above) else in_a_row([one for one in (now, end) if one.lines], 0, width)
    track.base = 20 + 15 * (1 + max((placed.lane for placed in over), default=-1))
    words = track.words(marks)
    placed = those_that_fit(words, 0, width) if "compact" in kind else beneath(words, 0, width)
    drawn = [*track.body(thick=6, tall=9, short=5), *track.captions(placed, 13)]
    drawn += [track.now(track.base - 18, 5, 8), track.end(track.base - 18, track.base + 8)]
    drawn += [track.text(each, track.base - 22 - 15 * each.lane) for each in over]
    return _svg(kind, width, track.depth(placed), drawn, label=label, fixed=fixed)


def _svg(
    kind: str, width: float, height: float, drawn: Sequence[Markup], *, label: str | None, fixed: bool = False
) -> Markup:
    size = Markup('width="{:g}" height="{:g}"').format(width, height) if fixed else Markup('width="100%"')
    voice = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    box = Markup('viewBox="0 0 {:g} {:g}"').format(width, height)
    return Markup('<svg xmlns="http://www.w3.org/2000/svg" class="{}" {} {} {}>{}</svg>').format(
        kind, size, box, voice, Markup("").join(drawn)
    )
