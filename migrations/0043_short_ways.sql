-- for each log
-- Short ways to append what most calls bring: one act of one event (`append_one`), one act with several events or guards
-- (`append_act`), acts of one event each without guards (`append_each`). Each stores all it is given, by the rules of
-- `append`, and answers with the index of the first act and the position of the first event; or it stores nothing and
-- answers null, or fails by `act_id_once` or `event_version_once`. Then `append` tells why: it alone knows refusals.
--
-- What `append` judges under the lock of the head row may be judged before it here. Rows are only added: an event that
-- is there stays, and whether another has come after it, or an id has been used, the constraints say when rows are stored.

-- One statement: what it adds to the head it stores, or it adds nothing.
CREATE FUNCTION {log}.append_one(
    act_id uuid, act_note bytea, digest bytea, act_trace text, registry bigint,
    stream uuid, version bigint, event_topic text, event_state bytea
) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    place bigint[];
BEGIN
    IF starts_with(event_topic, 'registry.') THEN
        RETURN NULL;
    END IF;
    WITH taken AS (
        UPDATE {log}.head AS h SET acts = h.acts + 1, events = h.events + 1
        WHERE h.registry_index = registry
            AND (version = 1 OR version - 1 = (SELECT held.originator_version FROM {log}.event AS held
                 WHERE held.originator_id = stream ORDER BY held.originator_version DESC LIMIT 1))
        RETURNING h.acts - 1 AS act, h.events - 1 AS first
    ), stored_act AS (
        INSERT INTO {log}.act (index, id, note, first_position, events, request_digest, trace)
        SELECT t.act, act_id, act_note, t.first, 1, digest, act_trace FROM taken AS t
    ), stored_event AS (
        INSERT INTO {log}.event (position, originator_id, originator_version, topic, state, act_index)
        SELECT t.first, stream, version, event_topic, event_state, t.act FROM taken AS t
    )
    -- Told for the row that was taken and only then; what it answers is void, which is not null.
    SELECT ARRAY[t.act, t.first] INTO place FROM taken AS t WHERE pg_notify('{log}', '') IS NOT NULL;
    RETURN place;
END $$;

-- Events of a stream that follow one another in the act are judged by the first of them.
CREATE FUNCTION {log}.append_act(
    act_id uuid, act_note bytea, digest bytea, act_trace text, registry bigint,
    e_stream uuid[], e_version bigint[], e_topic text[], e_state bytea[], g_stream uuid[], g_version bigint[]
) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    n constant int := cardinality(e_stream);
    next_act bigint;
    next_position bigint;
BEGIN
    IF (n > 0 AND n = ALL (ARRAY[cardinality(e_version), cardinality(e_topic), cardinality(e_state)])
        AND 1 = ALL (ARRAY[array_lower(e_stream, 1), array_lower(e_version, 1)])
        AND cardinality(g_stream) = cardinality(g_version)) IS NOT TRUE THEN
        RAISE EXCEPTION 'append_act: the arrays do not fit together' USING ERRCODE = 'MB002';
    END IF;

    UPDATE {log}.head AS h SET acts = h.acts + 1, events = h.events + n
    WHERE h.registry_index = registry AND NOT EXISTS (
        SELECT FROM (SELECT generate_series(1, n) AS ord, unnest(e_stream) AS stream, unnest(e_version) AS version,
                            unnest(e_topic) AS topic) AS e
        WHERE starts_with(e.topic, 'registry.')
            OR (e.version IS DISTINCT FROM 1
                AND (e.stream = e_stream[e.ord - 1] AND e.version - 1 = e_version[e.ord - 1]) IS NOT TRUE
                AND e.version - 1 IS DISTINCT FROM coalesce((SELECT held.originator_version FROM {log}.event AS held
                    WHERE held.originator_id = e.stream ORDER BY held.originator_version DESC LIMIT 1), 0)))
    RETURNING h.acts - 1, h.events - n INTO next_act, next_position;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    -- Nothing is stored for a guard, so no constraint would notice that it no longer holds: it is judged under the lock.
    IF cardinality(g_stream) > 0 AND EXISTS (
        SELECT FROM (SELECT unnest(g_stream) AS stream, unnest(g_version) AS version) AS g
        WHERE g.version IS DISTINCT FROM coalesce((SELECT held.originator_version FROM {log}.event AS held
            WHERE held.originator_id = g.stream ORDER BY held.originator_version DESC LIMIT 1), 0)
    ) THEN
        UPDATE {log}.head AS h SET acts = next_act, events = next_position;
        RETURN NULL;
    END IF;

    INSERT INTO {log}.act (index, id, note, first_position, events, request_digest, trace)
    VALUES (next_act, act_id, act_note, next_position, n, digest, act_trace);
    INSERT INTO {log}.event (position, originator_id, originator_version, topic, state, act_index)
    SELECT next_position + e.ord, e.stream, e.version, e.topic, e.state, next_act
    FROM (SELECT generate_series(0, n - 1) AS ord, unnest(e_stream) AS stream, unnest(e_version) AS version,
                 unnest(e_topic) AS topic, unnest(e_state) AS state) AS e;
    PERFORM pg_notify('{log}', '');
    RETURN ARRAY[next_act, next_position];
