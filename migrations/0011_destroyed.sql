-- Owners whose destruction has begun, noted before the key goes. Without it a key that a lawful destruction removed just
-- before a crash could not be told from one that the key database has lost. An owner is an opaque id; the row stays.

CREATE TABLE sealed.destroyed (
    owner uuid PRIMARY KEY,
    begun_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT, INSERT ON sealed.destroyed TO mocban_ledger_writer;
GRANT SELECT ON sealed.destroyed TO mocban_access_logger, mocban_projector, mocban_reader, mocban_auditor;
