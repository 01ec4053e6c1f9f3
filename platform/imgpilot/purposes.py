"""Why personal data is processed: the register that P09 promises. Nothing is held or sent without one of these."""

from imgpilot.language import marked as _
from imgpilot.privacy import Kept, LegalBasis, Purpose

GENERATION = Purpose("generation", _("To make the pictures you ask for"), LegalBasis.CONTRACT, "essential.service")
ACCOUNT = Purpose("account", _("To have an account for you"), LegalBasis.CONTRACT, "essential.service")
SIGN_IN = Purpose(
    "sign-in", _("To let you in, and nobody else"), LegalBasis.CONTRACT, "essential.service.authentication"
)
CREDITS = Purpose(
    "credits",
    _("To keep count of your credits"),
    LegalBasis.CONTRACT,
    "essential.service.payment_processing",
)
STORAGE = Purpose("storage", _("To store your pictures"), LegalBasis.CONTRACT, "essential.service")
MESSAGES = Purpose(
    "messages",
    _("To send you messages about the service"),
    LegalBasis.CONTRACT,
    "essential.service.notifications.email",
)
RIGHTS = Purpose(
    "rights",
    _("To answer your privacy requests"),
    LegalBasis.LEGAL_OBLIGATION,
    "essential.legal_obligation",
)
ACCOUNTABILITY = Purpose(
    "accountability",
    _("To prove what we did with your data"),
    LegalBasis.LEGAL_OBLIGATION,
    "essential.legal_obligation",
)
NEWS = Purpose(
    "news",
    _("To send you news, if you agreed to that"),
    LegalBasis.CONSENT,
    "marketing.communications.email",
)
STATISTICS = Purpose(
    "statistics",
    _("To improve the service with counts that name nobody"),
    LegalBasis.LEGITIMATE_INTERESTS,
    "analytics.reporting",
)
GALLERY = Purpose(
    "gallery", _("To keep your pictures in the order you give them"), LegalBasis.CONTRACT, "essential.service"
)
PROGRAMS = Purpose(
    "programs", _("To let your own programs work with the service"), LegalBasis.CONTRACT, "essential.service"
)
SECURITY = Purpose(
    "security",
    _("To keep the service safe and find faults"),
    LegalBasis.LEGITIMATE_INTERESTS,
    "essential.service.security",
)
SAFETY = Purpose(
    "safety",
    _("To stop pictures that harm people"),
    LegalBasis.LEGITIMATE_INTERESTS,
    "essential.service.security",
)
SHARING = Purpose(
    "sharing",
    _("To show the pictures that you publish"),
    LegalBasis.CONSENT,
    "essential.service",
)
STAFF = Purpose(
    "staff",
    _("To let staff work, each with the access they need"),
    LegalBasis.LEGITIMATE_INTERESTS,
    "essential.service.security",
)

PURPOSES = {
    p.key: p
    for p in (
        GENERATION,
        ACCOUNT,
        SIGN_IN,
        CREDITS,
        STORAGE,
        MESSAGES,
        RIGHTS,
        ACCOUNTABILITY,
        NEWS,
        STATISTICS,
        GALLERY,
        PROGRAMS,
        SECURITY,
        SAFETY,
        SHARING,
        STAFF,
    )
}

ACCOUNT_LIVES = Kept(_("while your account lives"))
PERSON_DELETES = Kept(_("until you delete them or your account"))
EMPLOYMENT_ENDS = Kept(_("while the member of staff works here"))
CONFIGURATION = Kept(_("while the software is in use"))
