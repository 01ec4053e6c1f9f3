"""A wood of tall trunks that fade into light."""

import numpy as np
from PIL import Image, ImageDraw

from imgpilot.sandbox.painting.brush import from_bytes, soften
from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats, mix, ramp, rgb, smooth

#: Distance, light and bark of a wood, far to near: green, dawn, autumn, blue, winter.
WOODS = (
    ("#f1f0d8", "#cfdcc0", "#9dbb9c", "#5f8a74", "#2f5a4c", "#0e2622"),
    ("#fbe9c4", "#efcf9d", "#cfa97c", "#8f7a63", "#4d4a44", "#1b211f"),
    ("#f8e5b4", "#ecc47a", "#d3904a", "#99572c", "#56301d", "#21130e"),
    ("#dfe9ec", "#b4cdd4", "#7fa5b3", "#4b7689", "#26495d", "#0a1d2b"),
    ("#f7f5ef", "#dfe4e6", "#bcc9d0", "#8b9eaa", "#53656f", "#1d2a31"),
)
BY_MOOD = {"dawn": 1, "ember": 2, "autumn": 2, "night": 3, "dusk": 3, "winter": 4, "mist": 0, "day": 0}
DEPTHS = 6


def wood(canvas: Canvas) -> Floats:
    """Six depths of trunks, light from one place between them, a dim floor."""
    tones = WOODS[BY_MOOD[canvas.mood.name]]
    night = canvas.mood.dark
    heart = canvas.between(0.3, 0.7) * canvas.aspect
    away = np.hypot((canvas.x - heart) * 0.9, canvas.y - 0.42)
    picture = ramp(away * 0.42 + canvas.cloud(2, octaves=4) * 0.05 + (0.28 if night else 0), tones)
    bark = canvas.cloud(5, octaves=4, stretch=0.12)
    for depth in range(DEPTHS):
        near = depth / (DEPTHS - 1)
        picture = _trunks(canvas, picture, tones, near, bark)
        haze = smooth(0.55, 1.0, canvas.y) * 0.3 * (1 - near) + np.exp(-((away / 0.42) ** 2)) * 0.30 * (1 - near)
        picture = mix(picture, rgb(tones[1]), haze * (0.45 if night else 1))
    return _floor(canvas, picture, tones)


def _trunks(canvas: Canvas, picture: Floats, tones: tuple[str, ...], near: float, bark: Floats) -> Floats:
    tone = ramp(np.array([0.30 + near * 0.70], dtype=np.float32), tones)[0]
    base = Image.new("L", (canvas.width * 2, canvas.height * 2))
    draw = ImageDraw.Draw(base)
    count = max(3, round((22 - 15 * near) * canvas.aspect))
    for _ in range(count):
        _trunk(canvas, draw, near)
    mask = from_bytes(base.resize((canvas.width, canvas.height), Image.Resampling.BOX))
    body = tone[None, None, :] * (1 + bark[..., None] * (0.05 + 0.09 * near))
    picture = mix(picture, body, mask)
    return soften(picture, canvas.unit * 0.0016 * (1 - near)) if near < 0.7 else picture


def _trunk(canvas: Canvas, draw: ImageDraw.ImageDraw, near: float) -> None:
    tall, rng = canvas.height * 2, canvas.rng
    left = canvas.between(0, canvas.aspect)
    wide = (0.006 + 0.034 * near**1.3) * canvas.between(0.6, 1.25)
    foot = (0.74 + 0.20 * near + canvas.between(-0.03, 0.03)) * tall
    lean = float(rng.normal(0, 0.012))
    bottom, top = left * tall, (left + lean) * tall
    half, thin = wide * tall / 2, wide * tall * 0.30
    flare = half * 1.5
    draw.polygon(
        [(top - thin, 0), (top + thin, 0), (bottom + half, foot - half * 3), (bottom + flare, foot),
         (bottom - flare, foot), (bottom - half, foot - half * 3)],
        fill=255,
    )  # fmt: skip
    for _ in range(int(rng.integers(3, 8)) if near < 0.9 else 3):
        up = canvas.between(0.02, 0.6)
        x = bottom + (top - bottom) * (1 - up)
        side = 1 if rng.random() < 0.5 else -1
        reach = wide * tall * canvas.between(1.2, 3.0) * side
        y, drop = up * foot, abs(reach) * canvas.between(-0.5, 0.35)
        bend = (x + reach * 0.55, y + drop * 0.2)
        width = max(1, round(wide * tall * 0.10))
        draw.line([(x, y), bend, (x + reach, y + drop)], fill=255, width=width)
        draw.line([bend, (bend[0] + reach * 0.3, bend[1] - abs(reach) * 0.3)], fill=235, width=max(1, width // 2))


def _floor(canvas: Canvas, picture: Floats, tones: tuple[str, ...]) -> Floats:
    edge = 0.86 + canvas.line(2, octaves=6)[None, :] * 0.03
    grass = canvas.cloud(30, octaves=3, stretch=0.35) * 0.05
    ground = ramp(np.clip(0.86 + (canvas.y - edge) * 0.9 + grass, 0, 1), tones)
    return mix(picture, ground, smooth(-0.05, 0.07, canvas.y - edge + grass * 0.8) * 0.94)
