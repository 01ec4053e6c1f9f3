"""The laws of Europe: the GDPR, which holds in the European Economic Area, and the UK GDPR."""

from compliance.requests.regimes_terms import Extension, Pause, Period, Regime, Terms, Unit, rights
from imgpilot.language import marked as _

#: The European Economic Area: the 27 of the Union, and Iceland, Liechtenstein and Norway.
EEA = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS"),
    *("IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)


def _articles(law: str) -> dict[str, str]:
    copies = rights(law, access="15", portability="20", deletion="17", correction="16")
    return copies | rights(law, restriction="18", objection="21", consent_withdrawal="7(3)")


GDPR = Regime(
    "gdpr",
    "GDPR",
    EEA,
    Terms(
        Period(1, Unit.MONTHS, rolls=True, law="GDPR 12(3); Regulation 1182/71 Art. 3"),
        Extension(Period(2, Unit.MONTHS, rolls=True, law="GDPR 12(3)")),
    ),
    _articles("GDPR"),
    pauses={Pause.IDENTITY: frozenset()},
    note=_("The clock stops only on reasonable doubt about who asks, and only if we asked at once (GDPR 12(6))."),
)

UK_GDPR = Regime(
    "uk-gdpr",
    "UK GDPR",
    ("GB",),
    Terms(
        Period(1, Unit.MONTHS, rolls=True, law="UK GDPR 12A"),
        Extension(Period(2, Unit.MONTHS, rolls=True, law="UK GDPR 12A")),
    ),
    _articles("UK GDPR"),
    pauses={
        Pause.IDENTITY: frozenset(),
        Pause.CLARIFICATION: frozenset({"access"}),
        Pause.FEE: frozenset(),
    },
    note=_(
        "The clock stops while we wait for proof of identity, a fee, or (access only) what exactly is meant, if we "
        "really need it (Article 12A). After proof the law would even start a new month; we only add the days waited."
    ),
)
