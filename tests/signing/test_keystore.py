"""The keystore: get or create, encrypted, bound to names, safe among processes."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

from signing.durable_file import create_file
from signing.keystore import FileKeystore, Keystore
from signing.note import ED25519, ML_DSA_44
from signing.verification_error import VerificationError

PASSPHRASE = "một cụm từ đủ dài"
ORIGIN = "hanoi.mocban/00112233445566aa"
FAST = 2**4


def opened(folder: Path, passphrase: str = PASSPHRASE) -> FileKeystore:
    """A keystore with quick scrypt."""
    return FileKeystore(folder / "keys", passphrase, n=FAST)


def everything(keystore: Keystore) -> list[bytes]:
    """One key of every kind, by its public side or value."""
    live, standby = keystore.log_signers(ORIGIN), keystore.log_signers(ORIGIN, standby=True)
    actor = keystore.actor_signer("0198bbbb-0000-8000-8000-00000000ac01", ORIGIN)
    publics = [signer.verifier_key.public for signer in (*live, *standby, actor)]
    secrets = [keystore.key_encryption_key("file"), keystore.key_encryption_key("reader"), keystore.ledger_secret()]
    return [*publics, *secrets, keystore.secret("short", 16), keystore.pades_key("pdf", "Hà Nội", 1_700_000_000).public]


def test_keys_are_made_once_and_found_again(tmp_path: Path) -> None:
    """Given a new folder, when opened twice, then every kind of key is the same, and no two are alike."""
    first = everything(opened(tmp_path))
    assert everything(opened(tmp_path)) == first
    assert len(set(first)) == len(first)
    assert [signer.verifier_key.type for signer in opened(tmp_path).log_signers(ORIGIN)] == [ED25519, ML_DSA_44]
    assert opened(tmp_path).holds("secret", "ledger")
    assert not opened(tmp_path).holds("secret", "other")


def test_an_actor_has_one_key_in_both_logs(tmp_path: Path) -> None:
    """Given an actor, when asked for in both logs, then the kid is one and the names follow the logs."""
    keystore = opened(tmp_path)
    main, access = (keystore.actor_signer("a", origin).verifier_key for origin in (ORIGIN, f"{ORIGIN}/access"))
    assert main.kid == access.kid
    assert (main.name, access.name) == (f"{ORIGIN}/a", f"{ORIGIN}/access/a")


def test_the_certificate_signs_documents(tmp_path: Path) -> None:
    """Given the PAdES key, when its certificate is read, then P-256, self-signed, for signing, and of that key."""
    key = opened(tmp_path).pades_key("pdf", "Lưu trữ lịch sử", 1_700_000_000)
    certificate = x509.load_der_x509_certificate(key.certificate)
    certificate.verify_directly_issued_by(certificate)
    private = load_der_private_key(key.private, None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    assert private.public_key() == certificate.public_key()
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert certificate.not_valid_before_utc.timestamp() == 1_700_000_000


def test_files_are_private_and_hold_no_key_in_clear(tmp_path: Path) -> None:
    """Given a full keystore, when its files are read, then modes are 0700 and 0600 and no secret is in them."""
    keystore = opened(tmp_path)
    everything(keystore)
    known = [keystore.ledger_secret(), keystore.key_encryption_key("file"), keystore.pades_key("pdf", "", 0).private]
    assert keystore.folder.stat().st_mode & 0o777 == 0o700
    for path in keystore.folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        data = path.read_bytes()
        assert not any(secret in data or secret.hex().encode() in data for secret in known)
    assert not [path for path in keystore.folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("passphrase", ["", "another", PASSPHRASE + " "])
def test_a_wrong_passphrase_is_refused_at_once(tmp_path: Path, passphrase: str) -> None:
    """Given a keystore, when opened with another passphrase, then refused, and nothing is made or changed."""
    before = everything(opened(tmp_path))
    with pytest.raises(VerificationError, match="keystore-passphrase"):
        opened(tmp_path, passphrase)
    assert everything(opened(tmp_path)) == before


def test_damaged_and_exchanged_files_are_refused(tmp_path: Path) -> None:
    """Given a file that is cut, altered, emptied or put in another's place, when read, then refused by name only."""
    keystore = opened(tmp_path)
    secret = keystore.secret("a")
    keystore.secret("b")
    a, b = keystore.folder / "secret.a.key", keystore.folder / "secret.b.key"
    data = a.read_bytes()
    for bad in (b"", data[:-1], data[:5], data + b"x", bytes((data[0] ^ 1,)) + data[1:], b.read_bytes()):
        a.write_bytes(bad)
        with pytest.raises(VerificationError, match="keystore-damaged") as failure:
            keystore.secret("a")
        assert secret.hex() not in str(failure.value)
    a.write_bytes(data)
    with pytest.raises(VerificationError, match="keystore-damaged"):
        keystore.secret("a", 16)
    (keystore.folder / "keystore.json").write_bytes(b'{"kdf":"scrypt"}')
    with pytest.raises(VerificationError, match="keystore-damaged"):
        opened(tmp_path)


