-- What can be asked. Everything here is folded from the log and can be dropped and rebuilt from it.
-- Civil days are text in COLLATE "C", as the ledger writes them: '' where there is none; partial dates stay partial.
-- Indexes are named by PostgreSQL, so that a clone's carry the same names.

CREATE SCHEMA projection AUTHORIZATION mocban_owner;
CREATE SCHEMA projection_rebuild AUTHORIZATION mocban_owner;

-- eventsourcing's tracking table: notification_id = Ledger-Position = position of the last folded event + 1.
CREATE TABLE projection.tracking (
    application_name text PRIMARY KEY,
    notification_id bigint NOT NULL CHECK (notification_id >= 0)
) WITH (fillfactor = 10);

-- succession_graph ----------------------------------------------------------------------------------------------------
CREATE TABLE projection.unit (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    level text NOT NULL,
    code text COLLATE "C" NOT NULL,
    valid_from text COLLATE "C" NOT NULL,
    valid_to text COLLATE "C" NOT NULL,
    parent uuid,
    certainty text NOT NULL,
    basis text NOT NULL,
    ended_by text NOT NULL
);
CREATE INDEX ON projection.unit (code, valid_from);
CREATE INDEX ON projection.unit (parent);

CREATE TABLE projection.agency (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    block text NOT NULL,
    kind text NOT NULL,
    unit uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    valid_from text COLLATE "C" NOT NULL,
    valid_to text COLLATE "C" NOT NULL,
    certainty text NOT NULL,
    basis text NOT NULL,
    ended_by text NOT NULL
);
CREATE INDEX ON projection.agency (unit);
CREATE INDEX ON projection.agency (code, valid_from);

CREATE TABLE projection.reorganization (
    id uuid PRIMARY KEY,
    title text NOT NULL,
    effective text COLLATE "C" NOT NULL,
    instrument jsonb NOT NULL,
    plan_hash text NOT NULL,
    state text NOT NULL,
    drafted bigint NOT NULL,
    enacted bigint,
    fonds int NOT NULL
);

-- One row per ended unit and successor; successor null where a unit ends without one. In force once enacted.
CREATE TABLE projection.succession (
    reorganization uuid NOT NULL,
    unit uuid NOT NULL,
    change text NOT NULL,
    successor uuid,
    share text NOT NULL,
    population_share text NOT NULL,
    clause text NOT NULL
);
CREATE INDEX ON projection.succession (unit);
CREATE INDEX ON projection.succession (successor);

-- finding_aid ---------------------------------------------------------------------------------------------------------
CREATE TABLE projection.fonds (
    id uuid PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    creators uuid[] NOT NULL,
    opened_from text COLLATE "C" NOT NULL,
    closed_from text COLLATE "C" NOT NULL,
    line text NOT NULL
);
CREATE INDEX ON projection.fonds (code);
CREATE INDEX ON projection.fonds USING gin (creators);

-- title is null where it cannot be opened any more. lot: number of the paper lot; the digital one is the next.
CREATE TABLE projection.file (
    id uuid PRIMARY KEY,
    fonds uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    title text,
    retention text NOT NULL,
    retention_as_written text NOT NULL,
    state text NOT NULL,
    arranged boolean NOT NULL,
    lot smallint NOT NULL,
    block text NOT NULL,
    list_no text NOT NULL,
    start_date text COLLATE "C" NOT NULL,
    end_date text COLLATE "C" NOT NULL,
    rights text NOT NULL,
    sheets int NOT NULL,
    volumes int NOT NULL,
    box text NOT NULL,
    place text NOT NULL,
    bundle boolean NOT NULL,
    accession uuid,
    recorded bigint NOT NULL,
    gate text NOT NULL,
    faults text[] NOT NULL,
    digital boolean NOT NULL
);
CREATE INDEX ON projection.file (fonds, code, id);
CREATE INDEX ON projection.file (code);
CREATE INDEX ON projection.file (accession);

-- Described (by the worksheet) and read (by the machine) stand side by side. originals and their kin: the ledger's
-- commitments to the blobs, with the version of the event they were sealed for.
CREATE TABLE projection.document (
    id uuid PRIMARY KEY,
    file uuid NOT NULL,
    ordinal int NOT NULL,
    recorded bigint NOT NULL,
    described boolean NOT NULL,
    type_name text NOT NULL,
    code_number text NOT NULL,
    code_notation text NOT NULL,
    number_key text COLLATE "C" NOT NULL,
    issued_date text COLLATE "C" NOT NULL,
    organ text,
    subject text,
    signer text,
    page_amount int NOT NULL,
    recognized boolean NOT NULL,
    read_type_name text NOT NULL,
    read_code_number text NOT NULL,
    read_code_notation text NOT NULL,
    read_number_key text COLLATE "C" NOT NULL,
    read_issued_date text COLLATE "C" NOT NULL,
    read_organ text,
    read_subject text,
    read_signer text,
    readings jsonb NOT NULL,
    engine text NOT NULL,
    discrepancies text[] NOT NULL,
    scanned_pages int NOT NULL,
    flags text[] NOT NULL,
    scan_version bigint,
    original jsonb,
    searchable jsonb,
    text jsonb
);
CREATE INDEX ON projection.document (file, ordinal);
CREATE INDEX ON projection.document (number_key) WHERE number_key <> '';
CREATE INDEX ON projection.document (read_number_key) WHERE read_number_key <> '';

