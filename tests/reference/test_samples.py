"""The demo's paper is what its truth says: scans without text, a worksheet without faults of form, two planted lies."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from importlib import resources

import pikepdf
import pytest
from PIL import Image

from digitization.worksheet import Worksheet, read_worksheet
from digitization.worksheet_rows import FileRow, Known
from domain.basis import Confidence
from domain.lot import RetentionClass
from domain.retention import appraise
from mocban.hanoi import retention_rules
from reference import hanoi, samples
from reference.plan import load_plan

TODAY = "2025-07-01"


@pytest.fixture(scope="module")
def worksheet() -> Worksheet:
    """The demo's worksheet, read against everything that a row may name."""
    agencies = (*hanoi.agencies_before(), *hanoi.departments())
    known = Known(
        agencies={agency.code for agency in agencies},
        fonds={agency.fonds_code: agency.code for agency in agencies},
        rules={rule.id for rule in hanoi.retention_rules()},
    )
    return read_worksheet(samples.worksheet_path(), known)


def test_there_is_enough_paper_and_it_is_small() -> None:
    """Given the shipped scans, when counted, then at least 16 documents and 28 pages lie under 3.5 MB."""
    truth = samples.scan_truth()
    files = sorted(samples.scans_folder().glob("*.pdf"))
    assert [file.name for file in files] == sorted(scan.scan for scan in truth)
    assert len(truth) >= 16
    assert sum(len(scan.pages) for scan in truth) >= 28
    assert sum(file.stat().st_size for file in files) < 3_500_000


def test_each_scan_is_the_one_the_truth_speaks_of() -> None:
    """Given a scan's bytes, when hashed, then it is the one that was drawn with the truth."""
    for scan in samples.scan_truth():
        assert hashlib.sha256((samples.scans_folder() / scan.scan).read_bytes()).hexdigest() == scan.sha256, scan.scan


def test_scans_hold_one_image_a_page_and_no_text() -> None:
    """Given a scan, when its pages are opened, then each holds one image of A4 at 140 dpi or more, and no font."""
    for scan in samples.scan_truth():
        with pikepdf.open(samples.scans_folder() / scan.scan) as pdf:
            assert len(pdf.pages) == len(scan.pages)
            for page in pdf.pages:
                (image,) = page.get_images().values()
                assert "/Font" not in page.Resources
                assert int(image.Width) / (float(page.mediabox[2]) / 72) >= 140


def test_defects_that_the_product_must_notice_are_there() -> None:
    """Given the truth, when defects are counted, then one page is upside down, one blank, one file delivered twice."""
    truth = samples.scan_truth()
    pages = [page for scan in truth for page in scan.pages]
    assert sum(page.upside_down for page in pages) == 1
    assert sum(page.blank for page in pages) == 1
    assert Counter(scan.layout for scan in truth)["typewritten"] == 1
    (twice,) = [scan for scan in truth if scan.same_bytes_as]
    (copy,) = [scan for scan in truth if scan.copy_of]
    by_name = {scan.scan: scan for scan in truth}
    assert by_name[twice.same_bytes_as].sha256 == twice.sha256
    original = by_name[copy.copy_of]
    assert (original.fields, original.file == copy.file, original.sha256 == copy.sha256) == (copy.fields, False, False)


def test_the_blank_page_has_no_ink_and_the_others_do() -> None:
    """Given the pages as images, when their ink is measured, then the blank one alone has hardly any."""
    for scan in samples.scan_truth():
        with pikepdf.open(samples.scans_folder() / scan.scan) as pdf:
            for page, truth in zip(pdf.pages, scan.pages, strict=True):
                (raw,) = page.get_images().values()
                assert isinstance(raw, pikepdf.Stream)
                image: Image.Image = pikepdf.PdfImage(raw).as_pil_image()
                shades = image.convert("L").histogram()
                ink = sum(shades[:110]) / sum(shades)
                assert (ink < 0.002) == truth.blank, (scan.scan, truth.page, ink)


