-- for the key database
-- Record keys, one per owner (a file, a person, a reader and month), each wrapped under the key-encryption key of its
-- class. Destroying a row is what makes a destruction real, so the table lies in a database of its own with back-ups
-- of its own, never older than the ledger's.

CREATE SCHEMA key_store AUTHORIZATION mocban_owner;
SET ROLE mocban_owner;

CREATE TABLE key_store.record_key (
    owner uuid PRIMARY KEY,
    class text NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

RESET ROLE;