CREATE TABLE projection.document_match (
    reference uuid NOT NULL,
    other uuid NOT NULL,
    basis text NOT NULL,
    similarity int NOT NULL,
    recorded bigint NOT NULL
);
CREATE INDEX ON projection.document_match (reference);
CREATE INDEX ON projection.document_match (other);

CREATE TABLE projection.duplicate_delivery (
    document uuid NOT NULL,
    file uuid NOT NULL,
    delivered_as text,
    recorded bigint NOT NULL
);
CREATE INDEX ON projection.duplicate_delivery (document);
CREATE INDEX ON projection.duplicate_delivery (file);

CREATE TABLE projection.accession (
    id uuid PRIMARY KEY,
    number text COLLATE "C" NOT NULL,
    rows int NOT NULL,
    registered int NOT NULL,
    deliverer uuid,
    recorded bigint NOT NULL
);

CREATE TABLE projection.refused_row (
    accession uuid NOT NULL,
    row_number int NOT NULL,
    code text NOT NULL,
    sheet text NOT NULL,
    column_name text NOT NULL
);
CREATE INDEX ON projection.refused_row (accession, row_number);

-- search --------------------------------------------------------------------------------------------------------------
-- Each word stands in a vector twice at the same place: as written, and folded without marks.
CREATE TABLE projection.search_entry (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    file uuid NOT NULL,
    dated text COLLATE "C" NOT NULL,
    read_dated text COLLATE "C" NOT NULL,
    described tsvector NOT NULL,
    recognized tsvector NOT NULL,
    body tsvector NOT NULL,
    sorted_by text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN dated <> '' THEN dated ELSE read_dated END) STORED
);
CREATE INDEX search_entry_words_idx ON projection.search_entry USING gin ((described || recognized || body));
CREATE INDEX ON projection.search_entry (sorted_by DESC, id DESC);

-- custody_history -----------------------------------------------------------------------------------------------------
-- lots: bit n set = lot number n of the fonds goes this way. Every assignment's rows cover all lots between them.
CREATE TABLE projection.assignment (
    fonds uuid NOT NULL,
    effective text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    lots int NOT NULL,
    receiver uuid,
    rule text NOT NULL,
    basis text NOT NULL,
    confidence text NOT NULL,
    reorganization uuid
);
CREATE INDEX ON projection.assignment (fonds, effective DESC, recorded DESC);
CREATE INDEX ON projection.assignment (receiver, fonds);

CREATE TABLE projection.held (
    file uuid NOT NULL,
    carrier text NOT NULL,
    effective text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    holder uuid NOT NULL,
    basis text NOT NULL,
    handover uuid
);
CREATE INDEX ON projection.held (file, carrier, effective DESC, recorded DESC);

CREATE TABLE projection.handover (
    id uuid PRIMARY KEY,
    giver uuid NOT NULL,
    receiver uuid NOT NULL,
    carrier text NOT NULL,
    basis text NOT NULL,
    proposed bigint NOT NULL,
    completed bigint,
    handed_on text COLLATE "C" NOT NULL,
    root text NOT NULL,
    files int NOT NULL,
    boxes int NOT NULL,
    sheets int NOT NULL
);
CREATE INDEX ON projection.handover (giver);
CREATE INDEX ON projection.handover (receiver);

CREATE TABLE projection.inventory_line (
    handover uuid NOT NULL,
    position bigint NOT NULL,
    line int NOT NULL,
    file uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    sheets int NOT NULL,
    box text NOT NULL,
    sealed_set boolean NOT NULL,
    PRIMARY KEY (handover, position, line)
);
CREATE INDEX ON projection.inventory_line (file);

-- holdings ------------------------------------------------------------------------------------------------------------
-- The lot and the hands each file-carrier is in by the newest belief.
CREATE TABLE projection.file_holding (
    file uuid NOT NULL,
    carrier text NOT NULL,
    fonds uuid NOT NULL,
    lot smallint NOT NULL,
    box text NOT NULL,
    holder uuid NOT NULL,
    effective text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    documents int NOT NULL,
    scanned int NOT NULL,
    PRIMARY KEY (file, carrier)
);
CREATE INDEX ON projection.file_holding (holder, fonds, lot);

-- Roll-up per lot, holder and box; rows without a file are taken away.
CREATE TABLE projection.lot_content (
    fonds uuid NOT NULL,
    lot smallint NOT NULL,
    holder uuid NOT NULL,
    box text NOT NULL,
    files bigint NOT NULL,
    documents bigint NOT NULL,
    PRIMARY KEY (fonds, lot, holder, box)
);
CREATE INDEX ON projection.lot_content (holder);