END $$;

-- Arrays of equal length, one element an act. Arrays unnested side by side in a select list go from the array into the
-- table; in FROM they would be kept in a store of their own first.
CREATE FUNCTION {log}.append_each(
    ids uuid[], notes bytea[], digests bytea[], traces text[], registry bigint,
    e_stream uuid[], e_version bigint[], e_topic text[], e_state bytea[]
) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    n constant int := cardinality(ids);
    next_act bigint;
    next_position bigint;
BEGIN
    IF (n > 0 AND n = ALL (ARRAY[cardinality(notes), cardinality(digests), cardinality(traces), cardinality(e_stream),
                                 cardinality(e_version), cardinality(e_topic), cardinality(e_state)])) IS NOT TRUE THEN
        RAISE EXCEPTION 'append_each: the arrays do not fit together' USING ERRCODE = 'MB002';
    END IF;

    UPDATE {log}.head AS h SET acts = h.acts + n, events = h.events + n
    WHERE h.registry_index = registry AND NOT EXISTS (
        SELECT FROM (SELECT unnest(e_stream) AS stream, unnest(e_version) AS version, unnest(e_topic) AS topic) AS e
        WHERE starts_with(e.topic, 'registry.')
            OR (e.version IS DISTINCT FROM 1
                AND e.version - 1 IS DISTINCT FROM coalesce((SELECT held.originator_version FROM {log}.event AS held
                    WHERE held.originator_id = e.stream ORDER BY held.originator_version DESC LIMIT 1), 0)))
    RETURNING h.acts - n, h.events - n INTO next_act, next_position;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    INSERT INTO {log}.act (index, id, note, first_position, events, request_digest, trace)
    SELECT next_act + a.ord, a.id, a.note, next_position + a.ord, 1, a.digest, a.trace
    FROM (SELECT generate_series(0, n - 1) AS ord, unnest(ids) AS id, unnest(notes) AS note, unnest(digests) AS digest,
                 unnest(traces) AS trace) AS a;
    INSERT INTO {log}.event (position, originator_id, originator_version, topic, state, act_index)
    SELECT next_position + e.ord, e.stream, e.version, e.topic, e.state, next_act + e.ord
    FROM (SELECT generate_series(0, n - 1) AS ord, unnest(e_stream) AS stream, unnest(e_version) AS version,
                 unnest(e_topic) AS topic, unnest(e_state) AS state) AS e;
    PERFORM pg_notify('{log}', '');
    RETURN ARRAY[next_act, next_position];
END $$;

-- The roles that may execute `append`, and nobody else.
REVOKE ALL ON FUNCTION {log}.append_one, {log}.append_act, {log}.append_each FROM PUBLIC;
DO $$
DECLARE
    writer text := CASE '{log}' WHEN 'access_log' THEN 'mocban_access_logger' ELSE 'mocban_ledger_writer' END;
BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION {log}.append_one, {log}.append_act, {log}.append_each TO %I', writer);
END $$;
