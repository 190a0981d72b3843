"""A small real ledger: the product founds it, records, rotates a key, publishes twice; its files are what is judged."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from benchmarks.file_rows import Deliveries, unsealed
from domain.event import Event
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.commands.accession import receive
from ledger.commands.administrative_unit import record_units
from ledger.commands.registry import rotation
from ledger.proposal import Decision, Proposal
from mocban.bootstrap import Product, open_product
from mocban.custody_certificate import custody_certificate
from mocban.database import Databases
from mocban.hanoi import unit_entries
from mocban.offices import Office
from mocban.publication import publish, write_trust
from mocban.settings import Settings
from signing.note import Ed25519Signer
from signing.tile_reader import TileReader
from tests.foreign.published import Published, tree_head

FILES: Final = 40
SINGLE_ACTS: Final = 300
"""Enough for a full tile and a partial one of acts; the units' events fill bundles of events."""


def publish_story(databases: Databases, folder: Path) -> Published:
    """Make it. The product is closed again, so that only files are left."""
    settings = Settings(
        home=folder / "home",
        database_url=databases.main_admin,
        keys_database_url=databases.keys_admin,
        passphrase="a passphrase for tests",
    )
    with open_product(settings) as product:
        middle, files = _begin(product)
        publish(product)
        product.main_log.export(folder / "export")
        (folder / "earlier").write_bytes((folder / "export" / "checkpoint").read_bytes())
        _go_on(product)
        publish(product)
        for runner in product.runners():
            runner.drain()
            runner.stop()
        pdf = custody_certificate(product, product.actor(Office.ARCHIVIST), files[0], "2026-11-22")
        publish(product)  # the certificate's reading is in the other log
        product.main_log.export(folder / "export")
        (folder / "certificate.pdf").write_bytes(pdf)
        (folder / "event.tlog-proof").write_bytes(product.main_log.proof_for(middle))
        (folder / "consistency").write_text(_growth(product, tree_head((folder / "earlier").read_bytes())[1]))
        product.main_log.bundle(folder / "bundle.zip", product.log_signers(product.origin)[0])
        write_trust(product, folder / "trust.json")
    return Published(folder)


def _growth(product: Product, old: int) -> str:
    size = product.main_log.checkpoint()[0].size
    hashes = TileReader(size, product.main_log.tiles.read).consistency_path(old)
    return "".join(f"{b64encode(one).decode()}\n" for one in hashes)


def _begin(product: Product) -> tuple[int, list[UUID]]:
    """Units with their agencies and fonds in an act of many events, and a delivery.

    The position of an event in the middle of the first, the files of the second.
    """
    clerk = product.actor(Office.ARCHIVIST)
    units = record_units(product.main, clerk, new_act_id(), unit_entries(product.naming)[0])
    deliveries = Deliveries(product.naming)
    delivery = deliveries.delivery(deliveries.rows(FILES))
    receive(product.main, clerk, new_act_id(), delivery)
    return units.first_position + units.events // 3, [entry.file for entry in delivery.files]


def _go_on(product: Product) -> None:
    """The clerk's key is replaced; with the new one, acts of one event each."""
    old = product.actor(Office.ARCHIVIST)
    new = Actor(id=old.id, signer=Ed25519Signer(old.signer.verifier_key.name, bytes(range(32))))
    product.main.perform(rotation(product.origin, old, new, new_act_id()))
    product.main.registry.refresh()
    deliveries = Deliveries(product.naming)
    deliveries.reserve(FILES)
    entries = deliveries.entries(SINGLE_ACTS)
    acts = [
        product.main.prepare(
            Proposal(
                act="accession.receive",
                id=new_act_id(),
                actor=new,
                decide=_deciding({uuid4(): [unsealed(entry.fact)]}),
                request=entry.row,
            )
        )
        for entry in entries
    ]
    for outcome in product.main.append_prepared(acts):
        outcome.receipt(acts[0].id)


def _deciding(events: dict[UUID, list[Event]]) -> Decision:
    return lambda _: events
