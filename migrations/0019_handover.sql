-- Hand-overs that are taken in part: what an offer says more, and the lines that a receiver did not take. What was folded
-- before says none of it, so the defaults are its truth.

ALTER TABLE projection.handover
    ADD COLUMN offered_on text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN in_force text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN deputized boolean NOT NULL DEFAULT false,
    ADD COLUMN witnesses int NOT NULL DEFAULT 0,
    ADD COLUMN withdrawn bigint,
    ADD COLUMN withdrawn_on text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN sealed_sets int NOT NULL DEFAULT 0,
    ADD COLUMN disputed int NOT NULL DEFAULT 0,
    ADD COLUMN shelf_cm int NOT NULL DEFAULT 0,
    ADD COLUMN flags text NOT NULL DEFAULT '';

-- position: of the event that names the line; settled: the act that ended the dispute. id: of hand-over and file.
CREATE TABLE projection.disputed_line (
    id uuid PRIMARY KEY,
    handover uuid NOT NULL,
    file uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    carrier text NOT NULL,
    position bigint NOT NULL,
    effective text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    reason text NOT NULL,
    settled bigint,
    settled_on text COLLATE "C" NOT NULL,
    outcome text NOT NULL
);
CREATE INDEX ON projection.disputed_line (file);
CREATE INDEX ON projection.disputed_line (handover, code);

GRANT SELECT, INSERT, UPDATE, DELETE ON projection.disputed_line TO mocban_projector;
GRANT SELECT ON projection.disputed_line TO mocban_reader;
