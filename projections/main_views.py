"""The views of each log, in the order in which they fold: holdings reads what custody_history has just written."""

from __future__ import annotations

from projections.access_journal import AccessJournal
from projections.audit_trail import AuditTrail
from projections.custody_history import CustodyHistory
from projections.finding_aid import FindingAid
from projections.holdings import Holdings
from projections.principals import Principals
from projections.retention_calendar import RetentionCalendar
from projections.sealed_text import FieldUnsealer, SealedText
from projections.search import Search
from projections.succession_graph import SuccessionGraph
from projections.view import View


def main_views(unsealer: FieldUnsealer) -> list[View]:
    """The views of the main log. Instances hold opened texts of a page: one set a runner or rebuild."""
    texts = SealedText(unsealer)
    return [
        SuccessionGraph(),
        FindingAid(texts),
        CustodyHistory(),
        Holdings(),
        Search(texts),
        RetentionCalendar(),
        AuditTrail(),
        Principals(),
    ]


def access_views() -> list[View]:
    """The views of the access log."""
    return [AccessJournal()]
