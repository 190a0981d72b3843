-- A plan that ends a body which a file's own decision named says where the file goes: by which rule, on what basis, and
-- perhaps that it awaits a receiver. `awaits` tells that from a file that goes with its lot again, which has none either.
ALTER TABLE projection.single_assignment
    ADD COLUMN awaits boolean NOT NULL DEFAULT false,
    ADD COLUMN rule text NOT NULL DEFAULT 'single-file',
    ADD COLUMN confidence text NOT NULL DEFAULT 'decision';

-- An enactment asks the log itself for every decision about a single file: a handful among millions of files.
CREATE INDEX event_of_single_files_idx ON main_log.event (position)
    WHERE topic IN ('file.assigned/1', 'file.rejoined/1', 'file.reassigned/1');
