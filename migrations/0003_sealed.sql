-- The deletable store: ciphertexts of sealed fields, where sealed blobs lie, and the fixity index.
-- Nothing here proves anything and nothing here is for ever: a row dies with its owner, whose key is destroyed first.
-- Never UPDATE: a ciphertext is named by its digest.

CREATE SCHEMA sealed AUTHORIZATION mocban_owner;

CREATE TABLE sealed.field (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    ciphertext bytea NOT NULL,
    owner uuid NOT NULL,
    stream uuid NOT NULL,
    version bigint NOT NULL,
    pointer text NOT NULL
);
CREATE INDEX field_owner ON sealed.field (owner);
CREATE INDEX field_stream ON sealed.field (stream, version);

-- Ciphertexts of blobs are files named by their digest; this says whose they are.
CREATE TABLE sealed.blob (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    owner uuid NOT NULL,
    stream uuid NOT NULL,
    blob uuid NOT NULL,
    media text NOT NULL,
    size bigint NOT NULL
);
CREATE INDEX blob_owner ON sealed.blob (owner);

-- Keyed HMAC of a plaintext's SHA-256: finds exact duplicates and checks fixity without keeping the digest.
CREATE TABLE sealed.fixity (
    hmac bytea NOT NULL CHECK (octet_length(hmac) = 32),
    stream uuid NOT NULL,
    owner uuid NOT NULL,
    PRIMARY KEY (hmac, stream)
);
CREATE INDEX fixity_owner ON sealed.fixity (owner);
CREATE INDEX fixity_stream ON sealed.fixity (stream);

GRANT USAGE ON SCHEMA sealed TO mocban_ledger_writer, mocban_access_logger, mocban_projector, mocban_reader;
GRANT SELECT, INSERT, DELETE ON sealed.field, sealed.blob, sealed.fixity TO mocban_ledger_writer;
GRANT SELECT, INSERT, DELETE ON sealed.field TO mocban_access_logger;
GRANT SELECT ON sealed.field, sealed.blob, sealed.fixity TO mocban_projector, mocban_reader;
