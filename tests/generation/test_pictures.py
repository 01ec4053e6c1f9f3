"""Uploads: what is a picture is decoded and stripped, what is not is refused with a reason, whatever its bytes."""

import io
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from imgpilot.accounts.models import Account
from imgpilot.accounts.standing import BeingDeleted
from imgpilot.errors import StorageError
from imgpilot.generation import pictures, references
from imgpilot.generation.models import Image as Made
from imgpilot.generation.models import Reference
from imgpilot.generation.pictures import NotAPicture, PictureError, TooManyPixels
from imgpilot.generation.references import NotKept, PictureTooLarge, TooManyReferences
from imgpilot.parts import Parts
from imgpilot.privacy import Purpose
from imgpilot.storage import Stored
from tests.generation.conftest import photo


def cleaned(data: bytes) -> Image.Image:
    png, width, height = references.clean(io.BytesIO(data))
    image = Image.open(io.BytesIO(png), formats=["PNG"])
    image.load()
    assert image.size == (width, height)
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_kinds_are_taken_and_become_png(kind: str) -> None:
    assert cleaned(photo(kind)).size == (64, 48)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_to_write_a_png_is_understood(mode: str) -> None:
    image = Image.linear_gradient("L").resize((64, 48))
    made = io.BytesIO()
    (image.convert("I").point(lambda v: v * 257).convert(mode) if mode == "I;16" else image.convert(mode)).save(
        made, "PNG"
    )
    grey = cleaned(made.getvalue()).convert("L")
    assert grey.getpixel((10, 2)) < 40 and grey.getpixel((10, 45)) > 200  # type: ignore[operator]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_way_to_write_a_jpeg_is_understood(mode: str) -> None:
    assert cleaned(photo("JPEG", mode=mode)).mode == "RGB"


def test_what_is_see_through_stays_see_through() -> None:
    image = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    made = io.BytesIO()
    image.save(made, "WEBP", lossless=True)
    assert cleaned(made.getvalue()).getpixel((0, 0))[3] == 0  # type: ignore[index]


def with_place(turned: int = 1) -> bytes:
    """A photo as a phone writes it: where it was taken, with what, by whom."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turned
    exif[ExifTags.Base.Make] = "Canary Cameras"
    exif[ExifTags.Base.Artist] = "Ana Canary"
    exif[ExifTags.Base.GPSInfo] = {1: "N", 2: (52.0, 30.0, 59.0), 3: "E", 4: (13.0, 22.0, 39.0)}
    image = Image.new("RGB", (60, 40), "white")
    image.paste("black", (0, 0, 30, 40))  # the left half
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif, comment=b"Canary Street 7", icc_profile=b"Canary profile", quality=95)
    return made.getvalue()


def test_p03_place_and_camera_are_taken_out_of_an_upload() -> None:
    data = with_place()
    assert b"Canary" in data
    png, _width, _height = references.clean(io.BytesIO(data))
    assert b"Canary" not in png
    image = Image.open(io.BytesIO(png))
    assert image.info == {}
    assert not image.getexif()


def test_p03_place_and_camera_are_taken_out_of_an_iphones_heic() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Canary Cameras"
    exif[ExifTags.Base.GPSInfo] = {1: "N", 2: (52.0, 30.0, 59.0), 3: "E", 4: (13.0, 22.0, 39.0)}
    data = photo("HEIF", exif=exif, xmp=b"<x>Canary</x>")
    assert b"Canary" in data
    taken = Image.open(io.BytesIO(data))
    assert taken.format == "HEIF" and taken.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    png, width, height = references.clean(io.BytesIO(data))
    assert (width, height) == (64, 48) and b"Canary" not in png
    image = Image.open(io.BytesIO(png))
    assert image.info == {} and not image.getexif()


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_what_phones_make_is_taken_as_an_upload_and_not_as_a_picture_that_came(kind: str) -> None:
    assert cleaned(photo(kind)).size == (64, 48)
    with pytest.raises(NotAPicture):
        pictures.decode(photo(kind))
    for broken in (photo(kind)[:-300], photo(kind)[:40]):
        with pytest.raises(NotAPicture):
            references.clean(io.BytesIO(broken))


def test_texts_in_a_png_are_taken_out() -> None:
    said = PngInfo()
    said.add_text("Author", "Ana Canary")
    said.add_itxt("XML:com.adobe.xmp", "<x>Canary</x>", zip=True)
    png, _width, _height = references.clean(io.BytesIO(photo(pnginfo=said)))
    assert b"Author" not in png and b"xmp" not in png


@pytest.mark.parametrize(
    ("turned", "size", "dark"),
    [
        (1, (60, 40), (5, 20)),
        (2, (60, 40), (55, 20)),
        (3, (60, 40), (55, 20)),
        (4, (60, 40), (5, 20)),
        (5, (40, 60), (20, 5)),
        (6, (40, 60), (20, 5)),
        (7, (40, 60), (20, 55)),
        (8, (40, 60), (20, 55)),
    ],
)
def test_a_photo_taken_sideways_is_upright(turned: int, size: tuple[int, int], dark: tuple[int, int]) -> None:
    image = cleaned(with_place(turned))
    assert image.size == size
    assert image.convert("L").getpixel(dark) < 60  # type: ignore[operator]


def test_a_damaged_note_of_the_camera_does_not_damage_the_picture() -> None:
    data = (
        with_place().replace(b"Exif\x00\x00MM", b"Exif\x00\x00ZZ", 1).replace(b"Exif\x00\x00II", b"Exif\x00\x00ZZ", 1)
    )
    assert cleaned(data).size == (60, 40)


def test_a_large_photo_is_made_smaller() -> None:
    assert cleaned(photo("JPEG", (5000, 3000))).size == (2048, 1229)


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    made = io.BytesIO()
    frames[0].save(made, kind, save_all=True, append_images=frames[1:])
    return made.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        SVG,
        b"%PDF-1.7\n",
        photo()[:60],
        photo("JPEG", (640, 480))[:-1000],
        photo("WEBP")[:-40],
        photo().replace(b"IDAT", b"IDAX", 1),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        photo("GIF"),
        photo("BMP"),
        photo("TIFF"),
        photo("ICO"),
        moving("GIF"),
        moving("WEBP"),
        moving("PNG"),
        photo()[:33],
    ],
)
def test_what_is_no_still_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture) as told:
        references.clean(io.BytesIO(data))
    assert "PNG, JPEG, WebP, HEIC or AVIF" in told.value.said("en")


def png_that_claims(width: int, height: int) -> bytes:
    """A few hundred bytes that claim to be that large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "size", [(7000, 7000), (8000, 7000), (12000, 12000), (60000, 60000), (2**31 - 1, 2**31 - 1), (24_000_001, 1)]
)
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    tracemalloc.start()
    with pytest.raises(TooManyPixels) as told:
        references.clean(io.BytesIO(png_that_claims(*size)))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert "24 million" in told.value.said("en")


