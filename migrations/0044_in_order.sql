-- The newest fact of a file's carrier, and of a fonds' lots, is the first of its index entries: of an act's several facts
-- for one day, which have stood in no order, the one that comes first in the log.
CREATE INDEX held_newest_idx
    ON projection.held (file, carrier, effective DESC, recorded DESC, position);
DROP INDEX projection.held_file_carrier_effective_recorded_idx;
CREATE INDEX assignment_newest_idx
    ON projection.assignment (fonds, effective DESC, recorded DESC, position);
DROP INDEX projection.assignment_fonds_effective_recorded_idx;
