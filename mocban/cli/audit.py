"""`audit`: draw files by lot for an audit of the stores, and record what was found on the shelves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from domain.errors import Refusal
    from mocban.audit.sample import Draw, Sample
    from mocban.bootstrap import Product

NAME: Final = "audit"
HELP: Final = "rút mẫu kiểm tra kho, ghi kết quả · draw a sample of the stores, record its results"
MAX_TOLD: Final = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two words: the draw, and its results."""
    parts = parser.add_subparsers(dest="part", metavar="sample|record", required=True)
    sample = parts.add_parser("sample", help="rút hồ sơ, in phiếu · draw files, print the checklist")
    sample.add_argument("--seed", required=True, help="hạt giống, chọn công khai · seed, chosen in public")
    sample.add_argument("--size", type=_size, required=True, metavar="N", help="bao nhiêu hồ sơ · how many files")
    of = sample.add_mutually_exclusive_group()
    of.add_argument("--unit", metavar="U", help="do các cơ quan của đơn vị giữ · held by a unit's bodies (code or id)")
    of.add_argument("--agency", metavar="A", help="do cơ quan giữ · held by an agency (code or id)")
    of.add_argument("--fonds", metavar="P", help="của phông · of a fonds (code or id)")
    sample.add_argument("--on", metavar="YYYY-MM-DD", help="nơi giữ tính đến ngày, mặc định hôm nay · holders as of")
    sample.add_argument("--checkpoint", type=_size, metavar="SIZE", help="điểm kiểm cũ · at an earlier checkpoint")
    sample.add_argument("--titles", action="store_true", help="in cả tiêu đề, có ghi nhật ký · titles too, on record")
    sample.add_argument("--population", type=Path, metavar="FILE", help="ghi mọi mã để tự kiểm · all ids drawn from")
    sample.add_argument("--out", type=Path, metavar="DIR", help="thư mục kết quả · folder for what is made")
    record = parts.add_parser("record", help="ghi kết quả thành hành vi · record the results as an act")
    record.add_argument("--sample", type=Path, required=True, metavar="sample.json", help="mẫu đã rút · the sample")
    record.add_argument("--results", type=Path, required=True, metavar="FILE", help="bảng đã điền · .xlsx or .csv")
    for one in (sample, record):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")


def _size(text: str) -> int:
    number = int(text)
    if not 0 < number < 1 << 40:
        raise argparse.ArgumentTypeError("ít nhất 1 · at least 1")
    return number


def run(args: argparse.Namespace) -> int:
    """0 done; 1 refused, and then nothing was recorded. Raises Refusal."""
    return _sample(args) if args.part == "sample" else _record(args)


def _sample(args: argparse.Namespace) -> int:
    import msgspec  # noqa: PLC0415  the rest answers without these

    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.audit.sample import MAX_SIZE  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.plan_file.whole_file import require_place  # noqa: PLC0415
    from mocban.publication import publish  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    if args.size > MAX_SIZE:
        raise Refusal("audit-sample-too-large", limit=MAX_SIZE)
    if args.population is not None:
        require_place(args.population)
    if args.out is not None and args.out.exists() and not args.out.is_dir():
        raise Refusal("file-not-writable", path=args.out)
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        if args.checkpoint is None:
            publish(product)
        sample, paths = _made(product, args)
    answer(
        {**msgspec.to_builtins(sample), "paths": {name: str(path) for name, path in paths.items()}},
        f"Rút {len(sample.drawn)} trong {sample.files} hồ sơ, điểm kiểm {sample.checkpoint.size} · drawn at checkpoint",
        f"Ngưỡng · threshold {sample.threshold}",
        *(f"→ {path}" for path in paths.values()),
        as_json=args.json,
    )
    return 0


