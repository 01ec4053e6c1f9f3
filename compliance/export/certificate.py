"""The erasure certificate: a PDF that proves what went, what stays and why, and that nothing else is left.

It names nobody, so it may itself stay, and may go by mail. The facts it prints are attached to it as canonical
JSON with our Ed25519 signature, so anybody can check them without trusting the paper.
"""

import hashlib
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import config
from compliance.export import certificate_page, proof
from compliance.export.report import FONTS
from compliance.requests.models import Plan, PrivacyRequest
from reports.pdf import Attached, render


def erasure_certificate(
    *,
    request: PrivacyRequest,
    plan: Plan,
    evidence: Mapping[str, Mapping[str, Any]],
    settings: config.Settings,
    now: datetime,
) -> bytes:
    """The certificate as PDF/A-3a, with certificate.json and certificate.sig attached.

    `evidence` is what each step left, by its name, with its time under "at". Raises StepFailed if one
    that proves something is missing, or if the second search found something.
    """
    stated = proof.facts(request, plan, evidence, now)
    canonical = proof.canonical(stated)
    signature = settings.signing.sign(canonical)
    sealed = certificate_page.Seal(hashlib.sha256(canonical).hexdigest(), signature.hex(), settings.site_url)
    out = io.BytesIO()
    render(
        certificate_page.document(request, stated, sealed, now),
        fonts=FONTS,
        out=out,
        attachments=[
            Attached("certificate.json", canonical, "The facts, in canonical JSON", "Data"),
            Attached(
                "certificate.sig",
                signature,
                "Ed25519 signature over certificate.json",
                "Supplement",
            ),
        ],
    )
    return out.getvalue()
