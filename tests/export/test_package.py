"""x"""

from datetime import date
from pathlib import Path

from compliance.export import package
from compliance.export.check import check
from tests.world import person


def test_try(session, parts, tmp_path):
    ana = person(session, parts, "ana")
    bob = person(session, parts, "bob")
    st = package.build(
        parts,
        request_id=ana.request.id,
        account_id=ana.account.id,
        case="IP-2026-0001",
        regime="gdpr",
        received_at=parts.clock(),
        due_on=date(2026, 12, 23),
        language="en",
        now=parts.clock(),
        beat=lambda: None,
    )
    z = tmp_path / "p.zip"
    z.write_bytes(b"".join(parts.storage.open(st.key)))
    Path("/tmp/p.zip").write_bytes(z.read_bytes())
    got = check(z, parts.settings.signing.public_key())
    print(got)
    assert got.good
