"""Every setting, typed, read from the environment; and the lists of parts each application is made of."""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

#: The parts each application is composed of: "module:function", called with the Flask app.
SITE = [
    "imgpilot.usage.web:mount",
    "imgpilot.accounts.views:mount",
    "imgpilot.generation.views:mount",
    "imgpilot.generation.webhooks.views:mount",
    "imgpilot.gallery.views:mount",
    "imgpilot.safety.views:mount",
    "imgpilot.sharing.views:mount",
    "imgpilot.api.views:mount",
    "imgpilot.machine:mount",
    "imgpilot.policies.views:mount",
    "compliance.portal.views:mount",
    "compliance.portal.policy:mount",
]
CONSOLE = [
    "imgpilot.machine:mount",
    "compliance.console.views:mount",
]
#: Modules the worker imports its tasks from.
TASKS = [
    "imgpilot.usage.tasks",
    "imgpilot.accounts.tasks",
    "imgpilot.generation.tasks",
    "imgpilot.gallery.tasks",
    "compliance.processors.tasks",
    "imgpilot.api.tasks",
    "imgpilot.safety.tasks",
    "compliance.requests.tasks",
    "compliance.audit.tasks",
]
#: What fills an empty platform for a look around, in order: "module:function".
SAMPLES = ["imgpilot.sample:people", "compliance.sample:staff_and_requests"]
#: What an address brings with it, in order, when an account is made with it or changes to it: "module:function", called
#: with session, settings, account and time, in the same transaction.
ARRIVALS = ["compliance.optouts:recall"]
#: What every process checks before it serves: "module:function"; raises what is wrong.
CHECKS = ["compliance.inventory:check_declarations"]
#: Modules that add commands to `imgpilot`: each has add_to(group).
COMMANDS = ["imgpilot.commands", "imgpilot.policies.commands", "compliance.commands"]
#: Modules whose import registers every table there is.
TABLES = [
    "imgpilot.accounts.models",
    "imgpilot.billing.models",
    "imgpilot.generation.models",
    "imgpilot.gallery.models",
    "imgpilot.sharing.models",
    "imgpilot.safety.models",
    "imgpilot.policies.models",
    "imgpilot.usage.models",
    "imgpilot.api.models",
    "imgpilot.limits",
    "imgpilot.disclosures",
    "compliance.audit.models",
    "compliance.managed",
    "compliance.requests.models",
    "compliance.requests.casework",
    "compliance.standing",
    "compliance.staff",
]

LANGUAGES = {"en": "English", "zh_Hans": "简体中文"}
PRODUCT = "ImgPilot"
CONTACT = "hi@imgpilot.app"


