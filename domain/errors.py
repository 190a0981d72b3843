"""A refusal: bad input or a decision that may not be taken, with a stable code and two texts.

The API alone maps codes to HTTP; the command maps them to exit codes. Facts go into the texts by name, so
they must never hold a person's name, a title or a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.reasons import in_vietnamese
from domain.refusal_texts import (
    access_grant,
    api,
    audit,
    child_lot,
    container,
    custody,
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

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    **domain.TEXTS,
    **plan_file.TEXTS,
    **plan_changes.TEXTS,
    **custody.TEXTS,
    **container.TEXTS,
    **access_grant.TEXTS,
    **handover.TEXTS,
    **ledger.TEXTS,
    **prepared.TEXTS,
    **worksheet.TEXTS,
    **digitization.TEXTS,
    **api.TEXTS,
    **product.TEXTS,
    **witness.TEXTS,
    **timestamp.TEXTS,
    **sealed.TEXTS,
    **single_file.TEXTS,
    **child_lot.TEXTS,
    **audit.TEXTS,
}
"""Code -> (Vietnamese, English), each a `str.format` template over the refusal's facts."""


class _Missing(dict[str, object]):
    """Facts under formatting: an absent one shows as `?` rather than raising inside an error path."""

    def __missing__(self, key: str) -> str:
        return "?"


class Refusal(Exception):  # noqa: N818 - the archive refuses; it does not err
    """What was asked is refused; nothing was changed.

    code: stable, kebab-case, one of `TEXTS`. facts: short public values such as a row number or a file code.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        self.code = code
        self.facts: Mapping[str, object] = facts
        self.vi = TEXTS[code][0].format_map(_Missing(in_vietnamese(facts)))
        self.en = TEXTS[code][1].format_map(_Missing(facts))
        super().__init__(f"{code}: {self.vi} / {self.en}")
