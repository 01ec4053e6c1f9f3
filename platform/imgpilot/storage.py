"""Objects: pictures and packages. In production Cloudflare R2; unset, a folder behind the same class.

A row names each object. `put` is all or nothing; `remove` may be repeated; keys hold nothing personal.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import config
from imgpilot.errors import NotThere, StorageError
from imgpilot.gateway import Gateway
from imgpilot.privacy import Purpose
from imgpilot.processors import CLOUDFLARE

PIECE = 256 * 1024
#: How a file that is still being written ends. Whoever writes it may be killed, and then it holds somebody's data:
#: it is listed and removed like any object, and whoever writes the same object again removes it first.
PARTLY = ".part"
#: R2 takes parts of at least 5 MiB; this is how much of a large object is in memory at once.
PART = 8 * 2**20
_KEY = re.compile(r"[a-z0-9][a-z0-9./-]{0,190}")


@dataclass(frozen=True)
class Stored:
    """What was written."""

    key: str
    bytes: int
    sha256: str


class Storage(Protocol):
    """What can be done with objects. `subject` and `purpose` are for the disclosure log."""

    def put(
        self,
        key: str,
        pieces: Iterable[bytes],
        media_type: str,
        *,
        subject: UUID | None,
        purpose: Purpose,
    ) -> Stored:
        """Write an object whole, or raise StorageError and leave nothing under the key."""

    def open(self, key: str) -> Iterator[bytes]:
        """The object in pieces. Raises StorageError if it is not there."""

    def remove(self, keys: Iterable[str]) -> None:
        """Remove these objects; those already gone are no error. Raises StorageError if one stays."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that begins so."""


def key_for(account_id: UUID, folder: str, name: str) -> str:
    """Where a person's object lies. All of a person's objects share a prefix, so a re-scan can list them."""
    return f"{account_id}/{folder}/{name}"


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key) or ".." in key or "//" in key:
        raise StorageError("an object key may hold lower-case letters, digits, '.', '-' and '/'")
    return key


class Folder:
    """Objects as files. A write goes to a file beside it, is synced, then renamed into place."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(
        self,
        key: str,
        pieces: Iterable[bytes],
        media_type: str,
        *,
        subject: UUID | None,
        purpose: Purpose,
    ) -> Stored:
        target = self._root / _checked(key)
        size, digest = 0, hashlib.sha256()
        try:
            partly = _begun(target)
            try:
                with partly.open("wb") as file:
                    for piece in pieces:
                        size += len(piece)
                        digest.update(piece)
                        file.write(piece)
                    file.flush()
                    os.fsync(file.fileno())
                partly.replace(target)
            except BaseException:
                partly.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise StorageError(f"the object folder refused the write: {error.strerror}") from None
        return Stored(key, size, digest.hexdigest())

    def open(self, key: str) -> Iterator[bytes]:
        try:
            file = (self._root / _checked(key)).open("rb")
        except FileNotFoundError:
            raise NotThere("there is no such object") from None
        return _Pieces(file)

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            path = self._root / _checked(key)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StorageError(f"the object folder refused the removal: {error.strerror}") from None
            for parent in path.parents:
                if parent == self._root:
                    break
                # A folder that still holds something stays; who was about to write into one that goes makes it anew.
                with suppress(OSError):
                    parent.rmdir()

    def keys(self, prefix: str = "") -> Iterator[str]:
        if not self._root.exists():
            return
        for folder, _folders, files in os.walk(self._root):
            for name in files:
                key = (Path(folder) / name).relative_to(self._root).as_posix()
                if key.startswith(prefix):
                    yield key


def _begun(target: Path) -> Path:
    """An empty file beside this one, to be written. What somebody left there who was killed is removed."""
    partly = target.with_name(f"{target.name}.{secrets.token_hex(4)}{PARTLY}")
    try:
        _make_room(target, partly)
    except FileNotFoundError:  # `remove` took the empty folder away in between; now something will be in it
        _make_room(target, partly)
    return partly


def _make_room(target: Path, partly: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f"{target.name}.*{PARTLY}"):
        left.unlink(missing_ok=True)
    partly.touch(mode=0o600, exist_ok=False)


class _Pieces:
    """What is in an open file, in pieces. It is closed at its end, by `close`, or when nobody wants it any more."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece: bytes = b"" if self._file.closed else self._file.read(PIECE)
        except BaseException:
            self.close()
            raise
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """Let the file go, whether or not it was read."""
        self._file.close()

    def __del__(self) -> None:
        self.close()


