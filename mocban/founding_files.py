"""The files of a founding by several registrars: made here, signed elsewhere, read back. No database is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from domain.errors import Refusal
from domain.identifiers import Naming
from ledger.actor import Actor
from ledger.founding_apart import ACCESS_GENESIS, MAIN_GENESIS, NAMES, first_round, second_round
from ledger.key_elsewhere import KeyElsewhere
from ledger.prepared_file import PreparedFile, read_prepared, write_prepared
from ledger.secret import LedgerSecret
from mocban.acts.inspection import summarized
from mocban.acts.new_files import check_free, create_all
from mocban.bootstrap import open_keystore
from mocban.founding import Awaited, await_signatures, awaited, founding_of, note_of
from mocban.offices import Office
from mocban.settings import Settings
from mocban.timestamps.authorities import pinned
from signing.keystore import Keystore
from signing.note import ED25519, VerifierKey
from signing.verification_error import VerificationError

HERE: Final = "here"


def prepared_founding(
    settings: Settings, given: Sequence[str], needed: int, offices: Sequence[str], folder: Path, hours: float
) -> tuple[str, list[Path]]:
    """(origin, the files made) of a founding by the registrars `given`: vkey texts, files of them, or `here`.

    From here on the data folder awaits these signatures and founds nothing else. Raises Refusal `founding-unfit`,
    `founding-awaited`, `output-exists`, `output-unwritable`.
    """
    keys = [_vkey(one) for one in given if one != HERE]
    origins = {key.name.rpartition("/")[0] for key in keys}
    if len(origins) != 1 or not 1 <= needed <= len(given):
        raise Refusal("founding-unfit", reason="M of N, and vkeys of one origin; one at least is not held here")
    [origin] = origins
    keystore = open_keystore(settings)
    actor = _offices(keystore, origin)
    registrars = [Actor(id=_actor_of(key), signer=KeyElsewhere(key)) for key in keys]
    registrars += [actor(Office.REGISTRAR)] * given.count(HERE)
    if len({one.id for one in registrars}) < len(registrars) or not set(offices) <= set(Office):
        raise Refusal("founding-unfit", reason="a registrar named twice, or an office that is none")
    log_keys = [one.verifier_key for standby in (False, True) for one in keystore.log_signers(origin, standby=standby)]
    chosen = [Office(one) for one in offices]
    present = chosen and [*chosen, Office.RECORDER]
    founding = founding_of(actor, registrars, needed, log_keys, present, pinned(settings.home))
    now = datetime.now(UTC)
    files = first_round(founding, origin, now, now + timedelta(hours=hours))
    paths = {_path(folder, name): write_prepared(summarized(file)) for name, file in files.items()}
    check_free([*paths, _path(folder, ACCESS_GENESIS)])
    await_signatures(settings.home, Awaited(origin=origin, needed=needed, of=len(registrars)))
    try:
        create_all(paths)
    except BaseException:
        note_of(settings.home).unlink(missing_ok=True)
        raise
    return origin, list(paths)


def prepared_access(settings: Settings, folder: Path, hours: float) -> Path:
    """The file of the access log's genesis, made from the main log's once that is signed by all. Raises Refusal."""
    main = _read(folder, MAIN_GENESIS)
    waiting = awaited(settings.home)
    if waiting is None or waiting.origin != main.origin:
        raise Refusal("prepared-act-of-other-ledger", origin=main.origin)
    path, now = _path(folder, ACCESS_GENESIS), datetime.now(UTC)
    check_free([path])
    here = _offices(open_keystore(settings), main.origin)(Office.REGISTRAR)
    file = second_round(main, [here], now, now + timedelta(hours=hours))
    create_all({path: write_prepared(summarized(file))})
    return path


def read_files(folder: Path) -> Mapping[str, PreparedFile]:
    """All files of a founding. Raises Refusal `input-unreadable`, `prepared-file-unreadable`."""
    return {name: _read(folder, name) for name in NAMES}


def _offices(keystore: Keystore, origin: str) -> Callable[[Office], Actor]:
    naming = Naming(LedgerSecret(keystore.ledger_secret()).ids)

    def actor(office: Office) -> Actor:
        name = str(naming.other("actor", office))
        return Actor(id=name, signer=keystore.actor_signer(name, origin))

    return actor


def _vkey(given: str) -> VerifierKey:
    path = Path(given)
    try:
        text = path.read_text(encoding="utf-8") if "+" not in given else given
        key = VerifierKey.parse(text.strip())
    except (OSError, ValueError, VerificationError) as error:
        raise Refusal("founding-unfit", reason="a registrar's vkey cannot be read") from error
    if key.type != ED25519 or _actor_of(key) == "":
        raise Refusal("founding-unfit", reason="a registrar's key is Ed25519, named origin/actor")
    return key


def _actor_of(key: VerifierKey) -> str:
    actor = key.name.rpartition("/")[2]
    try:
        return actor if str(UUID(actor)) == actor else ""
    except ValueError:
        return ""


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def _read(folder: Path, name: str) -> PreparedFile:
    try:
        return read_prepared(_path(folder, name).read_bytes())
    except OSError as error:
        raise Refusal("input-unreadable", path=_path(folder, name)) from error
