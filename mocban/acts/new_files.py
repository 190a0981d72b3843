"""What `act prepare` leaves behind: every file asked for, or none, and never in the place of another."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.errors import Refusal
from signing.durable_file import create_file


def check_free(paths: Sequence[Path]) -> None:
    """Make the folders of `paths`. Raises Refusal `outputs-equal`, `output-exists`, `output-unwritable`."""
    seen: set[Path] = set()
    for path in paths:
        if os.path.lexists(path):  # also a link that leads nowhere
            raise Refusal("output-exists", path=path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            place = path.resolve()
        except (OSError, RuntimeError) as error:
            raise Refusal("output-unwritable", path=path) from error
        if place in seen:
            raise Refusal("outputs-equal", path=path)
        seen.add(place)


def create_all(files: Mapping[Path, bytes]) -> None:
    """Write all, or leave none. Raises Refusal `output-exists`, `output-unwritable`."""
    made: list[Path] = []
    try:
        for path, data in files.items():
            _create(path, data)
            made.append(path)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _create(path: Path, data: bytes) -> None:
    try:
        created = create_file(path, data)
    except OSError as error:
        raise Refusal("output-unwritable", path=path) from error
    if not created:
        raise Refusal("output-exists", path=path)
