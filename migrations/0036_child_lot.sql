-- Child lots: named parts of fonds that are assigned by themselves. Their files are named one by one; like every fact of
-- custody, that a file is in one, or in it no more, and who must have it, is only ever added.
CREATE TABLE projection.child_lot (
    id uuid PRIMARY KEY,
    fonds uuid NOT NULL,
    name text NOT NULL,
    effective text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    files int NOT NULL,
    basis text NOT NULL
);
CREATE INDEX ON projection.child_lot (fonds);
CREATE TABLE projection.child_lot_file (
    file uuid NOT NULL,
    carrier text COLLATE "C" NOT NULL,
    effective text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    child uuid NOT NULL,
    inside boolean NOT NULL,
    PRIMARY KEY (file, carrier, child, effective, recorded)
);
CREATE INDEX ON projection.child_lot_file (child, carrier, file);
CREATE TABLE projection.child_lot_assignment (
    child uuid NOT NULL,
    effective text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    lots int NOT NULL,
    receiver uuid,
    rule text NOT NULL,
    basis text NOT NULL,
    confidence text NOT NULL,
    reorganization uuid
);
CREATE INDEX ON projection.child_lot_assignment (child, effective DESC, recorded DESC);
CREATE INDEX ON projection.child_lot_assignment (receiver);
GRANT SELECT, INSERT, UPDATE, DELETE ON projection.child_lot, projection.child_lot_file, projection.child_lot_assignment
    TO mocban_projector;
GRANT SELECT ON projection.child_lot, projection.child_lot_file, projection.child_lot_assignment TO mocban_reader;

-- An enactment asks the log itself which child lots there are and who must have them.
CREATE INDEX event_of_child_lots_idx ON main_log.event (position) WHERE topic IN ('lot.carved/1', 'lot.assigned/1');
