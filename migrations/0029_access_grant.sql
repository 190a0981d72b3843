-- Reading granted by a decision: to an agency or to one principal, of files and of fonds, from a day to a day.
CREATE TABLE projection.access_grant (
    id uuid PRIMARY KEY,
    agency uuid,
    principal uuid,
    files uuid[] NOT NULL,
    fonds uuid[] NOT NULL,
    since text COLLATE "C" NOT NULL,
    last_day text COLLATE "C" NOT NULL,
    ended_on text COLLATE "C" NOT NULL,
    basis text NOT NULL,
    issuer text NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    ended bigint
);
CREATE INDEX ON projection.access_grant (agency);
CREATE INDEX ON projection.access_grant (principal);
GRANT SELECT, INSERT, UPDATE, DELETE ON projection.access_grant TO mocban_projector;
GRANT SELECT ON projection.access_grant TO mocban_reader;
