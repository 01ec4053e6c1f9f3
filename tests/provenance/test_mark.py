"""Pictures are marked as made by AI: the provider's mark untouched, or ours without a pixel changed."""

import io
import json
import logging
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from c2pa import Reader
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import config
from imgpilot.provenance import containers, credentials, keys, mark, xmp
from imgpilot.provenance.containers import Broken
from imgpilot.provenance.mark import Provenance
from imgpilot.provenance.source import Source

MODEL = "GPT Image 2"
OTHERS_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
PNG_XMP = PngInfo()
PNG_XMP.add_itxt("XML:com.adobe.xmp", OTHERS_XMP.decode())


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (61, 43), **how: Any) -> bytes:
    """A file as a provider sends it."""
    made = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(made, kind, **how)
    return made.getvalue()


#: Media type, Pillow's name, mode, how it is saved.
FILES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "PNG": ("image/png", "PNG", "RGB", {}),
    "PNG with alpha": ("image/png", "PNG", "RGBA", {}),
    "JPEG": ("image/jpeg", "JPEG", "RGB", {}),
    "progressive JPEG": ("image/jpeg", "JPEG", "RGB", {"progressive": True}),
    "grey JPEG with Exif": ("image/jpeg", "JPEG", "L", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}),
    "JPEG with XMP": ("image/jpeg", "JPEG", "RGB", {"xmp": OTHERS_XMP}),
    "WebP": ("image/webp", "WEBP", "RGB", {}),
    "lossless WebP": ("image/webp", "WEBP", "RGB", {"lossless": True}),
    "WebP with alpha": ("image/webp", "WEBP", "RGBA", {}),
    "WebP of odd length with XMP": ("image/webp", "WEBP", "RGB", {"xmp": OTHERS_XMP + b" "}),
    "PNG with XMP": ("image/png", "PNG", "RGB", {"pnginfo": PNG_XMP}),
}


@cache
def file_of(name: str) -> tuple[str, bytes]:
    """Media type and bytes of one of them."""
    media_type, kind, mode, how = FILES[name]
    return media_type, picture(kind, mode, **how)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose keys are made once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def provenance(home: Path) -> Provenance:
    """Of a picture made from words alone."""
    return Provenance(config.read_settings(imgpilot_env="test", imgpilot_home=home), MODEL)


def pixels(data: bytes) -> bytes:
    """Every decoded pixel, alpha too."""
    image = Image.open(io.BytesIO(data))
    return f"{image.size}".encode() + image.convert("RGBA").tobytes()


def manifest(media_type: str, data: bytes) -> dict[str, object]:
    """The active manifest."""
    whole = json.loads(Reader(media_type, io.BytesIO(data)).json())
    found: dict[str, object] = whole["manifests"][whole["active_manifest"]]
    return found


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    """Each kind of file."""
    return file_of(request.param)


def test_a_picture_without_a_mark_gets_ours_and_keeps_every_pixel(
    file: tuple[str, bytes], provenance: Provenance
) -> None:
    media_type, data = file
    marked = mark.mark(media_type, data, provenance)
    assert marked.by == "us"
    assert pixels(marked.data) == pixels(data)
    assert containers.pixels(media_type, marked.data) == containers.pixels(media_type, data)
    assert credentials.state(media_type, marked.data) == "Valid"
    packet = containers.xmp(media_type, marked.data)
    assert packet is not None
    assert b"<Iptc4xmpExt:DigitalSourceType>" + Source.MADE.encode() in packet
    assert len(marked.data) - len(data) < 8000


def test_the_xmp_that_was_there_stays(provenance: Provenance) -> None:
    for name in ("JPEG with XMP", "PNG with XMP", "WebP of odd length with XMP"):
        media_type, data = file_of(name)
        marked = mark.mark(media_type, data, provenance)
        packet = containers.xmp(media_type, marked.data) or b""
        assert b'dc:format="image"' in packet
        assert xmp.says_ai(packet)


def test_pillow_reads_our_xmp(provenance: Provenance) -> None:
    for name in ("PNG", "JPEG", "WebP"):
        media_type, data = file_of(name)
        image = Image.open(io.BytesIO(mark.mark(media_type, data, provenance).data))
        read = image.info.get("xmp") or image.info["XML:com.adobe.xmp"].encode()
        assert xmp.says_ai(read)


def test_what_is_marked_already_stays_byte_for_byte(file: tuple[str, bytes], provenance: Provenance) -> None:
    media_type, data = file
    said = containers.with_xmp(media_type, data, xmp.packet(Source.MADE))
    signed = credentials.sign(media_type, data, keys.of(provenance.settings), Source.MADE, "another model")
    for theirs in (said, signed, mark.mark(media_type, data, provenance).data):
        assert mark.mark(media_type, theirs, provenance) == mark.Marked(theirs, "provider")


