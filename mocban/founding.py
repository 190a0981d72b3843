"""How a ledger begins: one registrar of one, whose key lies here, said loudly; or registrars who sign elsewhere.

While files of a founding are out for signature, `founding.json` lies in the data folder, and nothing else founds one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from domain.errors import Refusal
from ledger.actor import Actor
from ledger.founding import Enrolment, Founding, Grant, found_ledger
from ledger.founding_apart import MAIN_GENESIS, check_founding, submit_founding
from ledger.prepared_file import PreparedFile
from mocban.offices import GRANTS, Office
from mocban.timestamps.authorities import pinned
from signing.durable_file import write_durably
from signing.note import VerifierKey
from signing.registry import Registry

if TYPE_CHECKING:
    from mocban.bootstrap import Product

ALONE: Final = """\
!!! Sổ cái này có MỘT người quản lý khóa, khóa nằm ngay trên máy này: một người đủ quyền đổi mọi khóa và vai trò.
!!! Chỉ hợp để thử; lập thật với nhiều người: ./run found --help
!!! This ledger has ONE registrar, whose key lies on this machine: one person can change every key and every role.
!!! Fit for trying out only; to found it with several: ./run found --help
"""


class Awaited(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A founding that is out for signature. needed of of: how many registrars a change of the registry takes."""

    origin: str
    needed: int
    of: int


class Beginning(Protocol):
    """How a ledger that is not founded yet comes to be. origin: of the ledger it founds; None: any."""

    @property
    def origin(self) -> str | None:
        """The ledger's."""
        ...

    def found(self, product: Product) -> None:
        """Found both logs, or go on where that was interrupted. Raises Refusal."""
        ...


class Alone:
    """One registrar of one, held here. Of a ledger that other people must sign for, nothing is changed."""

    origin: Final = None

    def found(self, product: Product) -> None:
        """Bring both registries to this key store's actors and the house's grants. Raises Refusal."""
        registry, registrar = product.main.registry.current().registry, product.actor(Office.REGISTRAR)
        waiting, whole = awaited(product.settings.home), product.access.registry.current().registry is not None
        if registry is None and waiting is not None:
            raise Refusal("founding-awaited", **msgspec.to_builtins(waiting))
        if registry is not None and not whole and (waiting is not None or registry.registrars != {registrar.id}):
            raise Refusal("founding-unfinished", origin=product.origin)
        if registry is None:
            sys.stderr.write(ALONE)
        elif not changes_alone(registry, registrar):
            return
        keys = () if whole else product.log_keys.made()
        founding = founding_of(product.actor, (registrar,), 1, keys, authorities=pinned(product.settings.home))
        found_ledger(product.main, product.access, founding)


class Apart:
    """Registrars who signed elsewhere. files: by the names of `ledger.founding_apart`."""

    def __init__(self, files: Mapping[str, PreparedFile]) -> None:
        self._files = files

    @property
    def origin(self) -> str | None:
        """As the genesis has it; None where there is none, which `found` refuses."""
        genesis = self._files.get(MAIN_GENESIS)
        return None if genesis is None else genesis.origin

    def found(self, product: Product) -> None:
        """All of it is checked before any is stored. Raises Refusal as `check_founding`; `ledger-already-founded`."""
        if product.origin != self.origin:
            raise Refusal("ledger-already-founded", origin=product.origin)
        check_founding(self._files, product.log_keys.made())
        submit_founding(product.main, product.access, self._files)
        note_of(product.settings.home).unlink(missing_ok=True)


def founding_of(
    actor: Callable[[Office], Actor],
    registrars: Sequence[Actor],
    quorum: int,
    keys: Sequence[VerifierKey],
    offices: Sequence[Office] = (),
    authorities: Sequence[str] = (),
) -> Founding:
    """With the house's offices (all, or those given) enrolled by keys held here, and what the house grants them.

    authorities: base64 certificates of the authorities of time, named in the genesis.
    """
    chosen = [office for office in offices or Office if office is not Office.REGISTRAR]
    return Founding(
        registrars=tuple(registrars),
        quorum=quorum,
        log_keys=tuple(keys),
        enrolments=tuple(Enrolment(actor=actor(office)) for office in chosen),
        grants=tuple(
            Grant(log=grant.log, actor=actor(grant.office).id, role=grant.office, acts=grant.acts)
            for grant in GRANTS
            if grant.office in chosen
        ),
        timestamp_authorities=tuple(authorities),
    )


def changes_alone(registry: Registry, registrar: Actor) -> bool:
    """Whether this one registrar's key is all it takes to change the registry."""
    record = registry.records.get(registrar.signer.verifier_key.kid)
    good = record is not None and record.revoked_at is None and record.actor in registry.registrars
    return good and registry.genesis.quorum == 1


def note_of(home: Path) -> Path:
    """Where it is noted that a founding is out for signature."""
    return home / "founding.json"


def awaited(home: Path) -> Awaited | None:
    """The founding that is out for signature. Raises Refusal `founding-unfit` for a note that cannot be read."""
    try:
        return msgspec.json.decode(note_of(home).read_bytes(), type=Awaited)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise Refusal("founding-unfit", reason=note_of(home).name) from error


def await_signatures(home: Path, waiting: Awaited) -> None:
    """Note that a founding is out for signature; durable on return. Raises Refusal `founding-awaited`."""
    before = awaited(home)
    if before is not None:
        raise Refusal("founding-awaited", **msgspec.to_builtins(before))
    write_durably(note_of(home), msgspec.json.encode(waiting))
