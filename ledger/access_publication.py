"""The access log's checkpoints enter the main log as acts, so that who checks the main log anchors the other too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from domain.event import Event
from domain.identifiers import public_id
from domain.keys import AccessCheckpointed
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.log_store import LogStore
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams
from signing.base64_text import to_base64

ACT: Final = "access.publish"


def access_stream(origin: str) -> UUID:
    """The stream of the main log that carries the checkpoints of the access log `origin`."""
    return public_id("access-log", origin)


def publish_access_checkpoint(main: Ledger, access: LogStore, actor: Actor) -> Receipt | None:
    """Enter the access log's served checkpoint into the main log; None when it is there already.

    actor: enrolled, with a role that allows `access.publish`. Raises Refusal `nothing-published`.
    """
    checkpoint, note = access.checkpoint()
    stream = access_stream(checkpoint.origin)
    if main.streams().load(stream, 0, _largest) >= checkpoint.size:
        return None
    event = AccessCheckpointed(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=to_base64(checkpoint.root),
        checkpoint=note.decode(),
    )

    def decide(streams: Streams) -> Mapping[UUID, Sequence[Event]]:
        streams.load(stream, 0, _largest)
        return {stream: [event]}

    request = {"origin": checkpoint.origin, "size": checkpoint.size}
    return main.perform(Proposal(act=ACT, id=new_act_id(), actor=actor, decide=decide, request=request))


def _largest(size: int, event: AccessCheckpointed) -> int:
    return max(size, event.size)
