"""Golden bytes: what the ledger writes today must be written, and read, for ever."""
