"""What anybody may see at the address of a public page: the picture, and what its owner chose to show with it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from imgpilot.accounts import standing
from imgpilot.accounts.models import Account
from imgpilot.generation import catalogue
from imgpilot.generation.catalogue import Model
from imgpilot.generation.models import Generation, Image, State
from imgpilot.generation.pictures import SUFFIXES
from imgpilot.sharing import copies, ids
from imgpilot.sharing.errors import Gone, NotPublic
from imgpilot.sharing.models import GoneShare, Share

#: As much of a prompt as a heading, a preview and a description for those who cannot see hold.
SHORT = 110


@dataclass(frozen=True, slots=True)
class Public:
    """A page that is public now. What its owner did not choose to show, no property gives."""

    share: Share
    image: Image
    generation: Generation

    @property
    def id(self) -> str:
        """The number in its address."""
        return self.share.id

    @property
    def prompt(self) -> str:
        """The prompt, if it is shown; else ""."""
        return self.generation.prompt if self.share.show_prompt else ""

    @property
    def short(self) -> str:
        """The beginning of the prompt on one line, if it is shown; else ""."""
        words = " ".join(self.prompt.split())
        return words if len(words) <= SHORT else words[: SHORT - 1].rstrip() + "…"

    @property
    def model(self) -> Model | None:
        """What made it; None if that left the catalogue."""
        return catalogue.known(self.generation.model)

    @property
    def suffix(self) -> str:
        """How the name of its file ends."""
        return SUFFIXES[self.image.media_type or "image/png"]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.width or 1, self.image.height or 1

    @property
    def shown_size(self) -> tuple[int, int]:
        """The same of the copy that the page shows."""
        return copies.shown_size(*self.size) if self.share.shown_key else self.size

    @property
    def shown_path(self) -> str:
        """Where under the page's address that copy is; the file itself, if there is none."""
        return "/shown.webp" if self.share.shown_key else f"/picture.{self.suffix}"


def find(session: Session, id_: str) -> Public:
    """The page at this address. Raises Gone or NotPublic.

    A page of an account with which nothing may be done (frozen, closing, restricted) is not shown for so long: there
    is no page, and none that is gone for good either.
    """
    if not ids.is_one(id_):
        raise NotPublic
    if session.get(GoneShare, ids.digest(id_)) is not None:
        raise Gone
    found = session.execute(
        select(Share, Image, Generation)
        .join(Image, Image.id == Share.image_id)
        .join(Generation, Generation.id == Image.generation_id)
        .join(Account, Account.id == Share.account_id)
        .where(Share.id == id_, Image.state == State.FINISHED, Image.removed_at.is_(None), standing.may_act())
    ).one_or_none()
    if found is None:
        raise NotPublic
    return Public(*found)
