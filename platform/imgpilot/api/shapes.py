"""What is sent and answered, as pydantic models: they read the calls, write the answers and describe both."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from imgpilot.generation.models import State
from imgpilot.generation.order import LARGEST_SEED, LONGEST_NEGATIVE, LONGEST_PROMPT, MOST
from imgpilot.safety.found import KINDS

EXAMPLE_ID = "0f9a4d5e-6f0b-4c58-9f0e-3f1d2c7b8a90"
EXAMPLE_SHARE = "5kQ3vXn0Ry8ZbW1cTd7HgJ"
SHARE_ID = r"^[0-9A-Za-z]{22}$"

#: NUL goes into no database.
Written = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Cursor = Annotated[str, Field(min_length=1, max_length=400, description="`next` of the page before.")]


class Sent(BaseModel):
    """Something that a program sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class Said(BaseModel):
    """Something that we answer."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Page(Sent):
    """Which part of a list."""

    cursor: Cursor | None = None
    limit: int = Field(20, ge=1, le=100, description="How many at most.")


class Account(Said):
    """The account that the token belongs to."""

    id: UUID = Field(examples=[EXAMPLE_ID])
    email: str = Field(examples=["ana@example.com"])
    name: str | None = Field(examples=["Ana"])
    language: str = Field(examples=["en"])
    timezone: str = Field(description="IANA name; empty: UTC.", examples=["Europe/Madrid"])
    created_at: AwareDatetime
    standing: Literal["open", "closing", "restricted"] = Field(
        description="Anything but open: nothing new is made now.", examples=["open"]
    )
    scopes: list[str] = Field(description="What this token may do.", examples=[["images:read"]])


class CreditLine(Said):
    """One line of the ledger."""

    id: UUID
    kind: Literal["grant", "hold", "capture", "release"]
    amount: int = Field(description="Credits; a hold is negative.", examples=[-6])
    image_id: UUID | None = Field(description="The picture it is for.")
    why: str = Field(examples=["picture"])
    at: AwareDatetime


class Credits(Said):
    """The balance and the lines behind it, newest first."""

    balance: int = Field(description="Credits that can be spent now; what is held is off.", examples=[34])
    data: list[CreditLine]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class ModelShape(Said):
    """A ratio of sides in pixels."""

    ratio: str = Field(examples=["3:2"])
    width: int = Field(examples=[1536])
    height: int = Field(examples=[1024])


class ModelSize(Said):
    """How large, in which shapes, for how many credits a picture."""

    size: str = Field(description="Empty for a model's only size.", examples=["1K"])
    credits: int = Field(examples=[6])
    shapes: list[ModelShape]


class Model(Said):
    """A model and what it can be told."""

    model: str = Field(examples=["gpt-image-2"])
    name: str = Field(examples=["GPT Image 2"])
    good_at: str
    provider: str = Field(description="The company that prompts and references go to.", examples=["OpenAI"])
    seconds: int = Field(description="How long a picture usually takes.", examples=[40])
    references: int = Field(description="Reference pictures it takes at most.", examples=[16])
    seed: bool
    negative: bool
    strength: bool
    sizes: list[ModelSize]


class Models(Said):
    """The models that can be ordered from, the default first."""

    data: list[Model]


class NewJob(Sent):
    """An order of pictures. Only the prompt is needed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"prompt": "two pears on a white plate", "ratio": "1:1", "count": 2}]}
    )
    prompt: str = Field(min_length=1, max_length=LONGEST_PROMPT, examples=["two pears on a white plate"])
    model: Written | None = Field(None, max_length=100, description="See GET /models; the first if left out.")
    ratio: Written | None = Field(None, max_length=20, description="A shape of the model; its first if left out.")
    size: Written = Field("", max_length=20, description="A size of the model; its first if left out.")
    count: int = Field(1, ge=1, le=MOST, description="How many pictures.")
    negative: Written = Field("", max_length=LONGEST_NEGATIVE, description="What should not be in it.")
    seed: int | None = Field(None, ge=0, le=LARGEST_SEED)
    strength: int | None = Field(None, ge=0, le=100, description="How much of the reference changes, in percent.")
    references: list[UUID] = Field(default_factory=list, max_length=16, description="Ids of POST /references.")
    acknowledged: bool = Field(
        False,
        description="That prompt and references go to the model's provider: needed once under each privacy policy.",
    )
    knowing: list[Literal[tuple(KINDS)]] = Field(  # type: ignore[valid-type]
        default_factory=list,
        max_length=len(KINDS),
        description="Kinds of personal data that are in the prompt on purpose; see the problem personal-data-found.",
    )


