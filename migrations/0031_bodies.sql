-- An enactment asks the log itself for every agency and fonds there is, and a correction for what was assigned: a handful
-- among millions of files. The list names their kinds, so no other event has an entry here.
CREATE INDEX event_of_bodies_idx ON main_log.event (position)
    WHERE topic IN ('agency.established/1', 'fonds.opened/1', 'fonds.assigned/1', 'reorganization.enacted/1');
