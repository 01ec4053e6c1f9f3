"""What the sandbox's tests send it, and how they read what comes back."""

import base64
import io
from collections.abc import Callable
from email.message import EmailMessage

import httpx
from PIL import Image

KEY = {"Authorization": "Bearer any-key-will-do"}
Ask = Callable[..., httpx.Response]
Post = Callable[[EmailMessage], None]


def letter(to: str = "ana@example.com", subject: str = "Hello", text: str = "Hello Ana.\n") -> EmailMessage:
    """A mail from the product."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ImgPilot <hi@imgpilot.app>", to, subject
    mail.set_content(text)
    return mail


def pictures(answer: httpx.Response) -> list[Image.Image]:
    """The pictures in a good answer."""
    assert answer.status_code == 200, answer.text
    found: list[Image.Image] = []
    for entry in answer.json()["data"]:
        image = Image.open(io.BytesIO(base64.b64decode(entry["b64_json"], validate=True)))
        image.load()
        found.append(image)
    return found


def picture_file(colour: tuple[int, ...], size: tuple[int, int] = (160, 160), kind: str = "PNG") -> bytes:
    """A picture of one colour; four numbers make it translucent."""
    out = io.BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(out, kind)
    return out.getvalue()


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> bytes:
    """A picture of two colours side by side."""
    image = Image.new("RGB", (160, 160), right)
    image.paste(left, (0, 0, 80, 160))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
