"""Whether an opened message is meant for us now, and what it asks. The order of the checks is the standard's (3.07)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from compliance.drp import exercise, fields
from compliance.drp.errors import (
    BadClaim,
    Expired,
    NotYetValid,
    Stale,
    UnknownRegime,
    UnknownVersion,
    WrongAgent,
    WrongBusiness,
)
from compliance.drp.exercise import Exercise
from imgpilot.accounts import addresses
from imgpilot.accounts.errors import BadAddress

#: The standard recommends ten minutes between issued-at and expires-at and sets no maximum (2.01); the reference agent
#: writes 45 days. We accept what it writes, but take no message later than this after it was issued.
LONGEST = timedelta(minutes=10)
#: 1.0 is 0.9.4 by another name; 0.9.3 lacks only fields that may be missing.
VERSIONS = ("1.0", "0.9.4", "0.9.3")
#: Leaving the regime out, or writing "voluntary" as older agents do, asks for an answer without saying by which law.
REGIMES = {"ccpa": "ccpa", "voluntary": None}


@dataclass(frozen=True)
class Address:
    """A postal address (OpenID Connect Core 5.1.1)."""

    formatted: str | None = field(default=None, repr=False)
    street_address: str | None = field(default=None, repr=False)
    locality: str | None = field(default=None, repr=False)
    region: str | None = field(default=None, repr=False)
    postal_code: str | None = field(default=None, repr=False)
    country: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Identity:
    """Who the agent says the person is (3.04). Nothing shows in a repr: it could end up in a log.

    "Verified" is the agent's word, by the rules of the network; how far to rely on it is ours to decide.
    """

    name: str | None = field(default=None, repr=False)
    #: As accounts know addresses: lower case, the domain as mail servers write it.
    email: str | None = field(default=None, repr=False)
    email_verified: bool = False
    #: E.164.
    phone_number: str | None = field(default=None, repr=False)
    phone_number_verified: bool = False
    address: Address | None = field(default=None, repr=False)
    address_verified: bool = False
    #: A reference to a document that the person signed. It is data: nothing here opens it.
    power_of_attorney: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Asked:
    """A request as an agent made it."""

    exercise: Exercise
    #: "ccpa", or None: no law is named.
    regime: str | None
    relationships: tuple[str, ...] = field(repr=False)
    #: Its form was checked; see fields.callback for what is left to check before calling it.
    status_callback: str | None = field(repr=False)
    #: The agent's own name for the request; unique for this agent only.
    agent_request_id: str | None = field(repr=False)
    identity: Identity


def check(message: Mapping[str, Any], *, agent_id: str, business_id: str, now: datetime) -> Asked:
    """What this message asks (2.01), once it is sure that this agent means us, now.

    `message`: from message.read, so its signature is the bearer's. `agent_id`: the agent that the bearer token belongs
    to. Raises the first that is wrong of WrongAgent, WrongBusiness, NotYetValid, Expired, Stale (BadClaim for a time
    that is none), and then UnknownVersion, UnknownExercise, UnknownRegime, BadCallback, BadClaim.
    """
    _meant_for_us(message, agent_id, business_id, now)
    _version(message, needed=True)
    return Asked(
        exercise=exercise.read(fields.text(message, "exercise", 40) or ""),
        regime=_regime(message),
        relationships=fields.hints(message, "relationships"),
        status_callback=fields.callback(message, "status_callback"),
        agent_request_id=fields.text(message, "agent-request-id", 200),
        identity=_identity(message),
    )


def check_set_up(message: Mapping[str, Any], *, agent_id: str, business_id: str, now: datetime) -> None:
    """That this message may have a token (2.05). `agent_id`: from the URL; the key was looked up by it.

    Raises as check does. Before 0.9.4 the message did not say its version, so it may be missing.
    """
    _meant_for_us(message, agent_id, business_id, now)
    _version(message, needed=False)


def check_revocation(message: Mapping[str, Any], *, agent_id: str, business_id: str, now: datetime) -> str | None:
    """The person's reason for taking the request back (2.04), in their words, or None.

    The message of the standard holds the reason and nothing else, so what 3.07 wants checked is checked where it is
    there. Raises as check does.
    """
    if "agent-id" in message:
        _agent(message, agent_id)
    if "business-id" in message:
        _business(message, business_id)
    if "issued-at" in message or "expires-at" in message:
        _time(message, now)
    return fields.text(message, "reason", 2000, lines=True)


def _meant_for_us(message: Mapping[str, Any], agent_id: str, business_id: str, now: datetime) -> None:
    """The chain of 3.07 after the signature. The order matters: do not sort it."""
    _agent(message, agent_id)
    _business(message, business_id)
    _time(message, now)


def _agent(message: Mapping[str, Any], agent_id: str) -> None:
    if message.get("agent-id") != agent_id:
        raise WrongAgent


def _business(message: Mapping[str, Any], business_id: str) -> None:
    if message.get("business-id") != business_id:
        raise WrongBusiness


def _time(message: Mapping[str, Any], now: datetime) -> None:
    """issued-at < now < expires-at, and not longer than LONGEST after it was issued."""
    issued = fields.moment(message, "issued-at")
    if now <= issued:
        raise NotYetValid
    if now >= fields.moment(message, "expires-at"):
        raise Expired
    if now - issued >= LONGEST:
        raise Stale


def _version(message: Mapping[str, Any], *, needed: bool) -> None:
    version = fields.text(message, "drp.version", 20)
    if version not in VERSIONS and (needed or version is not None):
        raise UnknownVersion


def _regime(message: Mapping[str, Any]) -> str | None:
    named = fields.text(message, "regime", 40)
    if named is None:
        return None
    if named.lower() not in REGIMES:
        raise UnknownRegime
    return REGIMES[named.lower()]


def _identity(message: Mapping[str, Any]) -> Identity:
    email, number, address = _email(message), fields.phone(message, "phone_number"), _address(message)
    verified = {
        f"{of}_verified": fields.truth(message, f"{of}_verified") for of in ("email", "phone_number", "address")
    }
    return Identity(
        name=fields.text(message, "name", 200),
        email=email,
        # Nothing is verified about what is not there.
        email_verified=email is not None and verified["email_verified"],
        phone_number=number,
        phone_number_verified=number is not None and verified["phone_number_verified"],
        address=address,
        address_verified=address is not None and verified["address_verified"],
        power_of_attorney=fields.text(message, "power_of_attorney", 2000),
    )


def _email(message: Mapping[str, Any]) -> str | None:
    written = fields.text(message, "email", 320)
    if written is None:
        return None
    try:
        return addresses.read(written)
    except BadAddress:
        raise BadClaim("email", "an e-mail address") from None


def _address(message: Mapping[str, Any]) -> Address | None:
    """The address; some agents send one text instead of an object. An object with nothing in it is none."""
    value = message.get("address")
    if isinstance(value, dict):
        lines = {"formatted", "street_address"}
        parts = {
            name: fields.text({f"address.{name}": value.get(name)}, f"address.{name}", 500, lines=name in lines)
            for name in Address.__dataclass_fields__
        }
        return Address(**parts) if any(parts.values()) else None
    if value is not None and not isinstance(value, str):
        raise BadClaim("address", "an address as OpenID Connect Core 5.1.1 has it")
    whole = fields.text(message, "address", 500, lines=True)
    return Address(formatted=whole) if whole else None
