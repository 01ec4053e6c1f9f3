"""The closed shelf: a document's pictures by number, and the only way WeasyPrint can get anything."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.errors import NotAPicture, Unreachable


class Shelf:
    """Pictures handed in for one document. Each gets an address `asset:N` that means nothing outside of it."""

    def __init__(self) -> None:
        self._pictures: list[tuple[bytes, str]] = []

    def put(self, data: bytes) -> str:
        """Keep a picture, answer its address."""
        self._pictures.append((data, media_type(data)))
        return f"asset:{len(self._pictures) - 1}"

    def get(self, number: str) -> tuple[bytes, str]:
        """A picture and its media type."""
        if not number.isdecimal() or int(number) >= len(self._pictures):
            raise Unreachable("a picture that was not handed in")
        return self._pictures[int(number)]


def media_type(data: bytes) -> str:
    """What kind of picture the bytes begin like."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.lstrip().startswith(b"<svg"):
        return "image/svg+xml"
    raise NotAPicture("a picture is neither JPEG, PNG, WebP nor SVG")


class Closed(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the shelf and the folder of fonts. Any other address ends the rendering.

    A report is made of what people typed. Were a prompt ever to become markup, it could still not make this
    machine ask another one for something, nor put one of its files into the PDF.
    """

    def __init__(self, shelf: Shelf, fonts: Path) -> None:
        super().__init__(allowed_protocols=("asset", "file"), allow_redirects=False, fail_on_errors=True)
        self._shelf = shelf
        self._fonts = fonts.resolve()
        #: Whether anything was asked for in vain. Inside of a drawing WeasyPrint keeps a refusal to itself.
        self.refused = False

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The bytes at an address of ours."""
        del headers  # meant for servers, and there are none
        try:
            return self._served(url)
        except Unreachable:
            self.refused = True
            raise

    def _served(self, url: str) -> URLFetcherResponse:
        parts = urlsplit(url)
        if parts.scheme == "asset":
            data, kind = self._shelf.get(parts.path)
            return URLFetcherResponse(url, data, {"Content-Type": kind})
        if parts.scheme == "file" and not parts.netloc:
            path = Path(unquote(parts.path)).resolve()
            if path.parent == self._fonts and path.suffix == ".woff2" and path.is_file():
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})
        raise Unreachable(f"an address of the kind {parts.scheme!r} that was not handed in")