-- retention_calendar --------------------------------------------------------------------------------------------------
CREATE TABLE projection.retention (
    file uuid PRIMARY KEY,
    fonds uuid NOT NULL,
    class text NOT NULL,
    as_written text NOT NULL,
    years int NOT NULL,
    closed_year int,
    due_year int,
    undated text NOT NULL,
    rule text NOT NULL,
    schedule text NOT NULL,
    superseded boolean NOT NULL
);
CREATE INDEX ON projection.retention (due_year, file) WHERE due_year IS NOT NULL;

-- principals ----------------------------------------------------------------------------------------------------------
CREATE TABLE projection.principal (
    id uuid PRIMARY KEY,
    agency uuid NOT NULL,
    office text NOT NULL,
    city_wide boolean NOT NULL,
    recorded bigint NOT NULL
);

-- audit_trail ---------------------------------------------------------------------------------------------------------
CREATE TABLE projection.act (
    index bigint PRIMARY KEY,
    name text NOT NULL,
    actor uuid NOT NULL,
    on_behalf_of text NOT NULL,
    at text COLLATE "C" NOT NULL,
    basis_code text NOT NULL,
    basis_ref text NOT NULL,
    first_position bigint NOT NULL,
    events bigint NOT NULL
);
CREATE INDEX ON projection.act (actor, index);
CREATE INDEX ON projection.act (name, index);

-- access_journal, from the access log ---------------------------------------------------------------------------------
-- Who read is sealed in the log and stays there; `act` and `position` say where.
CREATE TABLE projection.reading (
    position bigint PRIMARY KEY,
    act bigint NOT NULL,
    at text COLLATE "C" NOT NULL,
    service uuid NOT NULL,
    allowed boolean NOT NULL,
    what text NOT NULL,
    rule text NOT NULL,
    records uuid[] NOT NULL
);
CREATE INDEX ON projection.reading USING gin (records);

-- A clone to rebuild into: same columns and grants; primary keys now, further indexes after the load.
CREATE FUNCTION projection.open_rebuild(names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one text;
    key record;
    right_given record;
BEGIN
    FOR one IN SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'projection_rebuild'::regnamespace
               AND c.relkind = 'r' AND c.relname = ANY (names) LOOP
        EXECUTE format('DROP TABLE projection_rebuild.%I', one);
    END LOOP;
    FOREACH one IN ARRAY names LOOP
        IF one = 'tracking' THEN
            RAISE EXCEPTION 'the tracking table is not rebuilt' USING ERRCODE = 'MB003';
        END IF;
        EXECUTE format('CREATE TABLE projection_rebuild.%1$I (LIKE projection.%1$I INCLUDING ALL EXCLUDING INDEXES)', one);
        FOR key IN SELECT k.conname, pg_get_constraintdef(k.oid) AS definition FROM pg_constraint AS k
                   WHERE k.conrelid = format('projection.%I', one)::regclass AND k.contype IN ('p', 'u') LOOP
            EXECUTE format('ALTER TABLE projection_rebuild.%I ADD CONSTRAINT %I %s', one, key.conname, key.definition);
        END LOOP;
        FOR right_given IN SELECT g.grantee::regrole::text AS role, g.privilege_type AS what
                           FROM pg_class AS c, aclexplode(c.relacl) AS g
                           WHERE c.oid = format('projection.%I', one)::regclass AND g.grantee <> c.relowner LOOP
            EXECUTE format('GRANT %s ON projection_rebuild.%I TO %s', right_given.what, one, right_given.role);
        END LOOP;
    END LOOP;
END $$;

-- The indexes that the clone still lacks, by their own definitions, and statistics for the planner.
CREATE FUNCTION projection.index_rebuild(names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one text;
    definition text;
BEGIN
    FOREACH one IN ARRAY names LOOP
        FOR definition IN SELECT pg_get_indexdef(i.indexrelid) FROM pg_index AS i
                          WHERE i.indrelid = format('projection.%I', one)::regclass
                          AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid) LOOP
            EXECUTE regexp_replace(definition, ' ON projection\.', ' ON projection_rebuild.');
        END LOOP;
        EXECUTE format('ANALYZE projection_rebuild.%I', one);
    END LOOP;
END $$;

CREATE FUNCTION projection.swap_rebuild(names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY names LOOP
        EXECUTE format('DROP TABLE projection.%I', one);
        EXECUTE format('ALTER TABLE projection_rebuild.%I SET SCHEMA projection', one);
    END LOOP;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA projection FROM PUBLIC;
GRANT USAGE ON SCHEMA projection, projection_rebuild TO mocban_projector;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA projection TO mocban_projector;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA projection TO mocban_projector;
GRANT USAGE ON SCHEMA projection TO mocban_reader, mocban_ledger_writer, mocban_access_logger;
GRANT SELECT ON ALL TABLES IN SCHEMA projection TO mocban_reader;
GRANT SELECT ON projection.tracking TO mocban_ledger_writer, mocban_access_logger;
