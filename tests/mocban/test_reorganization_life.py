"""The life of the shipped plan, by command on a product of its own: each step an act, each wrong step refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import reference
from mocban.__main__ import main

PLAN = Path(reference.__file__).parent / "plans" / "2025-07-01.yaml"
CORRECTION = """
instrument: {number: 4001/QĐ-UBND, issued: "2025-09-01", issuer: Chủ tịch UBND, in_force: "2025-09-01"}
effective: "2025-09-01"
reason: Nêu cơ quan nhận
fonds:
  P-H2658:
    - {lots: ["temporary/finished/arranged/*"], receiver: RECEIVER, basis: 4001/QĐ-UBND}
"""


WRONG = [
    (("P-H2658", "P-NOWHERE"), "fonds-unknown"),
    (("RECEIVER", "H99.99"), "agency-unknown"),
    (("temporary/finished/arranged/*", "temporary/*"), "correction-lot-unfit"),
    (("temporary/finished/arranged/*", "gone/*/*/*"), "correction-lot-unfit"),
    (("reason:", "reasons:"), "correction-file-unfit"),
    (("fonds:", "fonds: ["), "correction-file-unfit"),
]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    """Exit code and answer of a step."""
    code = main(["reorganization", *words, "--json"])
    told: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return code, told


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> object:
    """The code of the refusal of a step."""
    code, told = said(capsys, *words)
    assert code == 2
    problem = told["problem"]
    assert isinstance(problem, dict)
    return problem["code"]


def test_a_plan_lives_by_acts_and_takes_no_step_twice(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given the shipped plan, when drafted, adopted, enacted, completed, corrected, completed again: each in turn."""
    assert city.exists()
    plan, correction = str(PLAN), tmp_path / "correction.yaml"
    correction.write_text(CORRECTION.replace("RECEIVER", "H26"), encoding="utf-8")
    assert refused(capsys, "adopt", plan) == "reorganization-unknown"
    code, drafted = said(capsys, "draft", plan)
    assert (code, drafted["state"]) == (0, "drafted")
    one = str(drafted["reorganization"])
    assert refused(capsys, "draft", plan) == "reorganization-already-drafted"
    assert refused(capsys, "enact", one) == "reorganization-not-adopted"
    assert refused(capsys, "complete", one) == "reorganization-not-enacted"
    late = ("--number", "9/QĐ", "--issued", "2025-08-01", "--issuer", "X", "--in-force", "2025-08-01")
    assert refused(capsys, "adopt", one, *late) == "instrument-not-in-force"
    assert said(capsys, "adopt", plan)[1]["instrument"] == "1656/NQ-UBTVQH15"
    code, enacted = said(capsys, "enact", one)
    assert (code, enacted["fonds"], enacted["plan_hash"]) == (0, 1668, drafted["plan_hash"])
    assert refused(capsys, "enact", one) == "reorganization-not-open"
    assert refused(capsys, "withdraw", one, "--reason", "thôi") == "reorganization-not-open"
    assert said(capsys, "complete", plan)[1]["state"] == "completed"
    assert refused(capsys, "complete", one) == "reorganization-completed"
    assert said(capsys, "correct", one, str(correction))[1]["fonds"] == 1
    assert said(capsys, "complete", one)[0] == 0
    listed = said(capsys, "list")[1]["reorganizations"]
    assert isinstance(listed, list)
    assert [(row["id"], row["state"], "completed" in row) for row in listed] == [(one, "enacted", True)]
    for change, wrong in WRONG:
        correction.write_text(CORRECTION.replace(*change).replace("RECEIVER", "H26"), encoding="utf-8")
        assert refused(capsys, "correct", one, str(correction)) == wrong
