"""The rights that the protocol has (3.01), and which of our requests each becomes."""

from enum import StrEnum

from compliance.drp.errors import UnknownExercise
from compliance.requests.kinds import Kind


class Exercise(StrEnum):
    """A right as agents name it."""

    ACCESS = "access"
    ACCESS_CATEGORIES = "access:categories"
    ACCESS_SPECIFIC = "access:specific"
    DELETION = "deletion"
    SALE_OPT_OUT = "sale:opt-out"
    SALE_OPT_IN = "sale:opt-in"


#: The package for access says the categories and has the data itself, so it answers all three.
_BECOMES = {
    Exercise.ACCESS: Kind.ACCESS,
    Exercise.ACCESS_CATEGORIES: Kind.ACCESS,
    Exercise.ACCESS_SPECIFIC: Kind.ACCESS,
    Exercise.DELETION: Kind.DELETION,
    Exercise.SALE_OPT_OUT: Kind.OPT_OUT,
}


def read(written: str) -> Exercise:
    """The right that is meant. 2.01 writes sale:opt-out, 3.01 sale:opt_out; both are read. Raises UnknownExercise."""
    try:
        return Exercise(written.replace("_", "-"))
    except ValueError:
        raise UnknownExercise from None


def kind(exercise: Exercise) -> Kind | None:
    """The kind of request it becomes here; None for opting in, which is answered with `status.no_opt_in`."""
    return _BECOMES.get(exercise)
