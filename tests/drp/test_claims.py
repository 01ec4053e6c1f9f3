"""Whether a message is meant for us now, in the order of the standard, and what it asks."""

import json
import traceback
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compliance.drp import claims, exercise, message
from compliance.drp.claims import Address, Asked
from compliance.drp.errors import (
    BadCallback,
    BadClaim,
    DrpError,
    Expired,
    NotDecoded,
    NotYetValid,
    Rejected,
    Stale,
    UnknownExercise,
    UnknownRegime,
    UnknownVersion,
    WrongAgent,
    WrongBusiness,
    WrongSignature,
)
from compliance.drp.exercise import Exercise
from compliance.requests.kinds import Kind
from tests.drp.signing import AGENT, BUSINESS, NOW, OTHER_KEY, body, public, request

MOMENT = timedelta(microseconds=1)


def check(said: dict[str, Any], now: datetime = NOW) -> Asked:
    return claims.check(said, agent_id=AGENT, business_id=BUSINESS, now=now)


def receive(sent: bytes) -> Asked:
    """From the body to what is asked, as the endpoint does it."""
    return check(message.read(sent, public()))


def test_a_right_message_says_what_is_asked_and_for_whom() -> None:
    asked = receive(body(request()))
    assert (asked.exercise, asked.regime, asked.relationships) == (Exercise.DELETION, "ccpa", ("customer",))
    assert asked.agent_request_id == "their-17"
    assert asked.status_callback == "https://agent.example.org/status?case=17"
    who = asked.identity
    assert (who.name, who.email, who.email_verified) == ("Ana Lovelace", "ana@example.com", True)
    assert (who.phone_number, who.phone_number_verified) == ("+14155550123", False)
    assert who.address == Address(street_address="1 Pear St\nFlat 2", region="CA", country="US")
    assert who.address_verified
    assert who.power_of_attorney == "https://agent.example.org/documents/17"


def test_only_who_what_and_when_has_to_be_there() -> None:
    needed = ("agent-id", "business-id", "issued-at", "expires-at", "drp.version", "exercise")
    asked = check({key: value for key, value in request().items() if key in needed})
    assert (asked.regime, asked.relationships, asked.status_callback, asked.agent_request_id) == (None, (), None, None)
    assert asked.identity == claims.Identity()


def test_claims_that_we_do_not_know_are_ignored() -> None:
    assert check(request(birthdate="1990-01-01", sub={"deep": [1, 2]})) == check(request())


def test_null_and_blank_say_nothing() -> None:
    asked = check(request(name=None, email="", phone_number=" ", address={}, status_callback="", email_verified=None))
    assert (asked.identity.name, asked.identity.email, asked.identity.phone_number) == (None, None, None)
    assert (asked.identity.address, asked.status_callback) == (None, None)


def test_nothing_is_verified_about_what_is_not_there() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("email", "phone_number", "address"))
    yes = dict.fromkeys(("email_verified", "phone_number_verified", "address_verified"), True)
    assert check(request(**nothing, **yes)).identity == check(request(**nothing)).identity
    assert not check(request(**nothing, **yes)).identity.email_verified


def test_an_address_in_one_text_is_read_too() -> None:
    assert check(request(address="1 Pear St\nFresno")).identity.address == Address(formatted="1 Pear St\nFresno")


# The chain of 3.07. Each is wrong in one thing, and in all things that come after it.

WRONG_LATER: list[tuple[type[Rejected], dict[str, Any]]] = [
    (WrongAgent, {"agent_id": "ANOTHER_AGENT"}),
    (WrongBusiness, {"business_id": "ANOTHER_BUSINESS"}),
    (NotYetValid, {"issued_at": (NOW + timedelta(minutes=1)).isoformat()}),
    (Expired, {"expires_at": (NOW - timedelta(minutes=1)).isoformat()}),
    (UnknownVersion, {"drp_version": "0.5"}),
    (UnknownExercise, {"exercise": "limit"}),
    (UnknownRegime, {"regime": "hammurabi"}),
    (BadClaim, {"relationships": "customer"}),
    (BadCallback, {"status_callback": "http://127.0.0.1/"}),
    (BadClaim, {"agent_request_id": 17}),
    (BadClaim, {"email": "nobody"}),
]


@pytest.mark.parametrize(("error", "wrong"), WRONG_LATER)
def test_each_check_refuses_what_is_wrong_in_one_thing(error: type[Rejected], wrong: dict[str, Any]) -> None:
    with pytest.raises(error):
        receive(body(request(**wrong)))


