"""The texts of the policy: the same in both languages, whole, and promising only what is there."""

import re
from datetime import date, datetime

import pytest
from flask import Flask

import config
from compliance import inventory, reach
from imgpilot.errors import NotYours
from imgpilot.policies import texts, versions
from imgpilot.policies.texts import BadText
from imgpilot.policy import in_force
from imgpilot.privacy import ARTICLE
from imgpilot.processors import in_use
from imgpilot.purposes import PURPOSES, STAFF
from tests.accounts.browser import Browser
from tests.conftest import Clock
from tests.portal.conftest import Enter
from tests.portal.test_centre import text_of
from tests.test_policy import CLAUSES, PENDING
from tests.world import Somebody


def test_p21_every_version_says_the_same_in_every_language() -> None:
    for version in versions.every():
        shapes = {
            language: [
                (one.key, one.state, [paragraph.item for paragraph in one.paragraphs], _targets(one))
                for one in (*version.text(language).clauses, *filter(None, [version.text(language).changes]))
            ]
            for language in config.LANGUAGES
        }
        assert len({repr(shape) for shape in shapes.values()}) == 1, shapes


def _targets(clause: texts.Clause) -> list[str]:
    return [found for one in clause.paragraphs for found in re.findall(r"\]\((.*?)\)", one.text)]


def test_p21_the_newest_version_promises_what_is_built_and_nothing_else() -> None:
    clauses = versions.newest().text("en").clauses
    assert {one.key for one in clauses} <= CLAUSES
    promised = {one.key for one in clauses if not one.state}
    assert CLAUSES - promised <= PENDING.keys(), "built, and the page does not promise it"
    assert not promised & PENDING.keys(), "the page promises what is not built"


def test_p21_every_version_but_the_first_says_in_short_what_is_new() -> None:
    first, *later = versions.every()
    assert later
    assert first.text("en").changes is None
    for version in later:
        for language in config.LANGUAGES:
            said = version.text(language).changes
            assert said and said.paragraphs and all(one.item for one in said.paragraphs)


def test_the_texts_link_to_pages_of_ours_that_exist_and_to_nobody_else(site: Flask) -> None:
    pages = site.url_map.bind("")
    for path in sorted(texts.FOLDER.glob("*.md")):
        source = path.read_text()
        assert "http" not in source
        for target in re.findall(r"\]\((.*?)\)", source):
            if target != f"mailto:{config.CONTACT}":
                pages.match(target.partition("#")[0])


@pytest.mark.parametrize(
    "source",
    ["No title", "# T\n\n## p99x: Odd\n\nText.", "# T\n\n## p01, perhaps: A\n\nB.", "# T\n\n## p01: A\n\n## p01: B\n"],
)
def test_a_text_that_does_not_keep_to_the_form_is_refused(source: str) -> None:
    with pytest.raises(BadText):
        texts.read(source)


def test_what_is_written_is_shown_as_written() -> None:
    text = texts.read("# T\n\nAbout <b> & [you](/account).\n\n## p01, in part: A\n\nTwo\nlines.\n\n- one\n- two\n")
    assert str(text.lede[0].html) == 'About &lt;b&gt; &amp; <a href="/account">you</a>.'
    assert text.lede[0].plain == "About <b> & you."
    (clause,) = text.clauses
    assert (clause.key, clause.state, clause.title) == ("p01", "in part", "A")
    assert [(one.text, one.item) for one in clause.paragraphs] == [("Two lines.", False), ("one", True), ("two", True)]


def test_p21_the_version_in_force_is_the_newest_whose_day_has_come() -> None:
    for version in versions.every():
        assert in_force(version.begins) == version.key
        assert version.effective == date.fromisoformat(version.key)
    assert in_force(datetime.fromisoformat("2020-01-01T00:00Z")) == versions.every()[0].key
    with pytest.raises(NotYours):
        versions.find("2020-01-01")


def test_what_was_acknowledged_holds_as_long_as_its_clause_says_the_same() -> None:
    first, second = versions.every()[:2]
    assert versions.same_in("p18", second) == (second.key, first.key)
    assert versions.same_in("p10", second) == (second.key,), "more companies: that is asked again"


def test_p21_the_page_has_the_date_at_its_top_the_contact_and_an_anchor_for_every_clause(
    ana: Somebody, signed_in: Enter, clock: Clock
) -> None:
    page = signed_in(ana).get("/privacy-policy").text
    version = versions.in_force(clock())
    said = text_of(page)
    assert said.index(f"In force since {version.day('en')}") < said.index(
        version.text("en").clauses[0].paragraphs[0].plain
    )
    assert f'href="mailto:{config.CONTACT}"' in page
    for clause in version.text("en").clauses:
        assert f'id="{clause.key}"' in page
        assert all(one.plain.replace(" ", "") in said.replace(" ", "") for one in clause.paragraphs), clause.key
    assert "Not offered yet" in said


def test_p14_the_page_says_of_every_company_where_it_is_and_on_which_ground_data_goes_there(
    site: Flask, ana: Somebody
) -> None:
    said = text_of(Browser(site).get("/privacy-policy").text)
    for company in in_use(site.extensions["parts"].settings):
        assert company.name in said
        assert company.transfer.lower() in said.lower()


def test_p09_the_page_names_every_purpose_with_its_legal_basis(site: Flask, ana: Somebody) -> None:
    said = text_of(Browser(site).get("/privacy-policy").text)
    for purpose in PURPOSES.values():
        if purpose != STAFF:
            assert purpose.name in said
            assert ARTICLE[purpose.basis] in said


def test_the_page_says_how_long_every_kind_of_record_is_kept(site: Flask, ana: Somebody) -> None:
    said = text_of(Browser(site).get("/privacy-policy").text).lower()
    for table in reach.held():
        assert inventory.why(table).noun.lower() in said, table.name
        assert inventory.why(table).kept.words.lower() in said, table.name


def test_the_page_speaks_chinese_too(site: Flask, ana: Somebody) -> None:
    page = Browser(site).get("/privacy-policy", **{"Accept-Language": "zh-CN"}).text
    assert "我们从不出售你的个人数据" in text_of(page)
    assert 'lang="zh-Hans"' in page


@pytest.mark.parametrize("path", ["/privacy-policy/versions/2020-01-01", "/privacy-policy/changes/2020-01-01/x"])
def test_a_version_that_there_never_was_is_not_there(site: Flask, ana: Somebody, path: str) -> None:
    assert Browser(site).get(path).status_code == 404
