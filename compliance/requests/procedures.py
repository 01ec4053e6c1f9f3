"""Which steps each kind of request takes, which waits for which, and what each is called to people.

A step runs when all that it waits for are done, so one that fails holds up only what needs it. "notify *" stands
for the notices to every company that received data; they are known when the work begins.
"""

from dataclasses import dataclass

from compliance.requests.kinds import Kind
from compliance.requests.queueing import done_name
from imgpilot.language import marked as _
from imgpilot.processors import PROCESSORS


@dataclass(frozen=True)
class Work:
    """A step and the steps it waits for."""

    name: str
    after: tuple[str, ...] = ()


#: Prepared before an officer looks. Nothing, where there is nothing to decide.
PREPARATION: dict[Kind, tuple[Work, ...]] = {
    kind: (Work("count"),) for kind in Kind if kind not in (Kind.CONSENT_WITHDRAWAL, Kind.OPT_OUT)
} | {Kind.CONSENT_WITHDRAWAL: (), Kind.OPT_OUT: ()}

_RECIPIENTS_KNOW = ("note recipients", "notify *")

PROCEDURE: dict[Kind, tuple[Work, ...]] = {
    Kind.ACCESS: (Work("build package"), Work("tell ready", ("build package",))),
    Kind.PORTABILITY: (Work("build portable package"), Work("tell portable", ("build portable package",))),
    Kind.DELETION: (
        Work("cool off"),
        Work("erase rows", ("cool off",)),
        Work("keep tombstone", ("erase rows",)),
        Work("remove objects", ("erase rows",)),
        Work("purge copies", ("remove objects",)),
        Work("note recipients", ("erase rows",)),
        Work("look again", ("remove objects", "purge copies")),
        Work("certify", ("look again", "keep tombstone", *_RECIPIENTS_KNOW)),
        Work("tell erased", ("certify",)),
        Work("close", ("tell erased",)),
    ),
    Kind.CORRECTION: (
        Work("tell changing"),
        Work("correct", ("tell changing",)),
        Work("note recipients", ("correct",)),
        Work("tell corrected", ("correct", *_RECIPIENTS_KNOW)),
    ),
    Kind.RESTRICTION: (
        Work("restrict"),
        Work("note recipients", ("restrict",)),
        Work("tell restricted", ("restrict", *_RECIPIENTS_KNOW)),
    ),
    Kind.OBJECTION: (Work("stop"), Work("tell stopped", ("stop",))),
    Kind.CONSENT_WITHDRAWAL: (Work("withdraw consent"), Work("tell consent withdrawn", ("withdraw consent",))),
    Kind.OPT_OUT: (Work("opt out"), Work("tell opted out", ("opt out",))),
}

#: What can be left out by an officer with a reason, when it fails for good: it is told in the evidence.
CAN_BE_SKIPPED = ("notify", "purge copies")
#: Why, as it stands in the evidence for good. What an officer says besides may name people, so it is a comment.
SKIPPED_FOR = {
    "impossible": _("it cannot be done"),
    "disproportionate": _("it would be out of proportion (GDPR 19)"),
    "another way": _("it was done in another way"),
}

#: What each step is called on the case page and in the certificate.
TITLES = {
    "count": _("Everything found and counted"),
    "cool off": _("Time to take it back"),
    "build package": _("Package built, encrypted and signed"),
    "build portable package": _("Portable package built, encrypted and signed"),
    "erase rows": _("Rows erased in one transaction"),
    "keep tombstone": _("Mark kept, so that a restored backup is erased again"),
    "remove objects": _("Pictures and packages removed from the object store"),
    "purge copies": _("Copies in the delivery network purged"),
    "note recipients": _("Companies that received data written down"),
    "look again": _("Every table and the object store searched again"),
    "certify": _("Certificate made and signed"),
    "close": _("Contact address cleared, last search done"),
    "correct": _("Corrected everywhere it lies"),
    "restrict": _("Processing restricted"),
    "stop": _("Processing stopped"),
    "withdraw consent": _("Consent withdrawn"),
    "opt out": _("Opted out"),
    "confirm new address": _("Link sent to the new address"),
    "warn owner": _("Owner of the account warned at the address we know"),
    "destroy evidence": _("Evidence of identity destroyed"),
    "call agent": _("Agent's system told"),
    "tell acknowledgement": _("Receipt confirmed to the person"),
    "tell confirm": _("Link sent that proves who asks"),
    "tell more": _("Person asked for more"),
    "tell extension": _("Extension told to the person"),
    "tell ready": _("Person told that the package is ready"),
    "tell portable": _("Person told that the package is ready"),
    "tell erased": _("Certificate sent to the person"),
    "tell changing": _("Change told to the present address"),
    "tell corrected": _("Person told of the correction"),
    "tell restricted": _("Person told of the restriction"),
    "tell stopped": _("Person told that it stopped"),
    "tell consent withdrawn": _("Person told that the consent is withdrawn"),
    "tell opted out": _("Opt-out confirmed to the person"),
    "tell refusal": _("Refusal sent to the person, with reasons"),
    "tell withdrawal": _("Withdrawal confirmed to the person"),
    "tell cooling": _("Person told until when it can be taken back"),
    "tell appeal received": _("Appeal confirmed to the person"),
    "tell appeal upheld": _("Person told that the appeal succeeded"),
    "tell appeal denied": _("Person told that the appeal failed, and where to complain"),
    "tell reopened": _("Person told that it was opened again"),
    "tell lifting": _("Person told that the restriction will end"),
}


def title(name: str) -> tuple[str, dict[str, str]]:
    """What a step is called, marked for translation, and its values: a letter sent twice has the same name."""
    plain = done_name(name)
    if plain.startswith("notify "):
        processor = PROCESSORS.get(plain.removeprefix("notify "))
        return _("Notice to %(company)s"), {"company": processor.name if processor else plain}
    return TITLES.get(plain, plain), {}


def can_be_skipped(name: str, has_address: bool = True) -> bool:
    """Whether an officer may leave this step out. A letter to somebody without an e-mail address goes by post."""
    letter = name.startswith("tell ") and not has_address
    return letter or done_name(name).startswith(CAN_BE_SKIPPED)
