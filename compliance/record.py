"""The record of processing activities (GDPR Art. 30(1)), read off the declarations: it cannot disagree with them."""

from dataclasses import asdict, dataclass
from typing import Any

from compliance import inventory
from imgpilot.privacy import ARTICLE
from imgpilot.processors import PROCESSORS
from imgpilot.purposes import PURPOSES


@dataclass(frozen=True)
class Activity:
    """One table of personal data: what it holds about whom, why, for how long, and what erasure does."""

    table: str
    holds: str
    subjects: str
    purpose: str
    legal_basis: str
    use: str
    kept: str
    at_erasure: str
    ground: str
    categories: tuple[str, ...]
    recipients: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]


def activities() -> list[Activity]:
    """Every table, in the order of its name."""
    return [_activity(table) for table in sorted(inventory.tables(), key=lambda t: t.name)]


def _activity(table: Any) -> Activity:
    said = inventory.why(table)
    personal = [c for c in table.columns if inventory.what(c).personal]
    return Activity(
        table=table.name,
        holds=said.noun,
        subjects="staff" if table.name.startswith("ab_") else "people who use the site",
        purpose=said.purpose.key,
        legal_basis=f"{said.purpose.basis}, {ARTICLE[said.purpose.basis]}",
        use=said.purpose.use,
        kept=said.kept.words,
        at_erasure=str(said.at_erasure),
        ground=said.ground,
        categories=tuple(sorted({inventory.what(c).category for c in personal})),
        recipients=tuple(sorted(p.key for p in PROCESSORS.values() if said.purpose in p.receives)),
        columns=tuple((c.name, _column(c)) for c in table.columns),
    )


def _column(column: Any) -> str:
    """What the column says of itself, in one line."""
    datum = inventory.what(column)
    if datum.withheld:
        return "secret"
    if datum.edge:
        return f"{datum.edge} {next(iter(column.foreign_keys)).target_fullname}"
    if not datum.personal:
        return "record"
    marks = [m for m, on in (("identity", datum.identity), ("object", datum.names_object)) if on]
    return " ".join([datum.category, str(datum.origin), str(datum.erase), *marks])


def as_json() -> dict[str, Any]:
    """The whole record: purposes, processors, activities."""
    return {
        "purposes": [asdict(p) for p in PURPOSES.values()],
        "processors": [
            {
                "key": p.key,
                "name": p.name,
                "does": p.does,
                "country": p.country,
                "transfer": p.transfer,
                "keeps": p.keeps,
                "note": p.note,
                "receives": {purpose.key: list(kinds) for purpose, kinds in p.receives.items()},
            }
            for p in PROCESSORS.values()
        ],
        "activities": [asdict(a) for a in activities()],
    }


def as_text() -> str:
    """The record as lines that an officer can read in a diff."""
    lines = ["PURPOSES"]
    lines += [f"  {p.key}: {p.name} [{p.basis}; {p.use}]" for p in PURPOSES.values()]
    lines += ["", "PROCESSORS"]
    for p in PROCESSORS.values():
        lines += [f"  {p.key}: {p.name}; {p.does}; {p.country or '-'}; {p.transfer}; keeps {p.keeps}"]
        lines += [f"    for {purpose.key}: {', '.join(kinds)}" for purpose, kinds in p.receives.items()]
        lines += [f"    note: {p.note}"] if p.note else []
    for a in activities():
        lines += ["", f"{a.table}: {a.holds} ({a.subjects})"]
        lines += [f"  why: {a.purpose}; {a.legal_basis}", f"  kept: {a.kept}"]
        lines += [f"  at erasure: {a.at_erasure}" + (f"; {a.ground}" if a.ground else "")]
        lines += [f"  to: {', '.join(a.recipients) or '-'}"]
        lines += [f"  {name}: {what}" for name, what in a.columns]
    return "\n".join(lines) + "\n"
