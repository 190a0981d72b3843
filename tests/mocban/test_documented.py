"""What the documents say of the command line is there, and what is there the README names."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mocban.cli.registry import COMMANDS, parser

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "reference" / "README.md"])
_TYPED = re.compile(r"(?:\./run|(?<![\w./-])mocban) ([a-z][a-z_-]*(?:[^\n`|]|\\\n)*)")
_IN_TEXTS = re.compile(r"\./run ([a-z][a-z_-]*(?:[^\n`|,.;()])*)")  # on codes.md, where prose goes on after it
_AROUND = "`,.;:()[]…"


class Words(msgspec.Struct):
    """A command or a part of one: how its help reads, its options, and its parts by name."""

    path: str
    helped: argparse.ArgumentParser
    options: set[str]
    parts: dict[str, Words]


def words_of(whole: argparse.ArgumentParser, path: str = "") -> Words:
    """The whole tree below a parser."""
    found = Words(path, whole, set(), {})
    for action in whole._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, part in action.choices.items():
                found.parts[name] = words_of(part, f"{path} {name}".strip())
        else:
            found.options |= set(action.option_strings)
    return found


WHOLE = words_of(parser())


def below(words: Words) -> Iterator[Words]:
    """Every part, however deep."""
    for part in words.parts.values():
        yield part
        yield from below(part)


@pytest.mark.parametrize("words", [WHOLE, *below(WHOLE)], ids=lambda words: words.path or "mocban")
def test_every_part_helps(words: Words) -> None:
    """Given `--help` of any command or part, it is printed: no text in it is taken for a format."""
    assert words.helped.format_help()


def test_the_readme_names_every_command_and_its_parts() -> None:
    """Given the README, each command stands in it as it is typed, and each of its parts beside it or by itself."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| `./run ")]
    for command in COMMANDS:
        its = [row for row in rows if re.match(rf"\| `\./run {command.NAME}[` ]", row)]
        assert its, f"README names no {command.NAME}"
        for part in WHOLE.parts[command.NAME].parts:
            assert any(re.search(rf"\b{part}\b", row) for row in its), f"README names no {command.NAME} {part}"


def unknown(typed: str) -> Iterator[str]:
    """What there is not of a command line in a document."""
    here, options = WHOLE, set(WHOLE.options)
    for number, word in enumerate(typed.replace("\\\n", " ").split("#")[0].split()):
        plain = word.strip(_AROUND)
        if plain in here.parts:
            here = here.parts[plain]
            options |= here.options
        elif number == 0:
            yield plain
        elif re.fullmatch(r"--[a-z-]{2,}", option := plain.partition("=")[0]) and option not in options:
            yield f"{here.path} {option}"
        if word[-1] in ";)":
            return


def test_the_documents_type_nothing_that_is_not_there() -> None:
    """Given every command line in every document, each command and each option of it exists."""
    typed = [
        (page.name, found[1])
        for page in PAGES
        for found in (_IN_TEXTS if page.name == "codes.md" else _TYPED).finditer(page.read_text(encoding="utf-8"))
    ]
    assert len(typed) > 100, "the search still finds them"
    assert [(page, one) for page, line in typed for one in unknown(line)] == []
    assert list(unknown("verify log --turst FILE")) == ["verify --turst"]
    assert list(unknown("verif log")) == ["verif"]
