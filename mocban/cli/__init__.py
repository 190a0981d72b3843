"""The command line: one small module per command, each with `NAME`, `HELP`, `add_arguments` and `run`."""
