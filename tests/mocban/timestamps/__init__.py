"""Timestamps of checkpoints, by command and by the running server."""