MEASURED = """
import resource, sys
from imgpilot.generation import references
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
references.clean(open(sys.argv[1], "rb"))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // (2**20 if sys.platform == "darwin" else 2**10))
"""


@pytest.mark.parametrize("side", [4090, 4890])
def test_the_largest_upload_takes_little_more_memory_than_its_pixels(tmp_path: Path, side: int) -> None:
    turned = Image.Exif()
    turned[ExifTags.Base.Orientation] = 6
    file = tmp_path / "large.png"
    Image.new("RGBA", (side, side), (1, 2, 3, 4)).save(file, exif=turned, compress_level=1)
    assert side * side <= pictures.MOST_PIXELS
    measured = subprocess.run([sys.executable, "-c", MEASURED, file], capture_output=True, text=True, check=True)
    assert int(measured.stdout) < 250, "megabytes; the pixels take up to 96, and a second copy as much again"


def test_a_large_see_through_picture_keeps_its_colours_and_edges() -> None:
    image = Image.new("RGBA", (4800, 4800), (0, 0, 0, 0))
    image.paste((200, 100, 50, 255), (2400, 0, 4800, 4800))
    made = io.BytesIO()
    image.save(made, "PNG", compress_level=1)
    small = cleaned(made.getvalue())
    assert small.size == (2048, 2048)
    assert small.getpixel((1000, 2040))[3] == 0  # type: ignore[index]
    assert small.getpixel((1048, 2040)) == (200, 100, 50, 255)