def test_the_worksheet_has_no_fault_of_form(worksheet: Worksheet) -> None:
    """Given the demo's worksheet, when read, then no row is refused and every scan is named once."""
    assert [str(refusal) for refusal in worksheet.refusals] == []
    truth = samples.worksheet_truth()
    assert (len(worksheet.files), len(worksheet.documents)) == (truth.files, truth.documents)
    assert len(worksheet.files) >= 55
    assert len({row.fonds for row in worksheet.files}) >= 8
    named = sorted(row.scan for row in worksheet.documents if row.scan)
    assert named == sorted(scan.scan for scan in samples.scan_truth())
    assert len({row.file_code for row in worksheet.documents if row.scan}) >= 12


def test_the_worksheet_has_every_kind_of_lot(worksheet: Worksheet) -> None:
    """Given the files, when sorted, then blocks, states, classes and partial dates all occur."""
    assert {row.block for row in worksheet.files if row.block} == {"party", "government", "mass"}
    assert {row.state.value for row in worksheet.files} == {"finished", "unfinished"}
    assert {_appraised(row) for row in worksheet.files} == set(RetentionClass)
    assert {len(row.start) for row in worksheet.files} >= {4, 7, 10}


def _appraised(row: FileRow) -> RetentionClass:
    rules = retention_rules()
    return appraise(row.retention, rules.get(row.retention_rule), row.appraised_on, TODAY).retention


def test_faults_at_the_gate_are_those_foretold(worksheet: Worksheet) -> None:
    """Given the rows, when judged by flags and schedule, then exactly the files foretold are faulty; scans' are not."""
    found = {}
    for row in worksheet.files:
        flags = {
            "not-arranged": not row.arranged,
            "duplicate": row.duplicate,
            "superfluous": row.superfluous,
            "damaged": row.damaged,
            "retention-not-stated": _appraised(row) is RetentionClass.NOT_APPRAISED,
        }
        if reasons := [reason for reason, is_so in flags.items() if is_so]:
            (found[row.file_code],) = reasons
    assert found == samples.worksheet_truth().faults
    assert len(found) >= 6
    assert not found.keys() & {scan.file for scan in samples.scan_truth()}


def test_worksheet_and_paper_differ_in_the_two_planted_places_only(worksheet: Worksheet) -> None:
    """Given each scanned document's row, when set beside the paper, then a date and a number differ, nothing else."""
    by_scan = {scan.scan: scan.fields for scan in samples.scan_truth()}
    differing = []
    for row in worksheet.documents:
        if row.scan:
            paper = by_scan[row.scan]
            pairs = {
                "number": (row.number, paper.number),
                "notation": (row.notation, paper.symbol),
                "date": (row.issued, paper.date),
                "subject": (row.subject, paper.subject),
                "signer": (row.signer, paper.signer),
            }
            differing += [(row.scan, field, *both) for field, both in pairs.items() if both[0] != both[1]]
    planted = [(one.scan, one.field, one.worksheet, one.paper) for one in samples.worksheet_truth().contradictions]
    assert sorted(differing) == sorted(planted)
    assert {field for _, field, _, _ in differing} == {"date", "number"}


def test_nothing_confidential_is_also_public() -> None:
    """Given the texts that may not leak, when sought in names, rules and schedules, then none is there by chance."""
    public = io.StringIO()
    for agency in (*hanoi.agencies_before(), *hanoi.agencies_after(), *hanoi.departments()):
        public.write(f"{agency.name}\n{agency.fonds_name}\n")
    for rule in load_plan().rules:
        public.write(f"{rule.basis}\n{rule.note_vi}\n{rule.confidence in Confidence}\n")
    for table in resources.files("reference").joinpath("data").iterdir():
        public.write(table.read_text(encoding="utf-8"))
    text = public.getvalue()
    confidential = samples.confidential_texts()
    assert [one for one in confidential if one in text] == []
    assert {person for scan in samples.scan_truth() for person in scan.persons} <= confidential
