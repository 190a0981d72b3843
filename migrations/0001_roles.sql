-- in both databases, as the administrator
-- Who may do what. Nobody logs in as one of these; a login takes one on (options='-c role=mocban_reader').
-- Roles belong to the whole cluster and outlive any one database, so each is made only when absent.

DO $$
DECLARE
    wanted record;
BEGIN
    -- Databases of one cluster may be migrated at the same time, and roles are shared by all of them.
    FOR wanted IN
        SELECT name, purpose FROM (VALUES
            ('mocban_owner', 'owns every schema, table and function; migrations only'),
            ('mocban_ledger_writer', 'appends acts through the definer functions, writes sealed rows'),
            ('mocban_bulk', 'copies the events of the act it opened in the same transaction'),
            ('mocban_projector', 'folds events into projections'),
            ('mocban_reader', 'answers questions from projections'),
            ('mocban_access_logger', 'appends acts of reading to the access log'),
            ('mocban_auditor', 'reads the logs, and nothing sealed')
        ) AS roles (name, purpose)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted.name) THEN
            BEGIN
                EXECUTE format(
                    'CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT',
                    wanted.name
                );
                EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.name, wanted.purpose);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- made meanwhile by the migration of another database
            END;
        END IF;
    END LOOP;
END
$$;

-- The running login takes on the run-time roles; only the migrating login may become the owner.
-- From 16 on, being a member and being allowed to take the role on are two things.
DO $$
DECLARE
    right_asked text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'mocban_ledger_writer', 'mocban_bulk', 'mocban_projector', 'mocban_reader', 'mocban_access_logger',
        'mocban_auditor'
    ]
    LOOP
        IF NOT pg_has_role(current_setting('mocban.login'), wanted, right_asked) THEN
            EXECUTE format('GRANT %I TO %I', wanted, current_setting('mocban.login'));
        END IF;
    END LOOP;
    IF NOT pg_has_role(current_user, 'mocban_owner', right_asked) THEN
        EXECUTE format('GRANT mocban_owner TO %I', current_user);
    END IF;
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO mocban_owner', current_database());
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO mocban_owner;

CREATE SCHEMA migration AUTHORIZATION mocban_owner;
COMMENT ON SCHEMA migration IS 'What was applied here, and its checksum';

CREATE TABLE migration.applied (
    name text PRIMARY KEY,
    checksum bytea NOT NULL CHECK (length(checksum) = 32),
    applied_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE migration.applied OWNER TO mocban_owner;
COMMENT ON TABLE migration.applied IS 'One row per migration file; checksum is SHA-256 of the file as applied';
GRANT USAGE ON SCHEMA migration TO mocban_reader, mocban_auditor;
GRANT SELECT ON migration.applied TO mocban_reader, mocban_auditor;
