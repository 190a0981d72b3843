"""Plan files: read from YAML and workbooks with every fault at its line or cell, and written as either."""
