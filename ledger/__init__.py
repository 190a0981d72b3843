"""What has happened: acts decided, sealed, signed, appended in one gapless order, committed to by checkpoints."""