class Environment(StrEnum):
    """Where this runs: what may be left unset depends on it."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class SettingsError(ValueError):
    """A setting is missing or wrong; the message names the variable."""


#: What production may not run without, because the stand-in would be a toy or a danger there.
NEEDED_IN_PRODUCTION = (
    "secret_key",
    "signing_key",
    "site_url",
    "console_url",
    "database_url",
    "broker_url",
    "r2_endpoint_url",
    "r2_bucket",
    "r2_access_key_id",
    "r2_secret_access_key",
    "smtp_url",
    "mail_from",
    "openai_api_key",
)


class Settings(BaseSettings):
    """The environment of one process. Unset parts have an embedded stand-in, except in production."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    imgpilot_env: Environment = Field(
        Environment.DEVELOPMENT, description="development, test or production. Production refuses stand-ins."
    )
    imgpilot_home: Path = Field(
        Path("var"),
        description="Folder for everything the embedded parts store: database, objects, keys, logs.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Signs cookies and keys digests. At least 32 random characters. Unset: made once, in keys/.",
    )
    signing_key: SecretStr | None = Field(
        None,
        description="Ed25519 private key, PEM (PKCS 8), for audit heads and export packages. Unset: made once.",
    )
    site_url: str = Field("http://127.0.0.1:8000", description="Where people reach the site.")
    console_url: str = Field("http://127.0.0.1:8001", description="Where staff reach the console.")
    sandbox_url: str = Field(
        "http://127.0.0.1:8002",
        description="Where the sandbox listens; it stands in for providers that are unset.",
    )
    database_url: SecretStr | None = Field(
        None, description="postgresql+psycopg://… Unset: an embedded PostgreSQL in postgres/."
    )
    broker_url: SecretStr | None = Field(
        None, description="redis://… or amqp://… Unset: Celery's filesystem transport in broker/."
    )
    r2_endpoint_url: str | None = Field(None, description="Cloudflare R2's S3 endpoint. Unset: a folder, objects/.")
    r2_bucket: str | None = Field(None, description="The bucket that holds pictures and packages.")
    r2_access_key_id: SecretStr | None = Field(None, description="R2 access key.")
    r2_secret_access_key: SecretStr | None = Field(None, description="R2 secret.")
    smtp_url: SecretStr | None = Field(
        None,
        description="smtp://user:password@host:587 (STARTTLS) or smtps://… Unset: the sandbox's mail catcher.",
    )
    mail_from: str = Field("ImgPilot <hi@imgpilot.app>", description="The sender of every mail.")
    drp_business_id: str = Field(
        "IMGPILOT", description="What agents call us in the Data Rights Protocol: capitals and underscores."
    )
    cloudflare_api_token: SecretStr | None = Field(
        None, description="Purges Cloudflare's cache. Unset: nothing is served through it, or the sandbox's."
    )
    cloudflare_zone_id: str | None = Field(None, description="The zone whose cache is purged.")
    cloudflare_api_base: str | None = Field(
        None, description="Its API. Unset: https://api.cloudflare.com/client/v4 with a token, else the sandbox."
    )
    r2_public_url: str | None = Field(
        None, description="Where the bucket is served through Cloudflare's cache, if it is."
    )
    openai_api_key: SecretStr | None = Field(
        None, description="Key of the OpenAI-compatible image provider. Unset: the sandbox."
    )
    openai_base_url: str | None = Field(
        None, description="Its base address. Unset: https://api.openai.com/v1 with a key, else the sandbox."
    )

    gemini_api_key: SecretStr | None = Field(
        None, description="Key of Google's Gemini API. Unset: its models are not offered."
    )
    gemini_base_url: str = Field(
        "https://generativelanguage.googleapis.com/v1beta", description="Base address of the Gemini API."
    )
    fal_key: SecretStr | None = Field(None, description="Key of fal.ai, id:secret. Unset: its models are not offered.")
    fal_queue_url: str = Field("https://queue.fal.run", description="Base address of fal's queue.")
    fal_api_url: str = Field("https://api.fal.ai/v1", description="Base address of fal's API, which removes payloads.")
    fal_jwks_url: str = Field(
        "https://rest.alpha.fal.ai/.well-known/jwks.json", description="Where fal publishes the keys of its webhooks."
    )
    bfl_api_key: SecretStr | None = Field(
        None, description="Key of Black Forest Labs. Unset: its models are not offered."
    )
    bfl_training_refused_on: date | None = Field(
        None,
        description="Day (YYYY-MM-DD) of its word that it will not train on what we send; its key needs it.",
    )
    bfl_base_url: str = Field("https://api.bfl.ai/v1", description="Base address of Black Forest Labs.")
    replicate_api_token: SecretStr | None = Field(
        None, description="Token of Replicate. Unset: its models are not offered."
    )
    replicate_base_url: str = Field("https://api.replicate.com/v1", description="Base address of Replicate.")
    google_client_id: str | None = Field(
        None,
        description="OAuth client of the sign-in with Google. Unset: the sandbox's, or in production no such sign-in.",
    )
    google_client_secret: SecretStr | None = Field(None, description="Its secret.")
    oidc_discovery_url: str | None = Field(
        None,
        description="Its discovery document. Unset: Google's with a client, else the sandbox's.",
    )
    c2pa_certificates: str | None = Field(
        None,
        description="PEM certificates, leaf first, that sign Content Credentials. Unset: made once, trusted by nobody.",
    )
    c2pa_private_key: SecretStr | None = Field(None, description="PEM key (PKCS 8, ECDSA P-256) of the first of them.")
    trusted_proxies: str = Field(
        "", description="CIDRs, by comma, of the proxies whose cf-connecting-ip is believed. Empty: nobody's."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for each in filter(None, map(str.strip, value.split(","))):
            try:
                ip_network(each)
            except ValueError:
                raise ValueError(f"{each} is no network, as 173.245.48.0/20 is one") from None
        return value

    @field_validator("site_url", "console_url", "sandbox_url")
    @classmethod
    def _an_address_without_path(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^/\s?#]+/?", value):
            raise ValueError("must be http(s)://host[:port] with nothing after it")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _postgresql_only(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        url = re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", value.get_secret_value())
        if not url.startswith("postgresql+psycopg://"):
            raise ValueError("must be a postgresql:// address; no other database is supported")
        return SecretStr(url)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        r2 = (self.r2_endpoint_url, self.r2_bucket, self.r2_access_key_id, self.r2_secret_access_key)
        if any(r2) and not all(r2):
            raise ValueError("R2_ENDPOINT_URL, R2_BUCKET, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY go together")
        if self.bfl_api_key and not self.bfl_training_refused_on:
            raise ValueError(
                "Black Forest Labs trains on what it is sent unless told not to, which our policy rules out (P09):"
                " write to privacy@blackforestlabs.ai, and set BFL_TRAINING_REFUSED_ON to the day of its answer"
            )
        if self.is_production:
            missing = [n for n in NEEDED_IN_PRODUCTION if n not in self.model_fields_set]
            if missing:
                raise ValueError("production needs " + ", ".join(name.upper() for name in missing))
            addresses = ("site_url", "console_url", "r2_endpoint_url", "openai_base_url")
            plain = [n for n in addresses if not (getattr(self, n) or "https://").lower().startswith("https://")]
            if plain:
                raise ValueError(" and ".join(n.upper() for n in plain) + " must be https:// in production")
        return self

    @property
    def is_production(self) -> bool:
        """Whether stand-ins are refused."""
        return self.imgpilot_env is Environment.PRODUCTION

    @cached_property
    def _proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(each.strip()) for each in self.trusted_proxies.split(",") if each.strip())

    def trusts(self, peer: str) -> bool:
        """Whether this address is a proxy of ours, whose word about its visitors is believed."""
        return any(ip_address(peer) in network for network in self._proxies)

    @property
    def home(self) -> Path:
        """The data folder, absolute."""
        return self.imgpilot_home.absolute()

    @property
    def smtp_address(self) -> str:
        """Where mail is handed over; by default the sandbox's catcher, one port above its pages."""
        if self.smtp_url:
            return self.smtp_url.get_secret_value()
        host, _, port = self.sandbox_url.removeprefix("http://").partition(":")
        return f"smtp://{host}:{int(port or 80) + 1}"

    @property
    def openai_address(self) -> str:
        """Base address of the OpenAI-compatible provider."""
        if self.openai_base_url:
            return self.openai_base_url.rstrip("/")
        return "https://api.openai.com/v1" if self.openai_api_key else f"{self.sandbox_url}/openai/v1"

    @property
    def secret(self) -> str:
        """The secret that signs cookies and keys digests; outside production made once and kept."""
        if self.secret_key:
            return self.secret_key.get_secret_value()
        return _kept(self.home / "keys" / "secret", lambda: secrets.token_urlsafe(48))

    @property
    def signing(self) -> Ed25519PrivateKey:
        """The key that signs audit heads and packages; outside production made once and kept."""
        pem = (
            self.signing_key.get_secret_value()
            if self.signing_key
            else _kept(self.home / "keys" / "signing.pem", _new_signing_key)
        )
        key = serialization.load_pem_private_key(pem.replace("\\n", "\n").encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise SettingsError("SIGNING_KEY must be an Ed25519 private key in PEM")
        return key


def _new_signing_key() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The text in a file that only this user can read; made on first use, once even if two processes race."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text()


def read_settings(**given: object) -> Settings:
    """The settings as the environment has them now; `given` wins. Raises SettingsError naming the variable."""
    from pydantic import ValidationError

    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        said = [
            f"{'.'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" if e["loc"] else e["msg"]
            for e in error.errors(include_input=False)
        ]
        raise SettingsError("; ".join(s.replace("Value error, ", "") for s in said)) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings()
