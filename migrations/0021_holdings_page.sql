-- A page of what an agency must have goes fonds by fonds, lot by lot: each lot's files lie together, in order.
CREATE INDEX file_lot_idx ON projection.file (fonds, lot, code, id);
