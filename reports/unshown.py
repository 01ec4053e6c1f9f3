"""Which characters no font could show. WeasyPrint tells only its log, where what people typed must not be."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_unshown: ContextVar[set[str] | None] = ContextVar("unshown", default=None)


class _Ear(logging.Filter):
    """Hears of a missing character, and lets every other message pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith(".notdef glyph"):
            return True
        heard = _unshown.get()
        if heard is not None and isinstance(record.args, tuple) and isinstance(record.args[0], str):
            heard.add(record.args[0])
        return False


logging.getLogger("weasyprint").addFilter(_Ear())


@contextmanager
def unshown_characters() -> Iterator[set[str]]:
    """The characters that this thread's drawings lacked while the block ran."""
    heard: set[str] = set()
    before = _unshown.set(heard)
    try:
        yield heard
    finally:
        _unshown.reset(before)
