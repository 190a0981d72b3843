"""An office's server-held key is replaced: in each log by an act that the old key signs and the new one proves."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import Refusal
from ledger.act_id import new_act_id
from ledger.application import Ledger
from ledger.commands import registry
from ledger.log_name import LogName
from ledger.receipt import Receipt
from mocban.bootstrap import Product
from mocban.offices import Office


def rotate(product: Product, given: str, ledgers: Sequence[Ledger]) -> dict[LogName, Receipt]:
    """Replace the key of an office in these logs; the receipts by log. Cut short, the next call finishes the same one.

    A log that knows the new key already, or no key of the office, is left out. Raises Refusal `actor-unfit`,
    `act-not-permitted`, `actor-without-key` where no log knows one.
    """
    if given not in set(Office):
        raise Refusal("actor-unfit", given=given)
    office = Office(given)
    knowing = [ledger for ledger in ledgers if _knows(ledger, product.actor(office).id)]
    if not knowing:
        raise Refusal("actor-without-key", actor=product.actor(office).id)
    new, done = product.next_actor(office, knowing), {}
    for ledger in knowing:
        old = product.actor(office, ledger.log_name)
        if old.signer.verifier_key.kid != new.signer.verifier_key.kid:
            done[ledger.log_name] = ledger.perform(registry.rotation(ledger.origin, old, new, new_act_id()))
            ledger.registry.refresh()
    return done


def _knows(ledger: Ledger, actor: str) -> bool:
    known = ledger.registry.refresh().registry
    return known is not None and any(record.actor == actor for record in known.records.values())
