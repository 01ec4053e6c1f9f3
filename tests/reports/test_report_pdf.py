"""What a PDF of ours promises: archival, readable aloud, complete, and made of nothing but what was handed in."""

import dataclasses
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from report_samples import (
    CHINESE,
    ENGLISH,
    access_report,
    thumbnail,
)
from report_samples_more import chinese_report, erasure_certificate, yearly_report

from reports.blocks import (
    BYTES_IN_PICTURE,
    PICTURES_IN_BLOCK,
    Block,
    Certificate,
    Contents,
    Drawing,
    Fact,
    Facts,
    Note,
    Picture,
    Pictures,
    Text,
)
from reports.document import ROWS_IN_DOCUMENT, Cover, Document, Section
from reports.errors import FontsMissing, NotAPicture, TooMuch, Unreachable
from reports.pdf import render
from reports.shelf import Closed, Shelf
from reports.table import LETTERS_IN_CELL, ROWS_IN_TABLE, Column, Stacked, Table

Make = Callable[[Document], bytes]
Print = Callable[[Callable[[], Document]], bytes]
Read = Callable[..., str]
SAMPLES = [access_report, chinese_report, erasure_certificate, yearly_report]


def of(*blocks: Block, lang: str = "en", title: str = "A report") -> Document:
    """The smallest document with these blocks."""
    labels = CHINESE if lang.startswith("zh") else ENGLISH
    return Document(title, lang, "the foot", labels, [Section("A section", blocks)])


def squeezed(text: str) -> str:
    """Without the white space, which lines and columns change."""
    return re.sub(r"\s+", "", text)


def said(part: object) -> Iterator[str]:
    """Every word a document says somewhere on paper."""
    if isinstance(part, str):
        yield part
    elif dataclasses.is_dataclass(part):
        unwritten = {"svg", "svg_alt", "alt", "art", "data", "lang", "kind", "page"}
        if isinstance(part, Section | Certificate) and part.listed:
            yield part.listed
        for field in dataclasses.fields(part):
            if field.name not in unwritten | {"listed"}:
                yield from said(getattr(part, field.name))
    elif isinstance(part, list | tuple):
        for each in part:
            yield from said(each)


@pytest.mark.parametrize("sample", SAMPLES)
def test_everything_a_document_says_can_be_read_in_its_pdf(
    sample: Callable[[], Document], printed: Print, words: Read
) -> None:
    read = squeezed(words(printed(sample)))
    assert [text for text in said(sample()) if squeezed(text) not in read] == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_pdf_says_that_it_is_archival_and_tagged(sample: Callable[[], Document], printed: Print) -> None:
    document = sample()
    with pikepdf.open(io.BytesIO(printed(sample))) as file:
        with file.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["dc:title"] == document.title.replace("\n", " ")
        assert file.Root.MarkInfo.Marked
        assert file.Root.Lang == {"en": "en", "zh_Hans": "zh-Hans"}[document.lang]
        assert file.Root.OutputIntents[0].S == "/GTS_PDFA1"


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_font_is_inside_and_every_picture_is_told_in_words(
    sample: Callable[[], Document], printed: Print
) -> None:
    with pikepdf.open(io.BytesIO(printed(sample))) as file:
        kept = [thing for thing in file.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)]
    fonts = [thing for thing in kept if thing.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    assert not any(thing.get("/Interpolate") for thing in kept)
    figures = [thing for thing in kept if thing.get("/S") == "/Figure"]
    assert all(str(figure.get("/Alt", "")) for figure in figures)


def test_pages_are_counted_in_the_readers_language(printed: Print, words: Read) -> None:
    assert "Page 2 of 4" in words(printed(access_report))
    assert "第 2 页，共 3 页" in words(printed(chinese_report))


def test_the_cover_has_no_page_number(printed: Print, words: Read) -> None:
    assert "Page 1" not in words(printed(access_report))


def test_the_contents_say_on_which_page_a_thing_is(printed: Print, words: Read) -> None:
    contents = words(printed(access_report), "-layout").split("In this report")[1]
    assert re.search(r"Who received it\s+4\s+Certificate that this copy is complete\s+4", contents)


def test_chinese_is_read_as_it_was_written(pdf: Make, words: Read) -> None:
    prompt = "一片墨绿色的海，短促的笔触，远处有灯塔——“静夜”……「梦」"
    for lang in ("en", "zh_Hans"):
        assert prompt in words(pdf(of(Table([Column("Prompt")], [[prompt]]), lang=lang)))


def test_names_from_all_over_europe_are_read_as_they_were_written(pdf: Make, words: Read) -> None:
    names = "Łódź, Ōsaka, Åsa, Gülşen, Đorđe, Ίρις, Юлия"
    assert names in words(pdf(of(Text(names, title=names), title=names)))


def test_markup_that_somebody_typed_is_words(pdf: Make, words: Read) -> None:
    typed = """<script>alert("1")</script><img src="http://a.example/x.png"><b>&amp;</b></style> {{ 7*7 }}"""
    everywhere = of(
        Facts([Fact(typed, typed)]),
        Note(typed, lead=typed),
        Text(typed, title=typed),
        Table([Column(typed)], [[typed], [Stacked(typed, typed)]], title=typed, note=typed, footer=[typed]),
        Pictures([Picture(thumbnail(), typed, typed, typed)]),
        Certificate(typed, typed, [Fact(typed, typed, "hash")], heading=typed),
        Contents(typed),
        title=typed,
    )
    document = dataclasses.replace(everywhere, running_foot=typed, subtitle=typed, cover=Cover([Fact(typed, typed)]))
    read = squeezed(words(pdf(document)))
    # Title, subtitle, fact and fact on the cover, foot and 15 on the page; a hash is the same in groups.
    assert read.count(squeezed(typed)) >= 19


def test_a_character_without_a_font_becomes_a_blank_and_is_not_logged(
    pdf: Make, words: Read, caplog: pytest.LogCaptureFixture
) -> None:
    read = words(pdf(of(Text("before \U000e0fff\U0010fffd after \x07 end"))))
    assert re.search(r"before □+ after □ end", read)
    assert caplog.text == ""


def test_an_endless_word_stays_on_the_page(pdf: Make, words: Read) -> None:
    data = pdf(of(Table([Column("Key"), Column("Note")], [["k" * 900, "beside it"]])))
    assert squeezed(words(data)).count("k" * 900) == 1
    assert squeezed("beside it") in squeezed(words(data))


def test_a_cell_taller_than_a_page_is_continued_on_the_next(pdf: Make, words: Read) -> None:
    data = pdf(of(Table([Column("No."), Column("Prompt")], [["P-1", "长" * LETTERS_IN_CELL]])))
    assert words(data).count("长") == LETTERS_IN_CELL


def test_the_same_document_is_the_same_file(pdf: Make, printed: Print) -> None:
    assert pdf(erasure_certificate()) == printed(erasure_certificate)


def test_a_file_is_written_where_it_was_wanted(fonts: Path, tmp_path: Path) -> None:
    render(erasure_certificate(), fonts=fonts, out=tmp_path / "c.pdf")
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_without_fonts_there_is_no_pdf_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="run make setup"):
        render(erasure_certificate(), fonts=tmp_path, out=tmp_path / "c.pdf")
    assert not (tmp_path / "c.pdf").exists()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x.png",
        "https://example.com/x.woff2",
        "ftp://example.com/x",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "file://host/etc/passwd",
        "asset:99",
        "asset:../x",
        "asset:",
        "javascript:alert(1)",
    ],
)
def test_nothing_is_fetched_but_what_was_handed_in(address: str, fonts: Path) -> None:
    with pytest.raises(Unreachable):
        Closed(Shelf(), fonts).fetch(address)


