"""One person's data, from sign-up to erasure certificate, as three people live it: only clicking and typing.

The tests are one story and run in this order. Pictures of every step go to var/screenshots.
"""

import json
import re
import zipfile
from pathlib import Path

import httpx
import pikepdf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from playwright.sync_api import expect
from sqlalchemy import text

from compliance.export.check import check
from tests.journey.looking import look, picture
from tests.journey.running import Platform, until
from tests.journey.story import ANA, BOB, OFFICER, Story
from tests.journey.window import Window

RIDGES = "Ridges at first light, low mist between them, thick brushwork, a small pale sun"
NIGHT = "The same place at night, northern lights"


def test_1_a_link_from_the_mail_lets_a_person_in_once(story: Story, platform: Platform) -> None:
    ana = story.ana
    look(ana.open(f"{platform.site}/"), "01-home", story.faults)
    ana.press("Sign in")
    look(ana.page, "02-sign-in", story.faults)
    story.link = story.ask_for_a_link(ana, ANA)
    looked = httpx.get(story.link)
    assert looked.status_code == 200, "a scanner may look first"
    story.follow_the_link(ana, ANA)

    late = Window(story.browser, platform, 390)
    late.open(story.link)
    expect(late.page.get_by_text("This link was used already. Ask for a new one.")).to_be_visible()
    picture(late.page, "03-link-used-390-light")
    late.has_kept_to_the_rules("410 (GONE)")
    late.context.close()
    story.sign_in(story.bob, BOB)


def test_2_pictures_arrive_by_themselves_and_a_reload_loses_nothing(story: Story) -> None:
    ana, page = story.ana, story.ana.page
    expect(page.get_by_text("Goes to: ")).to_contain_text("Sandbox")
    look(page, "04-studio-empty", story.faults)
    story.order(ana, RIDGES, 4)
    done, all_ = page.locator("#batch .chip.ok"), page.locator("#batch .shot")
    expect(all_).to_have_count(4)
    ana.mark()
    picture(page, "05-studio-making-1280-light")
    expect(done).not_to_have_count(0)
    assert ana.marked(), "the first came without a reload"
    page.reload()
    expect(all_).to_have_count(4)
    assert page.locator("#batch .prompt-said").inner_text() == RIDGES
    ana.mark()
    expect(done).to_have_count(4)
    assert ana.marked(), "so did the rest"

    reference = ana.fetch("Download", story.downloads)
    page.locator(".site-head").get_by_role("link", name="Create").click()
    story.order(ana, NIGHT, 1, reference)
    expect(page.locator("#batch")).to_contain_text("With a reference picture.")
    expect(done).to_have_count(1)
    look(page, "06-studio", story.faults)

    story.order(story.bob, "Two pears and a plum on a white plate, soft side light", 1)
    expect(story.bob.page.locator("#batch .chip.ok")).to_have_count(1)
    story.bobs = story.what_bob_sees()


def test_2_she_sees_what_each_picture_was_made_from(story: Story) -> None:
    ana, page = story.ana, story.ana.page
    ana.place("My pictures")
    expect(page.locator(".gal-row figure")).to_have_count(5)
    look(page, "07-gallery", story.faults)
    page.locator(".gal-row a.f").first.click()
    expect(page.get_by_role("heading", name=NIGHT)).to_be_visible()
    expect(page.get_by_role("img", name="Your reference picture")).to_be_visible()
    look(page, "08-picture", story.faults)
    page.get_by_label("Your account").click()
    page.get_by_role("link", name="Account", exact=True).first.click()
    look(page, "09-account", story.faults)


def test_3_she_sees_what_is_held_and_where_it_went_and_asks_for_a_copy(story: Story) -> None:
    ana, page = story.ana, story.ana.page
    ana.place("Your data")
    held = page.locator("#held")
    expect(held.locator("summary").filter(has_text="ictures you made").locator(".n")).to_have_text("5")
    expect(page.locator("#ledger tbody tr").filter(has_text="Sandbox")).not_to_have_count(0)
    look(page, "10-privacy", story.faults)
    page.get_by_role("link", name="All lines").click()
    expect(page.get_by_role("heading", name="Where it went", level=1)).to_be_visible()
    sent = page.locator("tbody tr").filter(has_text="Sandbox")
    assert sent.count() >= 5, "a line for every picture that was asked for"
    look(page, "11-ledger", story.faults)

    ana.press("简体中文")
    page.locator(".site-head nav a[href='/privacy']").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    look(page, "12-privacy-zh", story.faults)
    ana.press("English")

    page.locator("main").get_by_role("link", name=re.compile("Get a copy")).click()
    look(page, "13-ask", story.faults)
    page = story.asks("Get a copy", "Ask for my copy")
    expect(page.get_by_text("You have our answer by")).to_be_visible()
    look(page, "14-request", story.faults)


def test_4_an_officer_finds_the_case_with_its_date_and_approves_the_plan(story: Story) -> None:
    platform, officer = story.platform, story.officer
    said = platform.run("staff", "add", OFFICER, "--role", "Privacy Officer", "--name", "Mei Tan")
    assert said.returncode == 0, said.stderr
    page = officer.open(platform.console)
    look(page, "15-console-sign-in", story.faults)
    page.get_by_label("User name").fill(OFFICER)
    page.get_by_label("Password").fill(said.stdout.split()[-1])
    officer.press("Sign in")
    expect(page.get_by_role("navigation", name="Console")).to_contain_text("Requests")
    look(page, "16-today", story.faults)
    story.find()
    page.go_back()
    look(page, "17-queue", story.faults)
    story.find()
    expect(page.get_by_role("heading", name=story.case)).to_be_visible()
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="ictures")).not_to_have_count(0)
    look(page, "18-case-copy", story.faults)
    story.ana.mark()
    story.approve()


