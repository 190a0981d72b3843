"""Whether a form has the structure of a plan file; every fault of it, not the first one only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import msgspec

from domain.finding import Finding, Path
from domain.plan_file import PlanFile

_MAY_BE_EMPTY: Final = frozenset({"note_vi", "note_en", "title_en", "clause", "parent"})
_EXPECTED: Final = re.compile(r"Expected `([^`]+)`")


def structural(value: object) -> Iterator[Finding]:
    """The faults of structure, vocabulary and text of a form's value."""
    yield from _struct(PlanFile, value, ())


def _struct(kind: type[msgspec.Struct], value: object, path: Path) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield Finding(path=path, code="plan-value-unfit", facts={"expected": "object"})
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    known = ", ".join(fields)
    for name in value:
        if name not in fields:
            yield Finding(path=(*path, name), code="plan-member-unknown", facts={"member": name, "known": known})
    for name, field in fields.items():
        if name in value:
            yield from _value(field.type, value[name], (*path, name))
        elif field.required:
            yield Finding(path=path, code="plan-member-missing", facts={"member": name})


def _value(kind: Any, value: object, path: Path) -> Iterator[Finding]:
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        listed, plain = get_args(kind)[1], get_args(kind)[0]
        kind = listed if isinstance(value, list) else plain
        origin = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _struct(kind, value, path)
    elif origin is tuple and isinstance(value, list):
        for at, item in enumerate(value):
            yield from _value(get_args(kind)[0], item, (*path, at))
    elif origin is dict and isinstance(value, dict):
        for key, item in value.items():
            yield from _leaf(str, key, (*path, key))
            yield from _value(str, item, (*path, key))
    else:
        yield from _leaf(kind, value, path)


def _leaf(kind: Any, value: object, path: Path) -> Iterator[Finding]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as misfit:
        words = _words(kind)
        if words and isinstance(value, str):
            yield Finding(path=path, code="plan-word-unknown", facts={"known": words})
        else:
            expected = _EXPECTED.search(str(misfit))
            yield Finding(path=path, code="plan-value-unfit", facts={"expected": expected[1] if expected else "?"})
        return
    if isinstance(value, str):
        if not value and (path[-1] not in _MAY_BE_EMPTY or path[0] == "receivers"):
            yield Finding(path=path, code="plan-value-missing")
        elif any(not _is_text(character) for character in value):
            yield Finding(path=path, code="plan-text-control")


def _words(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(str(word.value) for word in kind)
    return ", ".join(get_args(kind)) if get_origin(kind) is Literal else ""


def _is_text(character: str) -> bool:
    """No control, surrogate, private or unassigned character but the line feed, and what both forms can carry."""
    return character == "\n" or (
        not unicodedata.category(character).startswith("C") and character not in "\u2028\u2029"
    )
