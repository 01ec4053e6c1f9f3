"""One platform and one Chromium for a module, and the people of the story."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journey.running import Platform
from tests.journey.story import Story
from tests.serving import browsing

FAILED = pytest.StashKey[str]()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """`imgpilot up` on nothing but an empty folder."""
    started = Platform(tmp_path_factory.mktemp("platform") / "home")
    try:
        started.wait()
        yield started
    finally:
        started.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with browsing() as launched:
        yield launched


@pytest.fixture(scope="module")
def story(browser: Browser, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Ana at her desk, Bob on his phone, an officer; and what they have so far."""
    return Story(browser, platform, tmp_path_factory.mktemp("downloads"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember the first step that failed: what comes after it has nothing to stand on."""
    report = yield
    if report.failed and item.parent:  # type: ignore[attr-defined]
        item.parent.stash.setdefault(FAILED, item.name)
    return report


@pytest.fixture(autouse=True)
def _the_story_goes_on(request: pytest.FixtureRequest) -> None:
    if failed := request.node.parent.stash.get(FAILED, None):
        pytest.skip(f"the story ended at {failed}")
