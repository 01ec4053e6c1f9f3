"""What a successful call is answered with: the pictures, whole or as a stream of events."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

from PIL import Image

from imgpilot.sandbox.openai.order import Order
from imgpilot.sandbox.openai.refusal import Refusal
from imgpilot.sandbox.painting import paint, preview
from imgpilot.sandbox.painting.finish import encoded
from imgpilot.sandbox.world import World

#: Tokens for one picture of 1024x1024, by quality.
TOKENS = {"low": 272, "medium": 1056, "high": 4160, "xhigh": 6240, "max": 8320}


def pictures(world: World, order: Order) -> Iterator[Image.Image]:
    """Draws what was ordered, one by one; draws no more when the sandbox closes."""
    first = order.seed if order.seed >= 0 else world.series.take(order.prompt, order.count)
    for turn in range(first, first + order.count):
        if world.closing.is_set():
            return
        yield paint(
            order.prompt,
            order.size,
            turn,
            draft=order.model.draft,
            references=order.references,
            mask=order.mask,
            transparent=order.background == "transparent",
        )


def whole(world: World, order: Order) -> dict[str, Any]:
    """The answer's JSON, after the time a real model would take."""
    world.closing.wait(world.latency * order.model.pace)
    data = [{"b64_json": _base64(image, order)} for image in pictures(world, order)]
    if len(data) < order.count:
        raise Refusal("The sandbox is closing.", status=503, kind="server_error")
    return {"created": int(time.time()), "data": data, **_said(order), "usage": usage(order)}


def events(world: World, order: Order, path: str) -> Iterator[str]:
    """Server-sent events: previews that grow clearer, then the picture; the time is spread over them."""
    kind = "image_edit" if path.endswith("edits") else "image_generation"
    pause = world.latency * order.model.pace / (order.partial + 1)
    for image in pictures(world, order):
        for step in range(order.partial):
            world.closing.wait(pause)
            rough = _base64(preview(image, step, order.partial), order)
            yield _event(f"{kind}.partial_image", rough, order, partial_image_index=step)
        world.closing.wait(pause)
        yield _event(f"{kind}.completed", _base64(image, order), order, usage=usage(order))


def usage(order: Order) -> dict[str, Any]:
    """Tokens, roughly as the provider counts them; the same for the same order."""
    text = max(1, len(order.prompt) // 4)
    seen = sum(max(1, round(r.width * r.height / 1024)) for r in order.references)
    made = round(TOKENS[order.quality] * order.size[0] * order.size[1] / 1024**2) * order.count
    return {
        "input_tokens": text + seen,
        "input_tokens_details": {"text_tokens": text, "image_tokens": seen},
        "output_tokens": made,
        "total_tokens": text + seen + made,
    }


def _said(order: Order) -> dict[str, Any]:
    return {
        "output_format": order.media,
        "size": f"{order.size[0]}x{order.size[1]}",
        "quality": order.quality,
        "background": order.background,
    }


def _base64(image: Image.Image, order: Order) -> str:
    # The provider's compression counts quality: 100 is the best.
    return base64.b64encode(encoded(image, order.media, max(1, min(order.compression, 92)))).decode()


def _event(kind: str, picture: str, order: Order, **more: Any) -> str:
    body = {"type": kind, "b64_json": picture, "created_at": int(time.time()), **_said(order), **more}
    return f"event: {kind}\ndata: {json.dumps(body)}\n\n"
