"""The door: a file that is no scan, or is hostile, is refused with a code before any heavy work.

The inspection runs in a child process with limits of CPU time and memory, so that a bomb harms nobody else.
"""

from __future__ import annotations

import os
import resource
import sys
from multiprocessing.connection import Connection
from typing import Final

from digitization import processes
from digitization.inspection import inspect
from digitization.inspection_pages import Finding, Limits
from domain.errors import Refusal

KINDS: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
)
"""First bytes of the image kinds that scanners write."""

_HEADER_WITHIN: Final = 1024
_TAIL_WITHIN: Final = 2048


def admit(content: bytes, name: str, limits: Limits | None = None) -> Finding:
    """Let a scan in, or raise Refusal. Returns the number of its pages and what is odd about it.

    content: the bytes of the file; name: shown in texts, and its ending is compared with the bytes.
    """
    limits = limits or Limits()
    _by_first_bytes(content, name, limits)
    finding = _in_a_child(content, limits)
    if finding.code:
        raise Refusal(finding.code, name=name, **finding.facts)
    return finding


def _by_first_bytes(content: bytes, name: str, limits: Limits) -> None:
    if not content:
        raise Refusal("scan-empty", name=name)
    if len(content) > limits.bytes:
        raise Refusal("scan-too-large", name=name, bytes=len(content), limit=limits.bytes)
    named_pdf = name.lower().endswith(".pdf")
    if b"%PDF-" not in content[:_HEADER_WITHIN]:
        kind = next((kind for magic, kind in KINDS if content.startswith(magic)), None)
        if kind is not None and named_pdf:
            raise Refusal("scan-image-named-pdf", name=name, kind=kind)
        raise Refusal("scan-not-pdf", name=name)
    if not named_pdf:
        raise Refusal("scan-pdf-misnamed", name=name)
    if b"%%EOF" not in content[-_TAIL_WITHIN:]:
        raise Refusal("scan-truncated", name=name)


def _in_a_child(content: bytes, limits: Limits) -> Finding:
    """The child's finding; a child that dies or lingers was given too much to do."""
    children = processes.context()
    ours, theirs = children.Pipe()
    child = children.Process(target=_inspect_and_tell, args=(theirs, limits), daemon=True)
    child.start()
    theirs.close()
    try:
        ours.send_bytes(content)
        # CPU seconds are the child's own limit; the wall clock is a little wider, for a busy machine.
        told = ours.recv() if ours.poll(limits.seconds * 1.4) else None
    except (EOFError, OSError):
        told = None
    finally:
        child.kill()
        child.join()
        ours.close()
    return told if isinstance(told, Finding) else Finding(code="scan-too-costly")


def _inspect_and_tell(pipe: Connection, limits: Limits) -> None:
    content = pipe.recv_bytes()
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    processes.bound_memory(limits.memory_bytes)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # a library that runs out of memory says so there
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        finding = inspect(content, limits)
    except MemoryError:
        os._exit(1)
    pipe.send(finding)
