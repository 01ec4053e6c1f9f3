"""How often an agent's system may knock. Counted in this process: it keeps load away and needs no database for it."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from compliance.drp.errors import TooMany

#: So many callers are remembered; beyond that the one that was quiet the longest is forgotten.
MOST_CALLERS = 4096


class Pace:
    """At most `most` calls of one caller within a span."""

    def __init__(self, most: int, within: timedelta) -> None:
        self.most, self.within = most, within
        self._seen: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def check(self, caller: str, clock: Callable[[], datetime]) -> None:
        """Count one call. Raises TooMany, with the seconds until there is room again; that call is not counted."""
        now = clock()
        with self._lock:
            calls = self._seen.pop(caller, None) or deque()
            self._seen[caller] = calls  # at the end: it was heard last
            if len(self._seen) > MOST_CALLERS:
                self._seen.pop(next(iter(self._seen)))
            while calls and calls[0] <= now - self.within:
                calls.popleft()
            if len(calls) >= self.most:
                raise TooMany(calls[0] + self.within - now)
            calls.append(now)
