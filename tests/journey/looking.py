"""What a reviewer does at each step: axe's opinion in both themes, and a picture of the page at both widths."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RUN = """async (colours) => {
  const options = { resultTypes: ['violations'] }
  if (colours) options.runOnly = ['color-contrast']
  const found = await axe.run(document, options)
  return found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 160)).join(' | ')}`)
}"""
#: Every picture is loaded, also those further down.
SHOWN = """() => Promise.all([...document.images].map(image => {
  image.loading = 'eager'
  return image.decode().catch(() => null)
}))"""
#: The height of a window by its width: a laptop, a phone.
WIDTHS = {1280: 900, 390: 844}


#: A picture in every theme at every width.
EVERY = tuple((theme, width) for theme in ("light", "dark") for width in WIDTHS)
#: One of each.
FEW = (("light", 1280), ("dark", 390))


class Faults(list[str]):
    """What was found, with the page and the theme; a test asserts at its end that it is empty.

    `folder`: where the pictures go. `pictures`: which are taken of each page, as (theme, width).
    """

    def __init__(self, folder: Path = SCREENSHOTS, pictures: Sequence[tuple[str, int]] = EVERY) -> None:
        super().__init__()
        self.folder, self.pictures = folder, pictures


def look(page: Page, name: str, faults: Faults) -> None:
    """Look at this page. It stays as it was."""
    before = page.viewport_size
    assert before
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    page.evaluate(AXE)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        # A theme changes colours and nothing else.
        faults += [f"{name}, {theme}: {fault}" for fault in page.evaluate(RUN, theme == "dark")]
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{name}: {wide} px wide in a window of {width}")
            if (theme, width) in faults.pictures:
                picture(page, f"{name}-{width}-{theme}", folder=faults.folder)
        page.set_viewport_size(before)
    page.emulate_media(color_scheme="light")


def picture(page: Page, name: str, *, whole: bool = True, folder: Path = SCREENSHOTS) -> None:
    """The page as a file; `whole`: in a window as tall as the page, so that what sticks to an edge is at that edge."""
    folder.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    assert before
    page.evaluate(SHOWN)
    if whole:
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": before["width"], "height": max(before["height"], min(tall, 6000))})
    page.screenshot(path=folder / f"{name}.png", animations="disabled")
    page.set_viewport_size(before)
