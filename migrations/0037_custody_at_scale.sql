-- A chain asks of each reorganization for the few events beside its thousand tables of lots: by this index it does not
-- read those. The list is the chain's.
CREATE INDEX event_of_reorganizations_idx ON main_log.event (originator_id)
    WHERE topic IN ('reorganization.adopted/1', 'reorganization.enacted/1', 'reorganization.corrected/1',
                    'reorganization.completed/1');

-- A page of digital carriers: one file in ten has one.
CREATE INDEX file_digital_lot_idx ON projection.file (fonds, lot, code, id) WHERE digital;
