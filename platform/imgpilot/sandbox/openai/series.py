"""Which picture of a prompt's endless series comes next."""

import hashlib
import threading
from collections import OrderedDict

KEPT_PROMPTS = 2000


class Series:
    """Fixed: a prompt always begins with its first picture, so that tests can compare.

    Moving: asked again, a prompt goes on where it stopped, as a real model gives another picture each time.
    """

    def __init__(self, *, moving: bool) -> None:
        self._moving = moving
        self._given: OrderedDict[bytes, int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, prompt: str, count: int) -> int:
        """The number of the first of `count` pictures."""
        if not self._moving:
            return 0
        key = hashlib.sha256(prompt.encode()).digest()
        with self._lock:
            first = self._given.pop(key, 0)
            self._given[key] = first + count
            if len(self._given) > KEPT_PROMPTS:
                self._given.popitem(last=False)
        return first