def test_a_broken_manifest_of_the_provider_is_still_the_providers(provenance: Provenance) -> None:
    signed = mark.mark("image/png", picture("PNG"), provenance).data
    data = signed.replace(b"c2pa.created", b"c2pa.creatXd")
    assert credentials.state("image/png", data) in ("", "Invalid")
    assert mark.mark("image/png", data, provenance) == mark.Marked(data, "provider")


def test_the_mark_says_whether_pictures_of_a_person_went_in(provenance: Provenance) -> None:
    composite = Provenance(provenance.settings, MODEL, references=2)
    marked = mark.mark("image/png", picture("PNG"), composite).data
    said = (containers.xmp("image/png", marked) or b"").decode()
    assert "compositeWithTrainedAlgorithmicMedia" in said
    assert "compositeWithTrainedAlgorithmicMedia" in json.dumps(manifest("image/png", marked))


def test_the_manifest_holds_the_model_and_nothing_about_anybody(provenance: Provenance) -> None:
    one, other = (manifest("image/png", mark.mark("image/png", picture("PNG"), provenance).data) for _ in range(2))
    assert {*one} == {
        "claim_generator_info", "instance_id", "assertions", "signature_info", "label", "claim_version"
    }  # fmt: skip
    assert one["assertions"] == [
        {
            "label": "c2pa.actions.v2",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "softwareAgent": {"name": MODEL},
                        "digitalSourceType": str(Source.MADE),
                    }
                ]
            },
        }
    ]
    assert one["claim_generator_info"][0]["name"] == "ImgPilot"  # type: ignore[index]
    assert one["label"] != other["label"]  # a random number, the same for nothing else


def test_a_signature_that_fails_costs_the_picture_nothing(
    provenance: Provenance, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = picture("JPEG")
    broken = config.read_settings(
        imgpilot_env="test", imgpilot_home=provenance.settings.home, c2pa_certificates="no PEM", c2pa_private_key="none"
    )
    marked = mark.mark("image/jpeg", data, Provenance(broken, MODEL))
    assert marked.by == "us"
    assert xmp.says_ai(containers.xmp("image/jpeg", marked.data) or b"")
    assert credentials.state("image/jpeg", marked.data) == ""
    assert pixels(marked.data) == pixels(data)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "no PEM" not in caplog.text

    def fails(*_given: object) -> bytes:
        raise MemoryError("of whose picture")

    monkeypatch.setattr(mark, "_said", fails)
    monkeypatch.setattr(credentials, "sign", fails)
    monkeypatch.setattr(mark, "_signed", fails)
    assert mark.mark("image/jpeg", data, provenance).data == data


def test_a_step_that_touched_a_pixel_is_thrown_away(provenance: Provenance, monkeypatch: pytest.MonkeyPatch) -> None:
    data, other = picture("PNG"), picture("PNG", size=(20, 20))
    monkeypatch.setattr(credentials, "sign", lambda *_given: other)
    assert pixels(mark.mark("image/png", data, provenance).data) == pixels(data)


def test_given_certificates_sign(home: Path, tmp_path: Path) -> None:
    made = keys.of(config.read_settings(imgpilot_env="test", imgpilot_home=tmp_path))
    given = config.read_settings(
        imgpilot_env="test",
        imgpilot_home=home,
        c2pa_certificates=made.certificates.replace("\n", "\\n"),
        c2pa_private_key=made.private_key,
    )
    assert keys.of(given) == made
    marked = mark.mark("image/webp", picture("WEBP"), Provenance(given, MODEL))
    assert credentials.state("image/webp", marked.data) == "Valid"


def test_our_own_keys_are_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    settings = config.read_settings(imgpilot_env="test", imgpilot_home=tmp_path)
    assert keys.of(settings) == keys.of(settings)
    kept = tmp_path / "keys" / "content-credentials.pem"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_a_manifest_elsewhere_is_not_fetched(provenance: Provenance) -> None:
    """The guard of tests/conftest.py sees Python's sockets only; this library has its own."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        far = OTHERS_XMP.replace(
            b'dc:format="image"',
            b'xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="http://127.0.0.1:%d/c2pa"'
            % server.getsockname()[1],
        )
        data = containers.with_xmp("image/jpeg", picture("JPEG"), far)
        assert mark.mark("image/jpeg", data, provenance) == mark.Marked(data, "provider")
        with pytest.raises(BlockingIOError):
            server.accept()


@given(some.sampled_from(sorted(FILES)), some.integers(0, 3000), some.integers(1, 60), some.binary(max_size=30))
def test_damaged_files_are_read_or_refused(name: str, at: int, gone: int, put: bytes) -> None:
    media_type, data = file_of(name)
    damaged = data[: at % len(data)] + put + data[at % len(data) + gone :]
    for do in (
        lambda: containers.boxes(media_type, damaged),
        lambda: containers.xmp(media_type, damaged),
        lambda: containers.with_xmp(media_type, damaged, xmp.packet(Source.MADE)),
    ):
        with suppress(Broken):
            do()
