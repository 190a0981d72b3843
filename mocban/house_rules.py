"""The house's rules: each one program or count, true of the whole repository."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from mocban.environment_problem import EnvironmentProblem

REPOSITORY: Final = Path(__file__).resolve().parents[1]
LONGEST: Final = 300
"""Lines of one Python file."""
MEDIAN: Final = 150
"""Lines that half of the Python files stay below."""
ONE_FILE_BY_DESIGN: Final[Mapping[str, int]] = {
    "signing/standalone_verifier.py": 694,  # a stranger reads and runs it as one file, beside the bundle that it judges
}
"""Longer than others, with a bound of its own: what a stranger is to read in one sitting must not grow."""

_PROGRAMS: Final = Path(sys.executable).parent
_CODE: Final = (
    "domain", "signing", "ledger", "projections", "digitization", "api", "mocban", "reference", "benchmarks",
    "migrations", "tests",
)  # fmt: skip


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule found. said: complaints when it does not hold, else a remark of one line or nothing."""

    holds: bool
    said: str


Rule: TypeAlias = Callable[[], Finding]


def must_be_repository() -> None:
    """Raises EnvironmentProblem in an installed wheel: rules and tests belong to the source tree."""
    if not (REPOSITORY / "pyproject.toml").is_file() or not (_PROGRAMS / "ruff").exists():
        raise EnvironmentProblem("repository-missing", folder=REPOSITORY)


def ask(program: str, *arguments: str | Path) -> Finding:
    """Ask one program of the development tools about the repository."""
    command: list[str | Path] = [_PROGRAMS / program, *arguments]
    done = _run(command)
    text = (done.stdout + done.stderr).strip()
    if done.returncode != 0:
        return Finding(holds=False, said=text)
    return Finding(holds=True, said=text.splitlines()[-1].strip() if text else "")


def build_wheel(folder: Path) -> Path:
    """Build the wheel into `folder`, without a network. Raises RuntimeError with the builder's words."""
    command = [sys.executable, "-P", "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = _run(command)
    if done.returncode != 0:
        raise RuntimeError((done.stdout + done.stderr).strip())
    (wheel,) = folder.glob("*.whl")
    return wheel


def wheel_contents() -> Finding:
    """The wheel holds every file of the packages, and nothing beside them."""
    with tempfile.TemporaryDirectory(prefix="mocban-wheel-") as folder:
        try:
            wheel = build_wheel(Path(folder))
        except RuntimeError as failed:
            return Finding(holds=False, said=str(failed))
        found = ask("check-wheel-contents", wheel)
        size = wheel.stat().st_size / 2**20
    return msgspec.structs.replace(found, said=f"{size:.1f} MiB") if found.holds else found


def file_lengths() -> Finding:
    """One idea a file: none longer than 300 lines, half of them shorter than 150."""
    files = (path for folder in _CODE for path in (REPOSITORY / folder).rglob("*.py"))
    return judge_lengths({str(path.relative_to(REPOSITORY)): _lines(path) for path in files})


def judge_lengths(lines: Mapping[str, int]) -> Finding:
    """lines: by file. What is too long, or the median and the longest."""
    judged = {name: count for name, count in lines.items() if name not in ONE_FILE_BY_DESIGN}
    median = statistics.median(judged.values())
    most = {name: ONE_FILE_BY_DESIGN.get(name, LONGEST) for name in sorted(lines)}
    complaints = [f"{name}: {lines[name]} > {limit}" for name, limit in most.items() if lines[name] > limit]
    if median >= MEDIAN:
        complaints.append(f"median {median:g} >= {MEDIAN}")
    if complaints:
        return Finding(holds=False, said="\n".join(complaints))
    return Finding(holds=True, said=f"{len(judged)} .py, trung vị · median {median:g}, max {max(judged.values())}")


def codes_page() -> Finding:
    """docs/codes.md is what the texts of the refusals make of it."""
    from mocban.codes_page import codes_listed  # noqa: PLC0415  it brings the API along, and asks for `Finding`

    return codes_listed()


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def _run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", check=False
    )


def _asks(rules: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, Rule]:
    return {name: partial(ask, *command) for name, command in rules}


RULES: Final[Mapping[str, Rule]] = {
    **_asks(
        (
            ("mypy", ("mypy",)),  # the longest goes first
            ("ruff", ("ruff", "check", "--quiet")),
            ("ruff-format", ("ruff", "format", "--check", "--quiet")),
            ("import-linter", ("lint-imports",)),
            ("deptry", ("deptry", ".", "--no-ansi")),
            ("codespell", ("codespell", ".")),
        )
    ),
    "wheel-contents": wheel_contents,
    "file-lengths": file_lengths,
    "codes-page": codes_page,
}
"""By name, in the order they are told."""
