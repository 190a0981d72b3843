"""What auditors took away before the destruction, and whether it, and what is published afterwards, still verifies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
import psycopg

from mocban.bootstrap import Product
from mocban.drills.sealed_files import SealedFile
from mocban.own_rows import bad_rows
from mocban.publication import publish, write_trust
from signing.tlog_proof import verify_event_proof
from signing.verification_error import VerificationError

_POSITIONS: Final = "SELECT position FROM main_log.event WHERE originator_id = ANY(%s) ORDER BY position"


class Evidence(msgspec.Struct, frozen=True):
    """folder: export, bundle and trust file of that time. proofs: of every event of the file, by position."""

    folder: Path
    proofs: dict[int, bytes]

    def proofs_failing(self, product: Product) -> Iterator[str]:
        """The old proofs, and those made now for the same events."""
        keys = product.main.log_keys()
        for position, proof in self.proofs.items():
            for when, data in (("old", proof), ("new", product.main_log.proof_for(position))):
                try:
                    verify_event_proof(data, keys)
                except VerificationError as error:
                    yield f"{when} proof of event {position}: {error.code}"
        if not self.proofs:
            yield "no proofs"

    def unverified(self, product: Product, folder: Path) -> Iterator[str]:
        """Rows against tiles; old export completed, old bundle, new export and bundle, each by the verifier."""
        publish(product)
        after = folder / "after"
        after.mkdir()
        yield from (
            f"row of {row.log}: {row.fault} {row.act}" for row in bad_rows(product.databases, product.settings.home)
        )
        product.main_log.export(self.folder / "log")
        product.main_log.export(after / "log")
        product.main_log.bundle(after / "bundle.zip", product.log_signers(product.origin)[0])
        for path in (self.folder / "log", self.folder / "bundle.zip", after / "log", after / "bundle.zip"):
            yield from _unverified(path, self.folder / "trust.json")


def gathered(product: Product, folder: Path, file: SealedFile) -> Evidence:
    """Publish, and take away all that an auditor may."""
    folder.mkdir()
    publish(product)
    write_trust(product, folder / "trust.json")
    product.main_log.export(folder / "log")
    product.main_log.bundle(folder / "bundle.zip", product.log_signers(product.origin)[0])
    with psycopg.connect(product.databases.main_admin) as connection:
        rows = connection.execute(_POSITIONS, (list(file.streams),)).fetchall()
    proofs = {int(position): product.main_log.proof_for(int(position)) for (position,) in rows}
    return Evidence(folder, proofs)


def _unverified(path: Path, trust: Path) -> Iterator[str]:
    program = str(files("signing").joinpath("standalone_verifier.py"))
    done = subprocess.run(
        [sys.executable, program, str(path), "--trust", str(trust), "--json"],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        yield f"{path.name}: the verifier says {done.returncode}: {done.stdout[:300]}"