def test_no_more_than_two_pictures_are_decoded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decode, here, most = pictures.decode, [0], [0]
    both, counted = threading.Barrier(2), threading.Lock()

    def counting(data: bytes, **more: int) -> Image.Image:
        with counted:
            here[0] += 1
            most[0] = max(most[0], here[0])
        both.wait(60)
        time.sleep(0.05)  # for a third to come in
        with counted:
            here[0] -= 1
        return decode(data, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(pictures, "decode", counting)
    threads = [threading.Thread(target=cleaned, args=(photo(),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [2]


def test_a_bomb_in_the_texts_of_a_png_is_refused_or_left_out() -> None:
    text = b"bomb\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    data = photo()
    bomb = data[:33] + chunk * 3 + data[33:]
    tracemalloc.start()
    with suppress(PictureError):
        references.clean(io.BytesIO(bomb))
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_file_that_is_too_large_is_read_no_further() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0, "it would never end"
            Endless.given += size
            return bytes(size)

    with pytest.raises(PictureTooLarge) as told:
        references.clean(Endless())  # type: ignore[arg-type]
    assert Endless.given == references.LARGEST + 1
    assert "20 MB" in told.value.said("en")


SEEDS = [photo(), photo("JPEG"), photo("WEBP"), with_place(6), photo(mode="P"), moving("WEBP")]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=8)), max_size=6),
)
def test_whatever_the_bytes_are_it_is_a_picture_or_a_refusal(seed: bytes, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(seed)
    for place, new in changes:
        at = place % len(data)
        data[at : at + len(new)] = new
    try:
        png, width, height = references.clean(io.BytesIO(bytes(data)))
    except PictureError:
        return
    assert png.startswith(b"\x89PNG") and width > 0 and height > 0


# ── stored ───────────────────────────────────────────────────────────────────────────────────────────────────────


def take_in(session: Session, parts: Parts, ana: Account, data: bytes) -> Reference:
    with references.taking_in(session, parts.storage, ana, io.BytesIO(data), parts.clock()) as taken:
        session.commit()
    return taken


def test_a_reference_is_stored_under_its_owner_and_row_and_object_agree(
    session: Session, parts: Parts, ana: Account
) -> None:
    taken = take_in(session, parts, ana, photo("JPEG"))
    assert taken.object_key == f"{ana.id}/references/{taken.id}.png"
    stored = b"".join(parts.storage.open(taken.object_key))
    assert (len(stored), taken.media_type) == (taken.bytes, "image/png")
    assert references.mine(session, ana.id, taken.id) is taken
    assert references.mine(session, UUID(int=1), taken.id) is None


def test_if_the_row_cannot_be_written_the_object_goes(session: Session, parts: Parts, ana: Account) -> None:
    def failing(session: Session) -> None:
        with references.taking_in(session, parts.storage, ana, io.BytesIO(photo()), parts.clock()) as taken:
            assert list(parts.storage.keys()) == [taken.object_key]
            raise OperationalError("commit", {}, Exception())

    with pytest.raises(OperationalError):
        failing(session)
    assert list(parts.storage.keys()) == []
    assert session.scalars(select(Reference)).all() == []


def test_if_only_the_answer_to_the_commit_was_lost_row_and_object_stay(
    session: Session, parts: Parts, ana: Account
) -> None:
    def losing(session: Session) -> None:
        with references.taking_in(session, parts.storage, ana, io.BytesIO(photo()), parts.clock()):
            session.commit()
            raise OperationalError("commit", {}, Exception())

    with pytest.raises(OperationalError):
        losing(session)
    (row,) = session.scalars(select(Reference))
    assert list(parts.storage.keys()) == [row.object_key]


class Full:
    """An object store without room."""

    def put(
        self, key: str, pieces: Iterable[bytes], media_type: str, *, subject: UUID | None, purpose: Purpose
    ) -> Stored:
        raise StorageError("no space left on device")


def test_an_object_store_that_refuses_is_said_and_leaves_no_row(session: Session, ana: Account, parts: Parts) -> None:
    with (
        pytest.raises(NotKept) as told,
        references.taking_in(session, Full(), ana, io.BytesIO(photo()), parts.clock()),  # type: ignore[arg-type]
    ):
        pass
    assert told.value.status == 503
    assert session.scalars(select(Reference)).all() == []


def test_nothing_is_taken_in_for_an_account_that_is_being_deleted(session: Session, ana: Account, parts: Parts) -> None:
    ana.frozen_at = parts.clock()
    with pytest.raises(BeingDeleted):
        take_in(session, parts, ana, photo())
    assert list(parts.storage.keys()) == []


def test_an_upload_under_way_does_not_pass_the_freeze(session: Session, ana: Account, parts: Parts) -> None:
    assert ana.frozen_at is None  # as this request saw it when it began
    with parts.sessions.begin() as other:
        other.get_one(Account, ana.id).frozen_at = parts.clock()
    with pytest.raises(BeingDeleted):
        take_in(session, parts, ana, photo())
    assert list(parts.storage.keys()) == []
    assert session.scalars(select(Reference)).all() == []


def test_an_account_has_so_many_references_and_no_more(
    session: Session, ana: Account, bob: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "MOST", 2)
    for width in (10, 20):
        take_in(session, parts, ana, photo(size=(width, 10)))
    with pytest.raises(TooManyReferences) as told:
        take_in(session, parts, ana, photo(size=(30, 10)))
    take_in(session, parts, ana, photo(size=(20, 10)))  # one that is there
    assert "has 2 reference pictures" in told.value.said("en")
    assert len(list(parts.storage.keys())) == 2
    take_in(session, parts, bob, photo())


def test_a_thumbnail_is_small_and_says_nothing_but_pixels() -> None:
    image = pictures.decode(photo("JPEG", (3000, 1500)))
    small = Image.open(io.BytesIO(pictures.thumbnail(image)))
    assert (small.format, small.size) == ("WEBP", (640, 320))
    assert not small.getexif()


def test_the_same_picture_is_kept_once_and_counts_as_used_again(
    session: Session, ana: Account, bob: Account, parts: Parts
) -> None:
    first = take_in(session, parts, ana, photo())
    later = parts.clock.tick(days=20)  # type: ignore[attr-defined]
    again = take_in(session, parts, ana, photo())
    assert again.id == first.id and again.used_at == later
    assert take_in(session, parts, bob, photo()).id != first.id
    assert len(list(parts.storage.keys())) == 2


def test_a_picture_that_the_store_does_not_give_out_is_said_and_nothing_is_kept(
    session: Session, ana: Account, parts: Parts
) -> None:
    gone = Made(object_key=f"{ana.id}/images/gone.png")
    with (
        pytest.raises(references.NotReached) as told,
        references.copying(session, parts.storage, ana, gone, parts.clock()),
    ):
        pass
    assert told.value.status == 503
    assert session.scalars(select(Reference)).all() == []
