"""A process that dies while it submits a prepared act: the next try finds out, and nothing is lost or left lying."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from domain.errors import Refusal
from ledger.prepared_file import PreparedFile
from ledger.prepared_store import HeldAct
from tests.ledger.conftest import House
from tests.ledger.elsewhere import HOUR, Desk, signed


class Died(Exception):  # noqa: N818  not an error of ours
    """What stands for the end of the process."""


def _dying(*_: Any) -> None:
    raise Died


def test_death_after_the_append_is_no_second_act(house: House) -> None:
    """Given an act stored and not yet forgotten, submitting again returns its receipt and forgets it."""
    desk = Desk(house)
    desk.join()
    file = signed(desk.prepare(desk.packing(uuid4(), "kept")), desk.officer)
    _submit_and_die(desk, file)
    size = house.main.size()
    assert desk.counts() == (1, 1, 1)
    assert desk.submit(file).act_index == size - 1
    assert house.main.size() == size
    assert desk.counts() == (0, 0, 1)


@pytest.mark.parametrize("tried_again", [True, False])
def test_death_after_a_stale_append_leaves_nothing_for_good(house: House, *, tried_again: bool) -> None:
    """Given a stale act whose ciphertexts the append brought, the next try removes them, or its expiry does."""
    desk = Desk(house)
    desk.join()
    box = uuid4()
    file = signed(desk.prepare(desk.packing(box, "stale")), desk.officer)
    house.pack(box)
    _submit_and_die(desk, file)
    assert desk.counts() == (1, 1, 1)
    if tried_again:
        with pytest.raises(Refusal, match="prepared-act-stale"):
            desk.submit(file)
    else:
        desk.waiting.discard_expired(datetime.now(UTC) + 2 * HOUR)
    assert desk.counts() == (0, 0, 0)


def test_a_stored_act_keeps_its_ciphertexts_when_its_row_expires(house: House) -> None:
    """Given an act stored by a process that died before forgetting it, the sweep leaves the ledger's ciphertext."""
    desk = Desk(house)
    desk.join()
    _submit_and_die(desk, signed(desk.prepare(desk.packing(uuid4(), "kept")), desk.officer))
    assert desk.waiting.discard_expired(datetime.now(UTC) + 2 * HOUR) == 1
    assert desk.counts() == (0, 0, 1)


def _submit_and_die(desk: Desk, file: PreparedFile) -> None:
    """Submit, and die when the append has answered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HeldAct, "discard", _dying)
        with pytest.raises(Died):
            desk.submit(file)
