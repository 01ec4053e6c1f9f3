"""A person publishes a picture of theirs, changes what its page shows, and takes it back (policy P11).

Nothing is public by default. Taking back deletes the row in the caller's transaction: from its commit on the page
answers 410, whatever becomes of the objects and of what the delivery network keeps of it
(compliance/processors/public_pages.py).
"""

import html
import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from imgpilot import worker
from imgpilot.accounts import standing
from imgpilot.errors import NotYours, StorageError
from imgpilot.generation import pictures
from imgpilot.generation.models import Generation, Image, State
from imgpilot.generation.pictures import PictureError
from imgpilot.parts import Parts
from imgpilot.purposes import STORAGE
from imgpilot.sharing import copies, ids
from imgpilot.sharing.errors import Barred, NotReadable, TellsPrompt
from imgpilot.sharing.models import Share, ShareReport
from imgpilot.storage import key_for

FOLDER = "cards"

log = logging.getLogger(__name__)


def publish(
    parts: Parts, session: Session, account_id: UUID, image_id: UUID, show_prompt: bool, listed: bool, now: datetime
) -> Share:
    """Publish this finished picture of this account; one that is public already gets these choices.

    Raises NotYours, standing.NothingNew, Barred, TellsPrompt, NotReadable. The caller commits.
    """
    standing.check(session, account_id)
    image, generation = _picture(session, account_id, image_id)
    if image.barred_for is not None:
        raise Barred
    there = of(session, account_id, image_id)
    if there is not None:
        return change(parts, session, account_id, image_id, show_prompt, listed, now)
    data = _data(parts, image)
    if not show_prompt and tells(data, generation.prompt):
        raise TellsPrompt
    id_ = ids.fresh()
    card, shown = _drawn(data)
    name = str(image_id)
    made = Share(
        id=id_,
        account_id=account_id,
        image_id=image_id,
        show_prompt=show_prompt,
        listed=listed,
        card_key=key_for(account_id, FOLDER, f"{name}-{ids.digest(id_)[:12]}.jpg"),
        shown_key=key_for(account_id, FOLDER, f"{name}-{ids.digest(id_)[:12]}.webp"),
        published_at=now,
        changed_at=now,
    )
    assert made.card_key and made.shown_key
    try:
        for key, drawing, kind in ((made.card_key, card, "image/jpeg"), (made.shown_key, shown, "image/webp")):
            parts.storage.put(key, [drawing], kind, subject=account_id, purpose=STORAGE)
    except StorageError:
        _drop(parts, [made.card_key, made.shown_key])
        raise NotReadable from None
    session.add(made)
    session.flush()
    return made


def change(
    parts: Parts, session: Session, account_id: UUID, image_id: UUID, show_prompt: bool, listed: bool, now: datetime
) -> Share:
    """What the page of this picture shows, from now on. Raises NotYours if it has none, and as `publish`."""
    standing.check(session, account_id)
    image, generation = _picture(session, account_id, image_id)
    public = select(Share).where(Share.account_id == account_id, Share.image_id == image_id)
    # It may be taken back at this moment: then it is gone for this, too.
    share = session.scalar(public.with_for_update(key_share=True).execution_options(populate_existing=True))
    if share is None:
        raise NotYours
    if share.show_prompt and not show_prompt and tells(_data(parts, image), generation.prompt):
        raise TellsPrompt
    if (share.show_prompt, share.listed) != (show_prompt, listed):
        share.show_prompt, share.listed, share.changed_at = show_prompt, listed, now
    return share


def take_back(parts: Parts, session: Session, account_id: UUID, image_ids: Iterable[UUID] | None = None) -> int:
    """Take the pages of these pictures back, or all of the account's (None); how many there were.

    It may always be done, whatever the account stands for, and as often as one likes. The caller commits.
    """
    standing.stays(session, account_id)
    # In one order, so that two who take back the same pages do not wait for each other.
    wanted = select(Share).where(Share.account_id == account_id).order_by(Share.id).with_for_update()
    if image_ids is not None:
        wanted = wanted.where(Share.image_id.in_(list(image_ids)))
    return end(parts, session, list(session.scalars(wanted)))


def end(parts: Parts, session: Session, shares: list[Share]) -> int:
    """These pages are no more; how many. The trigger on the table remembers that they were there.

    What was drawn for them is removed when the caller commits: until then they are public and have to be whole.
    """
    if not shares:
        return 0
    # What was said about a page stays for staff to answer; the page it was about is gone.
    about = update(ShareReport).where(ShareReport.share_id.in_([share.id for share in shares]))
    session.execute(about.values(share_id=None))
    keys = [key for share in shares for key in (share.card_key, share.shown_key) if key]
    for share in shares:
        session.delete(share)
    session.flush()
    _at_commit(session, lambda: _drop(parts, keys))
    worker.wake(session, "shares.purge")
    return len(shares)


def of(session: Session, account_id: UUID, image_id: UUID) -> Share | None:
    """The page of this picture of this account, if it is public."""
    return session.scalar(select(Share).where(Share.account_id == account_id, Share.image_id == image_id))


def tells(data: bytes, prompt: str) -> bool:
    """Whether the file says the prompt: in plain bytes, or in what Pillow reads beside the pixels."""
    words = prompt.strip()
    if not words:
        return False
    # As it is; as JSON has it, in letters or in ASCII; as XML has it.
    ways = {words, *(json.dumps(words, ensure_ascii=plain)[1:-1] for plain in (False, True))}
    ways |= {html.escape(words), html.escape(words, quote=False)}
    if any(way.encode(code) in data for way in ways for code in ("utf-8", "utf-16-le", "utf-16-be")):
        return True
    try:
        beside = pictures.decode(data).info.values()
    except PictureError:
        return False
    said = (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in beside)
    return any(way in each for each in said for way in ways)


def _picture(session: Session, account_id: UUID, image_id: UUID) -> tuple[Image, Generation]:
    """The picture, locked, so that of two at once one publishes and the other finds it published."""
    found = session.execute(
        select(Image, Generation)
        .join(Generation, Generation.id == Image.generation_id)
        .where(
            Generation.account_id == account_id,
            Image.id == image_id,
            Image.state == State.FINISHED,
            Image.removed_at.is_(None),
        )
        .with_for_update(of=Image, key_share=True)
    ).one_or_none()
    if found is None:
        raise NotYours
    return found[0], found[1]


def _data(parts: Parts, image: Image) -> bytes:
    assert image.object_key
    try:
        return b"".join(parts.storage.open(image.object_key))
    except StorageError:
        raise NotReadable from None


def _drawn(data: bytes) -> tuple[bytes, bytes]:
    try:
        with pictures.AT_ONCE:
            picture = pictures.decode(data)
            return copies.card(picture), copies.shown(picture)
    except PictureError:
        raise NotReadable from None


def _at_commit(session: Session, do: Callable[[], object]) -> None:
    """Do it when this session's transaction is committed; not at all if it is rolled back."""
    wanted = [do]
    event.listen(session, "after_rollback", lambda _session: wanted.clear(), once=True)
    event.listen(session, "after_commit", lambda _session: [each() for each in wanted], once=True)


def _drop(parts: Parts, keys: list[str]) -> None:
    try:
        parts.storage.remove(keys)
    except StorageError as error:
        # The page is gone all the same. They go when the account is erased, with everything in its folder.
        log.warning("an object stays without a row: %s", type(error).__name__)
