"""The lines of several processes on one screen."""

import io

import pytest

from imgpilot.running.log_lines import LogLines


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        return True


class Hung(io.StringIO):
    """A pipe that nobody reads any more."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


def test_names_line_up_in_a_colour_each_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = Terminal()
    lines = LogLines(screen, ["site", "worker"])
    lines.write("site", "here")
    lines.write("worker", "there")
    assert screen.getvalue() == "\x1b[36msite   │ \x1b[0mhere\n\x1b[33mworker │ \x1b[0mthere\n"


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Terminal()
    LogLines(screen, ["site"]).write("site", "here")
    assert screen.getvalue() == "site │ here\n"


def test_a_reader_that_left_is_noticed() -> None:
    lines = LogLines(Hung(), ["site"])
    assert not lines.closed
    lines.write("site", "here")
    assert lines.closed
