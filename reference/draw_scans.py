"""Draw the sample scans and write down what they say: `python -m reference.draw_scans`. The same bytes every time.

Run by hand when `scans/documents.yaml` changes; the outputs are committed. Fonts are the system's.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from PIL import Image

from reference.drawing.layouts import Document, set_document
from reference.drawing.scanner import scan

FOLDER = Path(__file__).parent / "scans"
FIELDS = ("number", "symbol", "date", "place", "type", "subject", "organ", "signer", "position", "recipients")
_JPEG_QUALITY: dict[str, dict[str, int]] = {"gray": {"quality": 38}, "colour": {"quality": 34}, "bilevel": {}}
_SCANNED_ON = time.gmtime(1_735_689_600)
"""A fixed moment for the PDF's own dates, so that drawing again gives the same bytes."""


def main() -> None:
    """Draw every document and write `truth.json`."""
    documents: list[Document] = yaml.safe_load((FOLDER / "documents.yaml").read_text(encoding="utf-8"))
    by_scan = {document["scan"]: document for document in documents}
    truth = [_draw(document, by_scan) for document in documents]
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (FOLDER / "truth.json").write_text(text + "\n", encoding="utf-8")
    pages = sum(len(one["pages"]) for one in truth)
    size = sum(path.stat().st_size for path in FOLDER.glob("*.pdf"))
    sys.stdout.write(f"{len(truth)} scans, {pages} pages, {size} bytes\n")


def _draw(document: Document, by_scan: dict[str, Document]) -> dict[str, Any]:
    path = FOLDER / document["scan"]
    origin: str = document.get("same_bytes_as", "") or document.get("copy_of", "")
    drawn = {**by_scan[origin], **document} if origin else document
    dice = np.random.default_rng(int.from_bytes(hashlib.sha256(document["scan"].encode()).digest()[:8], "big"))
    if "same_bytes_as" in document:
        path.write_bytes((FOLDER / origin).read_bytes())
        texts = _texts_of(by_scan[origin])
    else:
        setter = set_document(drawn, drawn["paper"]["dpi"] * 2, dice)
        _save(path, scan(setter.sheets, drawn["paper"], dice), drawn["paper"])
        texts = ["\n".join(lines) for lines in setter.lines]
    return _truth(document, drawn, texts, path)


def _texts_of(document: Document) -> list[str]:
    setter = set_document(document, document["paper"]["dpi"] * 2, np.random.default_rng(0))
    return ["\n".join(lines) for lines in setter.lines]


def _save(path: Path, pages: list[Image.Image], paper: dict[str, Any]) -> None:
    quality: dict[str, Any] = _JPEG_QUALITY[paper["colour"]]
    pages[0].save(
        path,
        save_all=True,
        append_images=pages[1:],
        resolution=paper["dpi"],
        **quality,
        title="Tài liệu mẫu / specimen",
        producer="Mộc Bản, reference/draw_scans.py",
        creationDate=_SCANNED_ON,
        modDate=_SCANNED_ON,
    )


def _truth(document: Document, drawn: Document, texts: list[str], path: Path) -> dict[str, Any]:
    """What can be read on each page, the fields, every person named, and how the scan relates to others."""
    if drawn["paper"].get("blank_after"):
        texts = [*texts, ""]
    turned = drawn["paper"].get("upside_down", 0)
    pages = [
        {"page": number, "text": text, "upside_down": number == turned, "blank": not text}
        for number, text in enumerate(texts, start=1)
    ]
    return {
        "scan": document["scan"],
        "file": document["file"],
        "ordinal": document["ordinal"],
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "layout": drawn["layout"],
        "fields": {field: drawn[field] for field in FIELDS},
        "persons": [drawn["signer"], *drawn.get("persons", [])],
        "copy_of": document.get("copy_of", ""),
        "same_bytes_as": document.get("same_bytes_as", ""),
        "pages": pages,
    }


if __name__ == "__main__":
    main()
