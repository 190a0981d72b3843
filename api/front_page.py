"""The front page: what this is and where to go on."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Final

import msgspec
from litestar import Response

from api.pages import both, page
from api.position import standing
from api.resource import plain
from api.services import Wired
from ledger.row_check import BadRow

_DOORS: Final = (
    ("/schema", "Tài liệu API", "API documentation"),
    ("/schema/openapi.json", "Mô tả OpenAPI", "OpenAPI document"),
    ("/checkpoint", "Điểm kiểm đã ký của sổ cái", "Signed checkpoint of the ledger"),
    ("/access/checkpoint", "Điểm kiểm của nhật ký khai thác", "Signed checkpoint of the log of reading"),
    ("/acts/0", "Hành vi đầu tiên", "The first act"),
    ("/health", "Tình trạng", "Health"),
)


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the ledger that is not as it was published. code, vi, en: what is wrong; act, event: where."""

    code: str
    log: str
    act: int | None
    event: int | None
    vi: str
    en: str


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """Something to look at, in words."""

    code: str
    vi: str
    en: str


class Health(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """status: `ok` or `alarm`; acts, events: how many the ledger holds; folded: how many events every view has folded.

    alarms: rows that are not as published, as far as was looked; rowsChecked: when every row had been looked at last.
    warnings: what somebody should look at while all goes on, such as a timestamp whose certificate ends.
    """

    status: str
    acts: int
    events: int
    folded: int
    alarms: tuple[Alarm, ...] = ()
    rows_checked: datetime | None = None
    warnings: tuple[Warned, ...] = ()


@plain("/", media_type="text/html", in_schema=False)
def front_page(services: Wired) -> Response[bytes]:
    """What this is."""
    doors = "".join(f'<li><a href="{path}">{both(vi, en)}</a></li>' for path, vi, en in _DOORS)
    body = (
        "<p>"
        + both(
            "Sổ cái hồ sơ lưu trữ: mỗi việc làm trên một hồ sơ là một hành vi đã ký, nằm trong một nhật ký minh bạch "
            "mà ai cũng kiểm chứng được, không cần tin chúng tôi.",
            "A records ledger: everything done to a record is a signed act in a transparency log that anyone can "
            "verify without trusting us.",
        )
        + "</p><p>"
        + both(
            "Đơn vị, cơ quan, việc quản lý hồ sơ và chứng cứ là công khai. Nội dung hồ sơ chỉ đưa ra cho người được "
            "phép, và mỗi lần đọc đều được ghi lại.",
            "Units, agencies, custody and proofs are public. Content is released to those who may read it, and every "
            "reading is recorded.",
        )
        + f"</p><p><code>{escape(services.origin)}</code></p><ul>{doors}</ul>"
    )
    return Response(page("Mộc Bản", body), media_type="text/html", headers={"Cache-Control": "no-cache"})


@plain("/health")
def health(services: Wired) -> Response[Health]:
    """Tình trạng / whether the ledger can be read and its rows are as published; 503 where they are not."""
    with services.views.connection() as connection:
        row = connection.execute("SELECT acts FROM main_log.head").fetchone()
        now = standing(connection)
    rows = services.rows()
    told = Health(
        status="alarm" if rows.alarms else "ok",
        acts=row[0] if row else 0,
        events=now.head,
        folded=now.reached,
        alarms=tuple(_alarm(bad) for bad in rows.alarms),
        rows_checked=rows.whole_at,
        warnings=tuple(Warned(code=one.code, vi=one.vi, en=one.en) for one in services.warnings()),
    )
    return Response(told, status_code=503 if rows.alarms else 200, headers={"Cache-Control": "no-store"})


def _alarm(bad: BadRow) -> Alarm:
    words = bad.refusal
    return Alarm(code=bad.fault, log=bad.log, act=bad.act, event=bad.event, vi=words.vi, en=words.en)
