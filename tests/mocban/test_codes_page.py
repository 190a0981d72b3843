"""docs/codes.md lists every code, with the numbers that the API and the command really give it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.problems import STATUS, problem_of
from domain.errors import TEXTS, Refusal
from domain.reasons import PROBLEMS
from mocban import codes_page
from mocban.codes_page import PAGE, codes_listed
from mocban.environment_problem import EnvironmentProblem
from mocban.surroundings import environment_problem
from signing.log_verifier import CODES

_ROW = re.compile(r"^\| `([a-z0-9-]+)` \|(.*)\|$", re.MULTILINE)
REFUSALS, FINDINGS, JUDGEMENTS = (
    {one[1]: tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", one[2])) for one in _ROW.finditer(part)}
    for part in re.split(r"(?m)^## (?:Chương trình kiểm chứng|Vì sao).*$", PAGE.read_text(encoding="utf-8"))
)


def test_the_page_is_what_the_texts_make_of_it() -> None:
    """Given the page as it is committed, writing it anew changes nothing, and no text is idle."""
    assert codes_listed().holds, codes_listed().said


def test_every_code_has_its_row() -> None:
    """Given refusals, findings of the verifiers and judgements of signatures, each is there, with both languages."""
    assert set(REFUSALS) == set(TEXTS)
    assert set(FINDINGS) == set(CODES)
    assert set(JUDGEMENTS) == set(PROBLEMS)
    for code, (http, stops, vi, en) in REFUSALS.items():
        assert not (http and stops), code
        assert vi != en, code
    assert all(vi and en and vi != en for vi, en in FINDINGS.values())


def test_its_numbers_are_those_that_are_given() -> None:
    """Given codes that the API maps, the page has their status; what the machine does to us is exit 3."""
    for code in STATUS:
        assert REFUSALS[code][0] == str(problem_of(Refusal(code)).status), code
    told = environment_problem(EnvironmentProblem("disk-full", folder="x"), Path("x"))
    assert told is not None
    assert REFUSALS[told.code][:2] == ("", "3")
    assert REFUSALS["scan-encrypted"][:2] == ("", ""), "the API takes no scans"


def test_the_codes_found_at_start_are_those_of_operations() -> None:
    """Given the table of operations.md on what a start finds, each of its codes is exit 3 on this page."""
    text = (PAGE.parent / "operations.md").read_text(encoding="utf-8")
    table = text.partition("**At start**")[2].partition("**When a log stops.**")[0]
    found = set(re.findall(r"`([a-z-]+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line)))
    assert found == codes_page.AT_START


def test_a_page_left_behind_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a page of which a text differs, or none at all, the rule says what to do."""
    page = tmp_path / "codes.md"
    monkeypatch.setattr(codes_page, "PAGE", page)
    assert "--write" in codes_listed().said
    page.write_text(PAGE.read_text(encoding="utf-8").replace("Không có địa chỉ này.", "Không có."), encoding="utf-8")
    assert not codes_listed().holds
