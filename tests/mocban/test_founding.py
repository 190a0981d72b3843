"""A ledger of three registrars, two of whom change the registry; their keys are made and kept on other machines."""

from __future__ import annotations

import json
import shutil
import unicodedata
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ledger import founding_apart
from ledger.prepared_file import read_prepared, write_prepared
from mocban.__main__ import main
from mocban.database import Databases
from signing.note import Ed25519Signer
from tests.ledger.test_export import verdict
from tests.mocban.signing_elsewhere import Machines


class Board:
    """Registrars. The first has a key file on a machine without a database; the others' keys no machine of ours has."""

    def __init__(self, machines: Machines, count: int, *, offline: bool = False) -> None:
        self.machines = machines
        self.origin = machines.done("found", "origin", "--name", "thu.mocban")["origin"]
        self.file: Path | None = None
        self.signers = [Ed25519Signer(f"{self.origin}/{uuid4()}", uuid4().bytes * 2) for _ in range(count)]
        self.vkeys = [signer.verifier_key.text() for signer in self.signers]
        if offline:
            _, self.vkeys[0], self.file = machines.new_key(self.origin)
        self.actors = [vkey.partition("+")[0].rpartition("/")[2] for vkey in self.vkeys]

    def sign(self, *files: Path, by: tuple[int, ...] = (0, 1, 2)) -> None:
        """Each signs every file, one after the other."""
        for number in by:
            if number == 0 and self.file is not None:
                code, told = self.machines.away("act", "sign", *files, "--key", self.file, "--yes")
                assert code == 0, told
                continue
            for path in files:
                file, signer = read_prepared(path.read_bytes()), self.signers[number]
                signature = signer.sign(file.signed_bytes)
                path.write_bytes(write_prepared(file.with_signature(signer.verifier_key, signature)))

    def prepare(self, folder: Path, threshold: int = 2) -> list[Path]:
        """The files of the first round."""
        vkeys = [word for vkey in self.vkeys for word in ("--registrar", vkey)]
        told = self.machines.done("found", "prepare", *vkeys, "--threshold", threshold, "--out", folder)
        assert told["quorum"] == {"needed": threshold, "of": len(self.vkeys)}
        return [Path(path) for path in told["files"]]

    def found(self, folder: Path) -> Any:
        """Both rounds signed by all, and submitted."""
        self.sign(*self.prepare(folder))
        self.sign(Path(self.machines.done("found", "access", folder)["file"]))
        return self.machines.done("found", "submit", folder)


class Died(Exception):  # noqa: N818  not an error of ours
    """What stands for the end of the process."""


