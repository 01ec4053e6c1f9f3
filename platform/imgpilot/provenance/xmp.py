"""The XMP words that a picture was made by AI (IPTC Photo Metadata, Digital Source Type)."""

import re

from imgpilot.provenance.source import Source

NAMESPACE = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
#: The digital source types that mean AI. A file that says one of them is marked.
_AI = re.compile(
    rb"DigitalSourceType[^A-Za-z].{0,200}?digitalsourcetype/"
    rb"(?:trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia|compositeSynthetic|algorithmicMedia)",
    re.DOTALL,
)
_END = b"</rdf:RDF>"


def says_ai(packet: bytes) -> bool:
    """Whether this packet says that AI made the picture."""
    return _AI.search(packet) is not None


def packet(source: Source) -> bytes:
    """A packet that says the source and nothing else."""
    return (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        + _said(source)
        + _END
        + b'</x:xmpmeta><?xpacket end="w"?>'
    )


def added(there: bytes, source: Source) -> bytes | None:
    """The packet that is there with the source said as well; None if it is not one that we can add to."""
    if there.count(_END) != 1 or b"DigitalSourceType" in there:
        return None
    return there.replace(_END, _said(source) + _END)


def _said(source: Source) -> bytes:
    return (
        f'<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{NAMESPACE}">'
        f"<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType></rdf:Description>"
    ).encode()
