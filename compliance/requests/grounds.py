"""The grounds on which something asked for may be left undone: each with its law and its words to the person."""

from dataclasses import dataclass

from compliance.requests.kinds import Kind
from imgpilot.language import marked as _

EVERY = tuple(Kind)


@dataclass(frozen=True)
class Ground:
    """Why not, by which law. `kinds`: what it can refuse. `part`: it can leave out a part of what is asked."""

    key: str
    law: str
    words: str
    kinds: tuple[Kind, ...]
    part: bool = False


GROUNDS = {
    ground.key: ground
    for ground in (
        Ground(
            "not-proved",
            "GDPR 12(6); 11 CCR 7060",
            _("We could not make sure that it was you who asked, or somebody you sent."),
            EVERY,
        ),
        Ground("nothing-held", "GDPR 15(1)", _("We hold nothing about you under what you gave us."), EVERY),
        Ground(
            "excessive",
            "GDPR 12(5)",
            _("The request is manifestly unfounded or excessive, in particular because it repeats itself."),
            EVERY,
        ),
        Ground(
            "rights-of-others",
            "GDPR 15(4), 20(4)",
            _("A copy would take away from the rights and freedoms of other people."),
            (Kind.ACCESS, Kind.PORTABILITY),
            part=True,
        ),
        Ground(
            "never-disclosed",
            "11 CCR 7024(d)",
            _("The law forbids sending this out, because it could be misused. We say only that we hold it."),
            (Kind.ACCESS, Kind.PORTABILITY),
            part=True,
        ),
        Ground(
            "expression",
            "GDPR 17(3)(a)",
            _("It is needed for freedom of expression and information."),
            (Kind.DELETION,),
            part=True,
        ),
        Ground(
            "legal-duty",
            "GDPR 17(3)(b); Cal. Civ. Code 1798.105(d)(8)",
            _("A law obliges us to keep it."),
            (Kind.DELETION,),
            part=True,
        ),
        Ground(
            "claims",
            "GDPR 17(3)(e)",
            _("It is needed to establish, exercise or defend legal claims."),
            (Kind.DELETION, Kind.OBJECTION),
            part=True,
        ),
        Ground(
            "legal-hold",
            "GDPR 17(3)(b), (e)",
            _("An authority or a court has ordered that it is kept."),
            (Kind.DELETION,),
            part=True,
        ),
        Ground(
            "security",
            "Cal. Civ. Code 1798.105(d)(2)",
            _("It is needed to find and stop misuse of the service."),
            (Kind.DELETION,),
            part=True,
        ),
        Ground(
            "is-correct",
            "GDPR 16; 11 CCR 7023(b)",
            _("From all that we have, what we hold is more likely right. Your dispute is kept beside it."),
            (Kind.CORRECTION,),
        ),
        Ground(
            "no-ground-to-restrict",
            "GDPR 18(1)",
            _("None of the four grounds on which the law restricts processing applies."),
            (Kind.RESTRICTION,),
        ),
        Ground(
            "compelling",
            "GDPR 21(1)",
            _("There are compelling grounds for the processing that weigh more than the objection."),
            (Kind.OBJECTION,),
        ),
        Ground("other", "", _("For the reason given below."), EVERY),
    )
}


def for_refusing(kind: Kind) -> list[Ground]:
    """The grounds on which a request of this kind can be refused as a whole."""
    return [ground for ground in GROUNDS.values() if kind in ground.kinds]


def for_part(kind: Kind) -> list[Ground]:
    """The grounds on which a part of it can be left undone. A hold is placed as a hold, not chosen here."""
    return [g for g in GROUNDS.values() if kind in g.kinds and g.part and g.key != "legal-hold"]
