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
from imgpilot.purposes import ACCOUNTABILITY, GENERATION, MESSAGES, NEWS, PROGRAMS, RIGHTS, SIGN_IN, STORAGE


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
    #: For whoever runs this: what no public source says and the contract must, or what has to be done before data goes.
    note: str = ""


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
    # Sources say that it is not on the list of the Data Privacy Framework.
    _("standard contractual clauses"),
    _("up to 30 days, to detect abuse"),
    {GENERATION: _PICTURES},
    ("api.openai.com",),
    "privacy@openai.com",
    "the data processing addendum, which has the clauses, has to be signed",
)
GEMINI = Processor(
    "gemini",
    "Google Gemini",
    _("Runs the image models"),
    "US",
    _("EU–US Data Privacy Framework, standard contractual clauses"),
    _("for a limited time, to detect abuse; there is no way to have it removed earlier"),
    {GENERATION: _PICTURES},
    ("generativelanguage.googleapis.com",),
    "data-protection-office@google.com",
    "only the paid service is not trained on; turn the logging of generateContent off (docs/engines.md)",
)
FAL = Processor(
    "fal",
    "fal",
    _("Runs the image models"),
    "US",
    _("standard contractual clauses"),
    _("the prompt while it works; the picture until we have copied it, and never longer than an hour"),
    {GENERATION: _PICTURES},
    # The queue, its API, the keys of its webhooks, and where finished pictures lie.
    ("queue.fal.run", "api.fal.ai", "rest.alpha.fal.ai", "v3b.fal.media", "v3.fal.media", "fal.media"),
    "support@fal.ai",
    "the address for notices and the transfer clauses were in no source: take them from the data processing addendum; "
    "its terms leave models marked “Pending Enterprise Ready” out of the addendum and of the ban on training",
)
BFL = Processor(
    "bfl",
    "Black Forest Labs",
    _("Runs the image models"),
    "US",
    _("standard contractual clauses"),
    _("the picture for 10 minutes; prompts as its terms say, and there is no way to have them removed earlier"),
    {GENERATION: _PICTURES},
    # It answers with the address of a region to ask at, and of another one where the picture lies. Its pages name only
    # the first region of each continent; programs in use have met the others, and both ways to write a delivery host.
    (
        *("api.bfl.ai", "api.eu.bfl.ai", "api.us.bfl.ai"),
        *(f"api.{region}{n}.bfl.ai" for region in ("eu", "us") for n in range(1, 5)),
        *("delivery.bfl.ai", "delivery-eu.bfl.ai", "delivery-us.bfl.ai"),
        *(f"delivery{mark}{region}{n}.bfl.ai" for mark in "-." for region in ("eu", "us") for n in range(1, 5)),
    ),
    "privacy@blackforestlabs.ai",
    "its terms let it train on prompts and pictures: before the key is set, opt out by mail to the address for notices "
    "(subject “Training Opt Out”) or have zero data retention agreed; the transfer clauses were in no source",
)
REPLICATE = Processor(
    "replicate",
    "Replicate",
    _("Runs the image models"),
    "US",
    _("standard contractual clauses"),
    _("1 hour"),
    {GENERATION: _PICTURES},
    ("api.replicate.com", "replicate.delivery", "pbxt.replicate.delivery"),
    "privacy@replicate.com",
    "there is no public data processing addendum and no entry in the Data Privacy Framework: ask for the clauses; "
    "Replicate, LLC belongs to Cloudflare since December 2025",
)
#: Only what a sign-in needs passes between the two: a code, and the address of the picture that Google gave.
GOOGLE = Processor(
    "google",
    "Google",
    _("Says who you are, if you sign in with Google"),
    "US",
    _("EU–US Data Privacy Framework, standard contractual clauses"),
    _("what your own account at Google says, as you agreed with Google"),
    {SIGN_IN: ("user.unique_id.pseudonymous",)},
    (
        *("accounts.google.com", "oauth2.googleapis.com", "openidconnect.googleapis.com"),
        *("www.googleapis.com", "lh3.googleusercontent.com"),
    ),
    "data-protection-office@google.com",
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
    {GENERATION: _PICTURES, RIGHTS: ("user.unique_id.pseudonymous",), SIGN_IN: ("user.unique_id.pseudonymous",)},
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

#: Not in the register either: the person's own program, at the address that they gave (api/webhooks.py).
OWN = Processor(
    "own-program",
    _("Your own program"),
    _("Is told when your pictures are done, at the address that you gave"),
    "",
    "",
    _("as long as you decide"),
    {PROGRAMS: ("user.unique_id.pseudonymous",)},
)

PROCESSORS = {p.key: p for p in (OPENAI, GEMINI, FAL, BFL, REPLICATE, GOOGLE, CLOUDFLARE, MAIL, SANDBOX)}


def known_as(key: str) -> Processor:
    """The processor that a line of the disclosure log names; one that has left the register, by its key alone."""
    if key == AGENT.key:
        return AGENT
    if key == OWN.key:
        return OWN
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


#: The other image providers by the key of their engine: who it is, the setting that lets us in, its addresses.
_KEYED = {
    "gemini": (GEMINI, "gemini_api_key", ("gemini_base_url",)),
    "fal": (FAL, "fal_key", ("fal_queue_url", "fal_api_url", "fal_jwks_url")),
    "bfl": (BFL, "bfl_api_key", ("bfl_base_url",)),
    "replicate": (REPLICATE, "replicate_api_token", ("replicate_base_url",)),
}


def image_providers(settings: config.Settings) -> dict[str, Processor]:
    """Who is behind each engine (imgpilot/generation/engines) that this installation has a key for.

    The OpenAI-compatible one is always there. Outside production an address on this machine is the sandbox's: a key
    may point at a double. Raises StartError for an address that is neither.
    """
    found = {"openai": image_provider(settings)}
    for engine, (provider, key, addresses) in _KEYED.items():
        if getattr(settings, key) is not None:
            behind = [_behind(settings, provider, address) for address in addresses]
            if any(each != behind[0] for each in behind):
                raise StartError(f"{' and '.join(name.upper() for name in addresses)} must go to one company")
            found[engine] = behind[0]
    return found


def _behind(settings: config.Settings, provider: Processor, name: str) -> Processor:
    """The provider, or the sandbox in its place, as the host in this setting says. Raises StartError."""
    host = urlsplit(getattr(settings, name)).hostname or ""
    for processor in (provider,) if settings.is_production else (provider, SANDBOX):
        if host in processor.hosts:
            return processor
    raise StartError(f"{name.upper()} names {host}, which is not a host of {provider.name}")


def in_use(settings: config.Settings) -> list[Processor]:
    """The processors that this installation can send to."""
    return [
        *{processor.key: processor for processor in image_providers(settings).values()}.values(),
        *([GOOGLE] if settings.google_client_id else []),
        *([CLOUDFLARE] if settings.r2_endpoint_url else []),
        MAIL,
    ]


def cache_of(settings: config.Settings) -> Cache | None:
    """The cache in front of the bucket; None where nothing is served through one.

    Raises StartError if R2_PUBLIC_URL is set and what purges it is not, or is nobody we know.
    """
    if not settings.r2_public_url:
        return None
    token, zone = settings.cloudflare_api_token, settings.cloudflare_zone_id
    if token is None and settings.is_production:
        raise StartError("R2_PUBLIC_URL is set, so CLOUDFLARE_API_TOKEN and CLOUDFLARE_ZONE_ID are needed to purge it")
    if token is not None and not zone:
        raise StartError("CLOUDFLARE_API_TOKEN is set without CLOUDFLARE_ZONE_ID")
    return _cache(settings, settings.r2_public_url)


def cache_of_pages(settings: config.Settings) -> Cache | None:
    """The cache in front of the site, which keeps what is public; None where the site is served without one.

    There is one where CLOUDFLARE_ZONE_ID is set. Raises StartError if nothing could purge it.
    """
    if not settings.cloudflare_zone_id:
        return None
    if settings.cloudflare_api_token is None and settings.is_production:
        raise StartError("CLOUDFLARE_ZONE_ID is set, so CLOUDFLARE_API_TOKEN is needed to purge its cache")
    return _cache(settings, settings.site_url)


def _cache(settings: config.Settings, address: str) -> Cache:
    place = urlsplit(address)
    serves = f"{place.netloc}{place.path}".rstrip("/")
    token, base = settings.cloudflare_api_token, settings.cloudflare_api_base
    if base is None:
        real = "https://api.cloudflare.com/client/v4"
        base = real if token is not None else f"{settings.sandbox_url}/cloudflare/client/v4"
    host = urlsplit(base).hostname or ""
    for processor in (CLOUDFLARE,) if settings.is_production else (CLOUDFLARE, SANDBOX):
        if host in processor.hosts:
            said = token.get_secret_value() if token is not None else "sandbox"
            return Cache(processor, base.rstrip("/"), settings.cloudflare_zone_id or "sandbox", said, serves)
    raise StartError(f"CLOUDFLARE_API_BASE names {host}, which is not Cloudflare")
