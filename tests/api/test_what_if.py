"""The what-if over HTTP: a report for a plan that can be read, faults by line for one that cannot; nothing written."""

from __future__ import annotations

import pytest

from tests.api.archive import CONTENT, Archive
from tests.api.conftest import Client, Headers, facts

PLAN = """
title: Phường Nguyễn Du kết thúc
effective: "2026-08-01"
instrument: {number: 9/NQ-HĐND, issued: "2026-07-01", issuer: HĐND, in_force: "2026-07-15"}
receivers: {}
changes:
  - {unit: "00256", change: dissolved}
rules:
  - {id: all, when: {}, receiver: awaiting, basis: 9/NQ-HĐND, confidence: decision}
"""
PATH = "/reorganizations/preview"


def head(archive: Archive) -> tuple[int, ...]:
    """How many acts and events there are."""
    row = archive.main.recorder.max_notification_id()
    return (archive.main.size(), row or 0)


def test_a_plan_is_foreseen_and_nothing_is_written(client: Client, archive: Archive, holder: Headers) -> None:
    """Given a plan, when it is posted, then the report tells what would be, and the ledger is as it was."""
    before = head(archive)
    answer = client.post(PATH, content=PLAN.encode(), headers=holder)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["title"], told["effective"]) == ("Phường Nguyễn Du kết thúc", "2026-08-01")
    assert told["may_be_enacted"] is True
    assert head(archive) == before
    assert not any(text in answer.text for text in CONTENT)
    one = client.post(f"{PATH}?unit=00256@2026-07-31", content=PLAN.encode(), headers=holder)
    assert one.status_code == 200, one.text
    assert one.json()["scope"] != told["scope"]


@pytest.mark.parametrize(
    ("plan", "status", "code"),
    [
        (PLAN.replace("rules:", "rulez:"), 422, "plan-file-unfit"),
        (PLAN.replace("00256", "99999"), 422, "plan-file-unfit"),
        ("\0\xff[[[", 422, "plan-file-unfit"),
        ("", 422, "plan-file-unfit"),
    ],
)
def test_an_unfit_plan_is_told_fault_by_fault(
    client: Client, holder: Headers, plan: str, status: int, code: str
) -> None:
    """Given a wrong member, a code that nobody carries, no YAML, nothing at all: each fault at its line."""
    answer = client.post(PATH, content=plan.encode("latin-1", "replace"), headers=holder)
    assert facts(answer) == (status, code)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["faults"]


def test_asking_needs_a_token_and_the_verb(client: Client, holder: Headers) -> None:
    """Given no token, another verb, a body beyond the limit, or two parts at once, then 401, 405, 413 and 400."""
    assert client.post(PATH, content=PLAN.encode()).status_code == 401
    assert client.get(PATH, headers=holder).status_code == 405
    assert client.post(PATH, content=b"x" * 4_000_001, headers=holder).status_code == 413
    both = client.post(f"{PATH}?unit=00256&former_district=1", content=PLAN.encode(), headers=holder)
    assert facts(both) == (400, "parameter-unfit")
