"""Private facts in prompts (policy P04): found for certain where they are, not imagined where they are not."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from stdnum import iban, luhn

from imgpilot.safety.numbers import CARDS, iban_length
from imgpilot.safety.screen import findings, without

INNOCENT = (Path(__file__).parent / "innocent.txt").read_text().splitlines()
COUNTRIES = ("AD", "AE", "AT", "BE", "CH", "DE", "DK", "ES", "FR", "GB", "IT", "LU", "MT", "NL", "NO", "PL", "SE", "TR")
#: Words around a number; a digit beside it would make it another number.
AROUND = some.text(some.characters(exclude_categories=("Nd", "Cs", "Cc", "No")), max_size=40).map(
    lambda text: text.rstrip(".-")
)


@some.composite
def cards(draw: some.DrawFn) -> str:
    """A number that a payment card can have, written as people write it."""
    first, last, lengths = draw(some.sampled_from(CARDS))
    length = draw(some.sampled_from(lengths))
    start = str(draw(some.integers(int(first), int(last))))
    rest = draw(some.text("0123456789", min_size=length - len(start) - 1, max_size=length - len(start) - 1))
    number = start + rest + luhn.calc_check_digit(start + rest)
    between = draw(some.sampled_from(("", " ", "-") if length == 16 else ("",)))
    return between.join(number[at : at + 4] for at in range(0, length, 4)) if between else number


@some.composite
def accounts(draw: some.DrawFn) -> str:
    """An IBAN, in groups of four or not."""
    country = draw(some.sampled_from(COUNTRIES))
    structure = {"MT": "AAAA", "GB": "AAAA", "NL": "AAAA", "IT": "A"}.get(country, "")
    size = iban_length(country) - 4 - len(structure)
    rest = structure + draw(some.text("0123456789", min_size=size, max_size=size))
    number = country + iban.calc_check_digits(f"{country}00{rest}") + rest
    grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return draw(some.sampled_from((number, grouped, number.lower())))


def kinds(text: str) -> list[str]:
    """The kinds of what was found."""
    return [one.kind for one in findings(text)]


@given(AROUND, cards(), AROUND)
@example("卡号", "4111111111111111", "请画")
def test_p04_every_card_number_is_found_in_any_text(before: str, card: str, after: str) -> None:
    text = f"{before} {card} {after}"
    assert any(text[one.start : one.end] == card for one in findings(text) if one.kind == "card")


@given(AROUND, accounts(), AROUND)
def test_p04_every_iban_is_found_in_any_text(before: str, account: str, after: str) -> None:
    text = f"{before} {account} {after}"
    assert any(text[one.start : one.end] == account for one in findings(text) if one.kind == "iban")


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("卡号４１１１　１１１１　１１１１　１１１１请", "card", "４１１１　１１１１　１１１１　１１１１"),
        ("pay 4111-1111-1111-1111 now", "card", "4111-1111-1111-1111"),
        ("amex 3782 822463 10005.", "card", "3782 822463 10005"),
        ("to de89 3704 0044 0532 0130 00 please", "iban", "de89 3704 0044 0532 0130 00"),
        ("身份证11010519491231002X的人", "identity", "11010519491231002X"),
        ("11010519491231002x", "identity", "11010519491231002x"),
        ("her SSN 536-90-4399", "identity", "536-90-4399"),
        ("536-90-4399", "identity", "536-90-4399"),
        ("NI number AB 12 34 56 C", "identity", "AB 12 34 56 C"),
        ("codice RSSMRA85T10A562S", "identity", "RSSMRA85T10A562S"),
        ("DNI 12345678Z", "identity", "12345678Z"),
        ("cpf 111.444.777-35", "identity", "111.444.777-35"),
        ("numéro 1 85 05 78 006 084 91", "identity", "1 85 05 78 006 084 91"),
        ("PESEL 44051401359", "identity", "44051401359"),
        ("my aadhaar is 2341 2341 2346", "identity", "2341 2341 2346"),
        ("bsn: 111222333", "identity", "111222333"),
        ("write to ana.garcia+art@example.co.uk!", "e-mail", "ana.garcia+art@example.co.uk"),
        ("邮箱abc@example.com请", "e-mail", "abc@example.com"),
        ("ａｂｃ＠example．com", "e-mail", "ａｂｃ＠example．com"),
        ("call +1 415 555 2671", "phone", "+1 415 555 2671"),
        ("(415) 555-2671", "phone", "(415) 555-2671"),
        ("ring 020 7946 0958", "phone", "020 7946 0958"),
        ("+49 30 901820 in Berlin", "phone", "+49 30 901820"),
        ("01 42 68 53 00", "phone", "01 42 68 53 00"),
        ("电话13812345678", "phone", "13812345678"),
        ("手机 138 1234 5678", "phone", "138 1234 5678"),
        ("+８６ 138 1234 5678", "phone", "+８６ 138 1234 5678"),
        ("phone 4155552671", "phone", "4155552671"),
    ],
)  # fmt: skip
def test_p04_what_is_private_is_found_where_it_stands(text: str, kind: str, found: str) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in findings(text)] == [(kind, found)]


def test_p04_nothing_is_found_in_two_hundred_ordinary_prompts() -> None:
    assert {prompt: found for prompt in INNOCENT if (found := findings(prompt))} == {}
    assert len(set(INNOCENT)) >= 200


@pytest.mark.parametrize(
    "text",
    ["seed 123456789", "4111111111111112", "DE88 3704 0044 0532 0130 00", "123 456 789", "@ana", "2x.png@2x.png"],
)
def test_p04_what_only_looks_like_it_is_let_through(text: str) -> None:
    assert findings(text) == ()


def test_p04_what_overlaps_is_named_once() -> None:
    assert kinds("ana@example.com and 536-90-4399, 4111 1111 1111 1111") == ["e-mail", "identity", "card"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a card, 4111 1111 1111 1111, on a desk", "a card, on a desk"),
        ("mail (ana@example.com) in neon", "mail in neon"),
        ("卡号4111111111111111请", "卡号请"),
        ("4111111111111111", ""),
        ("call +1 415 555 2671.", "call."),
        ("a\nana@example.com\nb", "a\n\nb"),
        ("nothing here", "nothing here"),
    ],
)
def test_p04_it_can_be_taken_out_and_the_rest_stays_tidy(text: str, left: str) -> None:
    assert without(text, findings(text)) == left


@given(some.text(max_size=200))
def test_taking_out_leaves_nothing_to_find_behind_and_breaks_on_no_text(text: str) -> None:
    found = findings(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert len(without(text, found)) <= len(text)


@pytest.mark.parametrize(
    "unit", ["1 ", "1", "@", "a@", "12-", "GB82", "+1 ", "4111 ", "555-1234 ", "(415) 555-2671 ", "ssn 1", "1/2 ", "a."]
)
def test_no_text_takes_long_to_look_through(unit: str) -> None:
    text = (unit * 2000)[:2000]
    began = time.process_time()
    findings(text)
    assert time.process_time() - began < 0.5
