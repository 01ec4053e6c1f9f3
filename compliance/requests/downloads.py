"""Fetching what was made for a request: once a link, by whom, when; not after it has expired, nor if it does not open.

Whether a package is locked is told from its kind. An empty key is a key that is missing, never a package that is open.
"""

import secrets
from collections.abc import Generator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

import config
from compliance import vault
from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.requests.models import Download, Package, PackageLink, PrivacyRequest
from imgpilot.digests import keyed
from imgpilot.errors import PersonalError
from imgpilot.language import marked as _
from imgpilot.storage import Storage

#: What lies open in the object store: it holds no personal data. Everything else is locked.
OPEN = ("certificate",)
#: How long a link to a package works.
LINK_LASTS = timedelta(minutes=15)


class NotReady(PersonalError):
    """There is nothing to fetch, not yet or not any more."""

    status = 404


class LinkOver(PersonalError):
    """This link fetches nothing any more: it was used, or its time is over, or it never was one."""

    status = 410


def ready(session: Session, request_id: UUID, kind: str, now: datetime) -> Package | None:
    """What can be fetched of this kind ("export", "portable", "certificate") now."""
    return session.scalar(_there(request_id, now, kind))


def package_of(session: Session, request_id: UUID, now: datetime) -> Package | None:
    """The package that was made for this request, export or portable, if it can be fetched now."""
    return session.scalar(_there(request_id, now, "export", "portable"))


def fetch(session: Session, request: PrivacyRequest, kind: str, actor: str, now: datetime) -> Package:
    """A document that lies open, with the fetching written down in the caller's transaction. Raises NotReady.

    What is locked is fetched by a link only, by the person only.
    """
    found = ready(session, request.id, kind, now) if kind in OPEN else None
    if found is None:
        raise NotReady(_("This file is not there: it is not made yet, or its 14 days are over. You can ask again."))
    _note(session, request, found, Action.CERTIFICATE_DOWNLOADED, actor, now)
    return found


def make_link(session: Session, settings: config.Settings, request: PrivacyRequest, now: datetime) -> str:
    """The token of a new link to this request's package: it works once, for 15 minutes. Links from before end.

    Only a digest of it is kept. Whoever asks must have proved minutes ago to be the person. Raises NotReady.
    """
    package = package_of(session, request.id, now)
    if package is None:
        raise NotReady(_("There is no package: it is not made yet, or its 14 days are over. You can ask again."))
    session.execute(
        update(PackageLink)
        .where(PackageLink.package_id == package.id, PackageLink.used_at.is_(None), PackageLink.expires_at > now)
        .values(expires_at=now)
    )
    token = secrets.token_urlsafe(32)
    session.add(
        PackageLink(package_id=package.id, digest=_digest(settings, token), created_at=now, expires_at=now + LINK_LASTS)
    )
    record(
        session,
        at=now,
        actor="person",
        action=Action.PACKAGE_LINK_MADE,
        subject=request.subject,
        facts={"case": request.case, "kind": package.kind},
    )
    return token


def look(session: Session, settings: config.Settings, request: PrivacyRequest, token: str, now: datetime) -> Package:
    """The package that this link would fetch now; nothing is changed. Raises NotReady or LinkOver, which says why."""
    link = session.scalar(
        select(PackageLink)
        .join(Package, Package.id == PackageLink.package_id)
        .where(PackageLink.digest == _digest(settings, token), Package.request_id == request.id)
    )
    if link is None:
        raise LinkOver(_("We do not know this link. Get a new one."))
    if link.used_at is not None:
        raise LinkOver(_("This link was used. Get a new one."))
    if now >= link.expires_at:
        raise LinkOver(_("This link has run out. Get a new one."))
    package = package_of(session, request.id, now)
    if package is None or package.id != link.package_id:
        raise NotReady(_("There is no package: it is not made yet, or its 14 days are over. You can ask again."))
    return package


def use(session: Session, settings: config.Settings, request: PrivacyRequest, token: str, now: datetime) -> None:
    """Use the link up and write the fetching down. The caller commits before the first byte goes out.

    Of two at once one gets the package; the other finds the link used (LinkOver).
    """
    package_id = session.scalar(
        update(PackageLink)
        .where(
            PackageLink.digest == _digest(settings, token),
            PackageLink.used_at.is_(None),
            PackageLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(PackageLink.package_id)
    )
    if package_id is None:
        raise LinkOver(_("This link was used. Get a new one."))
    package = session.get_one(Package, package_id)
    _note(session, request, package, Action.PACKAGE_DOWNLOADED, "person", now)


def opened(storage: Storage, settings: config.Settings, package: Package) -> Generator[bytes, None, None]:
    """The plain bytes of a locked package, in pieces, the first of them verified. Whoever takes it closes it.

    Raises Locked if it does not open, StorageError if the object store does not give it. Bytes that were altered
    further on raise Locked when it comes to them.
    """
    # The key first: nothing is left open if it is not there.
    key = vault.unwrapped(settings, package.wrapped_key, str(package.id))
    return vault.opened(storage.open(package.object_key), key)


def forget(session: Session, package_ids: list[UUID]) -> None:
    """Delete these packages' rows, with the links to them and the notes of who fetched them. Their keys end here."""
    for table in (Download, PackageLink):
        session.execute(delete(table).where(table.package_id.in_(package_ids)))
    session.execute(delete(Package).where(Package.id.in_(package_ids)))


def _there(request_id: UUID, now: datetime, *kinds: str) -> Select[Package]:
    return select(Package).where(
        Package.request_id == request_id,
        Package.kind.in_(kinds),
        or_(Package.expires_at.is_(None), Package.expires_at > now),
    )


def _note(
    session: Session, request: PrivacyRequest, package: Package, action: Action, actor: str, now: datetime
) -> None:
    session.add(Download(package_id=package.id, at=now, actor=actor))
    record(session, at=now, actor=actor, action=action, subject=request.subject, facts={"case": request.case})


def _digest(settings: config.Settings, token: str) -> str:
    return keyed(settings, "package-link", token)
