"""The certificates and the key that sign Content Credentials: given in the settings, or made once and kept."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import config

#: How long our own certificates last. Without a time stamp a signature counts no longer than its certificate.
LASTS = timedelta(days=3650)
_END = "-----END CERTIFICATE-----\n"


@dataclass(frozen=True, slots=True)
class Keys:
    """PEM: the certificates, leaf first, and the leaf's private key (ECDSA P-256)."""

    certificates: str
    private_key: str


def of(settings: config.Settings) -> Keys:
    """Those of the settings; else those in keys/ of the data folder, made on first use. Trusted by nobody, then."""
    if settings.c2pa_certificates and settings.c2pa_private_key:
        given = settings.c2pa_certificates, settings.c2pa_private_key.get_secret_value()
        return Keys(*(pem.replace("\\n", "\n") for pem in given))
    path = settings.home / "keys" / "content-credentials.pem"
    if not path.exists():
        _keep(path, _made(datetime.now(UTC)))
    certificates, end, private_key = path.read_text().rpartition(_END)
    return Keys(certificates + end, private_key)


def _made(now: datetime) -> str:
    """A root, a certificate for signing under it (C2PA 2.x, 14.5.1), and its key, in one text: leaf, root, key."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name("ImgPilot self-made root"), _name("ImgPilot Content Credentials")
    root = (
        _begun(root_name, root_name, root_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_uses(sign_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _begun(name, root_name, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_uses(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return b"".join([*(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, root)), private]).decode()


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, config.PRODUCT), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _begun(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LASTS)
    )


def _uses(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _keep(path: Path, text: str) -> None:
    """Write it for this user only; if two processes race, one of them wins whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    with suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
