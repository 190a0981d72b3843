-- for each log
-- One log: acts, their events, the head that orders them, and the checkpoints that commit to them.
-- Everything is owned by a role nobody can log in as. Run-time roles read, and execute `append` and
-- `publish_checkpoint`; nothing else writes here. Triggers refuse to change what is written, to the owner and to
-- superusers too. The claim is detection by signatures and trees; the database is the second line.

CREATE SCHEMA {log} AUTHORIZATION mocban_owner;

CREATE TABLE {log}.act (
    index bigint PRIMARY KEY CHECK (index >= 0),
    id uuid NOT NULL CONSTRAINT act_id_once UNIQUE,
    note bytea NOT NULL CHECK (octet_length(note) BETWEEN 1 AND 65535),
    first_position bigint NOT NULL CHECK (first_position >= 0),
    events bigint NOT NULL CHECK (events > 0),
    request_digest bytea NOT NULL CHECK (octet_length(request_digest) = 32),
    trace text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- No foreign key to act: `append` writes both in one statement's transaction, and a check per row is the dearest
-- part of a bulk load.
CREATE TABLE {log}.event (
    position bigint PRIMARY KEY CHECK (position >= 0),
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL CHECK (octet_length(state) BETWEEN 1 AND 65536),
    act_index bigint NOT NULL,
    CONSTRAINT event_version_once UNIQUE (originator_id, originator_version)
);

-- The one row whose lock is the order of the log. Room on its page keeps its updates in place.
CREATE TABLE {log}.head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    acts bigint NOT NULL,
    events bigint NOT NULL,
    registry_index bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO {log}.head (acts, events, registry_index) VALUES (0, 0, -1);

CREATE TABLE {log}.checkpoint (
    size bigint PRIMARY KEY CHECK (size > 0),
    note bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE {log}.latest_checkpoint (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    size bigint NOT NULL,
    note bytea NOT NULL
) WITH (fillfactor = 10);
INSERT INTO {log}.latest_checkpoint (size, note) VALUES (0, '');

CREATE FUNCTION {log}.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'MB001';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {log}.act
    FOR EACH STATEMENT EXECUTE FUNCTION {log}.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {log}.event
    FOR EACH STATEMENT EXECUTE FUNCTION {log}.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {log}.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION {log}.refuse_change();
-- ALWAYS: session_replication_role = replica does not switch them off.
ALTER TABLE {log}.act ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE {log}.event ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE {log}.checkpoint ENABLE ALWAYS TRIGGER append_only;

-- The first stream that is not where the acts of one call say it is, or null. In the order of the call each guard
-- and each event states the version its stream must have just before it: what the call itself wrote there earlier,
-- else what the log holds. One sort, no self-join: the cost stays even for calls of thousands of events.
CREATE FUNCTION {log}.conflict(
    e_act int[], e_stream uuid[], e_version bigint[], g_act int[], g_stream uuid[], g_version bigint[]
) RETURNS uuid LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    SELECT stated.stream
    FROM (
        SELECT claim.stream, claim.stands_at,
               max(claim.written) OVER (
                   PARTITION BY claim.stream ORDER BY claim.act, claim.kind, claim.ord
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS written_before
        FROM (
            SELECT g.act, 0 AS kind, g.ord, g.stream, g.version AS stands_at, NULL::bigint AS written
            FROM unnest(g_act, g_stream, g_version) WITH ORDINALITY AS g (act, stream, version, ord)
            UNION ALL
            SELECT e.act, 1, e.ord, e.stream, e.version - 1, e.version
            FROM unnest(e_act, e_stream, e_version) WITH ORDINALITY AS e (act, stream, version, ord)
        ) AS claim
    ) AS stated
    WHERE stated.stands_at IS DISTINCT FROM coalesce(
        stated.written_before,
        (SELECT held.originator_version FROM {log}.event AS held WHERE held.originator_id = stated.stream
         ORDER BY held.originator_version DESC LIMIT 1),
        0)
    LIMIT 1);
END $$;

CREATE FUNCTION {log}.store(
    base_act bigint, base_position bigint, ids uuid[], notes bytea[], digests bytea[], traces text[], counts int[],
    e_act int[], e_stream uuid[], e_version bigint[], e_topic text[], e_state bytea[]
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO {log}.act (index, id, note, first_position, events, request_digest, trace)
    SELECT base_act + a.ord - 1, a.id, a.note, base_position + sum(a.n) OVER (ORDER BY a.ord) - a.n, a.n, a.digest, a.trace
    FROM unnest(ids, notes, digests, traces, counts) WITH ORDINALITY AS a (id, note, digest, trace, n, ord);
    INSERT INTO {log}.event (position, originator_id, originator_version, topic, state, act_index)
    SELECT base_position + e.ord - 1, e.stream, e.version, e.topic, e.state, base_act + e.act - 1
    FROM unnest(e_act, e_stream, e_version, e_topic, e_state) WITH ORDINALITY AS e (act, stream, version, topic, state, ord);
END $$;

-- Appends an array of acts in their order. Per act: `counts` events and `guard_counts` guards, laid end to end in the
-- e_ and g_ arrays. A guard (stream, version) must hold, version 0 = the stream does not exist; effects of earlier acts
-- of the same call count. status: stored | known (same id, same request digest: the stored act is reported) |
-- act-id-reused | version-conflict (with the stream) | registry-moved. A failing act is reported alone.
CREATE FUNCTION {log}.append(
    ids uuid[], notes bytea[], digests bytea[], traces text[], registries bigint[], counts int[], guard_counts int[],
    e_stream uuid[], e_version bigint[], e_topic text[], e_state bytea[], g_stream uuid[], g_version bigint[]
) RETURNS TABLE (ordinal int, status text, act_index bigint, first_position bigint, events bigint, stream uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    n constant int := cardinality(ids);
    m constant int := cardinality(e_stream);
    e_act int[];
    g_act int[];
    next_act bigint;
    next_position bigint;
    registry bigint;
    old record;
    e_from int := 1;
    g_from int := 1;
    e_to int;
    g_to int;
BEGIN
    IF (n > 0
        AND n = ALL (ARRAY[cardinality(notes), cardinality(digests), cardinality(traces), cardinality(registries),
                           cardinality(counts), cardinality(guard_counts)])
        AND 0 < ALL (counts) AND 0 <= ALL (guard_counts)
        AND m = ALL (ARRAY[cardinality(e_version), cardinality(e_topic), cardinality(e_state)])
        AND cardinality(g_stream) = cardinality(g_version)) IS NOT TRUE THEN
        RAISE EXCEPTION 'append: the arrays do not fit together' USING ERRCODE = 'MB002';
    END IF;

    -- The lock that makes the order; held until commit.
    UPDATE {log}.head AS h SET acts = h.acts + n, events = h.events + m
    RETURNING h.acts - n, h.events - m, h.registry_index INTO next_act, next_position, registry;

    -- Most calls of a quiet log: one act, one event, nothing else read. The same rules, without a sort.
    IF n = 1 AND m = 1 AND counts[1] = 1 AND guard_counts[1] = 0 AND cardinality(g_stream) = 0 AND registry = registries[1]
        AND NOT starts_with(e_topic[1], 'registry.')
        AND NOT EXISTS (SELECT FROM {log}.act AS a WHERE a.id = ids[1])
        AND e_version[1] - 1 = coalesce((SELECT held.originator_version FROM {log}.event AS held
            WHERE held.originator_id = e_stream[1] ORDER BY held.originator_version DESC LIMIT 1), 0)
    THEN
        INSERT INTO {log}.act (index, id, note, first_position, events, request_digest, trace)
        VALUES (next_act, ids[1], notes[1], next_position, 1, digests[1], traces[1]);
        INSERT INTO {log}.event (position, originator_id, originator_version, topic, state, act_index)
        VALUES (next_position, e_stream[1], e_version[1], e_topic[1], e_state[1], next_act);
        PERFORM pg_notify('{log}', '');
        ordinal := 1; status := 'stored'; act_index := next_act; first_position := next_position; events := 1;
        RETURN NEXT;
        RETURN;
    END IF;

    e_act := ARRAY(SELECT c.act::int FROM unnest(counts) WITH ORDINALITY AS c (n, act), generate_series(1, c.n)
                   ORDER BY c.act);
    g_act := ARRAY(SELECT c.act::int FROM unnest(guard_counts) WITH ORDINALITY AS c (n, act), generate_series(1, c.n)
                   ORDER BY c.act);
    IF cardinality(e_act) <> m OR cardinality(g_act) <> cardinality(g_stream) THEN
        RAISE EXCEPTION 'append: the arrays do not fit together' USING ERRCODE = 'MB002';
    END IF;

    -- All fresh, all guards hold, no act that moves the registry for those after it: one statement for all.
    IF registry = ALL (registries)
        AND (n = 1 OR NOT EXISTS (SELECT FROM unnest(e_topic) AS t (topic) WHERE starts_with(t.topic, 'registry.')))
        AND (SELECT count(DISTINCT i.id) FROM unnest(ids) AS i (id)) = n
        AND NOT EXISTS (SELECT FROM {log}.act AS a WHERE a.id = ANY (ids))
        AND {log}.conflict(e_act, e_stream, e_version, g_act, g_stream, g_version) IS NULL
    THEN
        PERFORM {log}.store(next_act, next_position, ids, notes, digests, traces, counts,
                            e_act, e_stream, e_version, e_topic, e_state);
        IF n = 1 AND EXISTS (SELECT FROM unnest(e_topic) AS t (topic) WHERE starts_with(t.topic, 'registry.')) THEN
            UPDATE {log}.head AS h SET registry_index = next_act;
        END IF;
        PERFORM pg_notify('{log}', '');
        RETURN QUERY SELECT c.act::int, 'stored', next_act + c.act - 1,
                next_position + (sum(c.n) OVER (ORDER BY c.act))::bigint - c.n, c.n::bigint, NULL::uuid
            FROM unnest(counts) WITH ORDINALITY AS c (n, act) ORDER BY c.act;
        RETURN;
    END IF;

    FOR i IN 1 .. n LOOP
        ordinal := i; act_index := NULL; first_position := NULL; events := NULL; stream := NULL;
        e_to := e_from + counts[i] - 1;
        g_to := g_from + guard_counts[i] - 1;
        SELECT a.index, a.request_digest, a.first_position, a.events INTO old FROM {log}.act AS a WHERE a.id = ids[i];
        IF FOUND THEN
            IF old.request_digest = digests[i] THEN
                status := 'known'; act_index := old.index; first_position := old.first_position; events := old.events;
            ELSE
                status := 'act-id-reused';
            END IF;
        ELSIF registries[i] IS DISTINCT FROM registry THEN
            status := 'registry-moved';
        ELSE
            stream := {log}.conflict(array_fill(1, ARRAY[counts[i]]), e_stream[e_from:e_to], e_version[e_from:e_to],
                array_fill(1, ARRAY[guard_counts[i]]), g_stream[g_from:g_to], g_version[g_from:g_to]);
            IF stream IS NOT NULL THEN
                status := 'version-conflict';
            ELSE
                PERFORM {log}.store(next_act, next_position, ids[i:i], notes[i:i], digests[i:i], traces[i:i], counts[i:i],
                    array_fill(1, ARRAY[counts[i]]), e_stream[e_from:e_to], e_version[e_from:e_to],
                    e_topic[e_from:e_to], e_state[e_from:e_to]);
                IF EXISTS (SELECT FROM unnest(e_topic[e_from:e_to]) AS t (topic) WHERE starts_with(t.topic, 'registry.')) THEN
                    registry := next_act;
                END IF;
                status := 'stored'; act_index := next_act; first_position := next_position; events := counts[i];
                next_act := next_act + 1;
                next_position := next_position + counts[i];
            END IF;
        END IF;
        RETURN NEXT;
        e_from := e_to + 1;
        g_from := g_to + 1;
    END LOOP;
    UPDATE {log}.head AS h SET acts = next_act, events = next_position, registry_index = registry;
    PERFORM pg_notify('{log}', '');
END $$;

-- Compare-and-swap on the previous size; false when somebody else was first or when the same size would get another
-- body (origin, size, root). A heartbeat signs the same body anew and enters no second row into the history.
CREATE FUNCTION {log}.publish_checkpoint(previous_size bigint, new_size bigint, new_note bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held record;
BEGIN
    SELECT l.size, l.note INTO held FROM {log}.latest_checkpoint AS l FOR UPDATE;
    IF held.size <> previous_size OR new_size < held.size OR new_size = 0
        OR new_size > (SELECT h.acts FROM {log}.head AS h)
        OR (new_size = held.size AND split_part(encode(held.note, 'escape'), E'\n\n', 1)
            <> split_part(encode(new_note, 'escape'), E'\n\n', 1)) THEN
        RETURN false;
    END IF;
    UPDATE {log}.latest_checkpoint AS l SET size = new_size, note = new_note;
    IF new_size > held.size THEN
        INSERT INTO {log}.checkpoint (size, note) VALUES (new_size, new_note);
    END IF;
    PERFORM pg_notify('{log}_checkpoint', new_size::text);
    RETURN true;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {log} FROM PUBLIC;
-- Reading is its own log with its own writer: who appends acts on records cannot append acts of reading.
GRANT USAGE ON SCHEMA {log} TO mocban_ledger_writer, mocban_access_logger, mocban_projector, mocban_auditor;
GRANT SELECT ON {log}.act, {log}.event, {log}.head, {log}.checkpoint, {log}.latest_checkpoint
    TO mocban_ledger_writer, mocban_access_logger, mocban_projector, mocban_auditor;

DO $$
DECLARE
    writer text := CASE '{log}' WHEN 'access_log' THEN 'mocban_access_logger' ELSE 'mocban_ledger_writer' END;
BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION {log}.append TO %I', writer);
    EXECUTE format('GRANT EXECUTE ON FUNCTION {log}.publish_checkpoint TO %I', writer);
    IF '{log}' <> 'access_log' THEN
        GRANT USAGE ON SCHEMA {log} TO mocban_reader;
        GRANT SELECT ON {log}.act, {log}.event, {log}.head, {log}.checkpoint, {log}.latest_checkpoint TO mocban_reader;
    END IF;
END $$;
