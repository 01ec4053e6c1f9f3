"""The body of an answer, read piece by piece under a limit, so that a body without end costs no memory."""

import httpx

#: How much is asked for at a time, in bytes.
PIECE = 64 * 1024


class TooMuch(Exception):
    """The body is larger than the limit, or its size cannot be known because it is compressed."""


def read(response: httpx.Response, most: int, *, cut: bool = False) -> bytes:
    """The body. Over `most` bytes it raises TooMuch, or with `cut` gives the beginning. Raises httpx.HTTPError."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise TooMuch  # we asked for none; a small one could unpack to anything
    said = response.headers.get("Content-Length", "")
    if not cut and said.isdecimal() and int(said) > most:
        raise TooMuch
    body = bytearray()
    for piece in response.iter_raw(PIECE):
        body += piece
        if len(body) > most:
            if not cut:
                raise TooMuch
            break
    return bytes(body[:most])
