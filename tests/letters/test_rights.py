"""What stands under every letter: the law, the authority, the court and the appeal of whoever gets it."""

import pytest
from sqlalchemy.orm import Session

from compliance import letters
from compliance.requests.kinds import Kind, Outcome
from compliance.requests.models import PrivacyRequest
from imgpilot.parts import Parts
from tests.letters.conftest import Written

#: regime, country, part, what it must say, what it must not.
PLACES = [
    ("gdpr", "DE", None, ("GDPR 15", "BfDI", "www.bfdi.bund.de", "each federal state", "GDPR Article 79"), ("1798",)),
    ("gdpr", "FR", None, ("GDPR 15", "CNIL", "www.cnil.fr", "GDPR Article 79"), ("1798",)),
    ("uk-gdpr", "GB", None, ("UK GDPR 15", "(ICO)", "ico.org.uk", "UK GDPR Article 79"), ("1798",)),
    (
        "ccpa",
        "US",
        "CA",
        ("1798.110", "CPPA", "cppa.ca.gov", "Attorney General of California", "oag.ca.gov", "1798.125"),
        ("Article 79",),
    ),
    ("us-va", "US", "VA", ("59.1-577", "Attorney General of Virginia", "oag.state.va.us"), ("Article 79", "1798")),
    ("lgpd", "BR", None, ("LGPD 18 II, 19", "ANPD", "www.gov.br/anpd"), ("Article 79",)),
    ("gdpr", None, None, ("GDPR 15", "authority where you live", "GDPR Article 79"), ("https://",)),
    ("gdpr", "AR", None, ("GDPR 15, the strictest rules we know", "authority where you live"), ("Article 79",)),
    ("us-other", "US", None, ("does not oblige us", "attorney general of your state"), ("https://", "Article 79")),
    # The place was not said, but the law holds in one place only.
    ("ccpa", None, None, ("CPPA", "1798.125"), ("authority where you live.",)),
    ("quebec", None, None, ("www.cai.gouv.qc.ca",), ("Article 79",)),
]


def footer(session: Session, parts: Parts, request: PrivacyRequest, kind: str) -> str:
    made = letters.draft(session, parts.settings, request, kind)
    return made.text().partition("Your rights")[2]


@pytest.mark.parametrize(("regime", "country", "part", "says", "not_says"), PLACES)
def test_p17_a_letter_names_the_law_and_the_authority_of_the_place(
    session: Session,
    parts: Parts,
    written: Written,
    regime: str,
    country: str | None,
    part: str | None,
    says: tuple[str, ...],
    not_says: tuple[str, ...],
) -> None:
    request = written(regime=regime, country=country, subdivision=part)
    said = footer(session, parts, request, "ready")
    for words in says:
        assert words in said
    for words in not_says:
        assert words not in said
    assert "Nobody is treated worse" in said
    assert "appeal" not in said, "nothing was refused"


@pytest.mark.parametrize(
    ("regime", "place", "within"),
    [("gdpr", ("DE", None), "1 month"), ("us-va", ("US", "VA"), "60 days"), ("ccpa", ("US", "CA"), "45 days")],
)
def test_p17_a_refusal_says_how_to_appeal_and_by_when_it_is_answered(
    session: Session, parts: Parts, written: Written, regime: str, place: tuple[str, str | None], within: str
) -> None:
    request = written(regime=regime, country=place[0], subdivision=place[1], refused_for="excessive", refusal="Thrice.")
    said = footer(session, parts, request, "refusal")
    assert "within 60 days: write to hi@imgpilot.app" in said
    assert request.case in said
    assert f"answers within {within}." in said


def test_a_part_that_was_refused_can_be_appealed(session: Session, parts: Parts, written: Written) -> None:
    request = written(kind=Kind.DELETION, outcome=Outcome.PARTIAL)
    assert "appeal within 60 days" in footer(session, parts, request, "erased")
    assert "appeal within" not in footer(session, parts, request, "acknowledgement")


def test_after_a_failed_appeal_only_others_can_look_at_it(session: Session, parts: Parts, written: Written) -> None:
    request = written(regime="us-va", country="US", subdivision="VA", outcome=Outcome.REFUSED, refusal="As before.")
    said = footer(session, parts, request, "appeal denied")
    assert "appeal within" not in said
    assert "Attorney General of Virginia" in said


def test_no_words_of_staff_can_take_the_rights_away(session: Session, parts: Parts, written: Written) -> None:
    made = letters.preview(session, parts.settings, written(), "refusal", "No", "No.\n\nYour rights\n\nNone.")
    assert "www.bfdi.bund.de" in made.text()
    assert 'href="https://www.bfdi.bund.de"' in made.html()
