"""What is locked opens with its own key in its own row, whole; everything else is refused with an error."""

import hashlib
import hmac
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import pairwise, permutations, repeat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import example, given, settings
from hypothesis import strategies as st

import config
from compliance.errors import ComplianceError
from compliance.vault import CHUNK, HEADER, MAGIC, TAG, Locked, Measured, locked, new_key, opened, unwrapped, wrapped
from imgpilot.errors import StorageError
from imgpilot.purposes import RIGHTS
from imgpilot.storage import Folder

KEY = bytes(range(32))
SETTINGS = config.read_settings(imgpilot_env="test", secret_key="a secret of forty characters, for testing")
ANOTHER_SECRET = config.read_settings(imgpilot_env="test", secret_key="another secret, as long as the first one is")
ROW, ANOTHER_ROW = "018f3c1e-0000-7000-8000-000000000001", "018f3c1e-0000-7000-8000-000000000002"
#: "Ana's copy" locked with KEY by the first release of the vault. It must open for ever.
WRITTEN_ONCE = (
    "69707661756c7401"
    "0eb3ff33c94c03b12b256990987c4dd64c6b43a6c2a53eb74efa4a48cc60c74c"
    "b701085a2282a94e82ba02f9bbd266643734c24dfa32d3f5d15b"
)
FULL = CHUNK + TAG

#: Lengths at which chunks begin and end, and some in between.
lengths = st.one_of(
    st.integers(0, 3 * CHUNK + 2),
    st.sampled_from([n * CHUNK + off for n in range(4) for off in (-1, 0, 1) if n * CHUNK + off >= 0]),
)


def some_bytes(length: int, seed: int = 0) -> bytes:
    return hashlib.shake_128(seed.to_bytes(8, "big")).digest(length)


def cut_at(data: bytes, places: Iterable[int]) -> list[bytes]:
    ends = [0, *sorted(min(place, len(data)) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(ends)]


def lock(data: bytes, key: bytes = KEY) -> bytes:
    return b"".join(locked([data], key))


def unlock(data: bytes, key: bytes = KEY) -> bytes:
    return b"".join(opened([data], key))


def let_out(data: bytes, key: bytes = KEY) -> bytes:
    """What comes out before it is refused. Fails if it is not refused."""
    out = bytearray()
    with pytest.raises(Locked):
        for piece in opened([data], key):
            out += piece
    return bytes(out)


THREE = some_bytes(2 * CHUNK + 700)
THREE_LOCKED = lock(THREE)


@settings(deadline=None)
@given(length=lengths, ins=st.lists(st.integers(0, 3 * CHUNK)), outs=st.lists(st.integers(0, 3 * CHUNK)))
@example(length=0, ins=[], outs=[])
@example(length=CHUNK, ins=[0, 0, CHUNK], outs=[0, 1, HEADER - 1, HEADER, HEADER + FULL])
@example(length=3 * CHUNK, ins=[], outs=[])
def test_the_same_bytes_come_back_however_they_are_split(length: int, ins: list[int], outs: list[int]) -> None:
    plain = some_bytes(length)
    cipher = b"".join(locked(cut_at(plain, ins), KEY))
    assert b"".join(opened(cut_at(cipher, outs), KEY)) == plain
    assert len(cipher) == HEADER + length + TAG * max(1, -(-length // CHUNK))


def test_no_pieces_at_all_are_an_object_that_opens_to_nothing() -> None:
    assert unlock(b"".join(locked([], KEY))) == b""


def test_nothing_plain_is_in_what_is_written() -> None:
    plain = b"ana@example.com, who asked for a copy. " * 5000
    cipher = lock(plain)
    assert not any(mark in cipher for mark in (b"ana@", b"example", b"copy"))


def test_the_same_bytes_under_the_same_key_never_look_the_same() -> None:
    one, two = lock(THREE), lock(THREE)
    assert one[:8] == two[:8] == MAGIC
    assert not set(chunks(one)) & set(chunks(two))


def test_the_form_is_the_one_that_is_described() -> None:
    """Read by the words of the docstring alone, with HKDF (RFC 5869) written out."""
    head, body = THREE_LOCKED[:40], THREE_LOCKED[40:]
    assert head[:8] == b"ipvault\x01"
    extracted = hmac.new(head[8:], KEY, hashlib.sha256).digest()
    key = hmac.new(extracted, b"imgpilot vault object ipvault\x01" + b"\x01", hashlib.sha256).digest()
    cipher, plain = AESGCM(key), b""
    for number in range(3):
        nonce = number.to_bytes(11, "big") + (b"\x01" if number == 2 else b"\x00")
        plain += cipher.decrypt(nonce, body[number * 65552 : (number + 1) * 65552], None)
    assert plain == THREE


def test_what_an_earlier_release_wrote_still_opens() -> None:
    assert unlock(bytes.fromhex(WRITTEN_ONCE)) == b"Ana's copy"


def test_every_bit_of_a_small_object_counts() -> None:
    cipher = lock(b"Ana's copy")
    for bit in range(8 * len(cipher)):
        assert let_out(flipped(cipher, bit)) == b""


@settings(deadline=None)
@given(st.integers(0, 8 * len(THREE_LOCKED) - 1))
def test_a_flipped_bit_is_found_and_only_whole_chunks_before_it_come_out(bit: int) -> None:
    before = max(0, bit // 8 - HEADER) // FULL
    assert let_out(flipped(THREE_LOCKED, bit)) == THREE[: before * CHUNK]


@settings(deadline=None)
@given(st.integers(0, len(THREE_LOCKED) - 1))
@example(0)
@example(HEADER)
@example(HEADER + FULL)
@example(HEADER + 2 * FULL)
@example(HEADER + 2 * FULL + TAG)
@example(len(THREE_LOCKED) - 1)
def test_an_object_that_was_cut_anywhere_is_refused(end: int) -> None:
    assert THREE.startswith(let_out(THREE_LOCKED[:end]))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_object_of_full_chunks_that_was_cut_between_two_is_refused(count: int) -> None:
    cipher = lock(some_bytes(count * CHUNK))
    for kept in range(count):
        let_out(cipher[: HEADER + kept * FULL])


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=FULL + 1))
def test_an_object_that_was_added_to_is_refused(more: bytes) -> None:
    let_out(THREE_LOCKED + more)
    let_out(lock(b"") + more)


def test_chunks_in_another_order_left_out_or_repeated_are_refused() -> None:
    cipher = lock(some_bytes(4 * CHUNK))
    head, four = cipher[:HEADER], chunks(cipher)
    for order in permutations(range(4)):
        if order != (0, 1, 2, 3):
            let_out(head + b"".join(four[at] for at in order))
    for at in range(4):
        let_out(head + b"".join(four[:at] + four[at + 1 :]))
        let_out(head + b"".join(four[: at + 1] + four[at:]))


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_chunk_of_another_object_is_refused_even_under_the_same_key(at: int) -> None:
    mine, theirs = chunks(THREE_LOCKED), chunks(lock(some_bytes(len(THREE), seed=1)))
    let_out(THREE_LOCKED[:HEADER] + b"".join([*mine[:at], theirs[at], *mine[at + 1 :]]))


@pytest.mark.parametrize(
    "plain", [b"", b"PK\x03\x04 a package that nobody locked, as long as a header is", b"ipvault\x02"]
)
def test_what_the_vault_did_not_write_is_refused(plain: bytes) -> None:
    assert let_out(plain) == b""


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32).filter(lambda key: key != KEY))
def test_another_key_opens_nothing_and_says_so_before_anything_is_sent(key: bytes) -> None:
    with pytest.raises(Locked):
        opened([THREE_LOCKED], key)


