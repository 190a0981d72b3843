"""A file's chain as one sentence: who made it, who managed it when, where it is; each clause with what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec

from domain.administrative_unit import UnitEstablished
from domain.agency import AgencyEstablished
from domain.civil_date import as_spoken
from domain.custody import HoldingState
from domain.file import FileDestroyed, FileDigitized, FileRegistered
from domain.fonds import FondsOpened
from domain.handover import CustodyHandedOver, DisputesSettled, LinesDisputed
from domain.lot import Carrier
from domain.single_file import FileAssigned, FileReassigned
from projections.chain import Chain, ChainedAct, ChainedEvent
from projections.chain_changes import changes_in_turn, named_on
from projections.chain_child_lots import child_of, name_of
from projections.chain_place import standing, where_it_stands
from projections.chain_spans import Span, apart, must_have
from projections.chain_words import CARRIERS

_Proof = tuple[ChainedAct, ChainedEvent]


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the sentence. acts: indexes of the acts it rests on; positions: of the events that prove it."""

    vi: str
    en: str
    acts: tuple[int, ...]
    positions: tuple[int, ...]


_Turn = tuple[tuple[str, int], Clause]
"""Civil day and act by which a clause stands in its order."""


def clauses(chain: Chain) -> tuple[Clause, ...]:
    """The clauses of the sentence, by civil day."""
    turns = sorted([*_changed(chain), *_assigned_in_turn(chain), *_handed_over(chain)], key=lambda turn: turn[0])
    return (*_made(chain), *(clause for _, clause in turns), *_now(chain), *_destroyed(chain), *_marked(chain))


def in_words(parts: Iterable[Clause]) -> tuple[str, str]:
    """The one sentence, Vietnamese and English."""
    kept = list(parts)
    vi, en = ("; ".join(words) for words in ([one.vi for one in kept], [one.en for one in kept]))
    return f"{_raised(vi)}.", f"{_raised(en)}."


def _made(chain: Chain) -> Iterator[Clause]:
    opened = next((one for one in chain.events() if isinstance(one[1].event, FondsOpened)), None)
    registered = next((one for one in chain.events() if isinstance(one[1].event, FileRegistered)), None)
    both = [one for one in (opened, registered) if one is not None]
    if opened is not None and isinstance(opened[1].event, FondsOpened):
        creators = [named_on(chain, one, opened[1].day) for one in opened[1].event.creators]
        yield _clause(f"Lập bởi {' và '.join(creators)}", f"Made by {' and '.join(creators)}", both)
    elif registered is not None:
        yield _clause("Hồ sơ được đăng ký", "File registered", both)


def _changed(chain: Chain) -> Iterator[_Turn]:
    """A creator is renamed, or the fonds goes on with others."""
    for act, one, vi, en in changes_in_turn(chain):
        yield (one.day, act.index), _clause(vi, en, [(act, one)])


def _assigned_in_turn(chain: Chain) -> Iterator[_Turn]:
    """One clause for each assignment that was in force, by its day; each carrier's own where they went apart."""
    carriers = tuple(Carrier) if apart(chain) else (Carrier.PAPER,)
    turns: dict[tuple[str, UUID | None, str, tuple[str, str]], list[tuple[Carrier, _Proof]]] = {}
    for carrier in carriers:
        for span, proof in _turns_of(chain, carrier):
            apart_by = _apart_by(chain, proof[1])
            turns.setdefault((span.since, span.agency, span.basis, apart_by), []).append((carrier, proof))
    for (day, agency, basis, apart_by), found in turns.items():
        what = CARRIERS[found[0][0]] if len(found) < len(carriers) else ("", "")
        vi, en = _managed(chain, (day, agency, basis), what, apart_by)
        proofs = list({one.position: (act, one) for _, (act, one) in found}.values())
        yield (day, proofs[0][0].index), _clause(vi, en, proofs)


def _turns_of(chain: Chain, carrier: Carrier) -> Iterator[tuple[Span, _Proof]]:
    """The turns that say something new of a carrier; that its fonds was opened for its creator goes without saying."""
    by_position = {one.position: (act, one) for act, one in chain.events()}
    before: tuple[object, str] | None = None
    for span in must_have(chain, carrier):
        act, one = by_position[span.position]
        if isinstance(one.event, FondsOpened) and before is None:
            before = (span.agency, span.basis)
        elif (span.agency, span.basis) != before:  # else a correction of other lots
            before = (span.agency, span.basis)
            yield span, (act, one)


def apart_by(event: FileAssigned | FileReassigned) -> tuple[str, str]:
    """What takes a single file out of its lot, in both languages: its own decision, or a plan that came after."""
    if isinstance(event, FileAssigned):
        return "quyết định riêng", "by its own decision"
    return "hồ sơ theo quyết định riêng trước đó", "a file by an earlier decision of its own"


def _apart_by(chain: Chain, one: ChainedEvent) -> tuple[str, str]:
    if isinstance(one.event, FileAssigned | FileReassigned):
        return apart_by(one.event)
    child = child_of(one)
    if child is None:
        return "", ""
    name = name_of(chain, child)
    return f"khối tài liệu con {name}", f"child lot {name}"


