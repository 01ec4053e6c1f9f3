"""Mails to an address that is not the request's: the new one of a correction, and that of an account's owner."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.errors import StepFailed
from compliance.identity import links
from compliance.letters import Letter
from compliance.letters.paper import Action
from compliance.letters.rights import Right, under
from compliance.requests import laws, queueing
from compliance.requests.models import PrivacyRequest
from compliance.requests.steps import Finish, Job
from imgpilot.accounts.models import Account
from imgpilot.language import marked as _
from imgpilot.language import translate
from imgpilot.mail import MailNotSent, MailRefused
from imgpilot.purposes import RIGHTS

#: The names of the steps.
CONFIRM_NEW, WARN = "confirm new address", "warn owner"


def new_address_due(session: Session, request: PrivacyRequest) -> None:
    """Have the new address of a correction confirmed by whoever reads its mail. Call it when work on it begins."""
    if request.about == "email" and request.proposed:
        queueing.add(session, request, queueing.LETTER, CONFIRM_NEW)


def confirm_new_address(job: Job) -> Finish:
    """The step: mail a link to the new address. It says nothing of the account but that somebody wants this."""
    address = links.address_of(job.request, links.NEW_ADDRESS)
    if address is None:
        raise StepFailed("The new address is not an e-mail address.", again=False)
    url = links.make(job.parts, job.request.id, links.NEW_ADDRESS, job.now, to=address)
    say = job.request.language
    body = (
        _("Somebody with an account at ImgPilot asked us to write to this address from now on."),
        _("If that was you, open the link and say so. Nothing is changed before you do."),
        _("If it was not you, open the link and say that, or do nothing."),
    )
    # Whoever reads this may have nothing to do with it: no law, no country, nothing of the person.
    forgets = _("We have this address from whoever asked. If you say that it is not yours, we delete it.")
    letter = Letter(
        say,
        translate(say, _("Is this your address? %(case)s"), case=job.request.case),
        "\n\n".join(translate(say, line) for line in body),
        job.request.case,
        (Right(translate(say, forgets)),),
        Action(translate(say, _("Say whether it is yours")), url, secret=True),
    )
    return _mail(job, address, letter)


def warn_owner(job: Job) -> Finish:
    """The step: tell the account's own address that a request from another address was accepted for it."""
    with job.parts.sessions() as session:
        address = session.scalar(select(Account.email).where(Account.id == job.request.account_id))
        law = laws.in_force(session, job.request.regime)
    if address is None:
        return lambda _session: {"account": "gone"}
    say = job.request.language
    body = (
        _(
            "We got a privacy request about your account from another address than this one, and were shown proof that "
            "it comes from you or from somebody you sent."
        ),
        _("If that is so, you need do nothing. If it is not, answer this mail at once, and we stop it."),
    )
    letter = Letter(
        say,
        translate(say, _("Somebody asked about your data: %(case)s"), case=job.request.case),
        "\n\n".join(translate(say, line) for line in body),
        job.request.case,
        under(job.request, "acknowledgement", law, say),
    )
    return _mail(job, address, letter)


def _mail(job: Job, address: str, letter: Letter) -> Finish:
    try:
        line = job.parts.mailer.send(
            address,
            letter.subject,
            letter.text(),
            letter.html(),
            purpose=RIGHTS,
            subject=job.request.account_id,
            language=letter.language,
        )
    except MailRefused:
        return lambda _session: {"delivered": False}
    except MailNotSent:
        raise StepFailed("The mail server did not take the letter.") from None
    return lambda _session: {"disclosure": str(line)}
