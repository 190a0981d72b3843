"""OrganName: the issuing body, the last named in the letterhead."""

from __future__ import annotations

from digitization import bodies
from digitization.fields.evidence import Candidate, unread, weigh
from digitization.layout import Layout
from digitization.plain import plain
from digitization.reading import Line, Reading

_NOT_BODIES = ("cong hoa", "doc lap", "dang cong san", "den ", "so ", "mat", "toi mat", "tuyet mat", "khan", "hoa toc")


def read(layout: Layout) -> Reading:
    """The body as written in a sentence. Sure when it opens with a known body's name and was read well."""
    lines = [line for line in layout.letterhead if not _foreign(line)]
    if not lines:
        return unread("OrganName")
    texts = [line.text.strip(" .,:;'\"|_-—*“”()[]") for line in lines]
    issuing = bodies.parted(texts)[-1]
    own = [line for line, text in zip(lines, texts, strict=True) if text and text in issuing] or lines[-1:]
    confidence = round(sum(line.confidence for line in own) / len(own), 1)
    one = Candidate(value=bodies.named(texts), confidence=confidence, page=layout.first.number, box=own[0].box)
    return weigh("OrganName", [one], doubted=bodies.head(issuing) is None)


def _foreign(line: Line) -> bool:
    """Stamps, marks and pieces of the right column that strayed into the left one."""
    bare = plain(line.text)
    return len(bare) < 3 or line.confidence < 40 or bare.startswith(_NOT_BODIES[:4]) or bare in _NOT_BODIES[4:]
