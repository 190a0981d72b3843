-- The files of child lots in the order in which a page lists them: a page of 50 looks at no more of them than it shows.
-- Once listed, a file stays here; whether it is in the child lot on a day, child_lot_file says. lot: of the file's paper.
CREATE TABLE projection.child_lot_order (
    child uuid NOT NULL,
    carrier text COLLATE "C" NOT NULL,
    lot smallint NOT NULL,
    code text COLLATE "C" NOT NULL,
    file uuid NOT NULL,
    PRIMARY KEY (child, carrier, lot, code, file)
);
INSERT INTO projection.child_lot_order
SELECT DISTINCT m.child, m.carrier, k.lot, k.code, m.file
FROM projection.child_lot_file AS m JOIN projection.file AS k ON k.id = m.file WHERE m.inside;

GRANT SELECT, INSERT, UPDATE, DELETE ON projection.child_lot_order TO mocban_projector;
GRANT SELECT ON projection.child_lot_order TO mocban_reader;
