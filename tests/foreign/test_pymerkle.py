"""pymerkle, a Merkle tree of other authors: roots, inclusion and consistency over what was published."""

from __future__ import annotations

from base64 import b64decode

import pytest
from pymerkle import InmemoryTree, InvalidProof, verify_consistency, verify_inclusion

from signing.merkle import consistency_ranges
from signing.tile_reader import TileReader
from signing.tlog_proof import parse_evidence, parse_proof
from tests.foreign.published import Published, header, tree_head

pytestmark = pytest.mark.usefixtures("pymerkle")
INDEXES = (0, 1, 5, 6, 255, 256, 300)


@pytest.fixture
def tree(published: Published) -> InmemoryTree:
    """pymerkle's own tree over the acts' notes."""
    grown = InmemoryTree()
    grown.append_entries(published.entries())
    return grown


def _path(published: Published, index: int) -> list[bytes]:
    """The product's path for an act, from the exported tiles."""
    size = tree_head(published.checkpoint)[1]
    return TileReader(size, lambda path: (published.export / path).read_bytes()).inclusion_path(index)


def test_the_roots_are_those_it_computes(published: Published, tree: InmemoryTree) -> None:
    """Given the acts out of the bundles, when it makes its tree, then both roots and all leaves come out."""
    for note in (published.checkpoint, published.earlier):
        _, size, root = tree_head(note)
        assert tree.get_root(size) == root
    assert [tree.get_leaf(number + 1) for number in range(tree.get_size())] == published.hashes()


@pytest.mark.parametrize("index", INDEXES)
def test_our_inclusion_proofs_are_its_own(published: Published, tree: InmemoryTree, index: int) -> None:
    """Given an act, when its path is made from tiles, then pymerkle makes the same and accepts it, but no other."""
    _, size, root = tree_head(published.checkpoint)
    theirs = tree.prove_inclusion(index + 1, size)
    leaf, ours = published.hashes()[index], _path(published, index)
    assert theirs.path == [leaf, *ours]
    theirs.path = [leaf, *ours]
    verify_inclusion(leaf, root, theirs, index=index + 1, size=size)
    theirs.path[-1] = bytes([theirs.path[-1][0] ^ 1]) + theirs.path[-1][1:]
    with pytest.raises(InvalidProof):
        verify_inclusion(leaf, root, theirs, index=index + 1, size=size)


def test_our_consistency_proof_has_its_hashes(published: Published, tree: InmemoryTree) -> None:
    """Given two checkpoints, then pymerkle proves growth between their roots, and no hash of our proof is not its own.

    Its proofs divide the old tree further than RFC 9162 does, so each hash of ours is compared with its range's root.
    """
    (_, old, old_root), (_, size, root) = tree_head(published.earlier), tree_head(published.checkpoint)
    theirs = tree.prove_consistency(old, size)
    verify_consistency(old_root, root, theirs, prior_size=old, later_size=size)
    with pytest.raises(InvalidProof):
        verify_consistency(bytes(32), root, theirs, prior_size=old, later_size=size)
    ours = [b64decode(line) for line in (published.folder / "consistency").read_text().splitlines()]
    ranges = consistency_ranges(old, size)
    assert len(ours) == len(ranges) > 3
    for hashed, (start, end) in zip(ours, ranges, strict=True):
        part = InmemoryTree()
        part.append_entries(published.entries()[start:end])
        assert hashed == part.get_root()


def test_the_event_tree_of_an_act_is_its_own(published: Published) -> None:
    """Given the acts of many events, when it makes a tree of each one's events, then it is the root that was signed."""
    events, first = published.events(), 0
    several = 0
    for note in published.entries():
        said = header(note)
        grown = InmemoryTree()
        grown.append_entries(events[first : first + said["events"]])
        assert grown.get_root() == b64decode(said["root"])
        first, several = first + said["events"], several + (said["events"] > 1)
    assert several >= 2
    assert first == len(events)


def test_a_proof_file_holds_its_proofs(published: Published, tree: InmemoryTree) -> None:
    """Given the proof file of an event of a large act, then both paths in it are those pymerkle makes."""
    proof = parse_proof((published.folder / "event.tlog-proof").read_bytes())
    assert proof.extra is not None
    evidence = parse_evidence(proof.extra)
    inner = InmemoryTree()
    first = sum(header(note)["events"] for note in published.entries()[: proof.index])
    inner.append_entries(published.events()[first : first + header(evidence.note)["events"]])
    assert tree.prove_inclusion(proof.index + 1).path[1:] == list(proof.path)
    assert inner.prove_inclusion(evidence.event_index + 1).path[1:] == list(evidence.path)
    assert len(evidence.path) > 3