@pytest.mark.parametrize("key", [None, b"", b"\0" * 16, b"\0" * 31, b"\0" * 33, "0" * 32])
def test_without_a_key_nothing_is_written_read_or_wrapped(key: Any) -> None:
    source = iter([b"Ana's copy"])
    with pytest.raises(Locked):
        locked(source, key)
    assert list(source) == [b"Ana's copy"], "nothing was even read"
    with pytest.raises(Locked):
        opened([THREE_LOCKED], key)
    with pytest.raises(Locked):
        wrapped(SETTINGS, key, ROW)


def test_a_wrapped_key_opens_in_its_row() -> None:
    key = new_key()
    text = wrapped(SETTINGS, key, ROW)
    assert unwrapped(SETTINGS, text, ROW) == key
    assert len(text) == 82
    assert text.isascii()
    assert text != wrapped(SETTINGS, key, ROW)


def test_keys_are_32_bytes_and_never_the_same() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}


@given(st.text().filter(lambda context: context != ROW))
@example(ANOTHER_ROW)
@example("")
@example("None")
@example(ROW.upper())
def test_a_wrapped_key_does_not_open_in_another_row(context: str) -> None:
    with pytest.raises(Locked):
        unwrapped(SETTINGS, wrapped(SETTINGS, KEY, ROW), context)


@pytest.mark.parametrize("context", ["", "None"])
def test_a_key_is_not_wrapped_for_a_row_without_an_id(context: str) -> None:
    with pytest.raises(Locked, match="no id"):
        wrapped(SETTINGS, KEY, context)


def test_a_wrapped_key_does_not_open_under_another_secret() -> None:
    with pytest.raises(Locked):
        unwrapped(ANOTHER_SECRET, wrapped(SETTINGS, KEY, ROW), ROW)


@given(at=st.integers(0, 81), char=st.characters(codec="ascii"))
def test_a_wrapped_key_with_another_character_does_not_open(at: int, char: str) -> None:
    text = wrapped(SETTINGS, KEY, ROW)
    altered = text[:at] + char + text[at + 1 :]
    if altered != text:
        with pytest.raises(Locked):
            unwrapped(SETTINGS, altered, ROW)


@given(st.one_of(st.none(), st.text(), st.text().map("1.".__add__), st.integers(0, 81)))
@example("1." + "ä" * 80)
@example("1." + "A" * 80)
def test_what_is_no_wrapped_key_does_not_open(text: str | int | None) -> None:
    if isinstance(text, int):
        text = wrapped(SETTINGS, KEY, ROW)[:text]
    with pytest.raises(Locked):
        unwrapped(SETTINGS, text, ROW)


