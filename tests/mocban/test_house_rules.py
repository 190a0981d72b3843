"""The house's rules tell what breaks them, and by how much."""

from __future__ import annotations

from pathlib import Path

import pytest

from mocban import house_rules
from mocban.environment_problem import EnvironmentProblem
from mocban.house_rules import ONE_FILE_BY_DESIGN, ask, file_lengths, judge_lengths, must_be_repository


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ({"a.py": 301, "b.py": 20, "c.py": 9}, "a.py: 301 > 300"),
        ({"a.py": 151, "b.py": 150, "c.py": 10}, "median 150 >= 150"),
        ({"a.py": 301, "b.py": 149}, "a.py: 301 > 300\nmedian 225 >= 150"),
    ],
)
def test_too_long_is_told(lines: dict[str, int], said: str) -> None:
    """A long file is named; so is a median that has crept up."""
    found = judge_lengths(lines)
    assert (found.holds, found.said) == (False, said)


def test_a_file_that_is_one_by_design_has_its_own_bound() -> None:
    """It may be longer than others, up to a bound of its own; the house itself holds the rule."""
    assert judge_lengths({**ONE_FILE_BY_DESIGN, "a.py": 20}).holds
    (name, bound), *_ = ONE_FILE_BY_DESIGN.items()
    assert judge_lengths({name: bound + 1, "a.py": 20}).said == f"{name}: {bound + 1} > {bound}"
    assert file_lengths().holds
    assert "median" in file_lengths().said


def test_a_slip_and_an_import_that_nobody_declared_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs see what they are there for: a misspelt word, an undeclared import."""
    monkeypatch.setattr(house_rules, "REPOSITORY", tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\ndependencies = []\n')
    (tmp_path / "one.py").write_text(f"import msgspec  # {'rec' + 'ieve'}\n")
    assert "one.py:1" in ask("codespell", ".").said
    found = ask("deptry", ".", "--no-ansi")
    assert not found.holds
    assert "'msgspec' imported but" in found.said


def test_outside_the_source_tree_the_rules_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed wheel has no tests and no rules to run."""
    monkeypatch.setattr(house_rules, "REPOSITORY", tmp_path)
    with pytest.raises(EnvironmentProblem) as refused:
        must_be_repository()
    assert refused.value.code == "repository-missing"
