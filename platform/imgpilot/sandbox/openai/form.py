"""An edit's multipart body: its fields with their types, its pictures and its mask."""

import io
from typing import Any

from PIL import Image, ImageOps
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Request

from imgpilot.sandbox.openai.refusal import invalid, too_large

MOST_REFERENCES = 16
LARGEST_REFERENCE = 50_000_000
LARGEST_MASK = 4_000_000
#: Above this a file of a few bytes could unpack to gigabytes.
MOST_PIXELS = 64_000_000
FIELDS_OF_FILES = {"image", "image[]", "mask"}
NOT_A_PICTURE = (
    OSError,
    SyntaxError,
    ValueError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def read_form(request: Request) -> tuple[dict[str, Any], tuple[Image.Image, ...], Image.Image | None]:
    """The fields, the reference pictures and the mask of an edit."""
    if request.mimetype != "multipart/form-data":
        raise invalid("image", "Image edits are sent as multipart/form-data.", "unsupported_content_type")
    for name in request.files:
        if name not in FIELDS_OF_FILES:
            raise invalid(name, f"Unknown parameter: '{name}'.", "unknown_parameter")
    sent = [*request.files.getlist("image"), *request.files.getlist("image[]")]
    if not sent:
        raise invalid("image", "Missing required parameter: 'image'.", "missing_required_parameter")
    if len(sent) > MOST_REFERENCES:
        raise invalid("image", f"At most {MOST_REFERENCES} pictures can be sent, got {len(sent)}.")
    references = tuple(_picture(file, "image", LARGEST_REFERENCE) for file in sent)
    mask = _mask(request.files["mask"], references[0]) if "mask" in request.files else None
    return {name: _typed(name, request.form[name]) for name in request.form}, references, mask


def _typed(name: str, value: str) -> Any:
    """A form has only text; numbers and flags are read from it where the provider expects them."""
    if name in {"n", "output_compression", "partial_images", "seed"} and value.lstrip("-").isdigit():
        return int(value)
    if name == "stream" and value in {"true", "false"}:
        return value == "true"
    return value


def _mask(file: FileStorage, first: Image.Image) -> Image.Image:
    mask = _picture(file, "mask", LARGEST_MASK, formats=("PNG",))
    if "A" not in mask.getbands():
        raise invalid("mask", "The mask must be a PNG with an alpha channel.", "invalid_image_file")
    if mask.size != first.size:
        raise invalid("mask", "The mask must have the size of the first picture.")
    return mask


def _picture(
    file: FileStorage, param: str, largest: int, formats: tuple[str, ...] = ("PNG", "JPEG", "WEBP")
) -> Image.Image:
    content = file.stream.read()
    if len(content) > largest:
        raise too_large(f"'{param}' has {len(content)} bytes; the limit is {largest}.", param)
    try:
        opened = Image.open(io.BytesIO(content), formats=formats)
        if opened.width * opened.height > MOST_PIXELS:
            raise invalid(param, f"The picture is too large: {opened.width}x{opened.height}.")
        opened.load()
        return ImageOps.exif_transpose(opened)
    except NOT_A_PICTURE as error:
        raise invalid(
            param, f"Invalid image file or mode; send {' or '.join(formats)}.", "invalid_image_file"
        ) from error
