"""What a value is, said once as a column type. The privacy words travel with the type.

A column whose type carries `info` ignores any further `info` given beside it (SQLAlchemy merges it away
silently), so a meaning is said here or on the column, never both; tests/test_declarations.py holds that.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, ForeignKey, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from imgpilot.language import marked as _
from imgpilot.privacy import Origin, names_object, owner, personal, record, secret

Key = Annotated[UUID, mapped_column(primary_key=True, default=uuid4, info=record())]
At = Annotated[datetime, mapped_column(DateTime(timezone=True), info=record())]
Fact = Annotated[str, mapped_column(String(200), info=record())]
Count = Annotated[int, mapped_column(BigInteger, info=record())]
Flag = Annotated[bool, mapped_column(info=record())]
#: Facts about our own working as JSON. Never anything about a person.
Facts = Annotated[dict[str, Any], mapped_column(JSONB, info=record())]

OwnerId = Annotated[UUID, mapped_column(ForeignKey("account.id"), index=True, info=owner())]

Email = Annotated[str, mapped_column(String(320), info=personal("user.contact.email"))]
#: What a person wrote, kept private to them.
Prose = Annotated[str, mapped_column(Text, info=personal("user.content.private"))]
#: A choice a person made about how the product behaves for them.
Preference = Annotated[str, mapped_column(String(40), info=personal("user.account.settings"))]
Browser = Annotated[str, mapped_column(String(400), info=personal("user.device", origin=Origin.OBSERVED))]
#: The key of an object in the object store. The row names the object; they die together.
ObjectKey = Annotated[
    str,
    mapped_column(String(200), unique=True, info=names_object("user.content.private")),
]
Digest = Annotated[
    str,
    mapped_column(
        String(64),
        unique=True,
        info=secret(_("It is a key, not knowledge about you: whoever has it could sign in.")),
    ),
]
