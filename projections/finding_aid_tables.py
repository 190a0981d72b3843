"""The tables of the finding aid, as its view writes them."""

from __future__ import annotations

from typing import Final

from projections.page_rows import Table

FONDS: Final = Table(
    name="fonds",
    columns={
        "id": "uuid",
        "code": "text",
        "name": "text",
        "creators": "uuid[]",
        "opened_from": "text",
        "closed_from": "text",
        "line": "text",
    },
)

FILE: Final = Table(
    name="file",
    columns={
        "id": "uuid",
        "fonds": "uuid",
        "code": "text",
        "title": "text",
        "retention": "text",
        "retention_as_written": "text",
        "state": "text",
        "arranged": "boolean",
        "lot": "smallint",
        "block": "text",
        "list_no": "text",
        "start_date": "text",
        "end_date": "text",
        "rights": "text",
        "sheets": "int",
        "volumes": "int",
        "box": "text",
        "place": "text",
        "bundle": "boolean",
        "accession": "uuid",
        "recorded": "bigint",
        "gate": "text",
        "faults": "text[]",
        "digital": "boolean",
        "destroyed": "bigint",
    },
)

DOCUMENT: Final = Table(
    name="document",
    columns={
        "id": "uuid",
        "file": "uuid",
        "ordinal": "int",
        "recorded": "bigint",
        "described": "boolean",
        "type_name": "text",
        "code_number": "text",
        "code_notation": "text",
        "number_key": "text",
        "issued_date": "text",
        "organ": "text",
        "subject": "text",
        "signer": "text",
        "page_amount": "int",
        "recognized": "boolean",
        "read_type_name": "text",
        "read_code_number": "text",
        "read_code_notation": "text",
        "read_number_key": "text",
        "read_issued_date": "text",
        "read_organ": "text",
        "read_subject": "text",
        "read_signer": "text",
        "readings": "jsonb",
        "engine": "text",
        "discrepancies": "text[]",
        "scanned_pages": "int",
        "flags": "text[]",
        "scan_version": "bigint",
        "original": "jsonb",
        "searchable": "jsonb",
        "text": "jsonb",
    },
)

DOCUMENT_MATCH: Final = Table(
    name="document_match",
    columns={
        "reference": "uuid",
        "other": "uuid",
        "basis": "text",
        "similarity": "int",
        "recorded": "bigint",
    },
)

DUPLICATE_DELIVERY: Final = Table(
    name="duplicate_delivery",
    columns={
        "document": "uuid",
        "file": "uuid",
        "delivered_as": "text",
        "recorded": "bigint",
    },
)

ACCESSION: Final = Table(
    name="accession",
    columns={
        "id": "uuid",
        "number": "text",
        "rows": "int",
        "registered": "int",
        "deliverer": "uuid",
        "recorded": "bigint",
    },
)

REFUSED_ROW: Final = Table(
    name="refused_row",
    columns={
        "accession": "uuid",
        "row_number": "int",
        "code": "text",
        "sheet": "text",
        "column_name": "text",
    },
)
