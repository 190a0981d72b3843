"""The report, and how it reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from signing.log_verifier.encoding import to_base64
from signing.log_verifier.finding import CODES, Bad
from signing.log_verifier.trust import Checkpoint, Trust


def verdict(bad: list[Bad], trust: Trust) -> dict[str, Any]:
    """What is bad, acts in order, then what concerns the whole; and what that comes to."""
    order, rows = list(CODES), {}
    for one in sorted(bad, key=lambda b: (b.act is None, b.act or 0, b.event or 0, order.index(b.code), b.detail)):
        vi, _, en = CODES[one.code].partition(" | ")
        row = {"act": one.act, "event": one.event, "code": one.code, "vi": vi, "en": en, "detail": one.detail}
        rows[one.args] = {name: value for name, value in row.items() if value != ""}
    word = "invalid" if bad else "valid" if trust.anchored else "self-consistent"
    return {"verdict": word, "anchored": trust.anchored, "bad": list(rows.values())}


def report(
    given: str,
    bad: list[Bad],
    trust: Trust,
    point: Checkpoint | None,
    acts: int,
    events: int,
    times: Sequence[bytes] = (),
    questioned: Sequence[int] = (),
    **more: Any,
) -> dict[str, Any]:
    """The whole finding as plain JSON."""
    where = {"origin": point.origin, "size": point.size, "root": to_base64(point.root).decode()} if point else None
    span = [time.decode() for time in (times[0], times[-1])] if times else [None, None]
    counts = {"given": given, "acts": acts, "events": events, "from": span[0], "to": span[1]}
    return {
        **verdict(bad, trust),
        **counts,
        "questioned": questioned,
        "checkpoint": where,
        "access": "not given",
        "registry": None,
        **more,
    }


WORDS: Final = {
    "valid": "HỢP LỆ / VALID",
    "self-consistent": "TỰ NHẤT QUÁN, CHƯA ĐỐI CHIẾU VỚI NGUỒN TIN CẬY / SELF-CONSISTENT ONLY, NOT ANCHORED",
    "invalid": "KHÔNG HỢP LỆ / NOT VALID",
    "log": "toàn bộ sổ / a whole log",
    "partial": "một phần sổ, kèm chứng cứ / a part of a log, with proofs",
    "certificate": "giấy chứng nhận lưu giữ (PDF) / a custody certificate (PDF)",
    "proof": "chứng cứ của một sự kiện; chưa xét khóa người ký / the proof of one event; signers' keys not judged",
    "disclosure": "một trường được trao để đọc / one field disclosed",
    "unknown": "không nhận ra / not recognized",
    True: "có tệp tin cậy đến từ nơi khác / yes, by a trust file that came another way",
    False: "KHÔNG có tệp tin cậy: có thể là một sổ khác hẳn / NO trust file: it could be a whole other ledger",
}
NOT_PROVEN: Final = """Không chứng minh / Not proven: điều được ghi là đúng sự thật / that what was recorded is true;
  giờ khai là đúng, chỉ thứ tự được chứng minh / that claimed times are right: only the order is proven;
  nội dung niêm phong vẫn còn / that sealed content is still there. Không có nhật ký khai thác / no access log."""


def summary(out: dict[str, Any]) -> Iterator[str]:
    """For a reader who is no programmer: Vietnamese first, English beside it."""
    yield f"Kết luận / Verdict: {WORDS[out['verdict']]}"
    yield f"Được giao / Given: {WORDS[out['given']]}"
    if point := out["checkpoint"]:
        yield f"Sổ / Log: {point['origin']}\nĐiểm kiểm / Checkpoint: {point['size']} {point['root']}"
    yield f"Đã kiểm / Checked: {out['acts']} hành vi / acts, {out['events']} sự kiện / events"
    if out["from"]:
        yield f"Giờ khai / Claimed times: từ / from {out['from']} đến / to {out['to']}"
    yield f"Đối chiếu nguồn tin cậy / Anchored: {WORDS[out['anchored']]}"
    yield from remarks(out)
    yield f"Điều sai / What is bad: {len(out['bad']) or 'không có gì / nothing'}"
    for row in out["bad"][:100]:
        act = f"hành vi / act {row['act']}" if row["act"] is not None else "toàn sổ / whole log"
        act += f", sự kiện / event {row['event']}" if row["event"] is not None else ""
        yield f"- {act}: [{row['code']}] {row['vi']} / {row['en']}" + (f" ({row['detail']})" if "detail" in row else "")
    if len(out["bad"]) > 100:
        yield f"... và / and {len(out['bad']) - 100} (--json)"
    yield NOT_PROVEN


def remarks(out: dict[str, Any]) -> Iterator[str]:
    """What the verdict does not tell."""
    if "complete" in out:
        yield f"Đầy đủ theo lưu trữ tại điểm kiểm / Complete according to the archive at checkpoint {out['at']}"
    if out["registry"] and out["registry"]["shown_to"] < out["registry"]["stated_to"]:
        yield f"Sổ khóa / Key registry: đủ đến cỡ / none of it is hidden up to size {out['registry']['shown_to']};"
        yield f"  từ đó đến / from there to {out['registry']['stated_to']}: theo lời lưu trữ / on the archive's word"
    if out.get("manifest") == "not given":
        yield "Không có MANIFEST: không rõ còn tệp nào khác / No MANIFEST: nothing tells what other files there were"
    if "not_compared" in out:
        yield f"KHÔNG so được với điểm kiểm cỡ / NOT compared with checkpoints of size: {out['not_compared']};"
        yield "  cần sổ trọn vẹn / that takes a whole log"
    if out.get("timestamps"):
        yield f"Dấu thời gian / Timestamps: {out['timestamps']}, kiểm bằng / to be checked by `openssl ts -verify`"
    if "disclosed" in out:
        yield f"Nội dung / Content {out['field']}: {json.dumps(out['disclosed'], ensure_ascii=False)}"
    if out["questioned"]:
        yield f"Bị nghi vấn (khóa có thể đã lộ) / Questioned (key possibly compromised): {out['questioned'][:50]}"
