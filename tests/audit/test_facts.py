"""Facts hold numbers and our own words; nothing that could be about a person gets in, nor into the message."""

from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from compliance.audit.facts import LARGEST, LONGEST, NotForTheLog, checked


class Kind(StrEnum):
    """An enumeration such as callers have."""

    DELETION = "deletion"


@pytest.mark.parametrize(
    "fact",
    [
        0,
        -3,
        True,
        "approved",
        "build package",
        "no such step-2",
        "IP-2026-0412",
        "2026-11-23T14:40:00.000000+00:00",
        "2026-11-23",
        "sha256:" + "0f" * 32,
        "6f1d2c1e-6f0e-4c55-9f0e-7f3b8f1f2a11",
        "user.content.private",
        [1, "two", [True]],
        {"image": 3, "credit_entry": {"rows": 12, "kept": False}},
    ],
)
def test_our_own_words_are_stored_as_they_are(fact: object) -> None:
    assert checked({"fact": fact}) == {"fact": fact}


def test_values_of_enumerations_and_tuples_become_plain() -> None:
    clean = checked({"kind": Kind.DELETION, "steps": ("count", "close")})
    assert clean == {"kind": "deletion", "steps": ["count", "close"]}
    assert type(clean["kind"]) is str


@pytest.mark.parametrize(("number", "stored"), [(2**53 - 1, 2**53 - 1), (2**53, str(2**53)), (-(2**60), None)])
def test_a_number_that_json_cannot_hold_exactly_becomes_a_string(number: int, stored: int | str | None) -> None:
    if stored is None:
        # "-…" is no token of ours: a negative number that large is nothing we count.
        assert checked({"n": number}) == {"n": str(number)}
    else:
        assert checked({"n": number}) == {"n": stored}


@pytest.mark.parametrize(
    "fact",
    [
        "ana@example.com",
        "mail:ana@example.com",
        "192.0.2.7",
        "from:192.0.2.7",
        "ip-192.0.2.7-x",
        "2001:db8::7",
        "::1",
        "ip:2001:db8:0:0:0:0:0:7",
        "::ffff:192.0.2.7",
        "Ana Example",
        "ana's dog",
        "Ünal",
        "+4915112345678",
        "/etc/passwd",
        "6f1d2c1e-6f0e-4c55-9f0e-7f3b8f1f2a11/images/1.png",
        "a\nb",
        "a  b",
        "",
        " a",
        "x" * (LONGEST + 1),
        "w " * 8 + "w",
        1.5,
        None,
        b"bytes",
        UUID(int=4),
        {1, 2},
    ],
)
def test_what_could_be_about_a_person_is_refused(fact: object) -> None:
    for facts in ({"fact": fact}, {"deep": [{"fact": fact}]}):
        with pytest.raises(NotForTheLog) as caught:
            checked(facts)
        if isinstance(fact, str) and len(fact.strip()) > 1:
            assert fact not in str(caught.value)


@pytest.mark.parametrize("key", ["ana@example.com", "192.0.2.7", "Ana Example", "", 3])
def test_a_key_is_no_way_in(key: object) -> None:
    with pytest.raises(NotForTheLog) as caught:
        checked({"outer": {key: 1}})
    assert str(caught.value).startswith("a key of facts.outer")


def test_an_entry_is_a_line_and_not_a_document() -> None:
    with pytest.raises(NotForTheLog, match="more than"):
        checked({f"table{i}": "x" * 100 for i in range(LARGEST // 100)})
    deep: object = 1
    for _ in range(8):
        deep = [deep]
    with pytest.raises(NotForTheLog, match="deep"):
        checked({"deep": deep})


@given(some.emails())
def test_no_address_gets_in(address: str) -> None:
    with pytest.raises(NotForTheLog):
        checked({"who": address})


@given(some.ip_addresses(), some.sampled_from(["{}", "ip:{}", "x-{}", "{}:443"]))
def test_no_ip_address_gets_in(address: object, around: str) -> None:
    with pytest.raises(NotForTheLog):
        checked({"from": around.format(address)})
