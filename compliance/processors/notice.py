"""The notice to a company that received data which is now erased, corrected or restricted.

GDPR Art. 19 and 17(2); 11 CCR 7022(b), 7023(c). It says what happened and which calls are concerned. It names nobody
and holds no value: the company finds what is meant by the times of our calls.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

import config
from compliance.processors.received import Received
from compliance.requests.kinds import Kind
from imgpilot.mail import Attachment
from imgpilot.processors import Processor

#: Days in which we ask to be followed. No law gives a processor a number; this is the least that GDPR 12(3) gives us.
WITHIN = 30

_HAPPENED = {
    Kind.DELETION: "A person's data was erased here.",
    Kind.CORRECTION: "A fact about a person was wrong, and is corrected here.",
    Kind.RESTRICTION: "The use of a person's data is restricted here: it is stored, and nothing else is done with it.",
}
_DO = {
    Kind.DELETION: "Erase what you still hold of these calls, with copies and logs, unless a law makes you keep it.",
    Kind.CORRECTION: (
        "Do not use what these calls said of this fact any more, and erase it where you still hold it. The right value "
        "is not in this notice; ask for it if you need it."
    ),
    Kind.RESTRICTION: "Store what you still hold of these calls and do nothing else with it until we say otherwise.",
}
#: A correction that changes no value: the person completed or disputes what we hold, in a statement (GDPR Art. 16).
_COMPLETED = "A person added a statement to data about them: it completes or disputes what we hold."
_MIND = "Do not take what these calls carried as complete and undisputed. Ask for the statement if you use the data."
_LAW = {
    Kind.DELETION: "GDPR Art. 17(2), 19 and 28(3); CCPA regulations § 7022(b)",
    Kind.CORRECTION: "GDPR Art. 19 and 28(3); CCPA regulations § 7023(c)",
    Kind.RESTRICTION: "GDPR Art. 18, 19 and 28(3)",
}


@dataclass(frozen=True)
class Notice:
    """One notice. `category` is the Fideslang category of the corrected fact, never its value; "" for none."""

    case: str
    kind: Kind
    processor: Processor
    received: Received
    by: date
    category: str = ""

    @property
    def number(self) -> str:
        """What tells one notice from another: sent twice, it has the same."""
        return f"{self.case}/{self.processor.key}"

    @property
    def subject(self) -> str:
        """The subject line."""
        what = {Kind.DELETION: "Erasure", Kind.CORRECTION: "Correction", Kind.RESTRICTION: "Restriction"}[self.kind]
        return f"{what} of personal data: notice {self.number}"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The notice, in English: it goes to a company."""
        said = self.received
        statement = self.kind is Kind.CORRECTION and not self.category
        happened, do = (_COMPLETED, _MIND) if statement else (_HAPPENED[self.kind], _DO[self.kind])
        listed = len(said["lines"])
        all_of_them = "" if listed == said["times"] else f" The attached file lists the newest {listed}."
        return (
            f"{happened} You received data about the same person from {config.PRODUCT}, as our processor.",
            *([f"Kind of fact: {self.category}."] if self.category else []),
            f"Calls concerned: {said['times']}, from {said['first']} to {said['last']}.{all_of_them} The attached file "
            "says of each when it was made, for what, and which kinds of data it carried; find them by the time.",
            f"Please do this by {self.by.isoformat()}: {do} Pass this on to whoever received it from you.",
            f"Law: {_LAW[self.kind]}.",
            f"No answer is needed if you do as we ask. If you cannot, tell us why at {config.CONTACT} and name "
            f"{self.number}. Should this come twice, it is one notice: the number is the same.",
        )

    def text(self) -> str:
        """As plain text."""
        return "\n\n".join((*self.paragraphs, config.PRODUCT)) + "\n"

    def html(self) -> str:
        """For mail programs."""
        return _template().render(notice=self, product=config.PRODUCT)

    def list(self) -> Attachment:
        """The lines of our disclosure log, for a program to read."""
        body = {
            "notice": self.number,
            "what": str(self.kind),
            "category": self.category or None,
            "by": self.by.isoformat(),
            "answer_to": config.CONTACT,
            "calls": self.received["times"],
            "lines": self.received["lines"],
        }
        name = f"{self.number.replace('/', '-')}.json"
        return Attachment(name, "application/json", json.dumps(body, indent=1).encode())


@cache
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined).get_template("mail/notice.html")
