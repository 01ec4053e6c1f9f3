"""Public pages of pictures: published, changed, taken back."""

from typing import Any

from sqlalchemy import select, tuple_

from imgpilot.api import cursors, shapes
from imgpilot.api.operations import Answer, Call, operation
from imgpilot.api.problems import BAD_CURSOR, CONFLICT, NOT_FOUND, STANDING
from imgpilot.errors import NotYours
from imgpilot.sharing import publishing
from imgpilot.sharing.models import Share

_HERE: dict[str, Any] = {"tag": "Shares"}


def said(call: Call, share: Share) -> shapes.Share:
    """A public page as it is answered."""
    return shapes.Share(
        id=share.id,
        url=call.url(f"/shares/{share.id}"),
        page_url=f"{call.parts.settings.site_url}/share/{share.id}",
        image_id=share.image_id,
        show_prompt=share.show_prompt,
        listed=share.listed,
        published_at=share.published_at,
        changed_at=share.changed_at,
    )


def _mine(call: Call, id_: str) -> Share:
    found = call.session.scalar(select(Share).where(Share.id == id_, Share.account_id == call.account.id))
    if found is None:
        raise NotYours
    return found


@operation(
    "GET",
    "/shares",
    summary="List public pages",
    scope="shares:read",
    query=shapes.Page,
    answer=shapes.Shares,
    problems=(BAD_CURSOR,),
    **_HERE,
)
def list_shares(call: Call) -> Answer:
    """Your pictures that anybody with the address can see, newest first."""
    of, limit = call.account.id, call.query.limit
    wanted = select(Share).where(Share.account_id == of).order_by(Share.published_at.desc(), Share.id.desc())
    if call.query.cursor:
        place = cursors.read(call.parts.settings, "shares", of, call.query.cursor)
        wanted = wanted.where(tuple_(Share.published_at, Share.id) < place)
    found = list(call.session.scalars(wanted.limit(limit + 1)))
    last = found[limit - 1] if len(found) > limit else None
    following = cursors.make(call.parts.settings, "shares", of, (last.published_at, last.id)) if last else None
    return Answer(shapes.Shares(data=[said(call, each) for each in found[:limit]], next=following))


def _again(call: Call, made: str) -> Answer:
    shown = said(call, _mine(call, made))
    return Answer(shown, {"Location": shown.url})


@operation(
    "POST",
    "/shares",
    summary="Publish a picture",
    scope="shares:write",
    body=shapes.NewShare,
    answer=shapes.Share,
    status=201,
    problems=(NOT_FOUND, STANDING, CONFLICT),
    again=_again,
    has_location=True,
    **_HERE,
)
def publish_image(call: Call) -> Answer:
    """Give a finished picture a page that anybody with its address can open. One picture has one page: publishing it
    again answers with the page that is there, changed to what you ask for."""
    asked: shapes.NewShare = call.body
    made = publishing.publish(
        call.parts, call.session, call.account.id, asked.image_id, asked.show_prompt, asked.listed, call.now
    )
    call.made(made.id)
    return _again(call, made.id)


@operation(
    "GET",
    "/shares/{share_id}",
    summary="Read a public page",
    scope="shares:read",
    answer=shapes.Share,
    problems=(NOT_FOUND,),
    **_HERE,
)
def read_share(call: Call) -> Answer:
    """One public page and what it shows."""
    return Answer(said(call, _mine(call, call.ids["share_id"])))


@operation(
    "PATCH",
    "/shares/{share_id}",
    summary="Change a public page",
    scope="shares:write",
    body=shapes.ShareChange,
    answer=shapes.Share,
    problems=(NOT_FOUND, STANDING),
    **_HERE,
)
def change_share(call: Call) -> Answer:
    """Show or hide the prompt, invite search engines or ask them to stay away. What is left out or null stays."""
    share, asked = _mine(call, call.ids["share_id"]), call.body
    prompt = share.show_prompt if asked.show_prompt is None else asked.show_prompt
    listed = share.listed if asked.listed is None else asked.listed
    changed = publishing.change(call.parts, call.session, call.account.id, share.image_id, prompt, listed, call.now)
    return Answer(said(call, changed))


@operation(
    "DELETE",
    "/shares/{share_id}",
    summary="Take a public page back",
    scope="shares:write",
    answer=None,
    status=204,
    problems=(NOT_FOUND,),
    **_HERE,
)
def take_share_back(call: Call) -> Answer:
    """The page answers 410 from now on, for good."""
    share = _mine(call, call.ids["share_id"])
    publishing.take_back(call.parts, call.session, call.account.id, [share.image_id])
    return Answer()
