"""Opening a signed message."""

import base64
import json
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from compliance.drp import keys, message
from compliance.drp.errors import BadKey, DrpError, NotDecoded, NotJson, TooLarge, WrongSignature
from tests.drp.signing import KEY, OTHER_KEY, body, public, request, signed


def test_a_message_signed_by_the_bearer_is_read() -> None:
    assert message.read(body(request()), public()) == request()


def test_a_signature_made_by_libsodium_is_read() -> None:
    # The first vector of RFC 8032, 7.1, that libsodium's own tests have too, is over nothing; this is the second.
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    with pytest.raises(NotJson):  # the signature holds; what it signs is one byte, 0x72
        message.read(base64.b64encode(signature + b"\x72"), key)


def test_base64_may_be_broken_into_lines() -> None:
    lines = base64.encodebytes(base64.b64decode(body(request())))
    assert b"\n" in lines
    assert message.read(lines, public()) == request()
    assert message.fingerprint(lines) == message.fingerprint(body(request()))


def test_another_agents_signature_is_refused() -> None:
    with pytest.raises(WrongSignature):
        message.read(body(request(), OTHER_KEY), public())


@pytest.mark.parametrize("at", [0, 31, 63, 64, -1])
def test_a_message_that_was_altered_anywhere_is_refused(at: int) -> None:
    altered = bytearray(base64.b64decode(body(request())))
    altered[at] ^= 1
    with pytest.raises(WrongSignature):
        message.read(base64.b64encode(altered), public())


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"{}",
        b"not base64!",
        b"abc",
        base64.b64encode(b"x" * 64),
        base64.urlsafe_b64encode(b"\xff" * 80),
        json.dumps(request()).encode(),
        body(request())[:-3],
        b"\xff\xfe",
    ],
)
def test_what_is_not_a_signature_in_base64_is_not_decoded(garbage: bytes) -> None:
    with pytest.raises(NotDecoded):
        message.read(garbage, public())


@pytest.mark.parametrize(
    "said",
    [
        b"[]",
        b"null",
        b'"agent-id"',
        b'{"agent-id": "a", "agent-id": "b"}',
        b'{"address": {"region": "CA", "region": "NY"}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"1" * 5000 + b"}",
        b'{"a": 1} {"b": 2}',
        b"{'a': 1}",
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"[" * 20_000,
        b'{"a":' * 4_000,
    ],
)
def test_what_is_signed_has_to_be_one_json_object_that_reads_in_one_way(said: bytes) -> None:
    with pytest.raises(NotJson):
        message.read(signed(said), public())


def test_a_message_too_large_to_be_a_request_is_not_looked_into() -> None:
    with pytest.raises(TooLarge):
        message.read(b"A" * (message.LONGEST + 1), public())


def test_each_check_comes_before_the_next() -> None:
    with pytest.raises(TooLarge):  # and no base64
        message.read(b"!" * (message.LONGEST + 1), public())
    with pytest.raises(NotDecoded):  # and not signed
        message.read(b"!!!!", public())
    with pytest.raises(WrongSignature):  # and no JSON
        message.read(signed(b"nonsense", OTHER_KEY), public())


def test_the_fingerprint_tells_messages_apart_and_forgets_their_signature() -> None:
    assert message.fingerprint(body(request())) == message.fingerprint(body(request(), OTHER_KEY))
    assert message.fingerprint(body(request())) != message.fingerprint(body(request(agent_request_id="their-18")))


def test_a_key_is_read_as_the_service_directory_writes_it() -> None:
    assert keys.read(base64.b64encode(public()).decode() + "\n") == public()


@pytest.mark.parametrize("written", ["", "AAAA", "clé", public().hex(), base64.b64encode(public() * 2).decode()])
def test_what_is_no_key_is_not_kept_as_one(written: str) -> None:
    with pytest.raises(BadKey):
        keys.read(written)


#: The y of the points whose order divides eight, each in every way that 32 bytes can write it.
P = 2**255 - 19
OF_ORDER_EIGHT = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
WEAK = [0, 1, P - 1, P, P + 1, OF_ORDER_EIGHT, P - OF_ORDER_EIGHT]


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("y", WEAK)
def test_a_key_with_which_anybody_can_sign_is_refused(y: int, sign: int) -> None:
    with pytest.raises(BadKey):
        keys.check((y | sign).to_bytes(32, "little"))


def test_without_that_check_a_forgery_passes() -> None:
    """Why keys.check is there: the neutral point signs everything, as the library does not look at the key."""
    neutral = (1).to_bytes(32, "little")
    forged = neutral + bytes(32)  # R is the neutral point, S is 0
    Ed25519PublicKey.from_public_bytes(neutral).verify(forged, b'{"agent-id": "TRUSTED_AGENT"}')
    with pytest.raises(BadKey):
        message.read(base64.b64encode(forged + b"{}"), neutral)


@given(st.binary(max_size=300))
def test_garbage_raises_nothing_but_our_own_errors(garbage: bytes) -> None:
    for sent in (garbage, base64.b64encode(garbage), signed(garbage)):
        with suppress(DrpError):
            assert isinstance(message.read(sent, public()), dict)


@given(st.binary(min_size=0, max_size=40), st.binary(min_size=65, max_size=200))
def test_no_key_raises_anything_but_our_own_errors(key: bytes, said: bytes) -> None:
    with pytest.raises(DrpError):
        message.read(base64.b64encode(said), key)


@given(st.binary(min_size=32, max_size=32).filter(lambda key: key != public()))
def test_no_other_key_opens_a_message(key: bytes) -> None:
    with pytest.raises(DrpError):
        message.read(body(request()), key)


@given(st.dictionaries(st.text(), st.text() | st.booleans() | st.integers() | st.none() | st.just(1.5)))
def test_what_an_agent_signs_is_what_is_read(said: dict[str, object]) -> None:
    assert message.read(signed(json.dumps(said).encode(), KEY), public()) == said
