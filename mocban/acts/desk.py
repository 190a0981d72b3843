"""The desk of the API: acts prepared and submitted over HTTP, for those who sign them and for registrars.

Whoever asks is known by a token, so a key that is held here signs for its own owner only: nobody's request makes the
server sign for somebody else.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from api.act_request import ActRequest, AnyActRequest
from domain.errors import Refusal
from ledger.act_preparation import file_of, prepare_act, submit_act
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.key_elsewhere import KeyElsewhere
from ledger.prepared_file import PreparedFile, problems_of
from ledger.receipt import Receipt
from mocban.acts.inspection import summarized
from mocban.acts.proposals import ledger_of, proposal_of
from mocban.bootstrap import Product
from signing.note import VerifierKey
from signing.verification_error import VerificationError


class ActDesk:
    """Prepares and takes in acts. Thread-safe."""

    def __init__(self, product: Product, clock: Callable[[], datetime]) -> None:
        self._product: Final = product
        self._clock = clock

    def prepare(self, asked: AnyActRequest, by: UUID) -> PreparedFile:
        """The act as a file with its summary. by: whom the token speaks for.

        Raises Refusal `act-not-yours`, and as `ledger.act_preparation.prepare_act`.
        """
        args, now = _arguments(asked), self._clock()
        ledger = ledger_of(self._product, args)
        proposal = proposal_of(self._product, args)
        self._check_right(str(by), {signer.id for signer in proposal.signers})
        if any(_is_here(signer) and signer.id != str(by) for signer in proposal.signers):
            raise Refusal("act-not-yours")
        file, _ = prepare_act(ledger, self._product.prepared, proposal, now, now + timedelta(hours=asked.hours))
        return summarized(file)

    def waiting(self, act_id: UUID, by: UUID) -> PreparedFile:
        """The file of an act that waits. Raises Refusal `prepared-act-unknown`, also for one that is not theirs."""
        act = self._product.prepared.find(act_id)
        if act is None or not act.vkeys or self._clock() >= act.expires_at:
            raise Refusal("prepared-act-unknown", act=act_id)
        main, access = self._product.main.origin, self._product.access.origin
        origin = access if act.text.startswith(f"{access}/act/v1\n".encode()) else main
        try:
            self._check_right(str(by), _actors(act.vkeys))
        except Refusal as refusal:
            raise Refusal("prepared-act-unknown", act=act_id) from refusal
        return summarized(file_of(origin, act))

    def submit(self, file: PreparedFile, by: UUID) -> Receipt:
        """Append the act, once. Raises Refusal `act-not-yours`, and as `ledger.act_preparation.submit_act`."""
        if problems := problems_of(file):
            raise Refusal("prepared-file-altered", problems=", ".join(code for code, _ in problems))
        self._check_right(str(by), _actors([signer.vkey for signer in file.signers]))
        ledger = self._product.access if file.origin == self._product.access.origin else self._product.main
        return submit_act(ledger, self._product.prepared, file, self._clock())

    def _check_right(self, by: str, signers: Collection[str]) -> None:
        """Whoever signs may, and a registrar who has a key in force. Raises Refusal `act-not-yours`."""
        if by not in signers and not _is_registrar(self._product.main, by):
            raise Refusal("act-not-yours")


def _is_registrar(ledger: Ledger, actor: str) -> bool:
    registry = ledger.registry.refresh().registry
    return (
        registry is not None
        and actor in registry.registrars
        and any(record.actor == actor and record.revoked_at is None for record in registry.records.values())
    )


def _is_here(actor: Actor) -> bool:
    return not isinstance(actor.signer, KeyElsewhere)


def _actors(vkeys: Collection[str]) -> set[str]:
    """Whose keys these are. Raises Refusal `vkey-unfit`."""
    try:
        return {VerifierKey.parse(text).name.rpartition("/")[2] for text in vkeys}
    except VerificationError as error:
        raise Refusal("vkey-unfit", reason=error.detail) from error


def _arguments(asked: ActRequest) -> argparse.Namespace:
    """As the command's own arguments stand; a name is in the request, not in a file."""
    given = msgspec.structs.asdict(asked)
    if "acts" in given:
        given["acts"] = ",".join(given["acts"])
    if "on" in given:
        given["on"] = given["on"].isoformat()
    return argparse.Namespace(act=type(asked).__struct_config__.tag, **{"office": None, **given})
