"""How it must have ended, whatever happened on the way."""

import zipfile
from collections import Counter
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance import inventory, reach
from compliance.audit.seal import seal
from compliance.audit.verify import verify
from compliance.reach import Person
from compliance.requests import downloads
from compliance.requests.kinds import Kind
from compliance.requests.models import Happening, Package, PrivacyRequest, Removal, Step
from compliance.requests.procedures import PROCEDURE
from imgpilot.parts import Parts
from tests.world import Somebody, stands_in

His = dict[str, list[str]]


def everything_of(session: Session, parts: Parts, somebody: Somebody) -> His:
    """Every row of this person's and every object, to the byte."""
    session.rollback()
    rows = {}
    for table in reach.held():
        condition = reach.hers(table, Person(somebody.account.id))
        assert condition is not None
        rows[table.name] = sorted(repr(tuple(r)) for r in session.execute(select(table).where(condition)))
    folder = f"{somebody.account.id}/"
    found = {key: sha256(b"".join(parts.storage.open(key))).hexdigest() for key in parts.storage.keys(folder)}
    return rows | {"objects": sorted(f"{key} {digest}" for key, digest in found.items())}


def files_of(parts: Parts, account_id: UUID) -> list[str]:
    """Every file that lies in a person's folder, half-written ones too, past our own listing."""
    folder: Path = parts.settings.home / "objects" / str(account_id)
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def is_answered(session: Session, parts: Parts, request_id: UUID) -> PrivacyRequest:
    """It is answered, each step was done once, and the audit log is whole."""
    session.rollback()
    session.expire_all()
    request = session.get_one(PrivacyRequest, request_id)
    assert request.state == "answered"
    assert request.closed_at
    steps = session.scalars(select(Step).where(Step.request_id == request_id).order_by(Step.position)).all()
    expected = ["tell acknowledgement", "count", *(work.name for work in PROCEDURE[Kind(request.kind)])]
    assert [step.name for step in steps if not step.name.startswith("notify ")] == expected
    assert all(
        step.lease is None and (step.state == "skipped" or (step.state == "done" and step.done_at)) for step in steps
    )
    assert {step.name for step in steps if step.state == "skipped"} <= {"cool off"}
    lines = session.scalars(select(Happening).where(Happening.request_id == request_id)).all()
    done = Counter(line.facts["step"] for line in lines if line.what == "step done")
    assert done == Counter(step.name for step in steps if step.state == "done"), "no step was done twice"
    assert Counter(line.what for line in lines)["answered"] == 1
    assert seal(parts, parts.clock()) > 0
    with parts.sessions() as own:
        verify(own, parts.storage, parts.settings.signing.public_key())
    return request


def is_fetchable(session: Session, parts: Parts, request_id: UUID, ana: Somebody) -> Package:
    """There is exactly one package, it is what lies in the object store, whole, and nothing else is left over."""
    package = session.scalars(select(Package).where(Package.request_id == request_id)).one()
    data = b"".join(downloads.opened(parts.storage, parts.settings, package))
    assert (len(data), sha256(data).hexdigest()) == (package.bytes, package.sha256)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert "manifest.sig" in archive.namelist()
    named = [ana.image.object_key, ana.image.thumbnail_key, ana.reference.object_key, package.object_key]
    named += [ana.account.picture_key, ana.share.card_key]
    before = f"{ana.request.id}.zip"
    assert files_of(parts, ana.account.id) == sorted([before, *(str(key).rpartition("/")[2] for key in named)])
    return package


def is_erased(session: Session, parts: Parts, request_id: UUID, ana: Somebody, objects: int = 7) -> Package:
    """No row, no object, no half-written file and no mark of hers is left; the certificate is there."""
    request = session.get_one(PrivacyRequest, request_id)
    assert (request.contact, request.account_id) == (None, None)
    assert files_of(parts, ana.account.id) == []
    assert not session.scalar(select(func.count()).where(Removal.request_id == request_id))
    for table in inventory.tables():
        written = repr(session.execute(select(table)).all())
        assert not stands_in("ANA", written), table.name
        assert "ana@example.com" not in written, table.name
        assert str(ana.account.id) not in written, table.name
    evidence = {step.name: step.evidence for step in session.scalars(select(Step).where(Step.request_id == request_id))}
    assert evidence["erase rows"]["deleted"]["account"] == 1
    assert evidence["erase rows"]["objects"] == evidence["remove objects"]["removed"] == objects
    assert evidence["look again"]["found"] == evidence["look again"]["objects"] == evidence["close"]["found"] == 0
    certificate = session.scalars(select(Package).where(Package.request_id == request_id)).one()
    data = b"".join(parts.storage.open(certificate.object_key))
    assert (len(data), sha256(data).hexdigest()) == (certificate.bytes, certificate.sha256)
    return certificate
