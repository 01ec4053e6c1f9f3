"""What can go wrong when a document becomes a PDF, as one tree.

ReportError
├── TooMuch        a part of the document is too big for a PDF made in reasonable time: show less of it
├── NotAPicture    bytes handed in as a picture are no JPEG, PNG, WebP or SVG
├── Unreachable    the document asked for something that was not handed in; nothing is ever fetched
└── FontsMissing   the folder of fonts lacks a file; `make setup` fills it
"""


class ReportError(Exception):
    """Every error of this package. Messages name parts and limits, never what a document says."""


class TooMuch(ReportError):
    """A part of the document is over its limit."""


class NotAPicture(ReportError):
    """The bytes are no picture that a PDF can hold."""


class Unreachable(ReportError):
    """The document names an address outside of what was handed in."""


class FontsMissing(ReportError):
    """A font file is not in the folder."""
