-- for each log
-- The judgement of bulk rows, cheaper: one pass over a statement's rows, which also counts them, so that the commit need
-- not read them all again. What is refused is what 0007 refuses.

-- How many rows of the act the statements of its transaction have brought; undone with them.
ALTER TABLE {log}.bulk ADD COLUMN stored bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION {log}.refuse_foreign_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    opened {log}.bulk;
    seen record;
BEGIN
    SELECT * INTO opened FROM {log}.bulk AS b WHERE b.transaction = pg_current_xact_id_if_assigned();
    SELECT count(*) AS events, min(c.position) AS first, max(c.position) AS last, min(c.act_index) AS lowest_act,
           max(c.act_index) AS highest_act, max(c.originator_version) AS version,
           bool_or(starts_with(c.topic, 'registry.')) AS registry
    INTO seen FROM copied AS c;
    IF opened.act_index IS NULL OR seen.first < opened.first_position
        OR seen.last >= opened.first_position + opened.events OR seen.lowest_act <> opened.act_index
        OR seen.highest_act <> opened.act_index OR seen.registry THEN
        RAISE EXCEPTION '%.event takes the events of the act opened in this transaction only', TG_TABLE_SCHEMA
            USING ERRCODE = 'MB003';
    END IF;
    -- First events of their streams, most of an import, follow nothing.
    IF seen.version > 1 AND EXISTS (
        SELECT FROM (
            SELECT copied.originator_id AS stream, min(copied.originator_version) AS lowest,
                   max(copied.originator_version) AS highest, count(*) AS events
            FROM copied GROUP BY copied.originator_id
        ) AS written
        WHERE written.highest - written.lowest + 1 <> written.events
            OR (written.lowest > 1 AND NOT EXISTS (
                SELECT FROM {log}.event AS held
                WHERE held.originator_id = written.stream AND held.originator_version = written.lowest - 1))
    ) THEN
        RAISE EXCEPTION '%.event: a stream would have a gap', TG_TABLE_SCHEMA USING ERRCODE = 'MB003';
    END IF;
    UPDATE {log}.bulk AS b SET stored = b.stored + seen.events WHERE b.transaction = opened.transaction;
    RETURN NULL;
END $$;

-- Positions are unique, and every row counted lies within the act: as many as its events are all of them.
CREATE OR REPLACE FUNCTION {log}.refuse_wrong_count() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stored bigint;
BEGIN
    DELETE FROM {log}.bulk AS b WHERE b.transaction = NEW.transaction RETURNING b.stored INTO stored;
    IF stored IS DISTINCT FROM NEW.events THEN
        RAISE EXCEPTION '%.act %: not as many events as it says', TG_TABLE_SCHEMA, NEW.act_index
            USING ERRCODE = 'MB003';
    END IF;
    RETURN NULL;
END $$;