@pytest.mark.parametrize("first", range(len(WRONG_LATER)))
def test_the_earliest_check_speaks_for_a_message_wrong_in_several_things(first: int) -> None:
    wrong: dict[str, Any] = {}
    for _error, more in WRONG_LATER[first:]:
        wrong |= more
    with pytest.raises(Rejected) as refused:
        receive(body(request(**wrong)))
    assert type(refused.value) is WRONG_LATER[first][0]


def test_decoding_and_the_signature_come_before_everything_else() -> None:
    everything = {name: value for _error, wrong in WRONG_LATER for name, value in wrong.items()}
    with pytest.raises(NotDecoded):
        receive(b"!" + body(request(**everything), OTHER_KEY))
    with pytest.raises(WrongSignature):
        receive(body(request(**everything), OTHER_KEY))


@pytest.mark.parametrize("wrong", [..., None, "", AGENT.lower(), AGENT + " ", [AGENT], 7, True])
def test_an_agent_or_business_that_is_not_named_exactly_is_another(wrong: object) -> None:
    with pytest.raises(WrongAgent):
        check(request(agent_id=wrong))
    with pytest.raises(WrongBusiness):
        check(request(business_id=wrong))


# The window. issued-at < now < expires-at.


def test_a_message_is_taken_from_just_after_it_was_issued_to_just_before_it_expires() -> None:
    issued, expires = NOW, NOW + timedelta(minutes=3)
    said = request(issued_at=issued.isoformat(), expires_at=expires.isoformat())
    assert check(said, issued + MOMENT)
    assert check(said, expires - MOMENT)
    for at, error in ((issued - MOMENT, NotYetValid), (issued, NotYetValid), (expires, Expired)):
        with pytest.raises(error):
            check(said, at)


def test_however_long_a_message_says_it_is_good_it_is_taken_for_ten_minutes() -> None:
    # The reference agent writes 45 days into a request, 15 minutes into a set-up.
    said = request(issued_at=NOW.isoformat(), expires_at=(NOW + timedelta(days=45)).isoformat())
    assert check(said, NOW + claims.LONGEST - MOMENT)
    with pytest.raises(Stale):
        check(said, NOW + claims.LONGEST)


def test_only_a_message_whose_own_time_is_over_is_not_to_be_sent_again() -> None:
    assert Expired().body() == {"code": "403", "message": "expires-at is over.", "fatal": True}
    assert "fatal" not in Stale().body()
    assert "fatal" not in NotYetValid().body()


def test_a_message_that_expires_before_it_was_issued_is_never_good() -> None:
    said = request(issued_at=NOW.isoformat(), expires_at=(NOW - timedelta(minutes=1)).isoformat())
    for minutes in (-2, 0, 2):
        with pytest.raises((NotYetValid, Expired)):
            check(said, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "written", ["2026-11-22T09:59:30Z", "2026-11-22T10:59:30+01:00", "20261122T095930Z", "2026-11-22 09:59:30.5+00:00"]
)
def test_times_may_be_written_in_any_zone(written: str) -> None:
    assert check(request(issued_at=written))


@pytest.mark.parametrize("name", ["issued_at", "expires_at"])
@pytest.mark.parametrize(
    "written",
    [..., None, "", "now", "2026-11-22", "2026-11-22T09:59:30", 1795341570, ["2026-11-22T09:59:30Z"], "9" * 99],
)
def test_a_time_without_its_zone_is_no_time(name: str, written: object) -> None:
    with pytest.raises(BadClaim) as refused:
        check(request(**{name: written}))
    assert refused.value.claim == name.replace("_", "-")


# What is asked.


@pytest.mark.parametrize(
    ("written", "meant", "kind"),
    [
        ("access", Exercise.ACCESS, Kind.ACCESS),
        ("access:categories", Exercise.ACCESS_CATEGORIES, Kind.ACCESS),
        ("access:specific", Exercise.ACCESS_SPECIFIC, Kind.ACCESS),
        ("deletion", Exercise.DELETION, Kind.DELETION),
        ("sale:opt-out", Exercise.SALE_OPT_OUT, Kind.OPT_OUT),
        ("sale:opt_out", Exercise.SALE_OPT_OUT, Kind.OPT_OUT),  # as the protocol's own table has it
        ("sale:opt-in", Exercise.SALE_OPT_IN, None),
        ("sale:opt_in", Exercise.SALE_OPT_IN, None),
    ],
)
def test_each_right_becomes_a_request_of_ours(written: str, meant: Exercise, kind: Kind | None) -> None:
    assert check(request(exercise=written)).exercise is meant
    assert exercise.kind(meant) is kind


