"""A plain http or https address: what a witness and an authority of time may be named by."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_plain_address(url: str, *, query: bool = False) -> bool:
    """Whether it is http or https, with a host that can be looked up, without a password or fragment.

    query: whether it may carry one.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        return False
    plain = not parts.fragment and "@" not in url and (query or not parts.query)
    return plain and parts.scheme in {"http", "https"} and host != "" and port != 0
