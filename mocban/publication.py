"""Publication: checkpoints over both logs, the trust file, and the folder and bundle that auditors take away."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import psycopg
from typing_extensions import override

from domain.errors import Refusal
from ledger.access_publication import publish_access_checkpoint
from ledger.application import Ledger
from ledger.log_store import LogStore
from ledger.periodic import Periodic
from ledger.sequencer import Sequencer
from mocban.bootstrap import Product
from mocban.offices import Office
from mocban.pdf_signing import pades_key
from mocban.timestamps.authorities import read_authorities
from mocban.witness.cosigning import collect_once
from mocban.witness.policy import FILE, read_policy
from signing.base64_text import to_base64
from signing.durable_file import write_durably

_log: Final = logging.getLogger(__name__)
PATIENCE_SECONDS: Final = 30.0
"""Without any new checkpoint of another process that publishes: what it still has to read may be a bulk import's."""
_LOOK_SECONDS: Final = 0.2
_FIRST_AFTER_SECONDS: Final = 30.0


def publish(product: Product) -> int:
    """Sign a checkpoint over the access log, enter it into the main log, sign one over that; the main log's size.

    Then ask the witnesses, where a policy names some; whatever they say, the checkpoint stands. Where another process
    publishes, wait for it to have done so. Raises as `publish_main`.
    """
    _, access = product.sequencers()
    _published(access, product.access_log, product.access)
    publish_access_checkpoint(product.main, product.access_log, product.actor(Office.RECORDER))
    size = publish_main(product)
    collect_once(product.settings.home)
    return size


def publish_main(product: Product) -> int:
    """Sign a checkpoint over all acts of the main log there are now; its size.

    Where another process publishes (`serve`), wait for its checkpoint to cover them. Raises as `Sequencer.advance`;
    `sequencer-busy` only where the other makes no checkpoint for `PATIENCE_SECONDS`.
    """
    main, _ = product.sequencers()
    return _published(main, product.main_log, product.main)


def _published(sequencer: Sequencer, store: LogStore, ledger: Ledger) -> int:
    wanted, seen, deadline = ledger.size(), -1, 0.0
    while True:
        try:
            return sequencer.advance()
        except Refusal as refusal:
            if refusal.code != "sequencer-busy":
                raise
            size = 0 if store.tiles.served() is None else store.checkpoint()[0].size
            if size >= wanted:
                return size
            if size > seen:
                seen, deadline = size, time.monotonic() + PATIENCE_SECONDS
            elif time.monotonic() > deadline:
                raise
        finally:
            sequencer.close()
        time.sleep(_LOOK_SECONDS)


class HourlyPublication(Periodic):
    """The access log's checkpoint enters the main log, soon after the start and then once an hour until stopped.

    Soon after the start, or a server that is started every half hour would never do it. Prepared acts that expired go.
    """

    def __init__(self, product: Product, seconds: float = 3600.0) -> None:
        super().__init__("access-publication", first_after=min(seconds, _FIRST_AFTER_SECONDS))
        self._product = product
        self._seconds = seconds

    @override
    def turn(self) -> float | None:
        try:
            publish_access_checkpoint(
                self._product.main, self._product.access_log, self._product.actor(Office.RECORDER)
            )
            self._product.prepared.discard_expired(datetime.now(UTC))
        except (Refusal, psycopg.Error) as problem:
            _log.warning(
                "điểm kiểm của nhật ký khai thác chờ một giờ · the access log's checkpoint waits an hour: %s",
                type(problem).__name__,
            )
        return self._seconds


def write_access_trust(product: Product, path: Path) -> None:
    """The trust file of the access log. Witnesses cosign the main log alone, which holds its checkpoints."""
    _write(path, _named(product.access, product.access_log))


def write_trust(product: Product, path: Path) -> None:
    """The trust file: what an auditor must have got from us some other way than with the records.

    Its witness policy is the one in force here, else the genesis's. For tools other than the verifier it also names the
    certificates under which timestamps and long-term PDF signatures are checked. Raises Refusal `witness-policy-unfit`,
    `timestamp-authorities-unfit`.
    """
    registry = product.main.registry.refresh().registry
    assert registry is not None, "what is published was founded"
    policy = read_policy(product.settings.home / FILE)
    key = pades_key(product)
    assert key.issuer is not None, "the key store makes one"
    trust = {
        **_named(product.main, product.main_log),
        "policy": msgspec.to_builtins(registry.genesis.witness_policy if policy is None else policy.for_trust()),
        "pades": to_base64(key.public),
        "pades_issuer": to_base64(key.issuer.certificate),
        "timestamp_authorities": {one.name: one.certificates for one in read_authorities(product.settings.home)},
    }
    _write(path, trust)


def _named(ledger: Ledger, store: LogStore) -> dict[str, object]:
    """Which log it is, and its keys."""
    return {
        "origin": ledger.origin,
        "genesis": to_base64(store.genesis_leaf_hash()),
        "vkeys": [key.text() for key in ledger.log_keys()],
    }


def _write(path: Path, trust: dict[str, object]) -> None:
    write_durably(path, msgspec.json.format(msgspec.json.encode(trust), indent=2) + b"\n")