def _managed(
    chain: Chain, turn: tuple[str, UUID | None, str], what: tuple[str, str], apart_by: tuple[str, str]
) -> tuple[str, str]:
    """From a day by whom, on what basis. what: the carrier's words, empty where all go the same way. apart_by: what
    takes the file out of its fonds' lot, empty where nothing does.
    """
    day, agency, basis = turn
    from_day, by, cited = as_spoken(day), (f" theo {basis}" if basis else ""), (f" under {basis}" if basis else "")
    by, cited = (f"{by} ({apart_by[0]})", f"{cited} ({apart_by[1]})") if apart_by[0] else (by, cited)
    vi, en = (f" {one}" if one else "" for one in what)
    if agency is None:
        return f"từ {from_day}{vi} chờ xác định nơi nhận{by}", f"from {from_day}{en} awaiting a receiver{cited}"
    name = chain.named(agency)
    return f"từ {from_day}{vi} do {name} quản lý{by}", f"from {from_day}{en} under the management of {name}{cited}"


def _handed_over(chain: Chain) -> Iterator[_Turn]:
    done = [
        (act, one)
        for act, one in chain.events()
        if isinstance(one.event, CustodyHandedOver | DisputesSettled) and one.taken
    ]
    for act, one in sorted(done, key=lambda pair: (pair[1].day, pair[0].index)):
        assert isinstance(one.event, CustodyHandedOver | DisputesSettled)
        event, (vi, en) = one.event, CARRIERS[one.event.carrier]
        giver, receiver = chain.named(event.giver), chain.named(event.receiver)
        yield (
            (one.day, act.index),
            _clause(
                f"ngày {as_spoken(one.day)} {giver} bàn giao {vi} cho {receiver} theo {event.basis}",
                f"on {as_spoken(one.day)} {giver} handed the {en} over to {receiver} under {event.basis}",
                [(act, one)],
            ),
        )


def _now(chain: Chain) -> Iterator[Clause]:
    """Where each carrier is, by the act it rests on."""
    for carrier, (vi, en) in CARRIERS.items():
        custody = chain.custody(carrier)
        if custody.held_by is None:
            continue
        keeper, rest_vi, rest_en = chain.named(custody.held_by), "", ""
        box = standing(chain) if carrier is Carrier.PAPER else None
        if carrier is Carrier.PAPER:
            rest_vi, rest_en = _as_registered(chain)
        wait, disputed = _waits(chain, carrier)
        proof = [
            (act, one)
            for act, one in chain.events()
            if act.index == custody.because_held
            and isinstance(one.event, FileRegistered | FileDigitized | CustodyHandedOver | DisputesSettled)
        ]
        at = (f"{vi} đang ở kho của {keeper}{rest_vi}", f"{en} is with {keeper}{rest_en}")
        if box is not None:
            at, proof = where_it_stands(chain, box, custody.held_by), [*proof, *box.proof]
        yield _clause(f"{at[0]}{wait[0]}", f"{at[1]}{wait[1]}", [*proof, *disputed])


def _waits(chain: Chain, carrier: Carrier) -> tuple[tuple[str, str], list[_Proof]]:
    """That its holder is not who must have it, or that the receiver did not take it; with what proves a dispute."""
    custody = chain.custody(carrier)
    if custody.state is HoldingState.DISPUTED:
        disputes = [pair for pair in chain.events() if isinstance(pair[1].event, LinesDisputed)]
        return (", có tranh chấp khi bàn giao", ", disputed at the hand-over"), disputes[-1:]
    awaited = custody.assigned_to is not None and custody.assigned_to != custody.held_by
    return (", chưa bàn giao", ", not handed over yet") if awaited else ("", ""), []


def _destroyed(chain: Chain) -> Iterator[Clause]:
    for act, one in chain.events():
        if isinstance(one.event, FileDestroyed):
            day = as_spoken(one.day)
            yield _clause(
                f"ngày {day} nội dung niêm phong của hồ sơ bị hủy theo quyết định",
                f"on {day} the file's sealed content was destroyed, by decision",
                [(act, one)],
            )


def _as_registered(chain: Chain) -> tuple[str, str]:
    file = chain.file
    vi = (f", hộp {file.box}" if file.box else "") + (f", {file.place}" if file.place else "")
    en = (f", box {file.box}" if file.box else "") + (f", {file.place}" if file.place else "")
    return vi, en


def _marked(chain: Chain) -> Iterator[Clause]:
    """Reconstructed history says so, in every answer that rests on it."""
    for body in chain.bodies.values():
        if body.reconstructed:
            proof = [
                (act, one)
                for act, one in chain.events()
                if isinstance(one.event, AgencyEstablished | UnitEstablished) and one.day == body.valid_from
            ]
            yield _clause(
                f"ngày bắt đầu của {body.name} được phục dựng từ danh mục đơn vị, không phải từ văn bản",
                f"the first day of {body.name} is reconstructed from rosters, not stated by an instrument",
                proof,
            )


def _clause(vi: str, en: str, proof: Iterable[_Proof]) -> Clause:
    pairs = list(proof)
    acts = tuple(dict.fromkeys(act.index for act, _ in pairs))
    return Clause(vi=vi, en=en, acts=acts, positions=tuple(one.position for _, one in pairs))


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]
