"""Content Credentials: a C2PA manifest signed into a picture, and read from one. Nothing is fetched from anywhere."""

import io
import json
from functools import cache
from importlib.metadata import version

from c2pa import Builder, C2paError, C2paSignerInfo, C2paSigningAlg, Context, Reader, Settings, Signer

import config
from imgpilot.provenance.keys import Keys
from imgpilot.provenance.source import Source


class NotSigned(Exception):
    """The manifest was not made, or what was made cannot be read back. `why` is a class of error."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@cache
def _context() -> Context:
    # A manifest may name an address where the rest of it is, and a certificate one that says whether it still counts.
    # Whatever leaves goes through the gateway: neither is asked. A thumbnail would be a second picture in the file.
    return Context(
        Settings.from_dict(
            {
                "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
                "builder": {"thumbnail": {"enabled": False}},
            }
        )
    )


def carries(media_type: str, data: bytes) -> bool:
    """Whether there is a manifest in these bytes, or the address of one; whoever signed it, and sound or not."""
    try:
        return Reader.try_create(media_type, io.BytesIO(data), context=_context()) is not None
    except C2paError.NotSupported:
        return False
    except C2paError:
        return True  # there is something that is meant as one


def sign(media_type: str, data: bytes, keys: Keys, source: Source, model: str) -> bytes:
    """The same picture with a manifest that says how it was made. Raises NotSigned.

    It holds no word of the prompt and nothing about a person: its name is a random number of its own.
    """
    manifest = {
        "claim_generator_info": [{"name": config.PRODUCT, "version": version("imgpilot")}],
        "format": media_type,
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {
                    "actions": [
                        {
                            "action": "c2pa.created",
                            "digitalSourceType": str(source),
                            "softwareAgent": {"name": model},
                        }
                    ]
                },
            }
        ],
    }
    made = io.BytesIO()
    try:
        info = C2paSignerInfo(C2paSigningAlg.ES256, keys.certificates.encode(), keys.private_key.encode(), None)
        with Signer.from_info(info) as signer, Builder(json.dumps(manifest), context=_context()) as builder:
            builder.sign(signer, media_type, io.BytesIO(data), made)
    except C2paError as error:
        raise NotSigned(type(error).__name__.removeprefix("_")) from None  # its text may quote what it read
    signed = made.getvalue()
    if state(media_type, signed) not in ("Valid", "Trusted"):
        raise NotSigned("Invalid")
    return signed


def state(media_type: str, data: bytes) -> str:
    """What a reader says about the manifest: "Valid", "Trusted", "Invalid"; "" if there is none."""
    try:
        with Reader(media_type, io.BytesIO(data), context=_context()) as reader:
            return str(reader.get_validation_state() or "")
    except C2paError:
        return ""
