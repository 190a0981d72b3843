-- A reorganization is completed when nothing of it awaits; a match of documents may be undone, and stays on record; an
-- unfinished file may be continued as another.

ALTER TABLE projection.reorganization ADD COLUMN completed bigint;
ALTER TABLE projection.document_match ADD COLUMN ended bigint, ADD COLUMN ended_basis text;

CREATE TABLE projection.continuation (
    part uuid PRIMARY KEY,
    whole uuid NOT NULL,
    joins uuid NOT NULL,
    continued_on text COLLATE "C" NOT NULL,
    basis text NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL
);
CREATE INDEX ON projection.continuation (whole);
GRANT SELECT, INSERT, UPDATE, DELETE ON projection.continuation TO mocban_projector;
GRANT SELECT ON projection.continuation TO mocban_reader;
