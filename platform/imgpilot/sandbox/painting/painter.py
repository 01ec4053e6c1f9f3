"""From a prompt to a picture, always the same one."""

from collections.abc import Sequence

from PIL import Image, ImageFilter

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import smooth
from imgpilot.sandbox.painting.finish import grain, image_of, signed
from imgpilot.sandbox.painting.reference import kept_outside, led_by
from imgpilot.sandbox.painting.subject import SCENES, dice, mood_of, scene_of

#: The most pixels that are painted one by one; larger pictures are enlarged from that.
PAINTED = 1_200_000
PAINTED_DRAFT = 300_000


def paint(
    prompt: str,
    size: tuple[int, int],
    turn: int = 0,
    *,
    draft: bool = False,
    references: Sequence[Image.Image] = (),
    mask: Image.Image | None = None,
    transparent: bool = False,
) -> Image.Image:
    """A signed picture for the prompt; `turn` counts the pictures of one call, which differ."""
    scene = scene_of(prompt)
    width, height = _worked(size, PAINTED_DRAFT if draft else PAINTED)
    canvas = Canvas(width, height, dice("paint", prompt, turn), mood_of(prompt, scene, turn), loose=draft)
    picture = SCENES[scene](canvas)
    if references:
        picture = led_by(picture, references)
    picture = grain(canvas, picture)
    if mask is not None and references:
        picture = kept_outside(picture, references[0], mask)
    image = image_of(picture, size)
    if transparent:
        image = _cut_out(image)
    return signed(image)


def preview(image: Image.Image, step: int, steps: int) -> Image.Image:
    """What a picture looks like before it is done: blurred, less so with every step."""
    left = (steps - step) / (steps + 1)
    small = max(8, int(image.width * 0.25)), max(8, int(image.height * 0.25))
    rough = image.resize(small).filter(ImageFilter.GaussianBlur(1 + left * 8))
    return rough.resize(image.size, Image.Resampling.BILINEAR)


def _worked(size: tuple[int, int], most: int) -> tuple[int, int]:
    width, height = size
    share = min(1.0, (most / (width * height)) ** 0.5)
    return max(8, round(width * share)), max(8, round(height * share))


def _cut_out(image: Image.Image) -> Image.Image:
    """An oval vignette, for those who asked for a transparent background."""
    size = (256, 256)
    ground = Canvas(*size, dice("oval"), mood_of("", "sea"))
    away = ((ground.x - 0.5) ** 2 + (ground.y - 0.5) ** 2) ** 0.5
    oval = Image.fromarray((smooth(0.5, 0.47, away) * 255).astype("uint8")).resize(image.size)
    image.putalpha(oval)
    return image
