"""Bytes in, bytes out: hashes, notes, trees, keys and seals. Auditable and usable alone; no clock, no network."""
