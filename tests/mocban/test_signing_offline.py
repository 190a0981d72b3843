"""The signer's desk without any server: a file is believed for its bytes alone, and signed only when they fit."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from domain.keys import RoleGranted, registry_stream
from ledger.act_id import new_act_id
from ledger.prepared_file import FileSigner, PreparedFile, read_prepared, write_prepared
from mocban.__main__ import main
from mocban.acts.inspection import inspect, summarized
from mocban.acts.words import shown
from signing.act import NOTHING_SEEN, ActHeader, act_root, compose, event_entry
from signing.base64_text import to_base64
from signing.note import VerifierKey

ORIGIN = "test.mocban/0123456789abcdef"


def prepared(key: VerifierKey, payload: bytes | None = None, kind: str = "registry.role-granted/1") -> PreparedFile:
    """An act by that key's owner, as a server would have prepared it."""
    actor = key.name.removeprefix(f"{ORIGIN}/")
    granted = msgspec.json.encode(RoleGranted(actor=actor, role="head", acts=("box.*",)))
    entry = event_entry(registry_stream(ORIGIN), 3, kind, payload or granted)
    header = ActHeader(
        act="registry.grant",
        id=new_act_id(),
        actor=actor,
        at="2025-07-01T00:00:00.000000Z",
        events=1,
        root=act_root([entry]),
        seen=NOTHING_SEEN,
        kids=(key.kid,),
    )
    return summarized(
        PreparedFile(
            format="mocban/prepared-act/1",
            origin=ORIGIN,
            text=to_base64(compose(ORIGIN, header)),
            events=(to_base64(entry),),
            signers=(FileSigner(vkey=key.text()),),
            expires="2025-07-04T00:00:00.000000Z",
        )
    )


class Desk:
    """A signer with a fresh key, and a file to sign."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        code, told = self.run("key", "new", "--out", folder / "keys", "--actor", "new", "--origin", ORIGIN)
        assert code == 0, told
        self.key, self.vkey, self.actor = Path(told["key"]), VerifierKey.parse(told["vkey"]), told["actor"]
        self.path = folder / "act.json"
        self.path.write_bytes(write_prepared(prepared(self.vkey)))

    def run(self, *words: object) -> tuple[int, Any]:
        """(exit code, the JSON object printed)."""
        code = main([str(word) for word in words] + ["--json"])
        return code, json.loads(self._capsys.readouterr().out.splitlines()[-1])

    def problem(self, *words: object) -> str:
        """The code of the refusal."""
        code, told = self.run(*words)
        assert code == 1
        return str(told["problem"]["code"])


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with the cheapest lock, for speed."""
    monkeypatch.setenv("MOCBAN_PASSPHRASE", "mine")
    monkeypatch.setattr("mocban.acts.own_key.SCRYPT_N", 2**4)
    return Desk(tmp_path, capsys)


def test_a_key_is_encrypted_private_and_never_overwritten(desk: Desk) -> None:
    """Given a key, its file is 0600 and holds no readable key; making it again is refused and changes nothing."""
    before = desk.key.read_bytes()
    assert desk.key.stat().st_mode & 0o777 == 0o600
    again = ("key", "new", "--out", desk.key.parent, "--actor", desk.actor, "--origin", ORIGIN)
    assert desk.problem(*again) == "own-key-exists"
    assert desk.key.read_bytes() == before
    _, told = desk.run("key", "show", desk.key, "--check")
    assert (told["vkey"], told["kid"]) == (desk.vkey.text(), to_base64(desk.vkey.kid))


@pytest.mark.parametrize(("passphrase", "code"), [("another", "passphrase-wrong"), ("", "passphrase-missing")])
def test_the_passphrase_must_be_the_keys_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, passphrase: str, code: str
) -> None:
    """Given another passphrase, or none and no terminal, nothing is signed."""
    monkeypatch.setenv("MOCBAN_PASSPHRASE", passphrase)
    before = desk.path.read_bytes()
    assert desk.problem("act", "sign", desk.path, "--key", desk.key, "--yes") == code
    assert desk.path.read_bytes() == before


def _set(name: str, value: Any) -> Any:
    return lambda file: msgspec.structs.replace(file, **{name: value})


