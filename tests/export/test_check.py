"""Whatever is changed in a package after signing is found; the commands of the documentation say the same."""

import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from compliance.export.check import check
from imgpilot.parts import Parts
from tests.export.conftest import contents
from tests.world import Somebody

DOCS = Path(__file__).parents[2] / "docs" / "export-package.md"

pytestmark = pytest.mark.usefixtures("unprinted")


@pytest.fixture
def path(ana: Somebody, packed: Callable[..., Path]) -> Path:
    return packed(ana)


@pytest.fixture
def key(parts: Parts) -> Ed25519PublicKey:
    return parts.settings.signing.public_key()


def again(path: Path, files: dict[str, bytes]) -> Path:
    """The package with these files instead."""
    with zipfile.ZipFile(path, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return path


def test_a_package_as_it_was_signed_is_good(path: Path, key: Ed25519PublicKey) -> None:
    found = check(path, key)
    assert found.good
    assert (found.case, found.made_at) == ("IP-2026-0413", "2026-11-23T14:40:00Z")
    assert found.files == len(contents(path)) - 2


def test_the_manifest_is_canonical_and_lists_every_file_but_itself_and_its_signature(path: Path) -> None:
    files = contents(path)
    said = json.loads(files["manifest.json"])
    assert rfc8785.dumps(said) == files["manifest.json"]
    assert set(said) == {"request", "case", "kind", "withheld", "schema_version", "made_at", "files"}
    assert [entry["path"] for entry in said["files"]] == [
        name for name in files if name not in ("manifest.json", "manifest.sig")
    ]
    assert all(set(entry) == {"path", "media_type", "bytes", "sha256"} for entry in said["files"])
    assert len(files["manifest.sig"]) == 64


def test_one_byte_changed_in_any_file_is_found(path: Path, key: Ed25519PublicKey) -> None:
    files = contents(path)
    for name, data in files.items():
        for place in {0, len(data) // 2, len(data) - 1}:
            changed = bytearray(data)
            changed[place] ^= 1
            found = check(again(path, files | {name: bytes(changed)}), key)
            assert found.faults and name.removesuffix(".json")[:8] in found.faults[0]


def test_a_byte_changed_anywhere_in_the_zip_is_found_or_changes_no_file(path: Path, key: Ed25519PublicKey) -> None:
    good, files = path.read_bytes(), contents(path)
    for place in range(0, len(good), 401):
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        if check(path, key).good:
            assert contents(path) == files


def test_a_file_that_is_missing_extra_renamed_or_there_twice_is_found(path: Path, key: Ed25519PublicKey) -> None:
    files = contents(path)
    without = {name: data for name, data in files.items() if name != "data/account.csv"}
    assert check(again(path, without), key).faults == ("data/account.csv: missing",)
    assert check(again(path, files | {"data/more.csv": b"x"}), key).faults == ("data/more.csv: not in the manifest",)
    renamed = without | {"data/Account.csv": files["data/account.csv"]}
    assert len(check(again(path, renamed), key).faults) == 2
    again(path, files)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as package:
        package.writestr("data/account.csv", files["data/account.csv"])
    assert "data/account.csv: in the package twice" in check(path, key).faults


@pytest.mark.parametrize("name", ["manifest.json", "manifest.sig"])
def test_without_manifest_or_signature_nothing_is_good(path: Path, key: Ed25519PublicKey, name: str) -> None:
    files = contents(path)
    del files[name]
    assert check(again(path, files), key).faults == (f"{name}: missing",)


def test_a_manifest_made_anew_is_not_ours(path: Path, key: Ed25519PublicKey) -> None:
    files = contents(path)
    forged = files | {"manifest.sig": Ed25519PrivateKey.generate().sign(files["manifest.json"])}
    assert check(again(path, forged), key).faults == ("manifest.sig: not our signature over manifest.json",)


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 100])
def test_what_is_no_zip_is_said_to_be_none(tmp_path: Path, key: Ed25519PublicKey, data: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert not check(path, key).good
    assert not check(tmp_path / "nowhere.zip", key).good


def test_half_a_package_is_found(path: Path, key: Ed25519PublicKey) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert not check(path, key).good


def _commands() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", DOCS.read_text(), re.DOTALL)


def _run(folder: Path) -> list[int]:
    return [
        subprocess.run(
            ["bash", "-eo", "pipefail", "-c", command], cwd=folder, capture_output=True, check=False
        ).returncode
        for command in _commands()
    ]


def test_the_commands_of_the_documentation_find_what_the_check_finds(
    path: Path, key: Ed25519PublicKey, tmp_path: Path
) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(path) as package:
        package.extractall(folder)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "imgpilot-signing-key.pem").write_bytes(pem)
    assert len(_commands()) == 3
    assert _run(folder) == [0, 0, 0]
    (folder / "data" / "extra.csv").write_text("x")
    assert _run(folder) == [0, 0, 1]
    (folder / "data" / "extra.csv").unlink()
    (folder / "data" / "account.json").write_text("[]")
    assert _run(folder)[1] == 1
    (folder / "manifest.json").write_text("{}")
    assert _run(folder)[0] == 1