def _made(product: Product, args: argparse.Namespace) -> tuple[Sample, dict[str, Path]]:
    """The sample, and what was written: everything whole."""
    from contextlib import ExitStack  # noqa: PLC0415

    import msgspec  # noqa: PLC0415

    from mocban.audit.checklist_page import draw  # noqa: PLC0415
    from mocban.audit.sample import sample_of  # noqa: PLC0415
    from mocban.audit.table import csv_table, xlsx_table  # noqa: PLC0415
    from signing.durable_file import PRIVATE, READABLE, write_all_durably  # noqa: PLC0415

    with ExitStack() as closing:
        into = closing.enter_context(args.population.open("wb")) if args.population else None
        sample = sample_of(product, _draw(product, args), into)
    kind = "-titles" if args.titles else ""
    folder = args.out or product.settings.out / "audit" / f"{sample.checkpoint.size}-{sample.threshold[:16]}{kind}"
    sample_json = msgspec.json.format(msgspec.json.encode(sample), indent=2) + b"\n"
    files = {
        "sample": (folder / "sample.json", sample_json),
        "checklist": (folder / "checklist.pdf", draw(sample)),
        "xlsx": (folder / "results.xlsx", xlsx_table(sample)),
        "csv": (folder / "results.csv", csv_table(sample)),
    }
    _check_free(files["sample"][0], sample_json)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Of the same sample only what is missing: a table that is there may have been filled in.
    fresh = {path: data for path, data in files.values() if not path.exists()}
    write_all_durably(fresh, PRIVATE if args.titles else READABLE)
    paths = {name: path for name, (path, _) in files.items()}
    return sample, paths | ({"population": args.population} if args.population else {})


def _check_free(path: Path, data: bytes) -> None:
    """Raise Refusal `output-exists` where another sample lies."""
    from domain.errors import Refusal  # noqa: PLC0415

    if path.exists() and path.read_bytes() != data:
        raise Refusal("output-exists", path=path)


def _draw(product: Product, args: argparse.Namespace) -> Draw:
    from mocban.audit.sample import Draw  # noqa: PLC0415
    from mocban.audit.stratum import stratum_of  # noqa: PLC0415
    from mocban.custody.day import civil_today, full_day  # noqa: PLC0415

    on = full_day(args.on) if args.on else civil_today()
    stratum = stratum_of(product, on=on, unit=args.unit, agency_given=args.agency, fonds=args.fonds)
    return Draw(seed=args.seed, wanted=args.size, on=on, stratum=stratum, size=args.checkpoint, titles=args.titles)


def _record(args: argparse.Namespace) -> int:
    import msgspec  # noqa: PLC0415

    from mocban.audit.recording import check_sample, record_results  # noqa: PLC0415
    from mocban.audit.results import read_results  # noqa: PLC0415
    from mocban.audit.sample import read_sample  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.custody.day import civil_today  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    sample = read_sample(args.sample)
    answers, faults = read_results(args.results, sample)
    if faults:
        return _tell_faults(faults, as_json=args.json)
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        check_sample(product, sample)
        done = record_results(product, sample, answers, civil_today())
    again = " (đã ghi từ trước · on record before)" if done.again else ""
    answer(
        msgspec.to_builtins(done),
        f"Thấy {done.found}, không thấy {done.missing}, khác {done.differs} · found, missing, differing",
        f"Hành vi số {done.act} · act {done.act}{again}",
        as_json=args.json,
    )
    return 0


def _tell_faults(faults: list[Refusal], *, as_json: bool) -> int:
    """Every place that is wrong, and that nothing was recorded."""
    import sys  # noqa: PLC0415

    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.acts.officers_acts import place_of  # noqa: PLC0415
    from mocban.cli.answer import answer, explain  # noqa: PLC0415

    for fault in faults[:MAX_TOLD]:
        print(f"- [{fault.code}] {fault.vi}\n  {fault.en}", file=sys.stderr)
    whole = Refusal("audit-rows-refused", count=len(faults), place=place_of(faults[0]), first=faults[0].code)
    explain(whole, as_json=False)
    told = [
        {
            "code": one.code,
            "place": place_of(one),
            "column": str(one.facts.get("column", "")),
            "vi": one.vi,
            "en": one.en,
        }
        for one in faults
    ]
    problem = {"code": whole.code, "vi": whole.vi, "en": whole.en}
    if as_json:
        answer({"problem": problem, "rows": told}, as_json=True)
    return 1
