-- Whose word a bearer token is. Only the SHA-256 of a token is kept: 256 random bits cannot be guessed from it, so
-- whoever reads this table can speak for nobody. What the actor is (agency, office) is the ledger's to say, not ours.

CREATE SCHEMA identity AUTHORIZATION mocban_owner;
COMMENT ON SCHEMA identity IS 'Bearer tokens, by digest';

CREATE TABLE identity.token (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    actor uuid NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT token_ends_after_issue CHECK (expires_at > issued_at)
);
CREATE INDEX token_actor ON identity.token (actor);
COMMENT ON TABLE identity.token IS 'digest: SHA-256 of the token as text; it works from issued_at until expires_at or revoked_at';

-- Who enrols people issues their tokens; who answers questions may look one up. Nobody changes what was issued.
GRANT USAGE ON SCHEMA identity TO mocban_ledger_writer, mocban_reader;
GRANT SELECT ON identity.token TO mocban_ledger_writer, mocban_reader;
GRANT INSERT, UPDATE (revoked_at) ON identity.token TO mocban_ledger_writer;
