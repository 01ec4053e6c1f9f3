"""A city's towers in layers of haze, windows lit."""

import numpy as np
from PIL import Image, ImageDraw

from imgpilot.sandbox.painting.brush import from_bytes, to_bytes
from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, rgb, smooth
from imgpilot.sandbox.painting.layers import sky

ROWS = 5


def skyline(canvas: Canvas) -> Floats:
    """Five rows of towers, the nearest dark and full of windows."""
    high = canvas.between(0.40, 0.5)
    picture = sky(canvas, 0.72, (canvas.between(0.2, 0.8), canvas.between(0.16, 0.34)), size=0.045)
    for row in range(ROWS):
        near = row / (ROWS - 1)
        _towers(canvas, picture, high + 0.42 * near**1.2, near)
        fog = smooth(high + 0.42 * near - 0.05, high + 0.42 * near + 0.45, canvas.y) * 0.55 * (1 - near)
        picture = mix(picture, rgb(canvas.mood.sky[-2]), fog * np.ones_like(canvas.x))
    return picture


def _towers(canvas: Canvas, picture: Floats, level: float, near: float) -> None:
    tones = canvas.mood.land
    own = mix(rgb(tones[round(near * (len(tones) - 1))]), rgb(canvas.mood.mist), 0.35 * (1 - near))
    sheet = Image.fromarray(to_bytes(picture))
    draw = ImageDraw.Draw(sheet)
    rng, tall, left = canvas.rng, canvas.height, -0.05
    while left < canvas.aspect:
        wide = canvas.between(0.035, 0.085) * (0.75 + near * 0.75)
        top = level - abs(float(rng.normal(0, 0.11))) * (1.15 - near * 0.35)
        block = mix(own, rgb(canvas.mood.light), canvas.between(0, 0.05))
        box = [round(left * tall), round(top * tall), round((left + wide) * tall), tall]
        draw.rectangle(box, fill=_fill(block))
        side = round(box[0] + (box[2] - box[0]) * 0.72)
        draw.rectangle([side, box[1], box[2], tall], fill=_fill(block * (0.90 - 0.08 * near)))
        _roof(canvas, draw, box, _fill(block))
        if near > 0.2:
            _windows(canvas, draw, box, near)
        left += wide * canvas.between(0.92, 1.35)
    picture[:] = from_bytes(sheet)


def _roof(canvas: Canvas, draw: ImageDraw.ImageDraw, box: list[int], fill: tuple[int, int, int]) -> None:
    kind, wide = canvas.rng.random(), box[2] - box[0]
    if kind < 0.3:
        inset, rise = round(wide * 0.22), round(wide * canvas.between(0.2, 0.5))
        draw.rectangle([box[0] + inset, box[1] - rise, box[2] - inset, box[1]], fill=fill)
    elif kind < 0.42:
        middle = (box[0] + box[2]) // 2
        draw.polygon([(box[0], box[1]), (middle, box[1] - wide), (box[2], box[1])], fill=fill)
    elif kind < 0.6:
        mast, middle = max(1, canvas.unit // 500), (box[0] + box[2]) // 2
        draw.rectangle([middle - mast, box[1] - round(wide * 0.9), middle + mast, box[1]], fill=fill)


def _windows(canvas: Canvas, draw: ImageDraw.ImageDraw, box: list[int], near: float) -> None:
    rng = canvas.rng
    cell = max(4, round(canvas.unit * (0.010 + 0.008 * near)))
    lit = 0.10 + 0.22 * rng.random() + (0.12 if canvas.mood.dark else 0)
    warm, cool = rgb("#ffd98a"), rgb("#bcd9e2")
    wide, high = max(2, round(cell * 0.36)), max(2, round(cell * 0.55))
    for top in range(box[1] + cell, min(box[1] + cell * 40, canvas.height - cell), cell):
        for left in range(box[0] + cell // 2, box[2] - wide - 1, cell):
            if rng.random() < lit:
                tone = mix(warm, cool, float(rng.random() < 0.18)) * canvas.between(0.72, 1)
                tone = mix(tone, rgb(canvas.mood.land[3]), 0.55 * (1 - near))
                draw.rectangle([left, top, left + wide - 1, top + high - 1], fill=_fill(tone))


def _fill(colour: Floats) -> tuple[int, int, int]:
    red, green, blue = to_bytes(colour).tolist()
    return red, green, blue
