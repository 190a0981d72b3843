"""A witness over real HTTP: it cosigns one history of a log, remembers it first, and refuses in the spec's words."""

from __future__ import annotations

import shutil
import socket
import subprocess
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from mocban.witness.request import MAX_BODY, parse_request, request_body
from mocban.witness.witness import Witness
from signing.checkpoint import open_checkpoint
from signing.merkle import consistency_path
from signing.note import VerifierKey
from tests.witness.log import Log, log_signers
from tests.witness.serving import hurried, serving, signer_of, witness_of

HONEST = Log()
FORK = Log(fork_at=4)
OTHER = Log("elsewhere.example/log")
VKEY = signer_of().verifier_key


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Witness, httpx.Client]]:
    """A witness that cosigned the honest log at size 6, and a way to post to it."""
    witness = witness_of(tmp_path_factory.mktemp("witness"), HONEST)
    with serving(witness) as url, httpx.Client(base_url=url) as http:
        assert http.post("/add-checkpoint", content=HONEST.request(0, 6)).status_code == 200
        yield witness, http


def opened(note: bytes, answer: httpx.Response, vkey: VerifierKey = VKEY) -> int:
    """The time of the cosignature in an answer, joined to the note as any reader would."""
    return open_checkpoint(note + answer.content, [*map(VerifierKey.parse, HONEST.vkeys), vkey]).times[vkey]


def test_it_cosigns_a_log_that_grows(tmp_path: Path) -> None:
    """Given checkpoints that extend each other, when brought, then each is cosigned; the same one again too."""
    witness = witness_of(tmp_path, HONEST, OTHER)
    with serving(witness) as url:
        for old, size in ((0, 1), (1, 1), (1, 4), (4, 4), (4, 7), (7, 300), (300, 300)):
            answer = httpx.post(f"{url}/add-checkpoint", content=HONEST.request(old, size))
            assert answer.status_code == 200, answer.text
            assert opened(HONEST.note(size), answer) > 1_700_000_000
            latest = witness.records.latest(HONEST.origin)
            assert latest is not None
            assert latest.size == size
        assert httpx.post(f"{url}/add-checkpoint", content=OTHER.request(0, 3)).status_code == 200
        assert httpx.get(url).text == f"{VKEY.text()}\n"


def bad_proof() -> bytes:
    """Right sizes, a hash exchanged."""
    proof = consistency_path(HONEST.hashes(9), 6)
    return request_body(6, [*proof[:-1], bytes(32)], HONEST.note(9))


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("an unknown log", OTHER.request(0, 3), 404),
        ("a log of this origin with other keys", Log(seed=b"X").request(6, 9), 403),
        ("one of two kinds of keys", HONEST.request(6, 9, log_signers()[:1]), 403),
        ("a good signature and a bad one", HONEST.request(6, 9).replace(b"\n9\n", b"\n8\n"), 403),
        ("an old size beyond the checkpoint", request_body(9, [], HONEST.note(7)), 400),
        ("a stale old size", HONEST.request(3, 9), 409),
        ("an old size that was never", HONEST.request(8, 9), 409),
        ("nothing known of what was cosigned", HONEST.request(0, 9), 409),
        ("a roll-back", HONEST.request(2, 4), 409),
        ("a roll-back to the same old size", HONEST.request(4, 4), 409),
        ("a fork of the same size", FORK.request(6, 6), 409),
        ("a fork that grew", FORK.request(6, 9), 422),
        ("a bad proof", bad_proof(), 422),
        ("a proof where none belongs", request_body(6, [bytes(32)], HONEST.note(6)), 422),
        ("no proof where one belongs", request_body(6, [], HONEST.note(9)), 422),
        ("nothing", b"", 400),
        ("no old line", b"\n" + HONEST.note(9), 400),
        ("another word", HONEST.request(6, 9).replace(b"old ", b"size "), 400),
        ("a leading zero", HONEST.request(6, 9).replace(b"old 6", b"old 06"), 400),
        ("a negative size", HONEST.request(6, 9).replace(b"old 6", b"old -6"), 400),
        ("an endless size", HONEST.request(6, 9).replace(b"old 6", b"old " + b"9" * 40), 400),
        ("a short hash", HONEST.request(6, 9).replace(b"old 6\n", b"old 6\nAAAA\n"), 400),
        ("64 lines of proof", request_body(6, [bytes(32)] * 64, HONEST.note(9)), 400),
        ("no signature", b"old 6\n\n" + HONEST.text(9), 400),
        ("bytes that are no text", b"old 6\n\n\xff\xfe\n\n", 400),
        ("windows lines", HONEST.request(6, 9).replace(b"\n", b"\r\n"), 400),
        ("more than any request", HONEST.request(6, 9) + b"x" * MAX_BODY, 413),
    ],
)
def test_it_refuses(asked: tuple[Witness, httpx.Client], what: str, body: bytes, status: int) -> None:
    """Given size 6 cosigned, when something else is brought, then the spec's status; and 6 it remains."""
    witness, http = asked
    answer = http.post("/add-checkpoint", content=body)
    assert answer.status_code == status, (what, answer.text)
    assert "\u2014" not in answer.text
    sizes = answer.headers["content-type"] == "text/x.tlog.size"
    assert sizes == (status == 409 and "fork" not in what), what
    if sizes:
        assert answer.content == b"6\n"
    else:
        assert len(answer.text.splitlines()) == 3  # Vietnamese, English, the code
    latest = witness.records.latest(HONEST.origin)
    assert latest is not None
    assert latest.size == 6
    assert http.post("/add-checkpoint", content=HONEST.request(6, 6)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/add-checkpoint", 405), ("POST", "/", 404), ("POST", "/other", 404), ("HEAD", "/", 200)],
)
def test_other_addresses(asked: tuple[Witness, httpx.Client], method: str, path: str, status: int) -> None:
    """Given another address or method, when asked, then a plain answer."""
    assert asked[1].request(method, path).status_code == status


