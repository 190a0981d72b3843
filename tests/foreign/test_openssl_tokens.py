"""OpenSSL: RFC 3161 timestamps over a published checkpoint, by the very commands that docs/operations.md gives."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from pathlib import Path

from signing.checkpoint import parse_checkpoint_text
from signing.note import parse_note
from signing.timestamp import stamp
from tests.foreign.published import Published
from tests.signing.local_authority import LocalAuthority


def test_tokens_of_two_authorities(openssl: Path, published: Published, tmp_path: Path) -> None:
    """Given the checkpoint stamped by two, then OpenSSL accepts each under its own root, nothing falsified."""
    size = parse_checkpoint_text(parse_note(published.checkpoint).text).size
    (tmp_path / f"{size}.checkpoint").write_bytes(published.checkpoint)
    authorities = [LocalAuthority(tmp_path / name, name) for name in ("one", "two")]
    for local in authorities:
        reply, _ = stamp(local.authority, published.checkpoint)
        (tmp_path / f"{size}.{local.name}.tsr").write_bytes(reply)
        (tmp_path / "root.txt").write_bytes(b64encode(local.pinned[0]))
        made = f"base64 -d < root.txt | {openssl} x509 -inform DER -out {local.name}.pem"
        subprocess.run(["sh", "-c", made], cwd=tmp_path, check=True, capture_output=True, timeout=60)

    def accepts(token: str, checkpoint: str, root: str) -> bool:
        command = [str(openssl), "ts", "-verify", "-in", token, "-data", checkpoint, "-CAfile", root]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert ("Verification: OK" in done.stdout + done.stderr) == (done.returncode == 0)
        return done.returncode == 0

    checkpoint = f"{size}.checkpoint"
    assert accepts(f"{size}.one.tsr", checkpoint, "one.pem")
    assert accepts(f"{size}.two.tsr", checkpoint, "two.pem")
    assert not accepts(f"{size}.one.tsr", checkpoint, "two.pem")
    (tmp_path / "other").write_bytes(published.earlier)
    assert not accepts(f"{size}.one.tsr", "other", "one.pem")
    token = bytearray((tmp_path / f"{size}.one.tsr").read_bytes())
    token[-20] ^= 1  # in the signature, which comes last
    (tmp_path / "spoilt").write_bytes(token)
    assert not accepts("spoilt", checkpoint, "one.pem")
