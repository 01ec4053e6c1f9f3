"""How a picture came to be, in the words of the IPTC: the digital source type."""

from enum import StrEnum

_LIST = "http://cv.iptc.org/newscodes/digitalsourcetype/"


class Source(StrEnum):
    """IPTC NewsCodes, digital source type: https://cv.iptc.org/newscodes/digitalsourcetype/."""

    MADE = _LIST + "trainedAlgorithmicMedia"
    #: Made from pictures that a person brought.
    MADE_FROM = _LIST + "compositeWithTrainedAlgorithmicMedia"

    @classmethod
    def of(cls, references: int) -> "Source":
        """The one for a picture made from so many references."""
        return cls.MADE_FROM if references else cls.MADE