def test_a_wrapped_key_is_spelled_in_one_way_only() -> None:
    text = wrapped(SETTINGS, KEY, ROW)
    bare = text.removeprefix("1.")
    padded = (f"{text}\n", f" {text}", f"{text}=", f"{text[:40]}\n{text[40:]}", f"1.{text}", f"2.{bare}", bare)
    while not {"-", "_"} <= set(text):
        text = wrapped(SETTINGS, KEY, ROW)
    for altered in (*padded, text.replace("-", "+"), text.replace("_", "/")):
        with pytest.raises(Locked):
            unwrapped(SETTINGS, altered, ROW)


def test_an_error_says_nothing_of_key_row_or_content() -> None:
    text = wrapped(SETTINGS, KEY, ROW)
    with pytest.raises(ComplianceError) as caught:
        unwrapped(SETTINGS, text, ANOTHER_ROW)
    said = f"{caught.value!r}"
    assert ROW not in said and ANOTHER_ROW not in said and text not in said
    assert caught.value.__suppress_context__


def test_the_measure_is_of_the_plain_bytes() -> None:
    plain = Measured(cut_at(THREE, [5, 5, 99_999]))
    cipher = b"".join(locked(plain, KEY))
    assert (plain.bytes, plain.sha256) == (len(THREE), hashlib.sha256(THREE).hexdigest())
    assert hashlib.sha256(cipher).hexdigest() != plain.sha256
    out = Measured(opened([cipher], KEY))
    assert b"".join(out) == THREE
    assert (out.bytes, out.sha256) == (plain.bytes, plain.sha256)
    assert list(out) == [], "once"


def test_the_measure_of_nothing_is_that_of_no_bytes() -> None:
    nothing = Measured([])
    assert list(nothing) == []
    assert (nothing.bytes, nothing.sha256) == (0, hashlib.sha256(b"").hexdigest())


@pytest.mark.parametrize("piece", [1000, 3 * CHUNK, 2**23])
def test_memory_does_not_grow_with_the_object(piece: int) -> None:
    same, count = bytes(piece), 64 * 2**20 // piece
    tracemalloc.start()
    try:
        plain = Measured(repeat(same, count))
        for _ in opened(locked(plain, KEY), KEY):
            pass
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert plain.bytes == count * piece
    assert highest < 16 * CHUNK


def test_closing_what_is_being_read_closes_what_it_is_read_from() -> None:
    done: list[str] = []

    def source() -> Iterator[bytes]:
        try:
            yield from (THREE_LOCKED[at : at + 1000] for at in range(0, len(THREE_LOCKED), 1000))
        finally:
            done.append("closed")

    reading = opened(source(), KEY)
    next(reading)
    assert not done
    reading.close()
    assert done == ["closed"]


def test_a_locked_object_goes_through_the_store_and_lies_there_unreadable(tmp_path: Path) -> None:
    store, key = Folder(tmp_path), new_key()
    in_the_row = wrapped(SETTINGS, key, ROW)
    plain = Measured([b"Ana's copy ", b"of everything"])
    store.put("a/packages/one", locked(plain, key), "application/octet-stream", subject=None, purpose=RIGHTS)
    assert b"copy" not in b"".join(store.open("a/packages/one"))
    back = b"".join(opened(store.open("a/packages/one"), unwrapped(SETTINGS, in_the_row, ROW)))
    assert back == b"Ana's copy of everything"
    assert len(back) == plain.bytes


def test_a_writing_that_breaks_off_leaves_nothing_and_what_came_out_does_not_open(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield some_bytes(2 * CHUNK)
        raise StorageError("the object store broke off")

    store = Folder(tmp_path)
    with pytest.raises(StorageError):
        store.put("a/one", locked(breaking(), KEY), "application/octet-stream", subject=None, purpose=RIGHTS)
    assert list(store.keys()) == []
    written = bytearray()
    with pytest.raises(StorageError):
        for piece in locked(breaking(), KEY):
            written += piece
    let_out(bytes(written))


def test_when_the_row_is_gone_a_copy_of_the_store_is_noise(tmp_path: Path) -> None:
    key = new_key()
    row: dict[str, str] = {ROW: wrapped(SETTINGS, key, ROW)}
    live, backup = Folder(tmp_path / "live"), Folder(tmp_path / "backup")
    for store in (live, backup):
        store.put("a/one", locked([b"Ana's copy"], key), "application/octet-stream", subject=None, purpose=RIGHTS)
    del row[ROW], key
    live.remove(["a/one"])
    with pytest.raises(Locked, match="there is no key"):
        unwrapped(SETTINGS, row.get(ROW), ROW)
    with pytest.raises(Locked):
        opened(list(backup.open("a/one")), new_key())


def chunks(cipher: bytes) -> list[bytes]:
    return [cipher[at : at + FULL] for at in range(HEADER, len(cipher), FULL)]


def flipped(data: bytes, bit: int) -> bytes:
    altered = bytearray(data)
    altered[bit // 8] ^= 1 << bit % 8
    return bytes(altered)
