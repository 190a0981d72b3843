"""The one family of errors that this floor raises for bytes or keys that do not hold."""

from __future__ import annotations


class VerificationError(Exception):
    """Something did not verify, parse or fit its format.

    code: stable kebab-case name for programs; detail: English, for the log and the auditor. Never holds a secret.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
