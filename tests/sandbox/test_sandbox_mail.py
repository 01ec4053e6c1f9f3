"""The mail catcher: what is sent over SMTP can be read on its pages and in its JSON."""

import logging
import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx
import pytest

from imgpilot.sandbox.mail.mailbox import Mailbox
from imgpilot.sandbox.mail.message import hrefs_in, links_in, read_mail
from imgpilot.sandbox.server import Sandbox
from tests.sandbox.asking import Post, letter


def test_a_mail_comes_back_as_it_was_sent(client: httpx.Client, post: Post) -> None:
    post(letter(subject="登录 ImgPilot: ein Gruß", text="Hallo Ana,\n您好。\n"))
    [mail] = client.get("/api/mail").json()["messages"]
    assert mail["subject"] == "登录 ImgPilot: ein Gruß"
    assert mail["from"] == "ImgPilot <hi@imgpilot.app>"
    assert mail["to"] == "ana@example.com"
    assert mail["text"] == "Hallo Ana,\n您好。\n"
    assert (mail["html"], mail["attachments"], mail["links"]) == ("", [], [])
    assert mail["at"].endswith("+00:00")


def test_links_are_found_in_text_and_html_once_each(client: httpx.Client, post: Post) -> None:
    mail = letter(text="Open (http://127.0.0.1:8000/finish?token=a.b-c_d~e&x=1). Or http://127.0.0.1:8000/privacy.")
    mail.add_alternative(
        '<a href="http://127.0.0.1:8000/finish?token=a.b-c_d~e&amp;x=1">Open</a> <a href="mailto:x@y.z">w</a>'
        '<a href="https://imgpilot.app/help">Help</a>',
        subtype="html",
    )
    post(mail)
    [got] = client.get("/api/mail").json()["messages"]
    assert got["links"] == [
        "http://127.0.0.1:8000/finish?token=a.b-c_d~e&x=1",
        "http://127.0.0.1:8000/privacy",
        "https://imgpilot.app/help",
    ]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("请打开 http://a.example/7。谢谢", ["http://a.example/7"]),
        ("see <http://a.example/x>, now!", ["http://a.example/x"]),
        ("http://a.example/wiki/Ruler_(tool) and http://a.example/?q=(1)", [
            "http://a.example/wiki/Ruler_(tool)", "http://a.example/?q=(1)"]),
        ("ftp://a.example and a.example", []),
        ("http://[::1]:8000/x?", ["http://[::1]:8000/x"]),
    ],
)  # fmt: skip
def test_a_link_ends_where_its_sentence_goes_on(text: str, links: list[str]) -> None:
    assert links_in(text) == links


def test_broken_html_still_gives_its_links() -> None:
    assert hrefs_in('<p><a href="http://a.example/1">x<a href=http://a.example/2>y</p') == [
        "http://a.example/1",
        "http://a.example/2",
    ]


def test_an_attachment_can_be_downloaded_byte_for_byte(client: httpx.Client, post: Post) -> None:
    content = bytes(range(256)) * 400
    mail = letter()
    mail.add_attachment(content, maintype="application", subtype="pdf", filename="Bericht über Daten.pdf")
    post(mail)
    [got] = client.get("/api/mail").json()["messages"]
    [file] = got["attachments"]
    assert (file["name"], file["media_type"], file["bytes"]) == (
        "Bericht über Daten.pdf",
        "application/pdf",
        len(content),
    )
    answer = client.get(file["url"])
    assert answer.content == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "application/pdf, 102.4 kB" in client.get(f"/mail/{got['id']}").text


def test_mail_is_found_by_its_recipient_newest_first(client: httpx.Client, post: Post) -> None:
    for number in range(3):
        post(letter(to="ana@example.com", subject=f"For Ana {number}"))
    post(letter(to="bob@example.com", subject="For Bob"))
    found = client.get("/api/mail", params={"to": "ANA@example.com"}).json()["messages"]
    assert [m["subject"] for m in found] == ["For Ana 2", "For Ana 1", "For Ana 0"]
    assert client.get("/api/mail").json()["messages"][0]["subject"] == "For Bob"
    assert client.get("/api/mail", params={"to": "na@example.com"}).json() == {"messages": []}


def test_a_blind_copy_is_found_though_no_header_names_it(sandbox: Sandbox) -> None:
    place = urlsplit(sandbox.smtp_url)
    with smtplib.SMTP(place.hostname or "", place.port or 0) as smtp:
        smtp.send_message(letter(), to_addrs=["ana@example.com", "audit@example.com"])
    [mail] = sandbox.mail.to("audit@example.com")
    assert mail.recipients == ("ana@example.com", "audit@example.com")


def test_deleting_forgets_one_address_or_everything(client: httpx.Client, post: Post) -> None:
    for to in ("ana@example.com", "bob@example.com", "bob@example.com"):
        post(letter(to=to))
    assert client.delete("/api/mail", params={"to": "bob@example.com"}).json() == {"deleted": 2}
    assert len(client.get("/api/mail").json()["messages"]) == 1
    assert client.delete("/api/mail").json() == {"deleted": 1}
    assert client.get("/api/mail").json() == {"messages": []}


def test_only_the_newest_are_kept() -> None:
    box = Mailbox(most=3)
    for number in range(5):
        box.take(["ana@example.com"], f"Subject: {number}\r\n\r\nText".encode())
    assert [m.subject for m in box] == ["4", "3", "2"]


