"""Who receives personal data, for what, where they are and on which contract (policy P12, P14).

A processor that is not here, a purpose that is not listed for it, a category outside the purpose, or a host
that is not its own: the gateway refuses the call before anything leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import config
from imgpilot.errors import StartError
from imgpilot.language import marked as _
from imgpilot.privacy import Purpose
from imgpilot.purposes import ACCOUNTABILITY, GENERATION, MESSAGES, NEWS, RIGHTS, SIGN_IN, STORAGE


@dataclass(frozen=True)
class Processor:
    """A company that processes personal data on our instructions (GDPR Art. 28)."""

    key: str
    name: str
    does: str
    country: str
    #: Why data may go there (GDPR Ch. V): adequacy, SCCs, DPF; "" where it does not leave.
    transfer: str
    #: How long it keeps what it got, in words.
    keeps: str
    #: For each purpose the Fideslang categories that may go.
    receives: Mapping[Purpose, tuple[str, ...]]
    hosts: tuple[str, ...] = ()
    #: Where it takes notices of erasure, correction and restriction (GDPR Art. 19), by mail. Whoever runs this checks
    #: it against the contract: companies move their privacy desks. "": see compliance/processors.
    notices: str = ""


@dataclass(frozen=True)
class Cache:
    """Where the delivery network is told to forget what it serves. `serves` is host and path, without a scheme."""

    processor: Processor
    base: str
    zone: str
    token: str = field(repr=False)
    serves: str


_PICTURES = ("user.content.private",)

OPENAI = Processor(
    "openai",
    "OpenAI",
    _("Runs the image models"),
    "US",
    _("EU–US Data Privacy Framework, standard contractual clauses"),
    _("up to 30 days, to detect abuse"),
    {GENERATION: _PICTURES},
    ("api.openai.com",),
    "privacy@openai.com",
)
CLOUDFLARE = Processor(
    "cloudflare",
    "Cloudflare",
    _("Stores pictures and export packages (R2)"),
    "US",
    _("EU–US Data Privacy Framework, standard contractual clauses"),
    _("until we remove them"),
    {STORAGE: _PICTURES, RIGHTS: ("user",), ACCOUNTABILITY: ("system.operations",)},
    ("api.cloudflare.com",),
)
MAIL = Processor(
    "mail",
    _("Mail delivery"),
    _("Delivers our e-mail"),
    "DE",
    _("within the EU"),
    _("up to 30 days, in delivery logs"),
    {
        SIGN_IN: ("user.contact.email",),
        MESSAGES: ("user.contact.email",),
        NEWS: ("user.contact.email",),
        RIGHTS: ("user.contact.email",),
    },
)
SANDBOX = Processor(
    "sandbox",
    _("Sandbox on this machine"),
    _("Stands in for other companies while developing"),
    "",
    _("nothing leaves this machine"),
    _("not at all"),
    {GENERATION: _PICTURES, RIGHTS: ("user.unique_id.pseudonymous",)},
    ("127.0.0.1", "localhost", "::1"),
    "privacy@sandbox.test",
)

#: Not in the register: it acts for the person, not for us, and its own system says where it is called.
AGENT = Processor(
    "agent",
    _("Authorised agent"),
    _("Makes requests for the person who sent it"),
    "",
    "",
    _("as the person agreed with it"),
    {RIGHTS: ("user.privacy_preferences",)},
)

PROCESSORS = {p.key: p for p in (OPENAI, CLOUDFLARE, MAIL, SANDBOX)}


def known_as(key: str) -> Processor:
    """The processor that a line of the disclosure log names; one that has left the register, by its key alone."""
    if key == AGENT.key:
        return AGENT
    gone = Processor(key, key, _("Received data before and is not used any more"), "", "", _("not known any more"), {})
    return PROCESSORS.get(key, gone)


def image_provider(settings: config.Settings) -> Processor:
    """Who runs the OpenAI-compatible models: known by the host. An unknown host is an error at start."""
    host = urlsplit(settings.openai_address).hostname or ""
    for processor in (OPENAI,) if settings.is_production else (OPENAI, SANDBOX):
        if host in processor.hosts:
            return processor
    raise StartError(
        f"OPENAI_BASE_URL names {host}, which is no registered processor; add it to imgpilot/processors.py first"
    )


def in_use(settings: config.Settings) -> list[Processor]:
    """The processors that this installation can send to."""
    return [
        image_provider(settings),
        *([CLOUDFLARE] if settings.r2_endpoint_url else []),
        MAIL,
    ]


def cache_of(settings: config.Settings) -> Cache | None:
    """The cache in front of the bucket; None where nothing is served through one.

    Raises StartError if R2_PUBLIC_URL is set and what purges it is not, or is nobody we know.
    """
    if not settings.r2_public_url:
        return None
    place = urlsplit(settings.r2_public_url)
    serves = f"{place.netloc}{place.path}".rstrip("/")
    token, zone, base = settings.cloudflare_api_token, settings.cloudflare_zone_id, settings.cloudflare_api_base
    if token is None and settings.is_production:
        raise StartError("R2_PUBLIC_URL is set, so CLOUDFLARE_API_TOKEN and CLOUDFLARE_ZONE_ID are needed to purge it")
    if token is not None and not zone:
        raise StartError("CLOUDFLARE_API_TOKEN is set without CLOUDFLARE_ZONE_ID")
    if base is None:
        real = "https://api.cloudflare.com/client/v4"
        base = real if token is not None else f"{settings.sandbox_url}/cloudflare/client/v4"
    host = urlsplit(base).hostname or ""
    for processor in (CLOUDFLARE,) if settings.is_production else (CLOUDFLARE, SANDBOX):
        if host in processor.hosts:
            said = token.get_secret_value() if token is not None else "sandbox"
            return Cache(processor, base.rstrip("/"), zone or "sandbox", said, serves)
    raise StartError(f"CLOUDFLARE_API_BASE names {host}, which is not Cloudflare")
