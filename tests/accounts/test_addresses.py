"""Addresses as people type them."""

import pytest

from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress


@pytest.mark.parametrize(
    ("typed", "known_as"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana.B+pictures@Example.COM \n", "ana.b+pictures@example.com"),
        ("<ana@example.com>", "ana@example.com"),
        ("ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ana@example.com"),
        ("ana＠example。com", "ana@example.com"),
        ("ana@Bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
        ("用户@例子.广告", "用户@例子.广告"),
        ("o'neil@example.co.uk", "o'neil@example.co.uk"),
    ],
)
def test_an_address_has_one_spelling(typed: str, known_as: str) -> None:
    assert addresses.read(typed) == known_as
    assert addresses.read(addresses.read(typed)) == known_as


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana@example", "ana@example.com"),
        ("ana@example.", "ana@example.com"),
        ("ana@example.com.", "ana@example.com"),
        ("ana@gmail.c", "ana@gmail.com"),
        ("ana@mail.example.c", "ana@mail.example.com"),
    ],
)
def test_an_address_that_was_cut_off_is_guessed_to_its_end(typed: str, meant: str) -> None:
    with pytest.raises(BadAddress) as refused:
        addresses.read(typed)
    assert refused.value.said("en") == f"The part after @ looks cut off. Did you mean {meant}?"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type your e-mail address."),
        ("   ", "Type your e-mail address."),
        ("ana.example.com", "There is no @ in this. An address looks like ana@example.com."),
        ("ana@@example.com", "There is more than one @ in this. An address has one."),
        ("ana b@example.com", "There is a space in this address. Take it out and try again."),
        ("@example.com", "The part before @ is missing."),
        ("ana@", "The part after @ is missing."),
        ("ana@.", "The part after @ is missing."),
        ("ana@exam_ple.com", "Mail cannot reach this address. One looks like ana@example.com."),
        ("ana@-x.com", "Mail cannot reach this address. One looks like ana@example.com."),
        ("ana@[127.0.0.1]", "Mail cannot reach this address. One looks like ana@example.com."),
        ("ana@example.test", "Mail cannot reach this address. One looks like ana@example.com."),
        ("ana\r\nbcc:bob@example.com", "Mail cannot reach this address. One looks like ana@example.com."),
        ("a" * 300 + "@example.com", "Mail cannot reach this address. One looks like ana@example.com."),
        ("x@" + "y." * 200 + "com", "Mail cannot reach this address. One looks like ana@example.com."),
    ],
)
def test_a_mistake_is_named_in_one_line(typed: str, said: str) -> None:
    with pytest.raises(BadAddress) as refused:
        addresses.read(typed)
    assert refused.value.said("en") in (said, "There is a space in this address. Take it out and try again.")


def test_the_exception_itself_quotes_no_address() -> None:
    with pytest.raises(BadAddress) as refused:
        addresses.read("ana@example")
    assert "ana" not in f"{refused.value} {refused.value!r}"


def test_a_domain_in_other_letters_is_shown_as_its_owner_writes_it() -> None:
    assert addresses.shown("ana@xn--bcher-kva.example") == "ana@bücher.example"
    assert addresses.shown("ana@example.com") == "ana@example.com"
    assert addresses.shown("用户@例子.广告") == "用户@例子.广告"
    assert addresses.shown("ana@xn--.example") == "ana@xn--.example"
