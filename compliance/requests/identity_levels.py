"""How well we must know who asks, by what is asked (GDPR 12(6), 11 CCR 7060 to 7063). No more than that is asked."""

from compliance.requests.kinds import Kind, Proof
from compliance.requests.models import PrivacyRequest

#: Proofs of somebody who acts in their own account.
AS_THEMSELVES = (Proof.SIGNED_IN, Proof.FRESH)
#: From least to most, for what an account holder asks. A link to the address is how people sign in here, so it
#: proves as much as signing in does.
_STRENGTH = {
    Proof.NONE: 0,
    Proof.ADDRESS: 1,
    Proof.SIGNED_IN: 2,
    Proof.PERMISSION: 2,
    Proof.FURTHER: 3,
    Proof.FRESH: 3,
    Proof.STAFF: 3,
}
#: What each kind needs. Opt-outs may not be verified at all (11 CCR 7060(b)).
NEEDED = {
    Kind.OPT_OUT: Proof.NONE,
    Kind.CONSENT_WITHDRAWAL: Proof.ADDRESS,
    Kind.OBJECTION: Proof.ADDRESS,
    Kind.RESTRICTION: Proof.ADDRESS,
    Kind.CORRECTION: Proof.ADDRESS,
    Kind.ACCESS: Proof.ADDRESS,
    Kind.PORTABILITY: Proof.ADDRESS,
    Kind.DELETION: Proof.ADDRESS,
}
#: Kinds that can be done for somebody of whom we have no account.
WITHOUT_ACCOUNT = (Kind.OPT_OUT,)


def enough(request: PrivacyRequest) -> bool:
    """Whether the proof we have is enough for what is asked."""
    return _STRENGTH[Proof(request.proof)] >= _STRENGTH[NEEDED[Kind(request.kind)]]


def stronger(have: Proof, new: Proof) -> Proof:
    """The better of two proofs."""
    return new if _STRENGTH[new] > _STRENGTH[have] else have
