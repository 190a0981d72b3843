"""Kiểm tra độc lập một sổ Mộc Bản / an independent check of a Mộc Bản ledger, offline, from public bytes only.

What `mocban verify` runs. What travels as `verify.py` is another file, written apart, slower and shorter.

    python -m signing.log_verifier PATH [--trust FILE] [--checkpoint FILE]... [--json] [--processes N]

PATH: an export folder, a bundle (.zip, whole or partial), a custody certificate (.pdf), a proof (.tlog-proof) or a
disclosure (.json). Exit: 0 nothing bad, 2 wrong usage, 4 something bad. Needs Python 3.11 and `cryptography`; shares no
code with the product. Formats: FORMATS.txt in the bundle; C2SP signed-note and tlog-*; RFC 6962, RFC 9162.

A log is read twice. First in order: the tree up to the signed root, where each act's events lie, the key registry
replayed from act 0. Then 256 acts at a time, on all processors: every act, signature and event. What needs the whole
order (ids, versions of streams) and every other file comes last. Acts shown alone (certificate, proof, partial bundle)
are led to the same signed root by their paths. Without a trust file all this says only that the log agrees with itself.
"""

from __future__ import annotations

from signing.log_verifier.encoding import MAX_FILE as MAX_FILE
from signing.log_verifier.encoding import Tree as Tree
from signing.log_verifier.encoding import leaf_hash as leaf_hash
from signing.log_verifier.finding import CODES as CODES
from signing.log_verifier.finding import Bad as Bad
from signing.log_verifier.program import main as main
from signing.log_verifier.program import verify as verify
from signing.log_verifier.report import summary as summary
from signing.log_verifier.shown import Proof as Proof
from signing.log_verifier.source import Bundle as Bundle
from signing.log_verifier.source import Folder as Folder
from signing.log_verifier.trust import Checkpoint as Checkpoint
from signing.log_verifier.trust import LogKey as LogKey
from signing.log_verifier.trust import Trust as Trust
from signing.log_verifier.trust import must_be_file as must_be_file
from signing.log_verifier.whole_log import verify_log as verify_log
