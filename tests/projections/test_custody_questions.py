"""Questions of custody by the thousand: each line answered as the domain's replay answers it, or told what is wrong."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import Literal

import msgspec
import pytest

from domain.access import AccessRule
from domain.custody import HoldingState
from domain.errors import TEXTS
from domain.file import Rights
from domain.identifiers import FileCode
from domain.lot import Carrier, WorkState
from mocban.custody.questions import BATCH, Answer, Unanswered, answer_all
from projections.view import Connection
from tests.projections.story import EFFECTIVE, Story, a
from tests.projections.test_custody import DAYS, replayed

TWIN = FileCode(OrganId="sinh-đôi", FileCatalog=2020, FileNotation="1")
ACCENTED = FileCode(OrganId="Đại-Mỗ", FileCatalog=2020, FileNotation="Ấp 1")


@pytest.fixture(scope="module")
def told(told_apart: Story) -> Story:
    """A story of this module's own, which registers two more files."""
    return told_apart


@pytest.fixture(scope="module")
def reader(told: Story) -> Connection:
    """A reader of the told story, in which two more files share a code and one code has marks in it."""
    house, (first, made) = told.house, next(iter(told.files.items()))
    codes = {"twin-1": TWIN, "twin-2": TWIN, "accented": ACCENTED}
    events = {a("file", name): [msgspec.structs.replace(made, FileCode=code)] for name, code in codes.items()}
    house.record("file.register", events)
    house.runner.drain()
    assert first not in events
    return house.reader()


def asked(reader: Connection, lines: Sequence[object]) -> list[Answer | Unanswered]:
    """The answers to lines; what is not bytes is written as JSON."""
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines]
    return [exchange.answer for exchange in answer_all(reader, written)]