def test_two_logs_that_share_a_prefix_never_both_grow(tmp_path: Path) -> None:
    """Given a shared prefix cosigned, when both histories go on, then the first only; the other is kept as proof."""
    witness = witness_of(tmp_path, HONEST)
    with serving(witness) as url, httpx.Client(base_url=url) as http:

        def post(body: bytes) -> int:
            return http.post("/add-checkpoint", content=body).status_code

        assert post(FORK.request(0, 4)) == 200  # the prefix: nobody can tell yet
        assert post(HONEST.request(4, 8)) == 200
        assert post(FORK.request(4, 8)) == 409
        assert post(FORK.request(8, 8)) == 409
        assert post(FORK.request(8, 12)) == 422
        assert post(HONEST.request(8, 12)) == 200
    (fork,) = (tmp_path / "refused" / "forks").glob("*/*")
    kept = parse_request(fork.read_bytes())  # both keys of the log under a root that it also denied
    assert (kept.point.size, kept.note.text) == (8, FORK.text(8))
    assert len(list((tmp_path / "refused" / "unproven").glob("*/*"))) == 1


def test_of_many_at_once_one_goes_first(tmp_path: Path) -> None:
    """Given twelve requests from one old size at once, when handled, then one is cosigned and no larger one is lost."""
    witness = witness_of(tmp_path, HONEST)
    sizes = list(range(5, 17))
    with serving(witness) as url, httpx.Client(base_url=url) as http, ThreadPoolExecutor(12) as pool:
        http.post("/add-checkpoint", content=HONEST.request(0, 4))
        bodies = [HONEST.request(4, size) for size in sizes]
        answers = list(pool.map(lambda body: http.post("/add-checkpoint", content=body), bodies))
    cosigned = [size for size, answer in zip(sizes, answers, strict=True) if answer.status_code == 200]
    assert len(cosigned) == 1
    assert {answer.status_code for answer in answers} == {200, 409}
    assert {answer.text for answer in answers if answer.status_code == 409} == {f"{cosigned[0]}\n"}
    latest = witness.records.latest(HONEST.origin)
    assert latest is not None
    assert latest.size == cosigned[0]


def test_a_body_that_never_ends_is_given_up(tmp_path: Path) -> None:
    """Given half a request and then nothing, when the time is over, then 408 and the next one is served."""
    witness = witness_of(tmp_path, HONEST)

    with serving(witness, hurried(witness)) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as raw:
            raw.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 100\r\n\r\nold 0\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 408")
        assert httpx.post(f"{url}/add-checkpoint", content=HONEST.request(0, 2)).status_code == 200


def exchanged(path: Path) -> None:
    """Another witness's record in place of this one's."""
    path.write_bytes(HONEST.note(2))


def cut(path: Path) -> None:
    """Half a record."""
    path.write_bytes(path.read_bytes()[:40])


@pytest.mark.parametrize("spoil", [exchanged, cut])
def test_a_damaged_record_is_not_forgotten(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """Given a record that is not the witness's own, when asked, then nothing is cosigned for that log."""
    witness = witness_of(tmp_path, HONEST, OTHER)
    with serving(witness) as url, httpx.Client(base_url=url) as http:
        http.post("/add-checkpoint", content=HONEST.request(0, 6))
        spoil(witness.records.path(HONEST.origin))
        for old, size in ((0, 3), (6, 9), (2, 9)):
            answer = http.post("/add-checkpoint", content=HONEST.request(old, size))
            assert (answer.status_code, "witness-store-damaged" in answer.text) == (500, True)
        assert http.post("/add-checkpoint", content=OTHER.request(0, 3)).status_code == 200


def test_a_store_that_cannot_be_written_cosigns_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Given a store where no record fits, when asked, then 503 and a word to its operator; mended, it cosigns."""
    witness = witness_of(tmp_path, HONEST)
    (tmp_path / "checkpoints").write_text("in the way")
    with serving(witness) as url, httpx.Client(base_url=url) as http:
        answer = http.post("/add-checkpoint", content=HONEST.request(0, 6))
        assert (answer.status_code, "\u2014" in answer.text) == (503, False)
        assert "nothing is cosigned: Not a directory" in caplog.text
        (tmp_path / "checkpoints").unlink()
        assert http.post("/add-checkpoint", content=HONEST.request(0, 6)).status_code == 200


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees(tmp_path: Path) -> None:
    """Given a cosignature, when openssl checks the two header lines and the checkpoint's text, then it is good."""
    line = witness_of(tmp_path, HONEST).add_checkpoint(HONEST.request(0, 6))
    field = b64decode(line.split()[-1])
    stamp = int.from_bytes(field[4:12], "big")
    files = {
        "key": bytes.fromhex("302a300506032b6570032100") + VKEY.public,  # RFC 8410: SubjectPublicKeyInfo of Ed25519
        "message": b"cosignature/v1\ntime %d\n" % stamp + HONEST.text(6),
        "signature": field[12:],
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "key",
        "-rawin",
        "-in",
        "message",
        "-sigfile",
        "signature",
    ]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "message").write_bytes(files["message"].replace(b"\n6\n", b"\n7\n"))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
