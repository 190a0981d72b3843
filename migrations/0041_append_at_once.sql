-- for each log
-- `append` as before, rule for rule, with a short way for what a busy log takes most: a call of acts of one event each.

CREATE OR REPLACE FUNCTION {log}.append(
    ids uuid[], notes bytea[], digests bytea[], traces text[], registries bigint[], counts int[], guard_counts int[],
    e_stream uuid[], e_version bigint[], e_topic text[], e_state bytea[], g_stream uuid[], g_version bigint[]
) RETURNS TABLE (ordinal int, status text, act_index bigint, first_position bigint, events bigint, stream uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
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
    IF n = 1 AND m = 1 THEN
        IF guard_counts[1] = 0 AND cardinality(g_stream) = 0 AND registry = registries[1]
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
    -- Most calls of a busy log: as many such acts, each in a stream of its own. Every statement costs as much as
    -- storing three acts, so there is one that judges all, and one for each table.
    ELSIF n = m AND 1 = ALL (counts) AND 0 = ALL (guard_counts) AND cardinality(g_stream) = 0
        AND registry = ALL (registries) THEN
        IF (SELECT count(DISTINCT a.id) = n AND count(DISTINCT a.stream) = n
                AND NOT bool_or(starts_with(a.topic, 'registry.')
                    OR a.version - 1 <> coalesce((SELECT held.originator_version FROM {log}.event AS held
                        WHERE held.originator_id = a.stream ORDER BY held.originator_version DESC LIMIT 1), 0))
            FROM unnest(ids, e_stream, e_version, e_topic) AS a (id, stream, version, topic))
            AND NOT EXISTS (SELECT FROM {log}.act AS a WHERE a.id = ANY (ids))
        THEN
            INSERT INTO {log}.act (index, id, note, first_position, events, request_digest, trace)
            SELECT next_act + a.ord - 1, a.id, a.note, next_position + a.ord - 1, 1, a.digest, a.trace
            FROM unnest(ids, notes, digests, traces) WITH ORDINALITY AS a (id, note, digest, trace, ord);
            INSERT INTO {log}.event (position, originator_id, originator_version, topic, state, act_index)
            SELECT next_position + e.ord - 1, e.stream, e.version, e.topic, e.state, next_act + e.ord - 1
            FROM unnest(e_stream, e_version, e_topic, e_state) WITH ORDINALITY AS e (stream, version, topic, state, ord);
            PERFORM pg_notify('{log}', '');
            RETURN QUERY SELECT a.ord, 'stored', next_act + a.ord - 1, next_position + a.ord - 1, 1::bigint, NULL::uuid
                FROM generate_series(1, n) AS a (ord);
            RETURN;
        END IF;
    END IF;

    e_act := ARRAY(SELECT c.act::int FROM unnest(counts) WITH ORDINALITY AS c (n, act), generate_series(1, c.n)
                   ORDER BY c.act);
    g_act := '{}';
    IF cardinality(g_stream) > 0 OR 0 <> ANY (guard_counts) THEN
        g_act := ARRAY(SELECT c.act::int FROM unnest(guard_counts) WITH ORDINALITY AS c (n, act), generate_series(1, c.n)
                       ORDER BY c.act);
    END IF;
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
