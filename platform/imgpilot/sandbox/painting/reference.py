"""Reference pictures: their colours and their large shapes carried into a new one."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from imgpilot.sandbox.painting.brush import from_bytes, to_bytes
from imgpilot.sandbox.painting.colour import Floats, mix

#: How much of the new picture's large shapes gives way to the first reference's.
SHAPE = 0.62
#: How much of its palette gives way to the references'.
PALETTE = 0.85


def led_by(picture: Floats, references: Sequence[Image.Image]) -> Floats:
    """The picture in the references' palette, over the first one's low-frequency composition."""
    height, width = picture.shape[:2]
    fitted = [from_bytes(_fitted(r, (width, height))) for r in references]
    recoloured = mix(picture, _toned(picture, fitted), PALETTE)
    reach = min(width, height) * 0.035
    own, theirs = _blurred(recoloured, reach), _blurred(fitted[0], reach)
    return recoloured + (theirs - own) * SHAPE


def kept_outside(picture: Floats, original: Image.Image, mask: Image.Image) -> Floats:
    """Only where the mask is transparent is the picture new; elsewhere the original stays."""
    height, width = picture.shape[:2]
    cover = mask.getchannel("A") if "A" in mask.getbands() else Image.new("L", mask.size, 255)
    stays = from_bytes(cover.resize((width, height), Image.Resampling.BILINEAR))
    return mix(picture, from_bytes(_fitted(original, (width, height))), stays)


def _fitted(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    ground = Image.new("RGB", image.size, (244, 246, 246))
    if image.mode in {"RGBA", "LA", "PA", "P"}:
        clear = image.convert("RGBA")
        ground.paste(clear, mask=clear.getchannel("A"))
    else:
        ground = image.convert("RGB")
    return ImageOps.fit(ground, size, Image.Resampling.BILINEAR)


def _toned(picture: Floats, references: Sequence[Floats]) -> Floats:
    """The picture with the references' mean colours, spread and correlations (a linear colour transfer)."""
    flat = picture.reshape(-1, 3)
    theirs = np.concatenate([r.reshape(-1, 3)[::7] for r in references])
    own_root, _ = _roots(flat[::7])
    goal_root, _ = _roots(theirs)
    _, own_inverse = _roots(flat[::7])
    turn = (own_inverse @ _root_of(own_root @ goal_root @ goal_root @ own_root) @ own_inverse).astype(np.float32)
    result: Floats = ((flat - flat[::7].mean(axis=0)) @ turn.T + theirs.mean(axis=0)).astype(np.float32)
    return result.reshape(picture.shape)


def _roots(colours: Floats) -> tuple[Floats, Floats]:
    """The square root of the colours' covariance, and its inverse."""
    spread = np.cov(colours.T.astype(np.float64)) + np.eye(3) * 2e-4
    root = _root_of(spread)
    return root, np.linalg.inv(root).astype(np.float32)


def _root_of(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    result: Floats = (vectors * np.sqrt(np.maximum(values, 1e-9))) @ vectors.T
    return result


def _blurred(picture: Floats, radius: float) -> Floats:
    small = Image.fromarray(to_bytes(picture)).filter(ImageFilter.GaussianBlur(radius))
    return from_bytes(small)