class Picture(Said):
    """One picture: where it is, and once it is finished, what it is."""

    id: UUID = Field(examples=[EXAMPLE_ID])
    job_id: UUID
    url: str
    position: int
    state: State
    failure: str | None = Field(description="A word for what went wrong.", examples=["blocked-output"])
    said: str | None = Field(description="The same as a sentence, in English.")
    credits_back: int = Field(description="Credits that came back.")
    width: int | None
    height: int | None
    media_type: str | None = Field(examples=["image/png"])
    bytes: int | None
    sha256: str | None
    seed: int | None = Field(description="The seed it was made with, where the provider says so.")
    marked_by: str | None = Field(description="Who marked the file as made by AI.", examples=["provider"])
    favourite: bool
    finished_at: AwareDatetime | None
    file_url: str | None = Field(description="Its bytes, once it is finished; needs the token.")
    page_url: str | None = Field(description="Its page on the site, for its owner.")


class Image(Picture):
    """A finished picture and what it was made from."""

    prompt: str
    negative: str
    model: str
    ratio: str
    created_at: AwareDatetime


class Images(Said):
    """Finished pictures, newest first."""

    data: list[Image]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class Job(Said):
    """An order and its pictures."""

    id: UUID = Field(examples=[EXAMPLE_ID])
    url: str
    state: Literal["working", "done"] = Field(description="Done: no picture changes any more.")
    prompt: str
    negative: str
    model: str
    ratio: str
    size: str
    width: int
    height: int
    seed: int | None
    strength: int | None
    credits_each: int
    via: str = Field(description="Where it was ordered.", examples=["api"])
    references: list[UUID] = Field(description="Those that are still there.")
    created_at: AwareDatetime
    images: list[Picture]


class Jobs(Said):
    """Orders, newest first."""

    data: list[Job]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class ImageQuery(Page):
    """Which pictures."""

    favourite: bool | None = Field(None, description="Only favourites, or only others.")
    model: Written | None = Field(None, max_length=100)
    since: AwareDatetime | None = Field(
        None, description="Ordered then or later (RFC 3339).", examples=["2026-11-01T00:00:00Z"]
    )


class ImageChange(Sent):
    """What can be changed about a picture."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"favourite": True}]})
    favourite: bool


class Reference(Said):
    """A reference picture as it was kept: pixels only, as PNG."""

    id: UUID = Field(examples=[EXAMPLE_ID])
    width: int
    height: int
    bytes: int
    sha256: str
    created_at: AwareDatetime


class NewShare(Sent):
    """A picture to be published."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"image_id": EXAMPLE_ID, "show_prompt": False}]})
    image_id: UUID
    show_prompt: bool = Field(False, description="Whether the page shows the prompt.")
    listed: bool = Field(False, description="Whether search engines are invited.")


class ShareChange(Sent):
    """What can be changed about a public page; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"listed": True}], "minProperties": 1})
    show_prompt: bool | None = None
    listed: bool | None = None


class Share(Said):
    """A public page of a picture."""

    id: str = Field(examples=[EXAMPLE_SHARE], pattern=SHARE_ID)
    url: str
    page_url: str = Field(description="What everybody can open.")
    image_id: UUID
    show_prompt: bool
    listed: bool
    published_at: AwareDatetime
    changed_at: AwareDatetime


class Shares(Said):
    """Public pages, newest first."""

    data: list[Share]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class NewEndpoint(Sent):
    """An address that is told when jobs are finished."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": "https://example.com/hooks/imgpilot"}]})
    url: Written = Field(min_length=1, max_length=2000, description="https, a public host, no user and no fragment.")


class EndpointChange(Sent):
    """Switches an endpoint on or off."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"active": True}]})
    active: bool


class Delivery(Said):
    """A message to an endpoint."""

    id: UUID
    event: str = Field(examples=["job.finished"])
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    status: int | None = Field(description="Of the last answer; null: none came.")
    created_at: AwareDatetime
    delivered_at: AwareDatetime | None
    next_attempt_at: AwareDatetime | None


class Endpoint(Said):
    """An address that is told."""

    id: UUID = Field(examples=[EXAMPLE_ID])
    url: str = Field(description="Of this resource.")
    sends_to: str = Field(examples=["https://example.com/hooks/imgpilot"])
    events: list[str] = Field(examples=[["job.finished"]])
    active: bool
    stopped_at: AwareDatetime | None = Field(description="Since when it is off: it answered 410, or not for days.")
    created_at: AwareDatetime


class EndpointWithKey(Endpoint):
    """The same with its signing key, which is shown when it is made and never again."""

    secret: str = Field(description="For Standard Webhooks.", examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class EndpointDetail(Endpoint):
    """The same with its newest messages."""

    deliveries: list[Delivery]


class Endpoints(Said):
    """The endpoints, oldest first; there are few."""

    data: list[Endpoint]


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it; kinds have further members."""

    model_config = ConfigDict(extra="allow")
    type: str = Field(json_schema_extra={"format": "uri"}, description="The kind; the address explains it.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="Names this call in our log, and says nothing else.")
    errors: list["Flaw"] | None = Field(None, description="What does not fit, for the kind `invalid`.")


class Flaw(BaseModel):
    """One thing that does not fit."""

    pointer: str | None = Field(None, description="JSON Pointer into the body.", examples=["/count"])
    parameter: str | None = Field(None, description="A parameter in the address.", examples=["limit"])
    detail: str
