"""The page docs/codes.md: every code that a client or an operator can meet, written from the texts themselves.

Which number goes with a code is read from the source: HTTP for codes that a module names which the API reaches, exit
code 3 for those that are raised for the person at the machine to mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Final

import msgspec

from api.problems import status_of
from domain.errors import TEXTS
from domain.reasons import PROBLEMS
from domain.refusal_texts import (
    access_grant,
    api,
    audit,
    child_lot,
    container,
    custody,
    custody_acts,
    digitization,
    domain,
    handover,
    ledger,
    plan_changes,
    plan_file,
    prepared,
    product,
    sealed,
    single_file,
    timestamp,
    witness,
    worksheet,
)
from mocban.house_rules import REPOSITORY, Finding
from signing.log_verifier import CODES as VERIFIER_CODES

PAGE: Final = REPOSITORY / "docs" / "codes.md"
AT_START: Final = frozenset(
    {
        "ledger-shorter-than-checkpoint", "ledger-not-as-checkpoint", "ledger-of-other-checkpoint",
        "ledger-of-other-keys", "checkpoint-invalid", "keys-older-than-ledger", "projection-ahead-of-ledger",
    }
)  # fmt: skip
"""What any command that opens the product finds at its start, by a check of the ledger's own: exit 3."""
_OTHERS: Final = frozenset({"keystore-passphrase", "keystore-damaged"})
_QUOTED: Final = re.compile(r'"([a-z][a-z0-9-]+)"')
_PROBLEM: Final = re.compile(r'EnvironmentProblem\(\s*"([a-z0-9-]+)"')
_IMPORT: Final = re.compile(r"^ *from ([\w.]+) import (\([^)]*\)|.*)$", re.MULTILINE)
_FLOORS: Final = ("domain", "signing", "ledger", "projections", "digitization", "api", "mocban")
_SECTIONS: Final[tuple[tuple[str, ModuleType], ...]] = (
    ("Giao diện lập trình (API) · The API", api),
    ("Sổ cái · The ledger", ledger),
    ("Quyết định về hồ sơ, phông, đơn vị · Decisions on files, fonds, units", domain),
    ("Thay đổi của đơn vị, cơ quan trong phương án · Changes in a plan", plan_changes),
    ("Tệp phương án · Plan files", plan_file),
    ("Câu hỏi về lưu giữ · Questions of custody", custody),
    ("Đính chính, bỏ ghép, lập tiếp, phục dựng · Corrections, unmatching, going on, lineage", custody_acts),
    ("Khối tài liệu con · Child lots", child_lot),
    ("Giao riêng một hồ sơ · Single files", single_file),
    ("Hộp, bó, tập niêm phong · Containers", container),
    ("Bàn giao · Hand-over", handover),
    ("Cho phép khai thác · Grants of reading", access_grant),
    ("Nội dung niêm phong, hủy · Sealed content and destruction", sealed),
    ("Hành vi ký ở nơi khác, khóa · Acts signed elsewhere, keys", prepared),
    ("Bảng kê · The worksheet", worksheet),
    ("Bản quét: từ chối và cờ chất lượng · Scans: refusals and flags of quality", digitization),
    ("Kiểm tra kho · Audits of the stores", audit),
    ("Dấu thời gian · Timestamps", timestamp),
    ("Nhân chứng · Witnesses", witness),
    ("Máy, cơ sở dữ liệu, lệnh · The machine, the databases, the command", product),
)
_HEAD: Final = """\
# Mã · Codes

Mọi mã mà lệnh, API và chương trình kiểm chứng có thể nêu. Mã không đổi nghĩa và không dùng lại; lời có thể được sửa
cho rõ. Trang này do `./run check --write` viết từ chính các lời trong chương trình; `./run check` báo khi trang không
còn đúng. `{...}` là chỗ của điều được nêu tên.
*Every code that commands, the API and the verifiers can name. A code never changes its meaning and is never used
again; a text may be made clearer. `./run check --write` writes this page from the texts themselves; `./run check` tells
when it is no longer true. `{...}` is where a fact is named.*

- **HTTP**: số mà API trả (RFC 9457, `type` là `urn:mocban:problem:` rồi đến mã); trống: API không nêu mã này.
  *The API's status (RFC 9457; `type` is `urn:mocban:problem:` and the code); empty: the API does not name this code.*
- **thoát · exit**: 3 khi người vận hành sửa được, lời nói cách sửa. Trống: 1 khi phần còn lại đã làm xong, 2 khi lệnh
  không được làm, 4 khi kiểm chứng không đạt.
  *3 where whoever keeps the machine can mend it, as told. Empty: 1 where the rest is done, 2 where the command may not
  be done, 4 where verification failed.*

Nhân chứng trả số HTTP theo C2SP tlog-witness: [nhân chứng](witness.md).
*A witness answers with the statuses of C2SP tlog-witness: [witnesses](witness.md).*
"""
_VERIFIED: Final = """
## Chương trình kiểm chứng · The verifiers
Trong `bad` của `./run verify --json` và của `verify.py` trong gói; mã thoát 4. Làm gì với từng điều:
[trust.md](trust.md). · *In `bad` of `./run verify --json` and of a bundle's `verify.py`; exit code 4. What to do about
each: [trust.md](trust.md).*
"""
_JUDGED: Final = """
## Vì sao một chữ ký không được nhận · Why a signature is not taken
Đứng trong lời của `act-not-permitted`, của `act show` và `act submit`.
*Inside the texts of `act-not-permitted`, of `act show` and `act submit`.*
"""


