"""The provider's errors, in the shape its clients expect."""

from typing import Any


class Refusal(Exception):  # an answer, not a failure of ours
    """A call that is answered with an error."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body: dict[str, Any] = {
            "error": {"message": message, "type": kind, "param": param, "code": code, **(more or {})}
        }


def unauthorised() -> Refusal:
    """No key was sent."""
    return Refusal(
        "You didn't provide an API key. Send it in an Authorization header, as in "
        "`Authorization: Bearer YOUR_KEY`. The sandbox takes any key.",
        status=401,
    )


def invalid(param: str, message: str, code: str = "invalid_value") -> Refusal:
    """A field is wrong."""
    return Refusal(message, param=param, code=code)


def too_large(message: str, param: str | None = None) -> Refusal:
    """More bytes than the provider takes."""
    return Refusal(message, status=413, param=param, code="request_too_large")


def blocked(stage: str, categories: list[str], message: str = "") -> Refusal:
    """The moderation said no."""
    return Refusal(
        message
        or "Your request was rejected by the safety system. "
        f"safety_violations=[{', '.join(categories)}] (ImgPilot sandbox)",
        kind="image_generation_user_error",
        code="moderation_blocked",
        more={"moderation_details": {"moderation_stage": stage, "categories": categories}},
    )
