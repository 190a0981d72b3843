-- Acts that were prepared and wait for a signature made elsewhere, with the ciphertexts that they commit to. An act that
-- is never submitted leaves nothing: the row is removed at its end of time, and its ciphertexts with it.

CREATE TABLE sealed.prepared_act (
    id uuid PRIMARY KEY,
    text bytea NOT NULL,
    entries bytea[] NOT NULL,
    signatures bytea[] NOT NULL,
    guards uuid[] NOT NULL,
    guard_versions bigint[] NOT NULL,
    fields bigint NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON COLUMN sealed.prepared_act.signatures IS 'by keys held here, in the order of the signers; empty where one is awaited';
COMMENT ON COLUMN sealed.prepared_act.fields IS 'how many ciphertexts it came with: a destruction may have removed some';
CREATE INDEX prepared_act_expiry ON sealed.prepared_act (expires_at);

CREATE TABLE sealed.prepared_field (
    act uuid NOT NULL REFERENCES sealed.prepared_act ON DELETE CASCADE,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    ciphertext bytea NOT NULL,
    owner uuid NOT NULL,
    stream uuid NOT NULL,
    version bigint NOT NULL,
    pointer text NOT NULL,
    PRIMARY KEY (act, digest)
);
CREATE INDEX prepared_field_owner ON sealed.prepared_field (owner);

GRANT SELECT, INSERT, DELETE ON sealed.prepared_act, sealed.prepared_field TO mocban_ledger_writer;
