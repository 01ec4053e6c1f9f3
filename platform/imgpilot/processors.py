"""Who receives personal data, for what, where they are and on which contract (policy P12, P14).

A processor that is not here, a purpose that is not listed for it, a category outside the purpose, or a host
that is not its own: the gateway refuses the call before anything leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import config
from imgpilot.errors import StartError
from imgpilot.language import marked as _
from imgpilot.privacy import Purpose
from imgpilot.purposes import ACCOUNTABILITY, GENERATION, MESSAGES, RIGHTS, SIGN_IN, STORAGE


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
)
CLOUDFLARE = Processor(
    "cloudflare",
    "Cloudflare",
    _("Stores pictures and export packages (R2)"),
    "US",
    _("EU–US Data Privacy Framework, standard contractual clauses"),
    _("until we remove them"),
    {STORAGE: _PICTURES, RIGHTS: ("user",), ACCOUNTABILITY: ("system.operations",)},
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
        RIGHTS: ("user.contact.email",),
    },
)
SANDBOX = Processor(
    "sandbox",
    _("Sandbox on this machine"),
    _("Stands in for image models while developing"),
    "",
    _("nothing leaves this machine"),
    _("not at all"),
    {GENERATION: _PICTURES},
    ("127.0.0.1", "localhost", "::1"),
)

PROCESSORS = {p.key: p for p in (OPENAI, CLOUDFLARE, MAIL, SANDBOX)}


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
