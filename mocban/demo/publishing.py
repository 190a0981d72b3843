"""Step 7: checkpoints, export, bundle, a certificate and a record of hand-over, verified by a program of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from mocban.custody_certificate import custody_certificate
from mocban.demo.stage import Stage
from mocban.handover.minutes import read_minutes, signed_minutes
from mocban.offices import Office
from mocban.own_rows import bad_rows
from mocban.pdf_signing import level_of
from mocban.publication import publish, write_trust
from mocban.witness.awaiting import await_quorum, not_cosigned
from signing.durable_file import PRIVATE, write_durably

_WITNESS_SECONDS: Final = 10.0


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What was published, and whether the verifier accepted all of it. acts, events: of the main log's checkpoint.

    pades_level: of the certificate, empty without one. minutes: the record of the hand-over.
    """

    acts: int
    events: int
    verified: bool
    log: Path
    trust: Path
    bundle: Path
    certificate: Path | None
    pades_level: str
    minutes: Path | None


def publish_all(stage: Stage, file: UUID | None, handover: UUID | None) -> Published:
    """Publish, export, certify `file`, print the record of `handover`; verify all of it, and rows against tiles."""
    product, out = stage.product, stage.out
    log, trust, bundle = out / "log", out / "trust.json", out / "bundle.zip"
    with stage.step("publish", "Công bố điểm kiểm, xuất sổ cái", "Publish checkpoints, export the log"):
        publish(product)
        write_trust(product, trust)
        made = await_quorum(product.settings.home, _WITNESS_SECONDS)
        if made is not None and not made.met:
            stage.tell(not_cosigned(made, log))
        product.main_log.export(log)
        product.main_log.bundle(bundle, product.log_signers(product.origin)[0])
    with stage.step("certificate", "Cấp giấy chứng nhận lưu giữ", "Issue a custody certificate"):
        certificate, level = _certify(stage, file) if file else (None, "")
    with stage.step("minutes", "Lập biên bản giao nhận", "Print the record of hand-over and receipt"):
        minutes = _print_minutes(stage, handover) if handover else None
    with stage.step("verify", "Xác minh bằng chương trình độc lập", "Verify with the stand-alone verifier"):
        paths = [log, bundle, *(path for path in (certificate, minutes) if path)]
        altered = bad_rows(product.databases, product.settings.home)
        for row in altered:
            stage.tell(row.refusal)
        verified = all(_verify(path, trust) for path in paths) and not altered
    published = product.main_log.published()
    return Published(
        acts=published.checkpoint.size,
        events=published.events,
        verified=verified,
        log=log,
        trust=trust,
        bundle=bundle,
        certificate=certificate,
        pades_level=level,
        minutes=minutes,
    )


def _certify(stage: Stage, file: UUID) -> tuple[Path, str]:
    """Where the certificate is, and its PAdES level."""
    pdf = custody_certificate(stage.product, stage.product.actor(Office.ARCHIVIST), file, stage.today)
    path = stage.out / f"certificate-{file}.pdf"
    write_durably(path, pdf, PRIVATE)
    return path, level_of(stage.product, pdf)


def _print_minutes(stage: Stage, handover: UUID) -> Path:
    """The record that giver and receiver sign, as PDF."""
    product = stage.product
    with product.views.connection() as connection:
        made = read_minutes(product, connection, handover, product.actor(Office.GIVER))
        path = stage.out / f"handover-{handover}.pdf"
        write_durably(path, signed_minutes(product, connection, made), PRIVATE)
    return path


def _verify(path: Path, trust: Path) -> bool:
    """Whether the verifier, a program of its own, says 0."""
    program = str(files("signing").joinpath("standalone_verifier.py"))
    done = subprocess.run(
        [sys.executable, program, str(path), "--trust", str(trust), "--json"], check=False, capture_output=True
    )
    return done.returncode == 0
