"""One platform and one Chromium for the three cases; what goes wrong in one does not touch the others."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.cases.people import Cast
from tests.journey.conftest import _the_story_goes_on, pytest_runtest_makereport
from tests.journey.running import Platform
from tests.serving import browsing

__all__ = ["_the_story_goes_on", "pytest_runtest_makereport"]


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """`imgpilot up` on nothing but an empty folder."""
    started = Platform(tmp_path_factory.mktemp("platform") / "home")
    try:
        started.wait()
        yield started
    finally:
        started.kill()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with browsing() as launched:
        yield launched


@pytest.fixture(scope="package")
def office(platform: Platform) -> dict[str, str]:
    """The passwords of those on the staff who are there already, by user name."""
    return {}


@pytest.fixture(scope="module")
def cast(
    browser: Browser, platform: Platform, office: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cast]:
    """The people of one case, with nobody there yet. The pictures of the case lie in its own folder."""
    people = Cast(browser, platform, office, tmp_path_factory.mktemp("case"))
    yield people
    people.leave()
