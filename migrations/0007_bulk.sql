-- for each log
-- The bulk path: an act is opened by `begin_bulk`, its events follow by COPY in the same transaction.
-- `mocban_bulk` may insert into `event` and nothing else; what it inserts must be exactly the events of the act opened
-- in this transaction: a statement trigger judges every statement's rows, a deferred one the number of them at commit.

-- The acts opened by transactions that have not ended: seen by nobody but the transaction itself, empty between them.
CREATE TABLE {log}.bulk (
    transaction xid8 CONSTRAINT one_bulk_a_transaction PRIMARY KEY,
    act_index bigint NOT NULL,
    first_position bigint NOT NULL,
    events bigint NOT NULL
);

-- Opens the act of one bulk load under the head lock, which is held until commit. Every stream in g_stream must stand at
-- its version, 0 = it does not exist; the streams written need no guard: `refuse_foreign_rows` wants the event before
-- each to be there, `event_version_once` wants the event itself not to be. status: as `append`; but for `stored` nothing
-- was done, and the caller ends the transaction.
CREATE FUNCTION {log}.begin_bulk(
    act_id uuid, act_note bytea, digest bytea, trace text, registry bigint, event_count bigint,
    g_stream uuid[], g_version bigint[]
) RETURNS TABLE (status text, act_index bigint, first_position bigint, events bigint, stream uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    head record;
    old record;
BEGIN
    IF (event_count > 0 AND cardinality(g_stream) = cardinality(g_version)) IS NOT TRUE THEN
        RAISE EXCEPTION 'begin_bulk: no events, or guards that do not fit together' USING ERRCODE = 'MB002';
    END IF;
    SELECT h.acts, h.events, h.registry_index INTO head FROM {log}.head AS h FOR UPDATE;
    SELECT a.index, a.request_digest, a.first_position, a.events INTO old FROM {log}.act AS a WHERE a.id = act_id;
    IF FOUND THEN
        IF old.request_digest = digest THEN
            status := 'known'; act_index := old.index; first_position := old.first_position; events := old.events;
        ELSE
            status := 'act-id-reused';
        END IF;
        RETURN NEXT;
        RETURN;
    END IF;
    IF registry IS DISTINCT FROM head.registry_index THEN
        status := 'registry-moved';
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT g.stream INTO stream FROM unnest(g_stream, g_version) AS g (stream, version)
    WHERE g.version IS DISTINCT FROM coalesce(
        (SELECT held.originator_version FROM {log}.event AS held WHERE held.originator_id = g.stream
         ORDER BY held.originator_version DESC LIMIT 1), 0)
    LIMIT 1;
    IF FOUND THEN
        status := 'version-conflict';
        RETURN NEXT;
        RETURN;
    END IF;
    INSERT INTO {log}.bulk (transaction, act_index, first_position, events)
    VALUES (pg_current_xact_id(), head.acts, head.events, event_count);
    UPDATE {log}.head AS h SET acts = h.acts + 1, events = h.events + event_count;
    INSERT INTO {log}.act (index, id, note, first_position, events, request_digest, trace)
    VALUES (head.acts, act_id, act_note, head.events, event_count, digest, trace);
    PERFORM pg_notify('{log}', '');
    status := 'stored'; act_index := head.acts; first_position := head.events; events := event_count;
    RETURN NEXT;
END $$;

-- Every row of the statement must lie in the act opened here, follow the event before it in its stream, and leave the
-- key registry alone, whose index only `append` moves.
CREATE FUNCTION {log}.refuse_foreign_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    opened {log}.bulk;
BEGIN
    SELECT * INTO opened FROM {log}.bulk AS b WHERE b.transaction = pg_current_xact_id_if_assigned();
    IF NOT FOUND OR EXISTS (
        SELECT FROM copied
        WHERE copied.act_index <> opened.act_index OR copied.position < opened.first_position
            OR copied.position >= opened.first_position + opened.events OR starts_with(copied.topic, 'registry.')
    ) THEN
        RAISE EXCEPTION '%.event takes the events of the act opened in this transaction only', TG_TABLE_SCHEMA
            USING ERRCODE = 'MB003';
    END IF;
    IF EXISTS (
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
    RETURN NULL;
END $$;

CREATE FUNCTION {log}.refuse_wrong_count() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.events <> (SELECT count(*) FROM {log}.event AS e
                      WHERE e.position >= NEW.first_position AND e.position < NEW.first_position + NEW.events) THEN
        RAISE EXCEPTION '%.act %: not as many events as it says', TG_TABLE_SCHEMA, NEW.act_index
            USING ERRCODE = 'MB003';
    END IF;
    DELETE FROM {log}.bulk AS b WHERE b.transaction = NEW.transaction;
    RETURN NULL;
END $$;

-- Not for the owner, as whom `append` writes what it has checked itself.
CREATE TRIGGER opened_act_only AFTER INSERT ON {log}.event
    REFERENCING NEW TABLE AS copied
    FOR EACH STATEMENT WHEN (current_user <> 'mocban_owner') EXECUTE FUNCTION {log}.refuse_foreign_rows();
CREATE CONSTRAINT TRIGGER whole_act AFTER INSERT ON {log}.bulk
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION {log}.refuse_wrong_count();
ALTER TABLE {log}.event ENABLE ALWAYS TRIGGER opened_act_only;
ALTER TABLE {log}.bulk ENABLE ALWAYS TRIGGER whole_act;

REVOKE ALL ON FUNCTION {log}.begin_bulk, {log}.refuse_foreign_rows, {log}.refuse_wrong_count FROM PUBLIC;
GRANT USAGE ON SCHEMA {log} TO mocban_bulk;
GRANT INSERT ON {log}.event TO mocban_bulk;
GRANT EXECUTE ON FUNCTION {log}.begin_bulk TO mocban_bulk;
