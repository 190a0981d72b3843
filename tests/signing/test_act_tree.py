"""The tree inside an act, span by span, is the tree over its events."""

from __future__ import annotations

from hashlib import sha256

import pytest

from signing.act_tree import SPAN, path_in_act, span_of, span_roots
from signing.merkle import inclusion_path, root
from signing.verification_error import VerificationError

SIZES = (1, 2, 255, 256, 257, 511, 512, 513, 1000, 10_000)


def hashes(count: int) -> list[bytes]:
    """Leaf hashes, all different."""
    return [sha256(number.to_bytes(4, "big")).digest() for number in range(count)]


@pytest.mark.parametrize("count", SIZES)
def test_spans_make_the_same_tree_and_the_same_paths(count: int) -> None:
    """Given events, when root and paths are made by spans, then they are those made from all of them."""
    every = hashes(count)
    spans = span_roots(every)
    assert root(spans) == root(every)
    for index in {0, count // 3, count // 2, count - 1, max(0, count - 2), min(SPAN, count - 1)}:
        start, end = span_of(index, count)
        assert path_in_act(index, spans, every[start:end]) == inclusion_path(every, index)


def test_events_of_another_span_are_refused() -> None:
    """Given the wrong events for a span, one changed, or an index past the end, then no path is made."""
    every = hashes(600)
    spans = span_roots(every)
    for index, span in ((0, every[1:257]), (300, every[:256]), (0, [*every[:255], bytes(32)]), (768, every[:1])):
        with pytest.raises(VerificationError) as caught:
            path_in_act(index, spans, span)
        assert caught.value.code == "act-root"
