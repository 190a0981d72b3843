"""The kind of child process used here: forked from a small clean server, safe beside threads, quick to start."""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final

_PRELOADED: Final = ["digitization.sheet", "digitization.inspection"]


def context() -> ForkServerContext:
    """A fork-server context whose server has already imported what the children need."""
    children = multiprocessing.get_context("forkserver")
    children.set_forkserver_preload(_PRELOADED)
    return children


def end_with_parent() -> None:
    """In a child: end as soon as its parent has; watched by a thread of its own.

    A child holds both ends of its queue and would wait for ever after the parent was killed.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def bound_memory(more: int) -> None:
    """Let this process and its children have `more` bytes of address space beyond what it has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
