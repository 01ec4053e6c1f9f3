"""Objects, in a folder and in R2 (a real S3 server over HTTP): all or nothing, and removable twice."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from imgpilot.disclosures import Disclosure
from imgpilot.errors import StorageError
from imgpilot.parts import Parts
from imgpilot.purposes import RIGHTS, STORAGE
from imgpilot.storage import PART, R2, Folder, Storage, key_for


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An S3 server on loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def r2(parts: Parts, s3: str) -> R2:
    import boto3

    bucket = f"pictures-{uuid4().hex[:8]}"
    given = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=s3, **given).create_bucket(Bucket=bucket)  # type: ignore[call-overload]
    settings = type(parts.settings).model_validate(
        parts.settings.model_dump()
        | {
            "r2_endpoint_url": s3,
            "r2_bucket": bucket,
            "r2_access_key_id": "key",
            "r2_secret_access_key": "secret",
        }
    )
    return R2(settings, parts.gateway)


@pytest.fixture(params=["folder", "r2"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Folder(tmp_path / "objects")
    found: Storage = request.getfixturevalue("r2")
    return found


def put(store: Storage, key: str, *pieces: bytes) -> object:
    return store.put(key, pieces, "image/png", subject=None, purpose=STORAGE)


def test_what_was_put_comes_back(store: Storage) -> None:
    stored = store.put("a/b.png", [b"12", b"345"], "image/png", subject=None, purpose=STORAGE)
    assert (stored.bytes, len(stored.sha256)) == (5, 64)
    assert b"".join(store.open("a/b.png")) == b"12345"


def test_a_large_object_goes_in_parts(store: Storage) -> None:
    pieces = [bytes([n]) * (PART // 2) for n in range(5)]
    stored = store.put("a/large", iter(pieces), "application/zip", subject=None, purpose=STORAGE)
    assert stored.bytes == 5 * (PART // 2)
    assert b"".join(store.open("a/large")) == b"".join(pieces)


def test_an_empty_object_is_an_object(store: Storage) -> None:
    put(store, "a/nothing")
    assert b"".join(store.open("a/nothing")) == b""


def test_a_write_that_breaks_off_leaves_nothing_under_the_key(store: Storage) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"x" * PART
        yield b"y" * PART
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        store.put("a/half", breaks(), "image/png", subject=None, purpose=STORAGE)
    assert list(store.keys()) == []


def test_removing_twice_is_no_error_and_leaves_the_neighbour(store: Storage) -> None:
    put(store, "a/one", b"1")
    put(store, "a/two", b"2")
    store.remove(["a/one"])
    store.remove(["a/one"])
    assert list(store.keys()) == ["a/two"]


def test_an_object_that_is_not_there_is_said_so(store: Storage) -> None:
    with pytest.raises(StorageError, match="no such object"):
        list(store.open("a/missing"))


def test_all_of_a_persons_objects_are_found_by_their_prefix(store: Storage) -> None:
    ana, bob = uuid4(), uuid4()
    put(store, key_for(ana, "images", "1.png"), b"1")
    put(store, key_for(ana, "packages", "2.zip"), b"2")
    put(store, key_for(bob, "images", "3.png"), b"3")
    assert len(list(store.keys(f"{ana}/"))) == 2


@pytest.mark.parametrize("key", ["../etc/passwd", "/etc/passwd", "a//b", "ana@example.com/1.png", "a/..", ""])
def test_a_key_that_could_leave_the_store_or_name_somebody_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(StorageError, match="may hold"):
        put(Folder(tmp_path), key, b"x")


def test_a_folder_that_refuses_the_write_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="the object folder refused the write"):
        put(Folder(tmp_path / "objects"), "a/b", b"x")


def test_r2_that_does_not_answer_is_a_clear_error(parts: Parts, r2: R2) -> None:
    r2._bucket = "no-such-bucket"
    with pytest.raises(StorageError, match="refused the write"):
        put(r2, "a/b", b"x")


def test_every_write_to_r2_is_a_disclosure_to_cloudflare(session: Session, r2: R2) -> None:
    put(r2, "a/b", b"12345")
    [line] = session.scalars(select(Disclosure))
    assert (line.processor, line.purpose, line.bytes_out, line.status) == ("cloudflare", "storage", 5, 200)


def test_a_package_goes_to_r2_for_the_purpose_of_answering_a_request(session: Session, r2: R2) -> None:
    r2.put("a/b.zip", [b"zip"], "application/zip", subject=None, purpose=RIGHTS)
    [line] = session.scalars(select(Disclosure))
    assert (line.purpose, line.categories) == ("rights", ["user"])


def test_a_folder_that_goes_just_before_the_write_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch, gone = Path.touch, []

    def late(path: Path, *given: object, **more: object) -> None:
        if not gone:
            gone.append(path.parent)
            path.parent.rmdir()  # `remove` found it empty
        touch(path, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "touch", late)
    store = Folder(tmp_path / "objects")
    put(store, "a/b.png", b"1")
    assert gone
    assert list(store.keys()) == ["a/b.png"]


SECRET = "6f1d2c3e-0000-4000-8000-000000000001/"


def unreached(r2: R2) -> R2:
    """The same store, at an address where nobody listens."""
    import boto3
    from botocore.config import Config

    given = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "auto"}
    config = Config(retries={"max_attempts": 0})
    r2._s3 = boto3.client("s3", endpoint_url="http://127.0.0.1:9", config=config, **given)  # type: ignore[call-overload]
    return r2


def test_a_listing_that_fails_is_a_clear_error_that_names_nobody(r2: R2) -> None:
    with pytest.raises(StorageError, match="did not list its objects: EndpointConnectionError") as told:
        list(unreached(r2).keys(SECRET))
    assert SECRET not in str(told.value)
    assert "127.0.0.1" not in str(told.value)


def test_an_object_that_breaks_off_half_way_is_a_clear_error(r2: R2, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import ReadTimeoutError
    from botocore.response import StreamingBody

    def broken(_body: object, _size: int) -> bytes:
        raise ReadTimeoutError(endpoint_url=f"https://r2.example/{SECRET}")

    put(r2, f"{SECRET}a.png", b"1")
    pieces = r2.open(f"{SECRET}a.png")
    monkeypatch.setattr(StreamingBody, "read", broken)
    with pytest.raises(StorageError, match="broke off: ReadTimeoutError") as told:
        list(pieces)
    assert SECRET not in str(told.value)


def test_a_proxy_in_the_environment_is_not_used(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    settings = config.read_settings(
        imgpilot_env="test",
        r2_endpoint_url="http://r2.example",
        r2_bucket="pictures",
        r2_access_key_id="key",
        r2_secret_access_key="secret",
    )
    assert not R2(settings, parts.gateway)._s3._endpoint.http_session._proxy_config._proxies
