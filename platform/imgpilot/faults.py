"""What a log may say of an error: its class and its place, never its words, which may quote somebody's data.

PostgreSQL's do: "Key (email)=(…) already exists". So libraries that log exceptions get the filter here.
"""

import logging
import sysconfig
from collections.abc import Iterable, Mapping
from typing import Any

#: Where code that is not ours lies. In <> is what was made while running.
_FOREIGN = (*{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}, "<")


def place(trace: Any) -> str:
    """Where it happened, as file:line: the innermost line of our own code, else the innermost line."""
    ours = found = "?"
    while trace:
        found = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        ours = ours if found.startswith(_FOREIGN) else found
        trace = trace.tb_next
    return found if ours == "?" else ours


class ClassAndPlace(logging.Filter):
    """Rewrites every record about an exception; lets the others through as they are."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged: always."""
        named = record.args if isinstance(record.args, Mapping) else {}
        values = () if named else (record.args or ())
        kind, trace = _error(record, values)
        if kind is None and "exc" not in named:
            return True
        about = f"{named['name']}[{named['id']}]" if "exc" in named else f"{record.module}:{record.lineno}"
        record.msg, record.args = "%s: %s at %s", (about, kind.__name__ if kind else "stopped", place(trace))
        record.exc_info = record.exc_text = record.stack_info = None
        record.__dict__.pop("data", None)  # Celery's copy of the same, for handlers
        return True


def _error(record: logging.LogRecord, values: Iterable[object]) -> tuple[type[BaseException] | None, Any]:
    if record.exc_info and record.exc_info[0]:
        return record.exc_info[0], record.exc_info[2]
    error = next((v for v in values if isinstance(v, BaseException)), None)
    return (type(error), error.__traceback__) if error else (None, None)


def unquoted(*names: str) -> None:
    """Make these loggers say class and place only. Repeating it changes nothing."""
    for name in names:
        logger = logging.getLogger(name)
        if not any(isinstance(there, ClassAndPlace) for there in logger.filters):
            logger.addFilter(ClassAndPlace())