class R2:
    """Objects in Cloudflare R2 over its S3 interface. Every write is a disclosure to Cloudflare."""

    def __init__(self, settings: config.Settings, gateway: Gateway) -> None:
        import boto3
        from botocore.config import Config

        assert settings.r2_access_key_id and settings.r2_secret_access_key and settings.r2_bucket
        self._bucket = settings.r2_bucket
        self._gateway = gateway
        # Any: boto3's type stubs cannot follow keyword dictionaries.
        self._s3: Any = boto3.client(
            "s3",
            endpoint_url=settings.r2_endpoint_url,
            aws_access_key_id=settings.r2_access_key_id.get_secret_value(),
            aws_secret_access_key=settings.r2_secret_access_key.get_secret_value(),
            region_name="auto",
            config=Config(
                # R2 knows CRC32 only as a composite; boto3's default asks for more.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=10,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                proxies={},  # none, whatever the environment names: what leaves goes to the processor and nobody else
            ),
        )

    def put(
        self,
        key: str,
        pieces: Iterable[bytes],
        media_type: str,
        *,
        subject: UUID | None,
        purpose: Purpose,
    ) -> Stored:
        from botocore.exceptions import BotoCoreError, ClientError

        place = {"Bucket": self._bucket, "Key": _checked(key)}
        size, digest, parts = 0, hashlib.sha256(), []
        upload: str | None = None
        try:
            for number, part in enumerate(_parts(pieces), 1):
                size += len(part)
                digest.update(part)
                with self._gateway.disclosing(
                    CLOUDFLARE,
                    purpose,
                    subject=subject,
                    categories=CLOUDFLARE.receives[purpose],
                    sent=part,
                ) as line:
                    if number == 1 and len(part) < PART:
                        done = self._s3.put_object(**place, Body=part, ContentType=media_type)
                    else:
                        if upload is None:
                            begun = self._s3.create_multipart_upload(**place, ContentType=media_type)
                            upload = begun["UploadId"]
                        done = self._s3.upload_part(**place, UploadId=upload, PartNumber=number, Body=part)
                        parts.append({"PartNumber": number, "ETag": done["ETag"]})
                    line.status = done["ResponseMetadata"]["HTTPStatusCode"]
            if upload:
                self._s3.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
        except BaseException as error:
            if upload:
                with suppress(BotoCoreError, ClientError):
                    self._s3.abort_multipart_upload(**place, UploadId=upload)
            if isinstance(error, (BotoCoreError, ClientError)):
                raise StorageError(f"the object store refused the write: {type(error).__name__}") from None
            raise
        return Stored(key, size, digest.hexdigest())

    def open(self, key: str) -> Iterator[bytes]:
        with _said("did not answer"):
            try:
                got = self._s3.get_object(Bucket=self._bucket, Key=_checked(key))
            except self._s3.exceptions.NoSuchKey:
                raise NotThere("there is no such object") from None
        return self._read(got["Body"])

    def _read(self, body: object) -> Iterator[bytes]:
        with _said("broke off"):
            yield from _Pieces(body)

    def remove(self, keys: Iterable[str]) -> None:
        wanted = [{"Key": _checked(key)} for key in keys]
        for start in range(0, len(wanted), 1000):  # R2 takes at most 1,000 keys a call
            with _said("refused the removal"):
                answer = self._s3.delete_objects(
                    Bucket=self._bucket,
                    Delete={"Objects": wanted[start : start + 1000], "Quiet": True},
                )
            if answer.get("Errors"):
                raise StorageError(f"{len(answer['Errors'])} objects were not removed")

    def keys(self, prefix: str = "") -> Iterator[str]:
        with _said("did not list its objects"):
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Contents", []):
                    yield found["Key"]


@contextmanager
def _said(what: str) -> Iterator[None]:
    """What boto raises in the block as a StorageError that names its class: its text may hold a URL with the key."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StorageError(f"the object store {what}: {type(error).__name__}") from None


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of PART, the last one shorter; one empty part for no bytes."""
    held = bytearray()
    sent = False
    for piece in pieces:
        held += piece
        while len(held) >= PART:
            yield bytes(held[:PART])
            sent = True
            del held[:PART]
    if held or not sent:
        yield bytes(held)


def open_storage(settings: config.Settings, gateway: Gateway) -> Storage:
    """The object store that the settings name."""
    return R2(settings, gateway) if settings.r2_endpoint_url else Folder(settings.home / "objects")