def test_large_mails_push_out_older_ones_but_the_newest_stays() -> None:
    box = Mailbox(most_bytes=1000)
    box.take(["ana@example.com"], b"Subject: old\r\n\r\n" + b"x" * 600)
    box.take(["ana@example.com"], b"Subject: new\r\n\r\n" + b"x" * 2000)
    assert [m.subject for m in box] == ["new"]


def test_the_pages_show_the_mail_with_clickable_links_and_nothing_else_live(client: httpx.Client, post: Post) -> None:
    mail = letter(subject="<b>Sign in</b>", text="Go to http://127.0.0.1:8000/x?a=1&b=<script>alert(1)</script>")
    mail.add_alternative("<p>Hello</p><script>alert(1)</script>", subtype="html")
    post(mail)
    listing = client.get("/mail/").text
    assert "&lt;b&gt;Sign in&lt;/b&gt;" in listing
    assert "<b>" not in listing
    key = client.get("/api/mail").json()["messages"][0]["id"]
    page = client.get(f"/mail/{key}").text
    assert '<a href="http://127.0.0.1:8000/x?a=1&amp;b=" rel="noreferrer">' in page
    assert "<script" not in page
    assert f'src="/mail/{key}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    inner = client.get(f"/mail/{key}/html")
    policy = inner.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert inner.text.startswith('<base target="_blank">')


def test_a_picture_inside_the_html_part_is_shown_from_here(client: httpx.Client, post: Post) -> None:
    mail = letter()
    mail.add_alternative('<img src="cid:print@imgpilot">', subtype="html")
    html = list(mail.iter_parts())[1]
    assert isinstance(html, EmailMessage)
    html.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<print@imgpilot>")
    post(mail)
    key = client.get("/api/mail").json()["messages"][0]["id"]
    assert f'<img src="/mail/{key}/attachments/0">' in client.get(f"/mail/{key}/html").text
    shown = client.get(f"/mail/{key}/attachments/0")
    assert shown.headers["Content-Type"] == "image/png"
    assert not shown.headers["Content-Disposition"].startswith("attachment")


def test_the_filtered_page_and_the_empty_page_say_what_to_expect(client: httpx.Client, post: Post) -> None:
    assert "No mail yet" in client.get("/mail/").text
    post(letter(to="ana@example.com"))
    assert "1 mail was caught" in client.get("/mail/").text
    assert "No mail to bob@example.com" in client.get("/mail/", params={"to": "bob@example.com"}).text


def test_an_old_link_leads_to_a_page_that_explains(client: httpx.Client) -> None:
    for path in ("/mail/gone", "/mail/gone/html", "/mail/gone/attachments/0"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "kept in memory" in answer.text


def test_a_missing_attachment_is_not_found(client: httpx.Client, post: Post) -> None:
    post(letter())
    key = client.get("/api/mail").json()["messages"][0]["id"]
    assert client.get(f"/mail/{key}/attachments/0").status_code == 404


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Subject: x\r\nContent-Type: text/plain; charset=martian\r\n\r\nGr\xc3\xbc\xc3\x9fe", "Grüße"),
        (b"Subject: x\r\nContent-Type: text/plain; charset=ascii\r\n\r\nGr\xff", "Gr�"),
        (b"no headers at all", "no headers at all"),
        (b"", ""),
        (b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nnothing follows", ""),
    ],
)
def test_odd_mails_are_read_as_far_as_they_go(raw: bytes, text: str) -> None:
    assert read_mail("k", ["ana@example.com"], raw).text == text


@pytest.mark.parametrize("header", [b"From: a)\r\n ,> ,<", b"From: m,c:;<;;a\\\xff", b"To: \xff\"''='--b@["])
def test_headers_that_break_pythons_parser_are_kept_as_they_are(header: bytes) -> None:
    mail = read_mail("k", ["ana@example.com"], header + b"\r\nSubject: Hello\r\n\r\nText")
    assert (mail.subject, mail.text) == ("Hello", "Text")


def test_a_mail_inside_a_mail_is_an_attachment() -> None:
    outer = letter(subject="Forwarded")
    outer.add_attachment(letter(subject="Inner"))
    mail = read_mail("k", ["ana@example.com"], outer.as_bytes())
    assert mail.text == "Hello Ana.\n"
    [inner] = mail.attachments
    assert inner.media_type == "message/rfc822"
    assert b"Subject: Inner" in inner.content


def test_a_mail_that_is_too_large_is_refused_before_it_is_sent(sandbox: Sandbox) -> None:
    place = urlsplit(sandbox.smtp_url)
    with smtplib.SMTP(place.hostname or "", place.port or 0) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features["size"] == "32000000"
        assert smtp.mail("hi@imgpilot.app", ["SIZE=33000000"])[0] == 552


def test_an_address_beyond_ascii_is_taken(sandbox: Sandbox) -> None:
    place = urlsplit(sandbox.smtp_url)
    with smtplib.SMTP(place.hostname or "", place.port or 0) as smtp:
        smtp.ehlo()
        smtp.mail("hi@imgpilot.app", ["SMTPUTF8", "BODY=8BITMIME"])
        assert smtp.rcpt("用户@例子.example")[0] == 250
        smtp.data("Subject: Grüße\r\n\r\nHallo".encode())
    assert [m.subject for m in sandbox.mail.to("用户@例子.example")] == ["Grüße"]


def test_no_address_reaches_the_log(
    sandbox: Sandbox, client: httpx.Client, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        post(letter(to="ana@example.com"))
        client.get("/api/mail", params={"to": "ana@example.com"})
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert "GET /api/mail 200" in ours
    assert not any("ana@" in line or "127.0.0.1" in line for line in ours)
