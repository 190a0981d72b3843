"""The tamper drill: thousands of ways to falsify a log, each with what an auditor must hold to see it, and where."""
