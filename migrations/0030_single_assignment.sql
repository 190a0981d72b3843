-- Single files by their own decision: a few rows beside the assignments of lots. No receiver: from that day on the file's
-- carrier goes with its lot again.
CREATE TABLE projection.single_assignment (
    file uuid NOT NULL,
    carrier text COLLATE "C" NOT NULL,
    effective text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    receiver uuid,
    basis text NOT NULL,
    PRIMARY KEY (file, carrier, effective, recorded)
);
CREATE INDEX ON projection.single_assignment (receiver);
GRANT SELECT, INSERT, UPDATE, DELETE ON projection.single_assignment TO mocban_projector;
GRANT SELECT ON projection.single_assignment TO mocban_reader;
