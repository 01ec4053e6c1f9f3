"""The letters a person gets about a request: drafted from the case, edited by staff, each with the person's rights.

`draft` writes one from the text that counts, `preview` shows what would be sent with other words, `edited` replaces
one that waits. `worded` gives a draft's words to a move. The texts are data (`texts`); staff change them with
`change_text`.
"""

from compliance.letters.filling import check_letter, check_text
from compliance.letters.paper import LINK, Letter
from compliance.letters.sample import sample
from compliance.letters.texts import PLACEHOLDERS, TEXTS, ours
from compliance.letters.wording import change_text, changed, history, text_of
from compliance.letters.write import draft, edited, preview, proves, waiting, worded

__all__ = [
    "LINK",
    "PLACEHOLDERS",
    "TEXTS",
    "Letter",
    "change_text",
    "changed",
    "check_letter",
    "check_text",
    "draft",
    "edited",
    "history",
    "ours",
    "preview",
    "proves",
    "sample",
    "text_of",
    "waiting",
    "worded",
]
