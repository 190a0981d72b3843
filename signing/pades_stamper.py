"""pyHanko's port to one timestamp authority. Whoever needs it imports this late: pyHanko takes 0.9 s."""

from __future__ import annotations

import asyncio
from typing import Final

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from typing_extensions import override

from signing.timestamp import Authority, Timestamp, check_reply_within

_DIGEST: Final = "sha256"


class Stamper(TimeStamper):
    """Asks one authority; every answer is checked under its pinned certificates.

    said: the latest answer. Asking raises whatever `Authority.ask` does; VerificationError as `check_reply`.
    """

    def __init__(self, authority: Authority) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]  # published half typed
        self.authority: Final = authority
        self.said: Timestamp | None = None

    def begin(self) -> None:
        """Ask about nothing, to know the size and the certificates of an answer."""
        asyncio.run(self.async_dummy_response(_DIGEST))

    @override
    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        reply = self.authority.ask(bytes(req.dump()))
        digest, nonce = bytes(req["message_imprint"]["hashed_message"].native), int(req["nonce"].native)
        self.said = await check_reply_within(reply, digest, self.authority.certificates, nonce)
        return tsp.TimeStampResp.load(reply, strict=True)