def test_from_the_fonts_folder_come_fonts_only(tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "a.woff2").write_bytes(b"letters")
    (folder / "b.txt").write_bytes(b"other")
    (tmp_path / "secret.woff2").write_bytes(b"secret")
    (folder / "linked.woff2").symlink_to(tmp_path / "secret.woff2")
    closed = Closed(Shelf(), folder)
    assert closed.fetch((folder / "a.woff2").as_uri()).read() == b"letters"
    for outside in ("b.txt", "../secret.woff2", "%2e%2e/secret.woff2", "linked.woff2", "none.woff2"):
        with pytest.raises(Unreachable):
            closed.fetch(f"{folder.as_uri()}/{outside}")


def test_a_drawing_that_asks_for_a_file_ends_the_rendering(fonts: Path, tmp_path: Path, complaints: list[str]) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<image href="file:///etc/hostname" width="9" height="9"/></svg>'
    )
    with pytest.raises(Unreachable):
        render(of(Drawing(svg, "a trap")), fonts=fonts, out=tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()
    complaints.clear()


def test_what_is_no_picture_is_refused(pdf: Make) -> None:
    with pytest.raises(NotAPicture):
        pdf(of(Pictures([Picture(b"GIF89a", "a", "b")])))


def test_a_table_says_when_it_has_too_many_rows() -> None:
    with pytest.raises(TooMuch, match=f"{ROWS_IN_TABLE + 1} rows, the limit is {ROWS_IN_TABLE}"):
        Table([Column("A")], [["x"]] * (ROWS_IN_TABLE + 1))


def test_tables_together_have_a_limit_too() -> None:
    full = Table([Column("A")], [["x"]] * ROWS_IN_TABLE)
    with pytest.raises(TooMuch, match=str(ROWS_IN_DOCUMENT)):
        of(*[full] * (ROWS_IN_DOCUMENT // ROWS_IN_TABLE + 1))


def test_a_row_has_as_many_cells_as_there_are_columns() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        Table([Column("A"), Column("B")], [["only one"]])


def test_a_limit_is_told_without_what_it_was_about() -> None:
    secret = "Ana's diary"
    with pytest.raises(TooMuch) as refusal:
        Table([Column("A")], [[secret * LETTERS_IN_CELL]])
    assert secret not in str(refusal.value)


def test_pictures_are_few_and_small() -> None:
    small = Picture(thumbnail(), "a", "b")
    with pytest.raises(TooMuch, match="pictures"):
        Pictures([small] * (PICTURES_IN_BLOCK + 1))
    with pytest.raises(TooMuch, match="thumbnail"):
        Pictures([Picture(b"x" * (BYTES_IN_PICTURE + 1), "a", "b")])


def test_bars_are_to_scale() -> None:
    table = Table([Column("", "bar")], [[50], [200], [0]])
    assert [table.share(0, row[0]) for row in table.rows] == [25, 100, 0]


def test_a_picture_without_words_of_its_own_gets_some(pdf: Make) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9" stroke="#000"/></svg>'
    with pikepdf.open(io.BytesIO(pdf(of(Drawing(svg, ""), Pictures([Picture(thumbnail(), "", "Fog")]))))) as file:
        told = [str(thing.Alt) for thing in file.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing]
    assert told == ["A report", "Fog"]