def test_a_copy_without_the_check_takes_no_other_passphrase(tmp_path: Path) -> None:
    """Given key files that were copied without the check, then a mistyped passphrase opens and locks nothing."""
    keystore = opened(tmp_path)
    secret = keystore.secret("a")
    (check,) = keystore.folder.glob("check.*")
    check.unlink()
    with pytest.raises(VerificationError, match="keystore-passphrase"):
        FileKeystore(keystore.folder, "mistyped", n=2)
    assert not check.exists()
    assert opened(tmp_path).secret("a") == secret
    assert check.exists()


def test_keys_without_their_parameters_get_no_others(tmp_path: Path) -> None:
    """Given key files whose parameters were lost, then that is said, and none are made that open nothing."""
    keystore = opened(tmp_path)
    keystore.secret("a")
    (keystore.folder / "keystore.json").unlink()
    with pytest.raises(VerificationError, match="keystore-damaged"):
        opened(tmp_path)
    assert not (keystore.folder / "keystore.json").exists()


@pytest.mark.parametrize(
    ("member", "value"), [("kdf", "argon9"), ("n", 2**40), ("n", 3), ("r", -1), ("r", 10**9), ("p", 10**9), ("salt", 1)]
)
def test_parameters_that_nobody_made_open_nothing(tmp_path: Path, member: str, value: object) -> None:
    """Given another derivation than ours, or one without bounds, then the folder is damaged, and that is said."""
    keystore = opened(tmp_path)
    path = keystore.folder / "keystore.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), member: value}))
    with pytest.raises(VerificationError, match="keystore-damaged"):
        opened(tmp_path)


def test_names_stay_in_the_folder(tmp_path: Path) -> None:
    """Given names with slashes and dots, when stored, then each is one file of the folder; none is refused."""
    keystore = opened(tmp_path)
    assert len({keystore.secret(name) for name in ("../x", "/x", "x", "a/b", "a%2Fb")}) == 5
    assert not (tmp_path / "x").exists()
    with pytest.raises(VerificationError):
        keystore.secret("")


def _secret_in(folder: Path) -> bytes:
    return opened(folder).secret("shared")


def test_processes_that_come_at_once_agree(tmp_path: Path) -> None:
    """Given several processes on an empty folder, when each asks for a key, then all get the same one."""
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        assert len(set(pool.map(_secret_in, [tmp_path] * 8))) == 1


def test_a_file_is_made_once_and_leaves_no_draft(tmp_path: Path) -> None:
    """Given an existing file, when made again, then it stays; drafts are gone either way."""
    assert create_file(tmp_path / "x", b"1")
    assert not create_file(tmp_path / "x", b"2")
    assert (tmp_path / "x").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_nothing_shows_a_key_in_its_text(tmp_path: Path) -> None:
    """Given keys, when printed by accident, then the private part is not shown."""
    keystore = opened(tmp_path)
    key = keystore.pades_key("pdf", "x", 0)
    shown = repr((keystore, key, keystore.log_signers(ORIGIN)))
    assert key.private.hex() not in shown
    assert repr(key.private) not in shown
