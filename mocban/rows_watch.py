"""The rolling check of an open product: which logs, under which keys, over which connection."""

from __future__ import annotations

from ledger.application import system_clock
from ledger.rolling_check import CheckedLog, RollingCheck
from mocban.bootstrap import Product
from mocban.own_rows import AUDITOR


def rolling_check(product: Product) -> RollingCheck:
    """The check of both logs; not started."""
    logs = [
        CheckedLog(
            log=ledger.log_name,
            origin=ledger.origin,
            vkeys=product.log_keys.public(ledger.origin),
        )
        for ledger in (product.main, product.access)
    ]
    return RollingCheck(product.databases.main_url(AUDITOR), product.settings.home, logs, system_clock)