class _Module(msgspec.Struct, frozen=True):
    """What one module's source names. problems: codes raised as EnvironmentProblem, written out."""

    codes: frozenset[str]
    problems: frozenset[str]
    imports: frozenset[str]


def codes_page() -> str:
    """The whole page. Reads the source tree beside it."""
    modules = _modules()
    over_http = _reached(modules)
    for_operators = AT_START.union(_OTHERS, *(module.problems for module in modules.values()))
    parts = [_HEAD]
    for title, texts in _SECTIONS:
        rows = (
            (
                code,
                str(status_of(code)) if code in over_http - for_operators else "",
                "3" if code in for_operators else "",
                *both,
            )
            for code, both in sorted(texts.TEXTS.items())
        )
        parts.append(f"\n## {title}\n" + _table(("mã · code", "HTTP", "thoát · exit", "tiếng Việt", "English"), rows))
    told = ((code, *_both(words)) for code, words in sorted(VERIFIER_CODES.items()))
    parts.append(_VERIFIED + _table(("mã · code", "tiếng Việt", "English"), told))
    parts.append(_JUDGED + _table(("mã · code", "tiếng Việt"), sorted(PROBLEMS.items())))
    return "".join(parts)


def codes_listed() -> Finding:
    """The page is what the texts make of it; each code of every text is somewhere in the source."""
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != codes_page():
        return Finding(holds=False, said="docs/codes.md: ./run check --write")
    if idle := sorted(TEXTS.keys() - frozenset().union(*(module.codes for module in _modules().values()))):
        return Finding(holds=False, said="không nơi nào nêu · named nowhere: " + ", ".join(idle))
    return Finding(holds=True, said=f"{len(TEXTS)} + {len(VERIFIER_CODES)} + {len(PROBLEMS)} mã · codes")


@cache
def _modules() -> Mapping[str, _Module]:
    """Every module of the product by its name, but for the texts and this page."""
    found = {}
    for path in (path for floor in _FLOORS for path in (REPOSITORY / floor).rglob("*.py")):
        name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        if not name.startswith("domain.refusal_texts.") and name != __name__:
            text = path.read_text(encoding="utf-8")
            found[name] = _Module(
                codes=frozenset(_QUOTED.findall(text)) & TEXTS.keys(),
                problems=frozenset(_PROBLEM.findall(text)),
                imports=frozenset(_imported(text)),
            )
    return found


def _imported(text: str) -> Iterator[str]:
    for module, names in _IMPORT.findall(text):
        yield module
        yield from (f"{module}.{name}" for name in re.findall(r"\w+", names))


def _reached(modules: Mapping[str, _Module]) -> frozenset[str]:
    """The codes that modules name which the API reaches: by its own imports and by what is wired into it."""
    reached: set[str] = set()
    ahead = {name for name in modules if name.startswith("api.") or name == "mocban.api_services"}
    while ahead:
        reached |= ahead
        ahead = {other for name in ahead for other in modules[name].imports if other in modules} - reached
    return frozenset().union(*(modules[name].codes for name in reached))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for code, *cells in rows:
        lines.append(f"| `{code}` | {' | '.join(_cell(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;").replace("*", r"\*")


def _both(words: str) -> tuple[str, str]:
    vi, _, en = words.partition(" | ")
    return vi, en
