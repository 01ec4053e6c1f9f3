"""Writes `.env.example`: every setting, what it is for and what holds if it is not set."""

import json
import re
import sys
import textwrap
from enum import Enum
from pathlib import Path

from pydantic.fields import FieldInfo

from config import NEEDED_IN_PRODUCTION, Settings

HEAD = "Every setting of ImgPilot. Nothing has to be set on one machine. `make env` writes this file anew."


def example() -> str:
    """The text of the file. What has a default is shown with it, as a comment; the rest is left empty."""
    settings = [_setting(name, field) for name, field in Settings.model_fields.items()]
    return "\n\n".join([_comment(HEAD), *settings]) + "\n"


def _setting(name: str, field: FieldInfo) -> str:
    about = field.description or ""
    if name in NEEDED_IN_PRODUCTION:
        about += " Needed in production."
    default = _written(field.get_default(call_default_factory=True))
    line = f"{name.upper()}={default}"
    return f"{_comment(about)}\n{'#' if default else ''}{line}"


def _written(value: object) -> str:
    """A default as the shell and env files take it."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        value = value.value
    text = str(value) if isinstance(value, str | Path) else json.dumps(value)
    return text if re.fullmatch(r"[\w./:@%+,-]*", text) else f"'{text}'"


def _comment(text: str) -> str:
    return textwrap.fill(text, 100, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


if __name__ == "__main__":
    sys.stdout.write(example())
