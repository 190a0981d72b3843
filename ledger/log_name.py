"""The two logs: records, and reading. Every table and every class of this floor takes the log from day one."""

from __future__ import annotations

from enum import StrEnum


class LogName(StrEnum):
    """The schema of a log; also the name of its channel and of its folder."""

    MAIN = "main_log"
    ACCESS = "access_log"

    def origin(self, main_origin: str) -> str:
        """The origin of this log, given the main log's."""
        return main_origin if self is LogName.MAIN else f"{main_origin}/access"