def test_5_her_page_says_when_it_is_ready_and_the_package_proves_itself(story: Story) -> None:
    ana, page = story.ana, story.ana.page
    expect(page.get_by_role("heading", name="Your copy is ready")).to_be_visible()
    assert ana.marked(), "by itself"
    look(page, "19-copy-ready", story.faults)
    got = ana.fetch("Download your data", story.downloads)
    key = load_pem_public_key(httpx.get(f"{story.platform.site}/.well-known/imgpilot-signing-key.pem").content)
    assert isinstance(key, Ed25519PublicKey)
    checked = check(got, key)
    assert checked.good, checked.faults
    assert checked.case == story.case
    folder = story.downloads / "package"
    with zipfile.ZipFile(got) as package:
        package.extractall(folder)
    rows = json.loads((folder / "data" / "generation.json").read_text())
    assert {RIDGES, NIGHT} == {row["prompt"] for row in rows}
    _opens_without_a_network(story, folder / "index.html")


def _opens_without_a_network(story: Story, index: Path) -> None:
    """The package is for whoever has it, wherever they are."""
    context = story.browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(index.as_uri())
    expect(page.get_by_text(RIDGES).first).to_be_visible()
    look(page, "20-package", story.faults)
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    broken = "[...document.images].filter(i => i.complete && !i.naturalWidth).length"
    assert page.evaluate(broken) == 0, "every picture shows"
    context.close()


def test_6_deletion_is_approved_proved_and_leaves_bob_alone(story: Story) -> None:
    ana, officer = story.ana, story.officer
    ana.place("Your data")
    ana.page.locator("main").get_by_role("link", name=re.compile("Delete everything")).first.click()
    look(ana.page, "21-ask-deletion", story.faults)
    story.asks("Delete everything", "Ask for deletion", "Delete as soon as it is approved")
    story.find()
    page = officer.page
    expect(page.get_by_text("Nothing is done until you approve.")).to_be_visible()
    look(page, "22-case-deletion", story.faults)
    picture(page, "22-case-deletion-window", whole=False)
    officer.press("Approve the plan")
    look(page, "23-approve", story.faults)
    officer.press("Back, change nothing")
    look(ana.page, "24-request-deletion", story.faults)
    story.approve()

    letter = ana.mail(ANA, "deleted")
    certificate = ana.fetch_file(letter, "certificate.pdf", story.downloads)
    picture(letter, "25-last-letter-1280-light")
    letter.close()
    picture(ana.page, "26-after-deletion-1280-light")
    ana.open(f"{story.platform.site}/privacy")
    expect(ana.page.get_by_role("link", name="I have an account")).to_be_visible()

    page.reload()
    certificates = page.get_by_role("link", name="Certificate", exact=True)
    until(lambda: page.reload() and certificates.count(), 120, "the end of the case")
    expect(page.locator("main")).to_contain_text("Answered")
    expect(page.locator("main")).to_contain_text("0 found")
    expect(page.locator("main")).not_to_contain_text(ANA)
    look(page, "27-case-closed", story.faults)
    again = officer.fetch("Certificate", story.downloads)
    for file in (certificate, again):
        with pikepdf.open(file) as pdf:
            assert pdf.open_metadata()["pdfaid:part"] == "3"
    assert story.what_bob_sees() == story.bobs


def test_6_the_console_speaks_chinese_and_stays_on_the_case(story: Story) -> None:
    officer, page = story.officer, story.officer.page
    case = page.url
    officer.press("简体中文")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page).to_have_url(case)
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.case)
    look(page, "28-case-closed-zh", story.faults)
    officer.press("English")
    expect(page).to_have_url(case)


def test_nothing_was_asked_of_anybody_else_and_no_browser_complained(story: Story) -> None:
    for who in (story.ana, story.bob, story.officer):
        who.has_kept_to_the_rules()


def test_7_the_log_proves_all_this_and_names_an_altered_entry(platform: Platform) -> None:
    def verify() -> tuple[int, str]:
        done = platform.run("audit", "verify", "--json")
        return done.returncode, done.stdout + done.stderr

    until(lambda: (p := verify())[0] == 0 and json.loads(p[1])["segments"], 120, "the seal")
    altered = "UPDATE audit_entry SET action = :now WHERE seq = :seq"
    with platform.as_owner_of_the_database() as database:
        seq = database.scalar(text("SELECT max(seq) FROM audit_entry WHERE action = 'request approved'"))
        database.execute(text(altered), {"seq": seq, "now": "request refused"})
    status, said = verify()
    assert status == 1
    assert str(seq) in said
    with platform.as_owner_of_the_database() as database:
        database.execute(text(altered), {"seq": seq, "now": "request approved"})
    assert verify()[0] == 0


def test_every_page_is_accessible_in_both_themes_and_fits(story: Story) -> None:
    assert not story.faults, "\n".join(story.faults)
