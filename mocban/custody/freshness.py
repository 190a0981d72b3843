"""What is asked by command rests on the whole ledger: the views fold what is recorded before they are asked."""

from __future__ import annotations

from mocban.bootstrap import Product


def caught_up(product: Product) -> None:
    """Fold what is new in the main log, beside a server that may be folding too. Raises Refusal as `Runner.advance`."""
    main, access = product.runners()
    try:
        main.drain()
    finally:
        main.stop()
        access.stop()
