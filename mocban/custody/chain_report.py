"""A file's chain as it is handed out: sentence with what proves each clause, spans, acts with proof coordinates."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import UUID

from domain.custody import Custody
from domain.errors import Refusal
from domain.identifiers import nfc
from domain.lot import Carrier
from projections.chain import Chain, ChainedAct
from projections.chain_sentence import Clause, clauses, in_words
from projections.chain_spans import Span, apart, held, must_have
from projections.chain_words import line
from projections.finding_aid_queries import files_by_code
from projections.readers import FileUse
from projections.view import Connection


def file_named(connection: Connection, text: str) -> UUID:
    """The file with this FileCode. Raises Refusal `question-file-unknown`, `question-file-ambiguous`."""
    code = nfc(text)
    found = files_by_code(connection, code) if "\0" not in code else []
    if len(found) != 1:
        what = "question-file-ambiguous" if found else "question-file-unknown"
        raise Refusal(what, code=code.replace("\0", "?")[:80], count=len(found))
    return found[0].id


def report(chain: Chain, use: FileUse) -> dict[str, Any]:
    """The whole chain as one JSON object; agencies by our id, their names and codes in `agencies`. use: who may use it.

    assigned_to, held_by: by carrier, the digital one since there is one; apart: whether the two were ever assigned to
    different bodies.
    """
    parts = clauses(chain)
    vi, en = in_words(parts)
    return {
        "file": str(chain.file.id),
        "code": chain.file.code,
        "as_of": chain.on,
        "known_at": chain.known_at,
        "reconstructed": chain.reconstructed,
        "sentence": {"vi": vi, "en": en, "clauses": [_clause(one) for one in parts]},
        "custody": {carrier: _custody(chain.custody(carrier)) for carrier in Carrier},
        "may_use": use.may_use,
        "others_may_use": use.others_may_use,
        "apart": apart(chain),
        "assigned_to": {carrier: [_span(one) for one in must_have(chain, carrier)] for carrier in Carrier},
        "held_by": {carrier: [_span(one) for one in held(chain, carrier)] for carrier in Carrier},
        "agencies": [_body(chain, agency) for agency in sorted(chain.bodies, key=str)],
        "acts": [_act(chain, act) for act in chain.acts],
    }


def _clause(one: Clause) -> dict[str, Any]:
    return {
        "vi": one.vi,
        "en": one.en,
        "acts": list(one.acts),
        "positions": list(one.positions),
        "links": [f"/acts/{act}" for act in one.acts],
        "proofs": [f"/proof/{position}" for position in one.positions],
    }


def _custody(one: Custody) -> dict[str, Any]:
    because = {"assigned_to": one.because_assigned, "held_by": one.because_held}
    return {
        "known": one.known,
        "assigned_to": one.assigned_to,
        "held_by": one.held_by,
        "state": one.state,
        "because": {fact: act if act >= 0 else None for fact, act in because.items()},
    }


def _span(one: Span) -> dict[str, Any]:
    return {
        "from": one.since,
        "until": one.until,
        "agency": one.agency,
        "act": one.act,
        "position": one.position,
        "basis": one.basis,
    }


def _body(chain: Chain, agency: UUID) -> dict[str, Any]:
    body = chain.bodies[agency]
    return {
        "id": agency,
        "code": body.code,
        "name": body.name,
        "from": body.valid_from,
        "until": body.valid_to,
        "certainty": body.certainty,
        "unit": body.unit_name,
        "unit_certainty": body.unit_certainty,
    }


def _act(chain: Chain, act: ChainedAct) -> dict[str, Any]:
    """With the coordinates of its proof: leaf index and hash, the positions of its events."""
    return {
        "act": act.index,
        "name": act.name,
        "at": act.at,
        "signers": list(act.signers),
        "basis": {"code": act.basis_code, "ref": act.basis_ref},
        "leaf_hash": b64encode(act.leaf).decode(),
        "note": f"/acts/{act.index}",
        "events": [
            {
                "position": one.position,
                "type": one.type,
                "of": one.what,
                "day": one.day,
                "vi": (told := line(chain, one)).vi,
                "en": told.en,
                "proof": f"/proof/{one.position}",
            }
            for one in act.events
        ],
    }
