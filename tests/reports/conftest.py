"""The fonts, and an ear for what WeasyPrint complains of: here a warning of its is a failure."""

import io
import logging
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from reports.document import Document
from reports.pdf import FONTS, render

FOLDER = Path(__file__).parents[2] / "platform/imgpilot/static/vendor/fonts"


@pytest.fixture(scope="session")
def fonts() -> Path:
    """The folder that set-up fills."""
    if not all((FOLDER / name).is_file() for name in FONTS):
        pytest.fail(f"the fonts are not in {FOLDER}: run make setup", pytrace=False)
    return FOLDER


@pytest.fixture(autouse=True)
def complaints() -> Iterator[list[str]]:
    """What WeasyPrint warned of in this test; whoever leaves something in there has failed."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    ear = Ear(logging.WARNING)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(ear)
    yield said
    logger.removeHandler(ear)
    assert said == []


@pytest.fixture(scope="session")
def pdf(fonts: Path) -> Callable[[Document], bytes]:
    """The PDF of a document."""

    def make(document: Document) -> bytes:
        out = io.BytesIO()
        render(document, fonts=fonts, out=out)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def printed(pdf: Callable[[Document], bytes]) -> Callable[[Callable[[], Document]], bytes]:
    """The PDF of one of the samples, made once."""
    return cache(lambda sample: pdf(sample()))


@pytest.fixture(scope="session")
def words() -> Callable[..., str]:
    """What somebody reads who copies a PDF's text, in the order in which it is read."""

    def read(data: bytes, order: str = "-raw") -> str:
        done = subprocess.run(["pdftotext", order, "-", "-"], input=data, capture_output=True, check=True)
        return done.stdout.decode()

    return read