@pytest.mark.parametrize("written", [..., None, "", "DELETION", "correction", "sale", "access:"])
def test_a_right_that_the_protocol_does_not_have_is_refused(written: object) -> None:
    with pytest.raises(UnknownExercise):
        check(request(exercise=written))


def test_one_request_asks_one_thing() -> None:
    with pytest.raises(BadClaim):
        check(request(exercise=["access", "deletion"]))


@pytest.mark.parametrize(("written", "meant"), [("ccpa", "ccpa"), ("CCPA", "ccpa"), ("voluntary", None), (..., None)])
def test_a_regime_is_ccpa_or_none(written: object, meant: str | None) -> None:
    assert check(request(regime=written)).regime == meant


@pytest.mark.parametrize("version", ["1.0", "0.9.4", "0.9.3"])
def test_the_versions_that_say_the_same_are_understood(version: str) -> None:
    assert check(request(drp_version=version))


@pytest.mark.parametrize("version", [..., None, "0.9", "0.5", "2.0", "1"])
def test_other_versions_are_not_guessed_at(version: object) -> None:
    with pytest.raises(UnknownVersion):
        check(request(drp_version=version))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", 5),
        ("name", "x" * 201),
        ("name", "Ana\x00"),
        ("name", "Ana\nSubject: hello"),
        ("name", "\ud800"),
        ("email", "ana@"),
        ("email", "ana@example.com, bob@example.com"),
        ("email", "x" * 400 + "@example.com"),
        ("email", ["ana@example.com"]),
        ("email_verified", "true"),
        ("email_verified", 1),
        ("phone_number", "0171 5550123"),
        ("phone_number", "+0123456789"),
        ("phone_number", "+1415555012345678"),
        ("phone_number", 14155550123),
        ("phone_number_verified", "yes"),
        ("address", 5),
        ("address", ["1 Pear St"]),
        ("address", {"region": 5}),
        ("address", {"formatted": "x" * 501}),
        ("address_verified", "no"),
        ("power_of_attorney", "x" * 2001),
        ("power_of_attorney", {"url": "https://agent.example.org"}),
        ("relationships", {"customer": True}),
        ("relationships", ["customer"] * 21),
        ("relationships", [5]),
        ("relationships", ["x" * 101]),
        ("agent_request_id", "x" * 201),
        ("regime", 5),
    ],
)
def test_a_claim_has_its_type_and_a_length(name: str, value: object) -> None:
    with pytest.raises(BadClaim):
        check(request(**{name: value}))


# Where to call.


@pytest.mark.parametrize(
    "address",
    [
        "https://agent.example.org",
        "https://agent.example.org/update_status",
        "https://AGENT.example.org:443/a/b?c=d&e=%20f",
        "https://xn--bcher-kva.example.de/",
        "https://a.b.c.d.example.xn--p1ai/",
    ],
)
def test_a_public_https_address_can_be_called(address: str) -> None:
    assert check(request(status_callback=address)).status_callback == address


@pytest.mark.parametrize(
    "address",
    [
        "http://agent.example.org/",
        "//agent.example.org/",
        "agent.example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://localhost/",
        "https://redis/",
        "https://printer.local/",
        "https://db.internal/",
        "https://agent.localhost/",
        "https://router.home.arpa/",
        "https://agent.example.org./",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.0x1/",
        "https://017700000001/",
        "https://8.8.8.8/",
        "https://[::1]/",
        "https://[fd00::1",
        "https://169.254.169.254/latest/meta-data/",
        "https://user:word@agent.example.org/",
        "https://agent.example.org@localhost/",
        "https://agent.example.org:8443/",
        "https://agent.example.org:0/",
        "https://agent.example.org:99999/",
        "https://agent.example.org/#fragment",
        "https://agent.example.org\\@localhost/",
        "https://agent.example.org/a b",
        "https://agent.example.org/\r\nHost: localhost",
        " https://agent.example.org/",
        "https://agent..example.org/",
        "https://-agent.example.org/",
        "https://bücher.example.de/",
        "https://agent.example.org/" + "x" * 400,
        "https://" + "a." * 130 + "org/",
        5,
        ["https://agent.example.org/"],
    ],
)
def test_what_could_lead_into_our_own_network_is_not_called(address: object) -> None:
    with pytest.raises(BadCallback):
        check(request(status_callback=address))


# Set-up and revocation.


def set_up(said: dict[str, Any], now: datetime = NOW) -> None:
    claims.check_set_up(said, agent_id=AGENT, business_id=BUSINESS, now=now)


def test_a_set_up_names_agent_business_and_time_and_maybe_the_version() -> None:
    four = {key: request()[key] for key in ("agent-id", "business-id", "issued-at", "expires-at")}
    set_up(four)
    set_up(four | {"drp.version": "1.0"})
    with pytest.raises(UnknownVersion):
        set_up(four | {"drp.version": "7"})


