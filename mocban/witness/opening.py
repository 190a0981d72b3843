"""A witness from its folder."""

from __future__ import annotations

from pathlib import Path

from mocban.witness.known_logs import KnownLogs
from mocban.witness.records import Records
from mocban.witness.witness import Witness
from signing.note import Signer


def open_witness(store: Path, signer: Signer) -> Witness:
    """The witness whose folder this is; only the holder of its process note may let it cosign.

    Raises Refusal `witness-logs-unfit`.
    """
    records = Records(store, signer.verifier_key)
    return Witness(signer=signer, logs=KnownLogs(store), records=records)