def _event(old: bytes, new: bytes) -> Any:
    return lambda file: msgspec.structs.replace(file, events=(to_base64(file.entries[0].replace(old, new)),))


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_event(b"box.*", b"all.*"), "events-not-those-signed"),
        (_set("summary", ("Hành vi vô hại · A harmless act",)), "summary-not-of-these-bytes"),
        (lambda file: _set("text", to_base64(file.signed_bytes.replace(b'"events":1', b'"events":2')))(file),
         "events-not-those-signed"),
        (lambda file: _set("text", to_base64(file.signed_bytes.replace(b'":', b'": ', 1)))(file), "text-malformed"),
        (_set("origin", "other/0"), "text-malformed"),
        (_set("signers", (FileSigner(vkey="nobody"),)), "signers-not-those-signed"),
        (_set("expires", "2025-07-04"), "expires-malformed"),
        (_set("expires", "\x1b[2Jnever"), "expires-malformed"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_neither_shown_as_good_nor_signed(desk: Desk, tamper: Any, code: str) -> None:
    """Given a file changed in one place, show and sign exit 4, name it, and leave the file as it was."""
    desk.path.write_bytes(write_prepared(tamper(prepared(desk.vkey))))
    before = desk.path.read_bytes()
    for words in (("act", "show", desk.path), ("act", "sign", desk.path, "--key", desk.key, "--yes")):
        exit_code, told = desk.run(*words)
        assert exit_code == 4
        assert code in {problem["code"] for problem in told["problems"]}
    assert desk.path.read_bytes() == before


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b'{"type":"registry.role-granted/9","actor":"x"}', "registry.role-granted/9"),
        (b'{"type":"registry.role-granted/1","actor":"x","more":1}', "registry.role-granted/1"),
        (b'{"type":"x/1","deep":' + b"[" * 900 + b"]" * 900 + b"}", "x/1"),
    ],
)
def test_an_event_this_program_cannot_read_is_not_signed(desk: Desk, payload: bytes, kind: str) -> None:
    """Given an event of a kind or shape unknown here, nobody is asked to sign what cannot be said in words."""
    desk.path.write_bytes(write_prepared(prepared(desk.vkey, payload, kind)))
    code, told = desk.run("act", "sign", desk.path, "--key", desk.key, "--yes")
    assert (code, [problem["code"] for problem in told["problems"]]) == (4, ["event-unknown"])


def test_a_key_signs_only_what_is_its_own_to_sign(desk: Desk, tmp_path: Path) -> None:
    """Given a key that the act does not name, or one made for another ledger, it is refused."""
    _, other = desk.run("key", "new", "--out", tmp_path / "other", "--actor", "new", "--origin", ORIGIN)
    assert desk.problem("act", "sign", desk.path, "--key", other["key"], "--yes") == "not-a-signer"
    _, foreign = desk.run("key", "new", "--out", tmp_path / "f", "--actor", desk.actor, "--origin", "other/1")
    assert desk.problem("act", "sign", desk.path, "--key", foreign["key"], "--yes") == "own-key-of-other-ledger"


def test_whoever_does_not_say_yes_has_not_signed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given no answer, or another than the word asked for, nothing is signed."""
    before = desk.path.read_bytes()
    for said in ("", "\n", "no\n"):
        monkeypatch.setattr("sys.stdin", open_text(said))
        assert desk.problem("act", "sign", desk.path, "--key", desk.key) == "not-confirmed"
    assert desk.path.read_bytes() == before


def open_text(said: str) -> Any:
    """A standard input that says this."""
    from io import StringIO  # noqa: PLC0415

    return StringIO(said)


def test_openssl_signs_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    """Given a key that only openssl has, the bytes that show writes are signed by it and the signature attached."""
    private, public = tmp_path / "p.pem", tmp_path / "p.der"
    said, signature = tmp_path / "bytes", tmp_path / "signature"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-outform", "DER", "-out", public], check=True)
    key = VerifierKey(f"{ORIGIN}/{uuid4()}", 1, public.read_bytes()[-32:])
    desk.path.write_bytes(write_prepared(prepared(key)))
    assert desk.run("act", "show", desk.path, "--bytes", said)[0] == 0
    assert said.read_bytes() == b64decode(read_prepared(desk.path.read_bytes()).text)
    subprocess.run(
        ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", private, "-in", said, "-out", signature], check=True
    )
    code, told = desk.run("act", "attach", desk.path, "--vkey", key.text(), "--signature", signature)
    assert (code, told["awaited"]) == (0, [])
    assert inspect(read_prepared(desk.path.read_bytes())).problems == ()
    signature.write_bytes(b"\0" * 64)
    assert desk.problem("act", "attach", desk.path, "--vkey", key.text(), "--signature", signature) == "signature-wrong"


def test_text_cannot_move_the_cursor(desk: Desk) -> None:
    """Given control and direction characters in a value, they are written out, not obeyed."""
    payload = '{"type":"registry.role-granted/1","actor":"x","role":"\\u001b[2Ja\u202eb","acts":["y"]}'.encode()
    lines = inspect(prepared(desk.vkey, payload)).lines
    assert any("\\u{1b}[2Ja\\u{202e}b" in line for line in lines)
    assert all(line == shown(line) for line in lines)


def test_an_expiry_cannot_move_the_cursor(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Given control characters where the expiry belongs, a person is shown them written out."""
    desk.path.write_bytes(write_prepared(_set("expires", "\x1b[2Jnever")(prepared(desk.vkey))))
    assert main(["act", "show", str(desk.path)]) == 4
    said = capsys.readouterr().out
    assert "\\u{1b}[2Jnever" in said
    assert "\x1b" not in said


def test_a_key_whose_making_was_cut_short_is_finished(desk: Desk) -> None:
    """Given the private file without its public side, making it again writes that side of the same key."""
    vkey = desk.key.with_name(f"actor-{desk.actor}.vkey")
    before, public = desk.key.read_bytes(), vkey.read_bytes()
    vkey.unlink()
    code, told = desk.run("key", "new", "--out", desk.key.parent, "--actor", desk.actor, "--origin", ORIGIN)
    assert (code, told["vkey"]) == (0, desk.vkey.text())
    assert (desk.key.read_bytes(), vkey.read_bytes()) == (before, public)
