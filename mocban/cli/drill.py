"""`drill`: the product killed, crowded or falsified on purpose, on a data folder of its own; says whether it held."""

from __future__ import annotations

import argparse
import secrets
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mocban.drills.crash import Round

NAME: Final = "drill"
HELP: Final = "diễn tập sự cố trên thư mục riêng · rehearse disasters on a folder of its own"
NOT_HELD: Final = 4
ROUNDS: Final = 50
SECONDS: Final = 60
MUTATIONS: Final = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which drill, how long, and the seed of an earlier one."""
    parser.add_argument(
        "name", choices=("crash", "destroy", "recover", "tamper", "writers"), help="diễn tập gì · which drill"
    )
    parser.add_argument("--rounds", type=_some, default=ROUNDS, help=f"số vòng giết · rounds of kills ({ROUNDS})")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"số giây ghi · seconds of writing ({SECONDS})")
    parser.add_argument(
        "--mutations", type=_some, default=MUTATIONS, help=f"số lần làm giả · falsifications ({MUTATIONS})"
    )
    parser.add_argument(
        "--points",
        action="store_true",
        help="crash: giết đúng tại từng điểm có tên, không ngẫu nhiên · crash: kill at each named fault point instead",
    )
    parser.add_argument("--seed", type=int, help="lặp lại đúng một lần trước · repeat an earlier one")


def _some(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("ít nhất 1 · at least 1")
    return number


def run(args: argparse.Namespace) -> int:
    """0 when all held, 4 when something was lost, doubled or out of order. MOCBAN_HOME and DATABASE_URL are let be."""
    seed = args.seed if args.seed is not None else secrets.randbelow(1 << 31)
    print(f"seed {seed}", file=sys.stderr, flush=True)
    drills = {"crash": _crash, "destroy": _destroy, "recover": _recover, "tamper": _tamper, "writers": _writers}
    return drills[args.name](args, seed)


def _crash(args: argparse.Namespace, seed: int) -> int:
    return _at_points(args) if args.points else _at_moments(args, seed)


def _at_points(args: argparse.Namespace) -> int:
    import msgspec  # noqa: PLC0415

    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.drills.points import ALL, at_points  # noqa: PLC0415

    rounds = at_points(ALL, _tell)
    passed = not any(one.problems for one in rounds)
    verdict = _verdict(passed, f"{len(rounds)} điểm · points, {rounds[-1].acknowledged}")
    answer({"rounds": msgspec.to_builtins(rounds), "passed": passed}, verdict, as_json=args.json)
    return 0 if passed else NOT_HELD


def _at_moments(args: argparse.Namespace, seed: int) -> int:
    import msgspec  # noqa: PLC0415  the rest answers without these

    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.drills.crash import ALL, crash  # noqa: PLC0415

    report = crash(args.rounds, seed, ALL, _tell)
    facts = {**msgspec.to_builtins(report), "passed": report.passed}
    acts = report.rounds[-1].acknowledged if report.rounds else 0
    answer(facts, _verdict(report.passed, f"{len(report.rounds)} vòng · rounds, {acts}"), as_json=args.json)
    return 0 if report.passed else NOT_HELD


def _recover(args: argparse.Namespace, seed: int) -> int:
    import msgspec  # noqa: PLC0415

    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.drills.older_backup import older_backup  # noqa: PLC0415

    report = older_backup(seed, lambda step: print(f"  {step}", file=sys.stderr, flush=True))
    for problem in report.problems:
        print(f"  ✗ {problem}", file=sys.stderr, flush=True)
    facts = {**msgspec.to_builtins(report), "passed": report.passed}
    answer(facts, _verdict(report.passed, f"{report.recorded - report.backed_up}"), as_json=args.json)
    return 0 if report.passed else NOT_HELD


def _writers(args: argparse.Namespace, seed: int) -> int:
    import msgspec  # noqa: PLC0415

    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.drills.ground import ground  # noqa: PLC0415
    from mocban.drills.writers import crowd  # noqa: PLC0415

    with ground() as field, open_product(field.settings) as product:
        report = crowd(product, args.seconds, seed)
    for problem in report.problems:
        print(f"  ✗ {problem}", file=sys.stderr, flush=True)
    facts = {**msgspec.to_builtins(report), "passed": not report.problems}
    answer(facts, _verdict(not report.problems, f"{report.stored}"), as_json=args.json)
    return NOT_HELD if report.problems else 0


def _destroy(args: argparse.Namespace, _seed: int) -> int:
    import msgspec  # noqa: PLC0415

    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.drills.destruction.drill import Check, destroy_drill  # noqa: PLC0415
    from mocban.drills.ground import ground  # noqa: PLC0415

    def tell(check: Check) -> None:
        print(f"  {'✓' if check.held else '✗'} {check.name}", file=sys.stderr, flush=True)
        for one in check.found:
            print(f"    {one}", file=sys.stderr, flush=True)

    with ground() as field, open_product(field.settings) as product:
        report = destroy_drill(product, field.folder, tell, own_server=True)
    held = sum(check.held for check in report.checks)
    facts = {**msgspec.to_builtins(report), "held": held, "passed": report.passed}
    word = "ĐỨNG VỮNG · HELD" if report.passed else "KHÔNG ĐỨNG VỮNG · DID NOT HOLD"
    places = f"{report.rows_before} + {report.files_before}"
    said = f"{held}/{len(report.checks)}; {report.traces} dấu vết, trước đó ở {places} chỗ · traces, at places before"
    answer(facts, f"{word}: {said}", as_json=args.json)
    return 0 if report.passed else NOT_HELD


def _tamper(args: argparse.Namespace, seed: int) -> int:
    import msgspec  # noqa: PLC0415

    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.demo.stage import progress_bars  # noqa: PLC0415
    from mocban.drills.tampering.drill import tamper  # noqa: PLC0415

    with progress_bars() as progress:
        task = progress.add_task("Làm giả rồi xác minh · falsified, then verified", total=args.mutations)
        report = tamper(args.mutations, seed, lambda done, _of: progress.update(task, completed=done))
    counts = {name: getattr(report, name) for name in ("tried", "rejected", "located", "passed")}
    word = "ĐỨNG VỮNG · HELD" if report.passed else "KHÔNG ĐỨNG VỮNG · DID NOT HOLD"
    answer(
        msgspec.to_builtins(report) | counts,
        f"{'':<30} {'chứng cứ · evidence':<20} thử · tried  bác · rejected  đúng chỗ · located",
        *(
            f"{one.name:<30} {one.evidence:<20} {one.tried:>11} {one.rejected:>15} {one.located:>19}"
            for one in report.kinds
        ),
        f"bởi cả hai trình xác minh · by both verifiers: {report.twice}",
        f"{word}: {report.rejected}/{report.tried}",
        as_json=args.json,
    )
    return 0 if report.passed else NOT_HELD


def _tell(one: Round) -> None:
    mark = "✗" if one.problems else "✓"
    state = "" if one.killed else " (đã xong trước · had ended)"
    print(f"  {mark} {one.victim:<10} {one.moment:7.3f} s{state}, {one.seconds:.1f} s", file=sys.stderr, flush=True)
    for problem in one.problems:
        print(f"    {problem}", file=sys.stderr, flush=True)


def _verdict(passed: bool, what: str) -> str:
    word = "ĐỨNG VỮNG · HELD" if passed else "KHÔNG ĐỨNG VỮNG · DID NOT HOLD"
    return f"{word}: {what} hành vi · acts"
