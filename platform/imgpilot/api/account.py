"""Who the token belongs to, the credits, the models that can be ordered from."""

from sqlalchemy import select, tuple_

from imgpilot.accounts import addresses, standing
from imgpilot.api import cursors, shapes
from imgpilot.api.operations import Answer, Call, operation
from imgpilot.api.problems import BAD_CURSOR
from imgpilot.billing import ledger
from imgpilot.billing.models import CreditEntry
from imgpilot.generation import catalogue


@operation("GET", "/account", tag="Account", summary="Read the account", scope="account:read", answer=shapes.Account)
def read_account(call: Call) -> Answer:
    """The account that the token belongs to, and what the token may do."""
    of = call.account
    stands = standing.why_not(of)
    return Answer(
        shapes.Account(
            id=of.id,
            email=addresses.shown(of.email),
            name=of.name,
            language=of.language,
            timezone=of.timezone,
            created_at=of.created_at,
            standing="closing" if stands and stands.key == "closing" else "restricted" if stands else "open",
            scopes=sorted(call.scopes),
        )
    )


@operation(
    "GET",
    "/credits",
    tag="Account",
    summary="Read credits",
    scope="credits:read",
    query=shapes.Page,
    answer=shapes.Credits,
    problems=(BAD_CURSOR,),
)
def read_credits(call: Call) -> Answer:
    """The balance and the lines of the ledger behind it, newest first."""
    of, limit = call.account.id, call.query.limit
    wanted = (
        select(CreditEntry)
        .where(CreditEntry.account_id == of)
        .order_by(CreditEntry.at.desc(), CreditEntry.id.desc())
        .limit(limit + 1)
    )
    if call.query.cursor:
        place = cursors.read_id(call.parts.settings, "credits", of, call.query.cursor)
        wanted = wanted.where(tuple_(CreditEntry.at, CreditEntry.id) < place)
    found = list(call.session.scalars(wanted))
    last = found[limit - 1] if len(found) > limit else None
    return Answer(
        shapes.Credits(
            balance=ledger.balance(call.session, of),
            data=[
                shapes.CreditLine.model_validate(
                    {"id": e.id, "kind": e.kind, "amount": e.amount, "image_id": e.image_id, "why": e.why, "at": e.at}
                )
                for e in found[:limit]
            ],
            next=cursors.make(call.parts.settings, "credits", of, (last.at, str(last.id))) if last else None,
        )
    )


@operation("GET", "/models", tag="Jobs", summary="List models", scope="", answer=shapes.Models)
def list_models(call: Call) -> Answer:
    """The models that can be ordered from, with what each can be told and what a picture costs. Any token will do."""
    return Answer(shapes.Models(data=[_model(each) for each in catalogue.offered(call.parts.settings)]))


def _model(model: catalogue.Model) -> shapes.Model:
    sizes = [
        shapes.ModelSize(
            size=size.key,
            credits=size.credits,
            shapes=[shapes.ModelShape(ratio=s.ratio, width=s.width, height=s.height) for s in size.shapes],
        )
        for size in model.sizes
    ]
    return shapes.Model(
        model=model.key,
        name=model.name,
        good_at=model.sentence,
        provider=model.processor.name,
        seconds=model.seconds,
        references=model.references,
        seed=model.seed,
        negative=model.negative,
        strength=model.strength,
        sizes=sizes,
    )
