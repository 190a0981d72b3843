"""Doing an act of a hand-over: at once where all keys are here, or as a file that others sign."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from ledger.act_preparation import prepare_act
from ledger.prepared_file import PreparedFile, write_prepared
from ledger.proposal import Proposal
from mocban.acts.inspection import summarized
from mocban.acts.new_files import check_free, create_all
from mocban.acts.openings import openings
from mocban.bootstrap import Product


def prepare(product: Product, proposal: Proposal, out: Path, opened: Path | None, hours: float) -> PreparedFile:
    """The act in a file to be signed elsewhere, and beside it what opens its sealed values; all files or none.

    Raises Refusal as `prepare_act` and `check_free`.
    """
    wanted = [path for path in (out, opened) if path is not None]
    check_free(wanted)
    now = datetime.now(UTC)
    product.prepared.discard_expired(now)
    bare, fields = prepare_act(product.main, product.prepared, proposal, now, now + timedelta(hours=hours))
    try:
        file = summarized(bare)
        made = [write_prepared(file)]
        if opened is not None:
            told = msgspec.json.encode(openings(file, fields, product.record_keys))
            made.append(msgspec.json.format(told, indent=2) + b"\n")
        create_all(dict(zip(wanted, made, strict=True)))
    except BaseException:  # an act whose file nobody has would wait in vain
        product.prepared.discard(bare.header.id)
        raise
    return file
