"""Ana and Bob: a row of each in every table that can hold a person's data, every value marked with their name.

tests/compliance/test_canary.py fails when a table is missing here, so a new table arrives with its rows.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from sqlalchemy.orm import Session

from compliance.requests.casework import Alert, Attachment, Comment, CommentMention, IdentityCheck, RequestLetter
from compliance.requests.kinds import Kind, State
from compliance.requests.models import Download, Happening, Package, PackageLink, Plan, PrivacyRequest, Removal, Step
from compliance.standing import Hold, Restriction, Statement
from imgpilot import digests
from imgpilot.accounts.models import (
    Account,
    Acknowledgement,
    ApiToken,
    Choice,
    EmailChange,
    Identity,
    SignIn,
    SignInLink,
)
from imgpilot.api.models import IdempotentCall, WebhookDelivery, WebhookEndpoint
from imgpilot.billing.models import CreditEntry
from imgpilot.db import Base
from imgpilot.disclosures import Disclosure
from imgpilot.gallery.models import Collection, CollectionImage
from imgpilot.generation.models import Generation, GenerationReference, Image, Reference
from imgpilot.parts import Parts
from imgpilot.policies.models import PolicyShown
from imgpilot.purposes import RIGHTS, STORAGE
from imgpilot.safety.models import PromptRefusal
from imgpilot.sharing.models import Share, ShareReport
from imgpilot.storage import key_for
from imgpilot.usage.models import Usage


def stands_in(mark: str, text: str) -> bool:
    """Whether this mark stands there as a word of its own, also where a line break or a space is written out.

    Keys, tokens and digests hold any three letters by chance, and no test may fail by chance.
    """
    begins = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))"
    return re.search(rf"{begins}{re.escape(mark)}(?![A-Za-z0-9_])", text) is not None


@dataclass(frozen=True)
class Somebody:
    """A person of the world and what the tests look for."""

    account: Account
    share: Share
    image: Image
    reference: Reference
    request: PrivacyRequest
    mark: str


def person(session: Session, parts: Parts, name: str) -> Somebody:
    """Make this person with a row in every table. Every text of theirs holds the mark, their name in capitals."""
    now, mark = parts.clock(), name.upper()
    account = Account(
        id=uuid4(),
        email=f"{name}@example.com",
        language="en",
        theme=f"{mark} theme",
        timezone=f"{mark} zone",
        name=f"{mark} Sample",
        old_enough_on=now,
        old_enough_in=mark[:2],
        created_at=now,
    )
    account.picture_key = key_for(account.id, "profile", f"{name}.webp")
    session.add(account)
    session.flush()
    mailed = Disclosure(
        account_id=account.id,
        processor="mail",
        purpose="sign-in",
        categories=["user.contact.email"],
        at=now,
        status=250,
        digest=sha256(mark.encode()).hexdigest(),
    )
    session.add(mailed)
    session.flush()
    session.add_all(
        [
            SignInLink(
                email=account.email,
                digest=sha256(f"link {mark}".encode()).hexdigest(),
                created_at=now,
                expires_at=now + timedelta(minutes=15),
                used_at=now,
                disclosure_id=mailed.id,
            ),
            SignIn(
                account_id=account.id,
                digest=sha256(f"sign-in {mark}".encode()).hexdigest(),
                browser=f"{mark} Browser 1.0",
                created_at=now,
                seen_at=now,
            ),
            Acknowledgement(account_id=account.id, what=f"{mark} outside", policy_version="1", at=now),
            Choice(account_id=account.id, what="news", allowed=True, policy_version=f"{mark} 1", at=now, via="centre"),
        ]
    )
    reference = Reference(
        account_id=account.id,
        object_key=key_for(account.id, "references", f"{name}.png"),
        media_type="image/png",
        width=64,
        height=64,
        bytes=4,
        sha256=f"{mark}-reference",
        created_at=now,
        used_at=now,
    )
    session.add(reference)
    session.flush()
    generation = Generation(
        account_id=account.id,
        prompt=f"{mark} walks along the shore",
        model=f"{mark}-model",
        ratio=f"{mark} 3:2",
        width=96,
        height=64,
        credits_each=6,
        negative=f"no {mark} clouds",
        created_at=now,
    )
    session.add(generation)
    session.flush()
    image = Image(
        generation_id=generation.id,
        position=0,
        state="finished",
        object_key=key_for(account.id, "images", f"{name}.png"),
        thumbnail_key=key_for(account.id, "thumbnails", f"{name}.webp"),
        media_type="image/png",
        width=96,
        height=64,
        bytes=9,
        sha256=f"{mark}-sha",
        finished_at=now,
    )
    session.add(image)
    session.flush()
    share = Share(
        id=f"{name}share".ljust(22, "0"),
        account_id=account.id,
        image_id=image.id,
        show_prompt=True,
        listed=False,
        card_key=key_for(account.id, "cards", f"{name}.jpg"),
        published_at=now,
        changed_at=now,
    )
    collection = Collection(account_id=account.id, name=f"{mark} shores", created_at=now)
    endpoint = WebhookEndpoint(account_id=account.id, url=f"https://{mark}.example", events=[], created_at=now)
    session.add_all([share, collection, endpoint])
    session.flush()
    session.add_all(
        [
            GenerationReference(generation_id=generation.id, position=0, reference_id=reference.id),
            CollectionImage(collection_id=collection.id, image_id=image.id, added_at=now),
            WebhookDelivery(
                endpoint_id=endpoint.id, generation_id=generation.id, event="x", state="delivered", created_at=now
            ),
            ShareReport(
                at=now,
                share_id=share.id,
                reason="other",
                details=f"{mark} is in it",
                contact=account.email,
                language="en",
            ),
            *_at_the_site(account, mark, now),
        ]
    )
    session.add_all(
        [
            CreditEntry(account_id=account.id, kind="grant", amount=40, why=f"{mark} welcome", at=now),
            CreditEntry(account_id=account.id, kind="hold", amount=-6, image_id=image.id, why="picture", at=now),
        ]
    )
    request = _answered_request(session, parts, account, mark)
    _what_stands(session, account, request, mark)
    session.commit()
    for key in (reference.object_key, image.object_key, image.thumbnail_key, share.card_key, account.picture_key):
        assert key
        parts.storage.put(key, [f"{mark} bytes".encode()], "image/png", subject=account.id, purpose=STORAGE)
    return Somebody(account, share, image, reference, request, mark)


def _at_the_site(account: Account, mark: str, now: datetime) -> list[Base]:
    """What using the site left."""
    return [
        Identity(
            account_id=account.id,
            provider="google",
            subject=f"{mark}-at-google",
            email=f"{mark.lower()}@gmail.example",
            linked_at=now,
            used_at=now,
        ),
        EmailChange(
            account_id=account.id,
            email=f"{mark.lower()}.new@example.com",
            old_digest=sha256(f"old {mark}".encode()).hexdigest(),
            new_digest=sha256(f"new {mark}".encode()).hexdigest(),
            created_at=now,
            expires_at=now,
        ),
        ApiToken(
            account_id=account.id,
            name=f"{mark} script",
            digest=sha256(f"token {mark}".encode()).hexdigest(),
            ending="abcd",
            scopes=["images:read"],
            created_at=now,
        ),
        PolicyShown(account_id=account.id, version=f"{mark} 1", how="sign-up", at=now),
        PromptRefusal(
            account_id=account.id, at=now, prompt=f"{mark} was refused", rule="minors", appeal=f"{mark}: why"
        ),
        Usage(
            at=now,
            account_id=account.id,
            ip=f"{mark}::1",
            browser=f"{mark} Browser",
            device="computer",
            feature=f"{mark}.order",
            method="POST",
            status=303,
            took_ms=12,
            referrer=f"{mark}.example",
        ),
        IdempotentCall(account_id=account.id, key=f"{mark}-1", digest="0" * 64, at=now, status=201),
    ]


def _answered_request(session: Session, parts: Parts, account: Account, mark: str) -> PrivacyRequest:
    """An access request of theirs that was answered before, with everything that hangs on it."""
    now = parts.clock()
    request = PrivacyRequest(
        account_id=account.id,
        contact=account.email,
        subject=digests.of_subject(parts.settings, account.id),
        language="en",
        kind=Kind.ACCESS,
        regime="gdpr",
        state=State.ANSWERED,
        proof="signed-in",
        received_at=now,
        due_on=now.date(),
        closed_at=now,
        refusal=f"{mark} was refused",
    )
    session.add(request)
    session.flush()
    package = Package(
        request_id=request.id,
        kind="export",
        object_key=key_for(account.id, "packages", f"{request.id}.zip"),
        wrapped_key=f"{mark} key",
        media_type="application/zip",
        bytes=3,
        sha256="0" * 64,
        made_at=now,
    )
    session.add(package)
    session.flush()
    session.add_all(
        [
            Happening(request_id=request.id, at=now, actor="person", what="opened", facts={}),
            Plan(request_id=request.id, made_at=now, body={"tables": []}, digest="0" * 64),
            Step(request_id=request.id, position=0, name="tell acknowledgement", state="done", evidence={}),
            Removal(request_id=request.id, object_key=f"{mark.lower()}/left-over.png"),
            Download(package_id=package.id, at=now, actor="person"),
            PackageLink(
                package_id=package.id,
                digest=sha256(f"package link {mark}".encode()).hexdigest(),
                created_at=now,
                expires_at=now,
            ),
        ]
    )
    _casework(session, parts, request, mark)
    parts.storage.put(
        package.object_key, [f"{mark} zip".encode()], "application/zip", subject=account.id, purpose=STORAGE
    )
    return request


def _casework(session: Session, parts: Parts, request: PrivacyRequest, mark: str) -> None:
    """What people added to the case."""
    now = parts.clock()
    key = f"requests/{request.id}/files/{mark.lower()}"
    parts.storage.put(key, [f"{mark} locked".encode()], "application/octet-stream", subject=None, purpose=RIGHTS)
    comment = Comment(request_id=request.id, at=now, by=1, text=f"{mark} called twice")
    session.add(comment)
    session.flush()
    session.add_all(
        [
            CommentMention(comment_id=comment.id, staff=2),
            Attachment(
                request_id=request.id,
                role="original",
                name=f"{mark} letter.pdf",
                object_key=key,
                wrapped_key=f"{mark} key",
                bytes=3,
                sha256="1" * 64,
                at=now,
                by="person",
            ),
            IdentityCheck(request_id=request.id, method="address", asked_at=now, passed_at=now),
            RequestLetter(
                request_id=request.id,
                step="tell acknowledgement",
                kind="acknowledgement",
                language="en",
                subject=f"{mark}, we have your request",
                body=f"{mark} asked",
                written_at=now,
                sent_at=now,
            ),
            Alert(request_id=request.id, level="soon", due="2026-12-01", at=now),
        ]
    )


def _what_stands(session: Session, account: Account, request: PrivacyRequest, mark: str) -> None:
    """What outlives one request. The hold and the restriction were lifted: they stop nothing."""
    now = request.received_at
    session.add_all(
        [
            Restriction(
                account_id=account.id,
                request_id=request.id,
                ground=f"{mark} accuracy",
                since=now,
                announced_at=now,
                lifted_at=now,
            ),
            Hold(
                account_id=account.id,
                records=[],
                reference=f"{mark} 1/26",
                reason=f"{mark} sued",
                placed_at=now,
                placed_by=1,
                lifted_at=now,
                lifted_by=1,
            ),
            Statement(account_id=account.id, request_id=request.id, about="other", text=f"{mark} disputes it", at=now),
        ]
    )