@pytest.mark.parametrize(("error", "wrong"), WRONG_LATER[:4])
def test_a_set_up_goes_through_the_same_chain(error: type[Rejected], wrong: dict[str, Any]) -> None:
    with pytest.raises(error):
        set_up(request(**wrong))


def taken_back(said: dict[str, Any]) -> str | None:
    return claims.check_revocation(said, agent_id=AGENT, business_id=BUSINESS, now=NOW)


def test_a_revocation_holds_the_reason_or_nothing() -> None:
    assert taken_back({"reason": "I changed my mind.\nSorry."}) == "I changed my mind.\nSorry."
    assert taken_back({}) is None
    with pytest.raises(BadClaim):
        taken_back({"reason": ["no"]})


@pytest.mark.parametrize(("error", "wrong"), WRONG_LATER[:4])
def test_a_revocation_that_says_more_has_to_say_it_right(error: type[Rejected], wrong: dict[str, Any]) -> None:
    assert taken_back(request(reason="no")) == "no"
    with pytest.raises(error):
        taken_back(request(reason="no", **wrong))


def test_a_revocation_with_half_a_window_is_refused() -> None:
    with pytest.raises(BadClaim):
        taken_back({"issued-at": request()["issued-at"]})


# Nothing personal where it could be read.


def test_no_repr_and_no_error_holds_what_was_sent() -> None:
    marked = request(name="Marked Person", power_of_attorney="Marked paper", address="Marked Street 1")
    assert "marked" not in repr(check(marked)).lower()
    assert "ana" not in repr(check(marked)).lower()
    for name in marked:
        for value in ("marked@@example", {"marked": 1}, ["marked"], "marked\x00"):
            try:
                check(marked | {name: value})
            except Rejected as refused:
                told = "".join(traceback.format_exception(refused)) + json.dumps(refused.body())
                # A traceback quotes our own source; what was sent stands nowhere in it.
                assert "marked@@" not in told
                assert "Marked" not in str(refused) + json.dumps(refused.body())


def test_every_error_says_its_status_and_a_sentence() -> None:
    def leaves(of: type[Rejected]) -> list[type[Rejected]]:
        return [of, *(leaf for below in of.__subclasses__() for leaf in leaves(below))]

    for error in leaves(Rejected):
        refused = BadClaim("name", "a text") if error is BadClaim else error()
        assert refused.body()["code"] == str(error.status)
        assert error.status in (400, 403, 409, 413, 429)
        assert str(refused).endswith(".")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
LIKELY = st.sampled_from(["issued_at", "expires_at", "email", "phone_number", "address", "status_callback", "exercise"])


@given(LIKELY | st.sampled_from(sorted(key.replace("-", "_").replace(".", "_") for key in request())), ANYTHING)
@example("issued_at", "0001-01-01T00:00:00+23:59")
@example("issued_at", "9999-12-31T23:59:59-23:59")
@example("expires_at", "9999-12-31T23:59:59.999999-23:59")
@example("expires_at", "0001-01-01T00:00:00+23:59")
@example("email", "@" * 300)
@example("email", "ana@xn--.com")
@example("status_callback", "https://[")
def test_whatever_a_claim_holds_only_our_own_errors_are_raised(name: str, value: Any) -> None:
    with suppress(DrpError):
        assert isinstance(check(request(**{name: value})), Asked)


@given(st.text(max_size=60), st.text(alphabet="ana@.-_:/?[]%0123456789xX ", max_size=40))
def test_whatever_text_a_claim_holds_only_our_own_errors_are_raised(text: str, like: str) -> None:
    for written in (text, like, f"https://{like}", f"ana@{like}", f"{like}@example.com", f"2026-11-22T{like}"):
        for name in ("email", "phone_number", "status_callback", "issued_at", "address", "exercise", "regime"):
            with suppress(DrpError):
                check(request(**{name: written}))


@given(
    st.timedeltas(timedelta(0), timedelta(days=400)).map(lambda later: NOW + later),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.timedeltas(-timedelta(days=1), timedelta(days=60)),
)
def test_no_message_is_taken_outside_its_window_or_ours(issued: datetime, good: timedelta, later: timedelta) -> None:
    said = request(issued_at=issued.isoformat(), expires_at=(issued + good).isoformat())
    taken = timedelta(0) < later < min(good, claims.LONGEST)
    try:
        check(said, issued + later)
    except (NotYetValid, Expired, Stale):
        assert not taken
    else:
        assert taken