@pytest.fixture
def machines(database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Machines:
    """The ledger's machine and the registrars'."""
    return Machines(database, tmp_path, capsys)


def code_of(told: tuple[int, Any]) -> str:
    """The code of a refusal."""
    assert told[0] == 1, told
    return str(told[1]["problem"]["code"])


def test_three_found_a_ledger_that_two_of_them_change(machines: Machines, tmp_path: Path) -> None:
    """Given keys on three machines, the ledger is founded, verifies, and every change of it takes two of the three."""
    board, folder = Board(machines, 3, offline=True), tmp_path / "founding"
    founded = board.found(folder)
    assert founded["quorum"] == {"needed": 2, "of": 3}
    assert machines.done("found", "submit", folder) == founded
    for log in ([], ["--access"]):
        report = machines.done("key", "list", *log)
        assert report["quorum"] == {"needed": 2, "of": 3}
        assert [row["standby"] for row in report["log_keys"]] == [False, False, True, True]
        assert {row["actor"] for row in report["keys"] if row["registrar"]} == set(board.actors)
    trust, export = tmp_path / "trust.json", tmp_path / "export"
    machines.done("log", "trust", trust)
    machines.done("log", "export", export)
    assert json.loads(trust.read_text())["genesis"] == founded["genesis"]
    assert verdict(export, trust)[0] == 0

    newcomer = Ed25519Signer(f"{board.origin}/{uuid4()}", uuid4().bytes * 2)
    vkey, actor = newcomer.verifier_key.text(), newcomer.verifier_key.name.rpartition("/")[2]
    enrol, copies = tmp_path / "enrol.json", [tmp_path / "to-0.json", tmp_path / "to-2.json"]
    pair = ("--by", board.actors[0], "--by", board.actors[2])
    told = machines.done("act", "prepare", "registry.enrol", "--vkey", vkey, *pair, "--out", enrol)
    assert len(told["awaited"]) == 3
    for copy in copies:  # each signs a copy of their own; the copies are gathered
        shutil.copy(enrol, copy)
    board.sign(copies[0], by=(0,))
    board.sign(copies[1], by=(2,))
    board.signers.append(newcomer)
    board.sign(enrol, by=(3,))
    assert machines.away("act", "attach", enrol, "--from", copies[0])[1]["awaited"] == [
        f"{board.origin}/{board.actors[2]}"
    ]
    assert code_of(machines.here("act", "submit", enrol)) == "signature-missing"
    assert machines.done("act", "attach", enrol, "--from", *copies)["awaited"] == []
    machines.done("act", "submit", enrol)
    changes = {
        "registry.grant": ["--actor", actor, "--role", "head", "--acts", "principal.*"],
        "registry.revoke": ["--kid", machines.done("key", "list")["keys"][-1]["kid"], "--reason", "thử"],
    }
    for name, words in changes.items():
        out = tmp_path / f"{name}.json"
        assert len(machines.done("act", "prepare", name, *words, "--out", out)["awaited"]) == 2
        board.sign(out, by=(0, 1))
        machines.done("act", "submit", out)
    one = ("registry.grant", "--actor", actor, "--role", "x", "--acts", "x", "--by", board.actors[0])
    assert code_of(machines.here("act", "prepare", *one, "--out", tmp_path / "one")) == "act-not-permitted"


def test_while_signatures_are_awaited_nothing_else_is_founded(machines: Machines, tmp_path: Path) -> None:
    """Given files out for signature, opening the product founds no laptop's ledger; given up, it does and says so."""
    board = Board(machines, 2)
    board.prepare(tmp_path / "founding")
    assert code_of(machines.here("key", "list")) == "founding-awaited"
    vkeys = [word for vkey in board.vkeys for word in ("--registrar", vkey)]
    again = ("found", "prepare", *vkeys, "--threshold", 1, "--out", tmp_path / "again")
    assert code_of(machines.here(*again)) == "founding-awaited"
    assert machines.done("found", "cancel")["origin"] == board.origin
    report = machines.done("key", "list")
    assert report["quorum"] == {"needed": 1, "of": 1}
    assert code_of(machines.here("found", "access", tmp_path / "founding")) == "prepared-act-of-other-ledger"


def test_a_founding_that_is_not_whole_founds_nothing(machines: Machines, tmp_path: Path) -> None:
    """Given signatures missing, or a file exchanged, nothing is stored; then the whole of it founds."""
    board, folder = Board(machines, 2), tmp_path / "founding"
    files = board.prepare(folder)
    board.sign(*files, by=(0,))
    assert code_of(machines.here("found", "access", folder)) == "signature-missing"
    board.sign(*files, by=(1,))
    access = Path(machines.done("found", "access", folder)["file"])
    board.sign(access, by=(0,))
    assert code_of(machines.here("found", "submit", folder)) == "signature-missing"
    board.sign(access, by=(1,))
    good = files[2].read_bytes()
    files[2].write_bytes(files[4].read_bytes())
    assert code_of(machines.here("found", "submit", folder)) == "founding-unfit"
    files[2].write_bytes(good)
    machines.done("found", "submit", folder)
    other = Board(machines, 2)
    assert other.origin != board.origin
    other.sign(*other.prepare(tmp_path / "other"), by=(0, 1))
    other.sign(Path(machines.done("found", "access", tmp_path / "other")["file"]), by=(0, 1))
    assert code_of(machines.here("found", "submit", tmp_path / "other")) == "ledger-already-founded"


def test_a_quorum_that_cannot_be_is_refused(machines: Machines, tmp_path: Path) -> None:
    """Given m of n that do not fit, a registrar twice, nobody elsewhere or no key, nothing is prepared."""
    board = Board(machines, 2)
    first, second = board.vkeys
    for threshold, registrars in (
        (0, [first, second]),
        (3, [first, second]),
        (1, [first, first]),
        (1, ["here"]),
        (1, [first, "nowhere.vkey"]),
        (1, [first, second.replace(board.origin, f"{board.origin}x")]),
    ):
        words = [word for one in registrars for word in ("--registrar", one)]
        told = machines.here("found", "prepare", *words, "--threshold", threshold, "--out", tmp_path / "f")
        assert code_of(told) == "founding-unfit", registrars
        assert not (tmp_path / "f").exists()
        assert not (tmp_path / "home" / "founding.json").exists()


@pytest.mark.parametrize("name", ["", "Lưu trữ", "a+b", "a\nb", "/a", "ữ" * 17])
def test_a_name_no_key_could_bear_names_no_ledger(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a name that every key made for it would be refused under, then the name is refused."""
    assert main(["found", "origin", "--name", name, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problem"]["code"] == "founding-unfit"


def test_a_name_may_be_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    """Given letters with marks, also written apart, then an origin of letters written as one."""
    assert main(["found", "origin", "--name", unicodedata.normalize("NFD", "lưu-trữ.hà-nội"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["origin"].startswith("lưu-trữ.hà-nội/")


def test_one_key_may_lie_here(machines: Machines, tmp_path: Path) -> None:
    """Given two registrars elsewhere and one here of whom two suffice, the server's one alone changes nothing."""
    board, folder = Board(machines, 2), tmp_path / "founding"
    words = [word for one in (*board.vkeys, "here") for word in ("--registrar", one)]
    told = machines.done("found", "prepare", *words, "--threshold", 2, "--office", "archivist", "--out", folder)
    board.sign(*map(Path, told["files"]), by=(0, 1))
    board.sign(Path(machines.done("found", "access", folder)["file"]), by=(0, 1))
    machines.done("found", "submit", folder)
    assert len(machines.done("key", "list")["keys"]) == 5  # registrars, the archivist, the recorder
    grant = ("registry.grant", "--actor", "archivist", "--role", "x", "--acts", "x.y")
    chosen = ("--by", "registrar", "--by", board.actors[1])
    out = tmp_path / "grant.json"
    assert machines.done("act", "prepare", *grant, *chosen, "--out", out)["awaited"] == [
        f"{board.origin}/{board.actors[1]}"
    ]
    assert code_of(machines.here("act", "submit", out)) == "signature-missing"
    board.sign(out, by=(1,))
    machines.done("act", "submit", out)
    assert code_of(machines.here("key", "rotate", "planner")) == "actor-without-key"  # nothing to put in its place
    assert set(machines.done("key", "rotate", "archivist")["acts"]) == {"main_log", "access_log"}


@pytest.mark.parametrize("threshold", [1, 2])
def test_cut_short_it_goes_on(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threshold: int
) -> None:
    """Given a founding that died between the two logs, nothing else is founded in its place, and submitting ends it."""
    board, folder = Board(machines, 1), tmp_path / "founding"
    words = ("--registrar", board.vkeys[0], "--registrar", "here", "--threshold", threshold, "--out", folder)
    board.sign(*map(Path, machines.done("found", "prepare", *words)["files"]), by=(0,))
    board.sign(Path(machines.done("found", "access", folder)["file"]), by=(0,))
    append, done = founding_apart._append, list[None]()

    def dying(*given: Any) -> None:
        if len(done) == 3:
            raise Died
        append(*given)
        done.append(None)

    with monkeypatch.context() as patch:
        patch.setattr(founding_apart, "_append", dying)
        assert code_of(machines.here("found", "submit", folder)) == "internal-fault"
    assert code_of(machines.here("key", "list")) == "founding-unfinished"
    (tmp_path / "home" / "founding.json").unlink()
    assert code_of(machines.here("key", "list")) == "founding-unfinished"
    assert machines.done("found", "submit", folder)["quorum"] == {"needed": threshold, "of": 2}
    assert machines.done("key", "list", "--access")["quorum"] == {"needed": threshold, "of": 2}
