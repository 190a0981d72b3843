"""The standby pair takes over: told durably, then seen in a checkpoint of both logs, whoever sequences them."""

from __future__ import annotations

import time
from typing import Final

from domain.errors import Refusal
from ledger.application import Ledger
from ledger.log_name import LogName
from ledger.log_store import LogStore
from ledger.sequencer import Sequencer
from mocban.bootstrap import Product

PATIENCE_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.2


def take_over(product: Product) -> dict[LogName, int]:
    """Let the standby pair sign both logs for good; the size of each log's checkpoint by it. Idempotent.

    A running `serve` notices by itself within a second. Raises Refusal `log-without-standby`, `takeover-not-seen`; also
    as `Sequencer.advance`.
    """
    product.log_keys.take_over()
    main, access = product.sequencers()
    try:
        return {
            LogName.MAIN: _signed_anew(main, product.main, product.main_log, product),
            LogName.ACCESS: _signed_anew(access, product.access, product.access_log, product),
        }
    finally:
        main.close()
        access.close()


def _signed_anew(sequencer: Sequencer, ledger: Ledger, store: LogStore, product: Product) -> int:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            sequencer.advance()
        except Refusal as refusal:
            if refusal.code != "sequencer-busy":
                raise
        if store.tiles.served() is not None:
            size, signers = store.signers()
            if {signer.verifier_key for signer in product.log_keys.in_force(ledger.origin)} <= signers:
                return size
        if time.monotonic() > deadline:
            raise Refusal("takeover-not-seen", log=ledger.log_name)
        time.sleep(_LOOK_SECONDS)
