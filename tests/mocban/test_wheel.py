"""The wheel alone is enough: from an empty folder it helps, migrates, and finds everything that ships with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mocban.house_rules import build_wheel

Run = Callable[..., "subprocess.CompletedProcess[str]"]

_SHIPPED = """
import importlib, sys
from importlib.resources import files
from pathlib import Path

installed = Path(sys.argv[1])
for name in ("domain", "signing", "ledger", "projections", "digitization", "api", "mocban", "reference", "benchmarks",
             "migrations"):
    package = importlib.import_module(name)
    assert Path(package.__file__).is_relative_to(installed), name
    assert files(name).joinpath("py.typed").is_file(), name

from mocban import migrate
from reference import hanoi, plan, samples

assert len(migrate.read_migrations()) >= 6
assert files("ledger").joinpath("FORMATS.txt").read_text(encoding="utf-8")
assert "def main" in files("signing").joinpath("standalone_verifier.py").read_text(encoding="utf-8")
assert len(samples.scan_truth()) == len(list(samples.scans_folder().glob("*.pdf"))) > 0
assert samples.worksheet_truth().files > 0 and samples.worksheet_path().read_bytes()[:2] == b"PK"
print(len(hanoi.units_before()), len(hanoi.retention_rules()), len(plan.load_plan().rules))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built here and unpacked as installers unpack a pure wheel; nothing else of ours."""
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))) as wheel:
        wheel.extractall(target)
    return target


@pytest.fixture
def run(installed: Path, tmp_path: Path, home: Path) -> Run:
    """Run the bare interpreter in an empty folder: our wheel and the libraries, no editable install."""
    paths = {str(installed): None, sysconfig.get_path("purelib"): None, sysconfig.get_path("platlib"): None}
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LD_LIBRARY_PATH"}}
    environment = {**kept, "PYTHONPATH": os.pathsep.join(paths), "MOCBAN_HOME": str(home), "HOME": str(tmp_path)}

    def run_there(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).resolve(), "-P", "-s", *arguments],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return run_there


def test_what_ships_is_found(run: Run, installed: Path) -> None:
    """Modules come from the wheel, and the loaders of migrations, formats, scans, worksheets and Hà Nội's data work."""
    done = run("-c", _SHIPPED, str(installed))
    assert done.stderr == ""
    assert [int(count) > 0 for count in done.stdout.split()] == [True] * 3


def test_help_and_a_first_migration_from_an_empty_folder(run: Run) -> None:
    """The command answers, makes its database from nothing and migrates it; the second time nothing is left to do."""
    assert "demo" in run("-m", "mocban", "--help").stdout
    first, second = run("-m", "mocban", "migrate", "--json"), run("-m", "mocban", "migrate", "--json")
    assert (first.returncode, first.stderr) == (0, "")
    assert "main/0002_log.sql" in first.stdout
    assert "0002_log.sql" not in second.stdout
    assert json.loads(second.stdout)


def test_the_rules_are_the_source_tree_s(run: Run) -> None:
    """`check` in an installed wheel is told where it belongs, with exit code 3."""
    done = run("-m", "mocban", "check", "--json")
    assert done.returncode == 3
    assert "repository-missing" in done.stdout + done.stderr
