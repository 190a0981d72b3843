"""The YAML of a plan file: read with the line of every member, written in one canonical way."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import yaml
from typing_extensions import override

from domain.finding import Finding, Path
from domain.plan_file import PlanFile
from mocban.plan_file.form import ASIDE, Form, Place, settled

WIDTH: Final = 116


class _Loader(yaml.SafeLoader):
    """Days stay texts, and nothing is written once and meant twice."""

    @override
    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it open
            raise yaml.composer.ComposerError(None, None, "no aliases here", mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(data: bytes) -> Form:
    """The form of a YAML text; what cannot be read is a finding at its line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        return _unread(Place(line=data[: broken.start].count(b"\n") + 1, column=1), "plan-not-utf8")
    loader = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return _unread(Place(line=1, column=1), "plan-member-missing", member="title")
        reading = _Reading(loader)
        value = reading.value(root, ())
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = Place(line=mark.line + 1, column=mark.column + 1) if mark else Place(line=1, column=1)
        return _unread(place, "plan-yaml-unreadable", reason=fault.problem or "?")
    except yaml.reader.ReaderError as fault:
        line = text[: fault.position].count("\n") + 1
        return _unread(Place(line=line, column=1), "plan-text-control")
    except RecursionError:
        return _unread(Place(line=1, column=1), "plan-yaml-unreadable", reason="nested too deeply")
    finally:
        if loader is not None:
            loader.dispose()
    return Form(value=value, places=reading.places, found=tuple(reading.found))


def write_yaml(plan: PlanFile) -> str:
    """The plan as YAML; two equal plans give one text."""
    tree = msgspec.json.decode(msgspec.json.encode(plan))
    return str(yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH))


class _Dumper(yaml.SafeDumper):
    """Lists of words on one line; codes in quotes, since `00097` is a number to readers of YAML 1.2."""

    @override
    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        words = all(isinstance(one, str | bool) for one in sequence)
        return super().represent_sequence(tag, sequence, flow_style=words)

    @override
    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="'" if data.isdigit() else None)


_Dumper.add_representer(str, _Dumper.represent_str)


class _Reading:
    """Nodes to values, noting places."""

    def __init__(self, loader: _Loader) -> None:
        self._loader = loader
        self.places: dict[Path, Place] = {}
        self.found: list[Finding] = []

    def value(self, node: yaml.Node, path: Path) -> object:
        """The value of a node that stands at the path."""
        self.places.setdefault(path, _place(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, at)) for at, item in enumerate(node.value)]
        try:
            made = self._loader.construct_object(node)
        except (ValueError, OverflowError, LookupError, AttributeError, TypeError):  # a tag its text does not fit
            made = None
        return settled(made) if isinstance(made, str) else made

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        members: dict[str, object] = {}
        for key_node, item in node.value:
            name = settled(str(key_node.value)) if isinstance(key_node, yaml.ScalarNode) else "?"
            if name in members:
                place = (*path, name, ASIDE, len(self.found))
                self.places[place] = _place(key_node)
                self.found.append(Finding(path=place, code="plan-member-repeated", facts={"member": name}))
                continue
            self.places[*path, name] = _place(key_node)
            members[name] = self.value(item, (*path, name))
        return members


def _place(node: yaml.Node) -> Place:
    return Place(line=node.start_mark.line + 1, column=node.start_mark.column + 1)


def _unread(place: Place, code: str, **facts: str) -> Form:
    return Form(value=None, places={(): place}, found=(Finding(path=(), code=code, facts=facts),))
