"""Sample people and pictures, made the way real ones are: through the ledger, the gateway and a provider."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TextIO
from uuid import uuid4

from sqlalchemy import func, select
from tqdm import tqdm

import config
from imgpilot.accounts import arrivals
from imgpilot.accounts.ages import OldEnough
from imgpilot.accounts.models import Account
from imgpilot.billing import ledger
from imgpilot.generation import catalogue, make
from imgpilot.generation.models import Image
from imgpilot.generation.order import Wish, order
from imgpilot.parts import Parts

NAMES = (
    *("ana", "bob", "chen", "dara", "emil", "farah", "goro", "hana"),
    *("ivan", "jun", "kofi", "lena", "mira", "noor", "otto", "pia"),
)
PROMPTS = (
    "Ridges at first light, low mist between them, thick brushwork, a small pale sun",
    "Short dark waves under a grey sky, gouache",
    "Two pears and a plum on a white plate, soft side light",
    "Fern fronds pressed on dark green paper, botanical plate",
    "Dunes in the evening, long shadows, warm sand",
    "一片墨绿色的海，短促的笔触",
    "A city at night, lit windows, a pink horizon",
    "Northern lights over a still lake",
    "Tiles in ochre, teal and brick, geometric pattern",
    "Spruce trunks in morning fog",
)


def fill(parts: Parts, *, people: int, images: int, once: bool, show: TextIO) -> str:
    """Fill the platform; what was made, in a sentence. `once`: leave a platform that has people alone."""
    with parts.sessions() as session:
        there = session.scalar(select(func.count()).select_from(Account)) or 0
    if once and there:
        return f"There are {there} people already; nothing was added."
    said = []
    for name in config.SAMPLES:
        module, _, function = name.partition(":")
        said.append(getattr(import_module(module), function)(parts, people, images, show))
    return " ".join(said)


def people(parts: Parts, count: int, images: int, show: TextIO) -> str:
    """That many people with that many pictures each."""
    waiting = [id_ for number in range(count) for id_ in _person(parts, number, images)]
    bar = tqdm(total=len(waiting), desc="pictures", file=show, disable=not show.isatty())
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda id_: make.make(parts, id_, parts.clock()), waiting):
            bar.update()
    bar.close()
    with parts.sessions() as session:
        done = session.scalar(
            select(func.count()).select_from(Image).where(Image.id.in_(waiting), Image.state == "finished")
        )
    return f"Made {count} people and {done} pictures."


def _person(parts: Parts, number: int, images: int) -> list[object]:
    """One person with pictures ordered; the pictures' ids."""
    name = NAMES[number % len(NAMES)] + (str(number // len(NAMES) + 1) if number >= len(NAMES) else "")
    made: list[object] = []
    with parts.sessions.begin() as session:
        now = parts.clock()
        address, old_enough = f"{name}@example.com", OldEnough(now, "DE")
        account, _new = arrivals.account_of(session, parts.settings, address, "en", now, old_enough)
        draft = catalogue.offered(parts.settings)[0]
        needed = draft.credits * images - ledger.balance(session, account.id)
        if needed > 0:
            ledger.grant(session, account.id, needed, why="sample", at=parts.clock())
    for picture in range(images):
        with parts.sessions.begin() as session:
            account = session.get_one(Account, account.id)
            model = catalogue.offered(parts.settings)[0]
            shape = model.shapes[picture % len(model.shapes)]
            prompt = PROMPTS[(number * images + picture) % len(PROMPTS)]
            wish = Wish(uuid4(), prompt, model.key, shape.ratio, 1, acknowledged=True)
            placed = order(session, parts.settings, account, wish, parts.clock())
            made += session.scalars(select(Image.id).where(Image.generation_id == placed.id))
    return made
