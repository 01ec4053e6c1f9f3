"""Checks an export package as an auditor would: the signature, every hash, nothing extra, nothing missing."""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import error as ZlibError  # noqa: N812  (it is a class)

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
#: A manifest is a line a file; more than this is no manifest.
LARGEST_MANIFEST = 512 * 2**20
_PIECE = 256 * 1024


@dataclass(frozen=True)
class Checked:
    """What the check found. `faults` name paths of the package, never what is in them."""

    faults: tuple[str, ...]
    files: int = 0
    bytes: int = 0
    request: str = ""
    case: str = ""
    made_at: str = ""

    @property
    def good(self) -> bool:
        """Whether the package is exactly what was signed."""
        return not self.faults


def check(zip_path: Path, public_key: Ed25519PublicKey) -> Checked:
    """Check the package. Nothing is unpacked, and memory does not grow with its size."""
    try:
        with zipfile.ZipFile(zip_path) as package:
            return _checked(package, public_key)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        return Checked((f"it cannot be read as a ZIP: {type(error).__name__}",))


def _checked(package: zipfile.ZipFile, public_key: Ed25519PublicKey) -> Checked:
    try:
        raw = _whole(package, MANIFEST, LARGEST_MANIFEST)
        public_key.verify(_whole(package, SIGNATURE, 64), raw)
    except KeyError as error:
        return Checked((f"{error.args[0]}: missing",))
    except (ValueError, zipfile.BadZipFile, ZlibError):
        return Checked((f"{MANIFEST} or {SIGNATURE}: damaged",))
    except InvalidSignature:
        return Checked((f"{SIGNATURE}: not our signature over {MANIFEST}",))
    # From here on the manifest is ours; what does not fit it was changed after signing.
    said = json.loads(raw)
    faults = [] if rfc8785.dumps(said) == raw else [f"{MANIFEST}: not in canonical form"]
    faults += _names(package, said["files"])
    faults += [fault for entry in said["files"] for fault in _contents(package, entry)]
    return Checked(
        tuple(faults),
        len(said["files"]),
        sum(entry["bytes"] for entry in said["files"]),
        said["request"],
        said["case"],
        said["made_at"],
    )


def _whole(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        info = package.getinfo(name)
    except KeyError:
        raise KeyError(name) from None
    if info.file_size > most:
        raise ValueError("larger than it can be")
    return package.read(info)


def _names(package: zipfile.ZipFile, entries: list[dict[str, Any]]) -> Iterator[str]:
    there = Counter(package.namelist())
    listed = [str(entry["path"]) for entry in entries]
    for name in sorted(name for name, times in there.items() if times > 1):
        yield f"{name}: in the package twice"
    for name in sorted(set(there) - set(listed) - {MANIFEST, SIGNATURE}):
        yield f"{name}: not in the manifest"
    for name in listed:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            yield f"{name}: leads out of the package"


def _contents(package: zipfile.ZipFile, entry: dict[str, Any]) -> Iterator[str]:
    name = str(entry["path"])
    size, digest = 0, hashlib.sha256()
    try:
        with package.open(name) as file:
            # No more is read than was signed: a changed entry may not unpack to terabytes.
            while size <= entry["bytes"] and (piece := file.read(_PIECE)):
                size += len(piece)
                digest.update(piece)
    except KeyError:
        yield f"{name}: missing"
        return
    except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError):
        yield f"{name}: damaged"
        return
    if size != entry["bytes"]:
        yield f"{name}: not the size that was signed"
    elif digest.hexdigest() != entry["sha256"]:
        yield f"{name}: not the bytes that were signed"
