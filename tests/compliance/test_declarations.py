"""Every column says what it holds, and no two sayings contradict each other."""

import fideslang
import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from compliance import inventory, reach
from compliance.errors import Contradiction, Unclassified
from imgpilot.app import site
from imgpilot.columns import Email
from imgpilot.db import Base
from imgpilot.parts import Parts
from imgpilot.privacy import (
    WORD,
    AtErasure,
    Kept,
    LegalBasis,
    link,
    mention,
    names_object,
    owner,
    personal,
    record,
    rows,
)
from imgpilot.processors import PROCESSORS
from imgpilot.purposes import ACCOUNT, ACCOUNT_LIVES, PURPOSES

CATEGORIES = {c.fides_key for c in fideslang.DEFAULT_TAXONOMY.data_category}
USES = {u.fides_key for u in fideslang.DEFAULT_TAXONOMY.data_use}
SUBJECTS = {s.fides_key for s in fideslang.DEFAULT_TAXONOMY.data_subject}


def test_every_column_and_table_says_what_it_holds() -> None:
    inventory.check_declarations()


def test_rows_that_leave_by_a_clock_are_found_by_it() -> None:
    clocks = [(table, since) for table in inventory.tables() if (since := inventory.why(table).kept.since)]
    assert len(clocks) > 20
    for table, since in clocks:
        assert since in {index.columns.keys()[0] for index in table.indexes if index.columns}, f"{table}: {since}"


def test_every_category_use_and_subject_is_a_fideslang_key() -> None:
    for table in inventory.tables():
        said = inventory.why(table)
        assert said.purpose.use in USES, table.name
        assert not said.subject or said.subject in SUBJECTS, table.name
        for column in table.columns:
            assert inventory.what(column).category in CATEGORIES, str(column)
    for processor in PROCESSORS.values():
        for purpose, categories in processor.receives.items():
            assert purpose.use in USES
            assert set(categories) <= CATEGORIES


def test_p09_every_table_has_a_purpose_of_the_register_with_a_legal_basis() -> None:
    for table in inventory.tables():
        purpose = inventory.why(table).purpose
        assert PURPOSES[purpose.key] is purpose
        assert purpose.basis in LegalBasis


def a_table(*columns: Column[object], said: dict[str, object] | None = None) -> Table:
    metadata = MetaData()
    plain = rows(ACCOUNT, noun="things", kept=ACCOUNT_LIVES)
    Table(
        "parent",
        metadata,
        Column("id", Uuid, primary_key=True, info=record()),
        Column("email", Text, nullable=True, info=personal("user.contact.email")),
        **rows(ACCOUNT, noun="people", kept=ACCOUNT_LIVES, subject="customer"),
    )
    key = Column("id", Integer, primary_key=True, info=record())
    return Table("thing", metadata, key, *columns, **(said or plain))


SCRUBBED = rows(ACCOUNT, noun="things", kept=ACCOUNT_LIVES, at_erasure=AtErasure.SCRUB, ground="tax law")


def to_parent(info: dict[str, object], **options: object) -> Column[object]:
    ondelete = str(options.pop("ondelete", "")) or None
    return Column("parent_id", Uuid, ForeignKey("parent.id", ondelete=ondelete), info=info, **options)  # type: ignore[arg-type]


def test_the_error_names_the_column_and_what_to_write() -> None:
    with pytest.raises(Unclassified, match=r"thing\.note: give it info=personal\(category\)"):
        inventory.check([a_table(Column("note", Text))])


def test_an_unclassified_foreign_key_is_told_the_words_for_edges() -> None:
    with pytest.raises(Unclassified, match=r"thing\.parent_id: give it info=owner\(\)"):
        inventory.check([a_table(to_parent({}))])


@pytest.mark.parametrize(
    ("columns", "said", "fault"),
    [
        ([to_parent(owner())], None, "has no index"),
        ([to_parent(record(), index=True)], None, "must say whose the row is"),
        ([to_parent(link(), nullable=False)], None, "is NOT NULL"),
        ([to_parent(mention("reported"), ondelete="CASCADE")], None, "must not delete somebody else's row"),
        ([to_parent(owner(), index=True, nullable=False)], SCRUBBED, "the owner goes and the row stays"),
        (
            [to_parent(owner(), index=True), Column("a", Text, nullable=False, info=personal("user.name"))],
            SCRUBBED,
            "is cleared when the row is scrubbed",
        ),
        (
            [to_parent(owner(), index=True), Column("k", Text, info=names_object("user.content"))],
            SCRUBBED,
            "names an object, but the row outlives it",
        ),
        ([Column("name", Text, info=personal("user.name"))], None, "no owner"),
        ([Column("a", Text, info=owner())], None, "is no foreign key"),
        ([], rows(ACCOUNT, noun="things", kept=Kept("a day", since="made_at")), "no column of it"),
        ([], rows(ACCOUNT, noun="things", kept=ACCOUNT_LIVES, at_erasure=AtErasure.SCRUB), "need a ground"),
    ],
)
def test_a_contradiction_is_named(columns: list[Column[object]], said: dict[str, object], fault: str) -> None:
    with pytest.raises(Contradiction, match=fault):
        inventory.check([a_table(*columns, said=said)])


def test_info_beside_an_annotated_type_is_overridden_by_the_type_and_so_is_never_written_twice() -> None:
    """SQLAlchemy merges it away silently; this proves the trap, the next test that we keep out of it."""

    class Base(DeclarativeBase):
        pass

    class Trap(Base):
        __tablename__ = "trap"
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[Email] = mapped_column(info=record())

    assert Trap.__table__.c.email.info[WORD].category == "user.contact.email"


def test_no_model_says_a_meaning_twice(request: pytest.FixtureRequest) -> None:
    import re

    typed = r"Mapped\[(?:At|Browser|Count|Digest|Email|Fact|Facts|Flag|Key|ObjectKey|OwnerId|Preference|Prose)\b"
    twice = re.compile(typed + r"[^=\n]*\]\s*=\s*mapped_column\([^\n]*info=")
    root = request.config.rootpath
    models = [*root.glob("platform/**/models.py"), *root.glob("compliance/**/models.py")]
    assert models
    for path in [*models, root / "platform/imgpilot/disclosures.py", root / "platform/imgpilot/leases.py"]:
        assert not twice.search(path.read_text()), path.name


def test_every_table_of_personal_data_can_be_reached_from_the_person() -> None:
    reached = {table.name for table in reach.held()}
    for table in inventory.tables():
        if table.name.startswith("ab_") or not any(inventory.what(c).personal for c in table.columns):
            continue
        assert table.name in reached, table.name


def test_the_application_does_not_start_on_a_column_that_nobody_classified(parts: Parts) -> None:
    stray = Table("stray", Base.metadata, Column("id", Integer, primary_key=True))
    try:
        with pytest.raises(Unclassified, match=r"stray\.id: give it info="):
            site(parts)
    finally:
        Base.metadata.remove(stray)
