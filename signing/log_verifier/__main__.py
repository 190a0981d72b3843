"""`python -m signing.log_verifier PATH ...`"""

from __future__ import annotations

import sys
from typing import Any, cast

from signing.log_verifier.program import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a console of another encoding, or a name in none, must not end the report
        cast("Any", stream).reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
