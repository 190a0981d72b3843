"""Custody asked from outside: many questions at once, and a unit's whole account rebuilt from the ledger."""
