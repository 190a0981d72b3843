"""A file at the entry gate."""

from uuid import UUID

import msgspec
import pytest

from domain.agency import Block
from domain.errors import Refusal
from domain.file import (
    File,
    FileAdmitted,
    FileDigitized,
    FileRegistered,
    FileSentBack,
    GateCheck,
    GateFault,
    digitize,
    evolve,
    register,
)
from domain.fonds import CustodyLine, Fonds
from domain.identifiers import FileCode
from domain.lot import Carrier, RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Plain

FONDS = Fonds(code="P-1", name="Phông", creators=(UUID(int=1),), opened_from="2020-01-01", line=CustodyLine.STATE)
FACT = FileRegistered(
    FileCode=FileCode("H26.1", 2019, "01"),
    fonds=UUID(int=2),
    Title=Plain("Hồ sơ"),
    Maintenance=Maintenance(retention=RetentionClass.PERMANENT),
    state=WorkState.FINISHED,
    arranged=True,
    block=Block.GOVERNMENT,
    held_by=UUID(int=1),
    held_from="2020-01-01",
)
NOT_APPRAISED = Maintenance(retention=RetentionClass.NOT_APPRAISED)


def test_a_file_in_order_is_admitted() -> None:
    """Given an open fonds, when a file in order is registered, then it is admitted."""
    assert register(None, FONDS, FACT, GateCheck()) == [FACT, FileAdmitted()]


@pytest.mark.parametrize(
    ("fact", "check", "fault"),
    [
        (msgspec.structs.replace(FACT, arranged=False), GateCheck(), GateFault.NOT_ARRANGED),
        (msgspec.structs.replace(FACT, block=None), GateCheck(), GateFault.BLOCK_NOT_CLASSIFIED),
        (msgspec.structs.replace(FACT, Maintenance=NOT_APPRAISED), GateCheck(), GateFault.RETENTION_NOT_STATED),
        (FACT, GateCheck(duplicate=True), GateFault.DUPLICATE),
        (FACT, GateCheck(superfluous=True), GateFault.SUPERFLUOUS),
        (FACT, GateCheck(damaged=True), GateFault.DAMAGED),
    ],
)
def test_each_fault_sends_the_file_back_by_name(fact: FileRegistered, check: GateCheck, fault: GateFault) -> None:
    """Given one fault, then the file is known but sent back for just that fault."""
    assert register(None, FONDS, fact, check) == [fact, FileSentBack(faults=(fault,))]


def test_a_file_is_registered_once_and_in_a_known_fonds() -> None:
    """A second registration, and one without a fonds, are refused."""
    with pytest.raises(Refusal, match="file-already-registered"):
        register(File(registered=FACT), FONDS, FACT, GateCheck())
    with pytest.raises(Refusal, match="fonds-unknown"):
        register(None, None, FACT, GateCheck())


def test_only_an_admitted_file_is_digitized_and_once() -> None:
    """Given an admitted file, when digitized twice, then the digital carrier is made once."""
    admitted = File(registered=FACT, admitted=True)
    made = digitize(admitted, UUID(int=9), "2025-05-01")
    assert made == [FileDigitized(held_by=UUID(int=9), held_from="2025-05-01")]
    again = evolve(admitted, FileDigitized(held_by=UUID(int=9), held_from="2025-05-01"))
    assert digitize(again, UUID(int=9), "2025-05-02") == []
    with pytest.raises(Refusal, match="file-not-admitted"):
        digitize(File(registered=FACT), UUID(int=9), "2025-05-01")
    with pytest.raises(Refusal, match="file-unknown"):
        digitize(None, UUID(int=9), "2025-05-01")


def test_a_file_lies_in_one_lot_per_carrier() -> None:
    """The lot follows from retention, state, arrangement and carrier."""
    assert File(registered=FACT).lot_key(Carrier.PAPER).text == "permanent/finished/arranged/paper"