def test_every_answer_is_the_replays(told: Story, reader: Connection) -> None:
    """Given every file, carrier and day, as known at many acts, asked in one go, then all agree with the replay."""
    replay, acts = replayed(told.house)
    codes = {key: made.FileCode.text for key, made in replay.files.items() if made.FileCode != TWIN}
    asking = [
        (file, carrier, day, known_at)
        for at, file in enumerate(codes)
        for carrier in Carrier
        for day in DAYS
        for known_at in (None, acts - 1, acts - 4, acts // 2, at % acts)
    ]
    lines = [
        {"file": codes[file], "carrier": carrier, "date": day, "known_at_index": known_at}
        for file, carrier, day, known_at in asking
    ]
    answers = asked(reader, lines)
    assert len(answers) == len(asking) > 5 * BATCH
    states = set()
    for number, ((file, carrier, day, known_at), answer) in enumerate(zip(asking, answers, strict=True), 1):
        expected = replay.ask(file, carrier, day, acts - 1 if known_at is None else known_at)
        assert isinstance(answer, Answer)
        because = (answer.because.assigned_to, answer.because.held_by)
        acts_named = tuple(-1 if act is None else act for act in because)
        assert (answer.line, answer.known, answer.state) == (number, expected.known, expected.state)
        assert (answer.assigned_to, answer.held_by) == (expected.assigned_to, expected.held_by), lines[number - 1]
        assert acts_named == (expected.because_assigned, expected.because_held)
        states.add(answer.state)
    assert states == set(HoldingState)


def test_agencies_stand_with_code_and_name(told: Story, reader: Connection) -> None:
    """Given a file of a district's Party, then its two agencies are named by our id, with code and name beside."""
    file = next(made for made in told.files.values() if made.fonds == a("fonds", "d1-party"))
    (answer,) = asked(reader, [{"file": file.FileCode.text, "carrier": "paper", "date": EFFECTIVE}])
    told_of = msgspec.to_builtins(answer)
    assert told_of["assigned_to"] == str(a("agency", "party-archive"))
    assert (told_of["assigned_to_code"], told_of["assigned_to_name"]) == ("party-archive", "Cơ quan party-archive")
    assert (told_of["held_by_code"], told_of["held_by_name"]) == ("d1-party", "Cơ quan d1-party")
    assert told_of["state"] == "awaiting-hand-over"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_code_is_found_however_its_marks_are_written(reader: Connection, form: Literal["NFC", "NFD"]) -> None:
    """Given a code with marks, asked composed or decomposed it is found; in another case it is not."""
    code = unicodedata.normalize(form, ACCENTED.text)
    found, other = asked(
        reader, [{"file": text, "carrier": "paper", "date": EFFECTIVE} for text in (code, code.lower())]
    )
    assert isinstance(found, Answer)
    assert isinstance(other, Unanswered)
    assert other.problem.code == "question-file-unknown"


GOOD = {"file": "a1-government.2020.000", "carrier": "paper", "date": EFFECTIVE}
BAD: list[tuple[str, object]] = [
    ("question-file-unknown", {**GOOD, "file": "a1-government.2020.999"}),
    ("question-file-unknown", {**GOOD, "file": ""}),
    ("question-file-unknown", {**GOOD, "file": "a1-government.2020.000\0"}),
    ("question-file-unknown", {**GOOD, "file": "x" * 100_000}),
    ("question-file-ambiguous", {**GOOD, "file": TWIN.text}),
    ("question-date-partial", {**GOOD, "date": "2025-07"}),
    ("question-date-partial", {**GOOD, "date": "2025"}),
    ("question-date-partial", {**GOOD, "date": ""}),
    ("date-impossible", {**GOOD, "date": "2025-02-30"}),
    ("date-impossible", {**GOOD, "date": "2025-7-1"}),
    ("date-impossible", {**GOOD, "date": "01/07/2025"}),
    ("question-unfit", {**GOOD, "date": 20250701}),
    ("question-unfit", {**GOOD, "carrier": "film"}),
    ("question-unfit", {**GOOD, "file": None}),
    ("question-unfit", {"file": "x", "carrier": "paper"}),
    ("question-unfit", {**GOOD, "known_at_index": -1}),
    ("question-unfit", {**GOOD, "known_at_index": True}),
    ("question-unfit", {**GOOD, "known_at_index": "5"}),
    ("question-unfit", {**GOOD, "known_at": 5}),
    ("act-not-recorded", {**GOOD, "known_at_index": 10**6}),
    ("act-not-recorded", {**GOOD, "known_at_index": 2**63 - 1}),
    ("question-not-json", b"{\n"),
    ("question-not-json", b"paper\n"),
    ("question-not-json", b"[]\n"),
    ("question-not-json", b'{"more": ' + b"[" * 100_000 + b"\n"),
    ("question-not-json", b"\xff\xfe{}\n"),
    ("question-not-json", b'{"file": "\\ud800", "carrier": "paper", "date": "2025-07-01"}\n'),
]


@pytest.mark.parametrize(("code", "line"), BAD)
def test_a_bad_line_gets_its_problem_and_the_others_their_answers(reader: Connection, code: str, line: object) -> None:
    """Given one bad line between two good ones, then it is told in both languages and the good ones are answered."""
    before, problem, after = asked(reader, [GOOD, line, GOOD])
    assert isinstance(before, Answer)
    assert isinstance(after, Answer)
    assert isinstance(problem, Unanswered)
    assert (before.line, problem.line, after.line) == (1, 2, 3)
    assert problem.problem.code == code
    assert len(problem.problem.vi) < 400
    assert problem.problem.en.split(" ")[0] == TEXTS[code][1].split(" ")[0]


def test_empty_lines_ask_nothing_and_other_members_are_passed_by(reader: Connection) -> None:
    """Given blank lines and a member of the asker's own, then answers keep the numbers of their lines."""
    answers = asked(reader, [b"\n", {**GOOD, "note": "của tôi"}, b"  \r\n", {**GOOD, "known_at_index": None}, b""])
    assert [(type(answer), answer.line) for answer in answers] == [(Answer, 2), (Answer, 4)]


def test_who_may_use_stands_beside_with_rule_basis_and_act(told: Story, reader: Connection) -> None:
    """Given an open, finished file of a district, who has its land by the plan may use it; before, nobody by that."""
    file = next(
        made for made in told.files.values()
        if made.fonds == a("fonds", "d1-government") and made.Rights is Rights.OPEN and made.state is WorkState.FINISHED
    )  # fmt: skip
    question = {"file": file.FileCode.text, "carrier": "paper"}
    before, after = asked(reader, [question | {"date": day} for day in ("2025-06-30", "2026-01-01")])
    assert isinstance(before, Answer)
    assert isinstance(after, Answer)
    assert AccessRule.TERRITORY not in {one.rule for one in before.may_use}
    heir = next(one for one in after.may_use if one.agency == a("agency", "n1-government"))
    assert (heir.rule, heir.code, heir.since) == (AccessRule.TERRITORY, "n1-government", "")
    assert heir.basis.startswith("1656/NQ-UBTVQH15")
    assert heir.act is not None
    creator = next(one for one in after.may_use if one.agency == a("agency", "d1-government"))
    assert creator.ended == EFFECTIVE
    earlier = asked(reader, [question | {"date": "2026-01-01", "known_at_index": heir.act - 1}])[0]
    assert isinstance(earlier, Answer)
    assert AccessRule.TERRITORY not in {one.rule for one in earlier.may_use}


def test_the_party_line_needs_a_grant(told: Story, reader: Connection) -> None:
    """Given a Party file, only holder, assignee and creator may use it, and others are told that they need a grant."""
    file = next(made for made in told.files.values() if made.fonds == a("fonds", "a2-party"))
    (answer,) = asked(reader, [{"file": file.FileCode.text, "carrier": "paper", "date": "2026-01-01"}])
    assert isinstance(answer, Answer)
    assert answer.others_may_use is AccessRule.NEEDS_GRANT
    own = {AccessRule.HOLDER, AccessRule.ASSIGNEE, AccessRule.CREATOR, AccessRule.GRANTED}
    assert {one.rule for one in answer.may_use} <= own


def test_nobody_is_known_to_use_a_file_that_no_act_has_registered(told: Story, reader: Connection) -> None:
    """Given an act before the file's, then neither readers nor a reason for the others is known."""
    file = next(iter(told.files.values()))
    line = {"file": file.FileCode.text, "carrier": "paper", "date": "2026-01-01", "known_at_index": 1}
    (answer,) = asked(reader, [line])
    assert isinstance(answer, Answer)
    assert (answer.may_use, answer.others_may_use) == ((), None)
