"""Timestamps of the log's checkpoints (RFC 3161): who is asked, when, and whether what they gave holds."""
