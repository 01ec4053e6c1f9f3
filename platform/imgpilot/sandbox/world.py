"""What one running sandbox knows: its mails, faults, calls and purges, its pace, and whether it is closing."""

import threading
from dataclasses import dataclass, field

from imgpilot.sandbox.calls import Calls
from imgpilot.sandbox.faults import Faults
from imgpilot.sandbox.google.people import Accounts
from imgpilot.sandbox.mail.mailbox import Mailbox
from imgpilot.sandbox.openai.series import Series


@dataclass
class World:
    """Passed to everything the sandbox serves; nothing in it outlives the process."""

    #: Seconds a picture takes beside the drawing, so that progress can be watched.
    latency: float = 1.2
    #: The host the sandbox listens on; another Host header is refused.
    host: str = "127.0.0.1"
    smtp_url: str = ""
    mail: Mailbox = field(default_factory=Mailbox)
    #: Which picture a prompt gets when it is asked again.
    series: Series = field(default_factory=lambda: Series(moving=False))
    faults: Faults = field(default_factory=Faults)
    calls: Calls = field(default_factory=Calls)
    #: Purges of the delivery network: their own journal, of the same form.
    purged: Calls = field(default_factory=Calls)
    #: The accounts of its OpenID provider.
    google: Accounts = field(default_factory=Accounts)
    #: Set when the sandbox closes: whatever waits or draws stops.
    closing: threading.Event = field(default_factory=threading.Event)
