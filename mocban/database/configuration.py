"""The cluster's settings: a laptop's, durable, and silent about content.

fsync, full_page_writes and synchronous_commit stay on: an acknowledged act survives a power cut.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from mocban.database.account import Account

FILE: Final = "mocban.conf"
ACCESS: Final = "local all all scram-sha-256\n"
"""pg_hba.conf in whole: the Unix socket, by password, and nothing else."""

_MIB: Final = 1024 * 1024


def settings_text(socket_folder: Path, memory: int) -> str:
    """The configuration file for a machine with `memory` bytes."""
    buffers = min(max(memory // 16, 128 * _MIB), 1024 * _MIB) // _MIB
    cache = max(memory // 2, 256 * _MIB) // _MIB
    return _TEMPLATE.format(socket_folder=str(socket_folder).replace("'", "''"), buffers=buffers, cache=cache)


def write_configuration(data: Path, socket_folder: Path, account: Account) -> None:
    """Write the settings and the access rule, each by a rename, before every start."""
    for name, text in ((FILE, settings_text(socket_folder, _memory())), ("pg_hba.conf", ACCESS)):
        partial = data / f"{name}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.chmod(0o600)
        account.own(partial)
        partial.replace(data / name)


def include_configuration(data: Path) -> None:
    """Make the cluster's own file read ours, last."""
    with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(f"\ninclude '{FILE}'\n")


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 4096 * _MIB


_TEMPLATE: Final = """\
# Written by mocban before every start; changes here are lost.
listen_addresses = ''
port = 5432
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
max_connections = 100

shared_buffers = {buffers}MB
effective_cache_size = {cache}MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off

fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
wal_buffers = 16MB
min_wal_size = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min

timezone = 'UTC'
password_encryption = 'scram-sha-256'

# The server's log may name tables and constraints, never a statement, a parameter or a row.
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_checkpoints = off
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
