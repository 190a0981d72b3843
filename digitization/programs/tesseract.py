"""Tesseract: whether it is installed, which version, and whether it knows Vietnamese."""

from __future__ import annotations

import functools
import shutil
import subprocess
from typing import Final

import msgspec

from domain.errors import Refusal

LANGUAGE: Final = "vie"
INSTALL_LINE: Final = "sudo apt-get install -y tesseract-ocr tesseract-ocr-vie"
"""The one line that puts the program and its Vietnamese model on Debian and Ubuntu."""


class Tesseract(msgspec.Struct, frozen=True, kw_only=True):
    """The installed program. path: of the executable; version: as it prints it; languages: model names."""

    path: str
    version: str
    languages: tuple[str, ...]


def find() -> Tesseract | None:
    """The program on PATH, or None when there is none that answers."""
    path = shutil.which("tesseract")
    return None if path is None else _ask(path)


def require() -> Tesseract:
    """The program with its Vietnamese model.

    Raises Refusal `tesseract-missing` or `tesseract-without-vietnamese`, each naming the line to type.
    """
    found = find()
    if found is None:
        raise Refusal("tesseract-missing", line=INSTALL_LINE)
    if LANGUAGE not in found.languages:
        raise Refusal("tesseract-without-vietnamese", version=found.version, line=INSTALL_LINE)
    return found


@functools.cache
def _ask(path: str) -> Tesseract | None:
    version = _output(path, "--version")
    languages = _output(path, "--list-langs")
    if version is None or languages is None:
        return None
    number = version.splitlines()[0].removeprefix("tesseract").strip() if version else ""
    return Tesseract(path=path, version=number, languages=tuple(languages.split()[-20:]))


def _output(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    # 4.x prints its version on stderr, 5.x on stdout.
    return done.stdout or done.stderr
