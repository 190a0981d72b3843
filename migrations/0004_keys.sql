-- in the key database
-- Record keys, one per owner (a file, a person, a reader and month), each wrapped under the key-encryption key of its
-- class. Destroying a row is what makes a destruction real, so the table lies in a database of its own with back-ups
-- of its own, never older than the ledger's.

CREATE SCHEMA key_store AUTHORIZATION mocban_owner;

CREATE TABLE key_store.record_key (
    owner uuid PRIMARY KEY,
    class text NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT USAGE ON SCHEMA key_store TO mocban_ledger_writer, mocban_access_logger, mocban_projector, mocban_reader;
GRANT SELECT, INSERT, DELETE ON key_store.record_key TO mocban_ledger_writer, mocban_access_logger;
GRANT SELECT ON key_store.record_key TO mocban_projector, mocban_reader;
