-- Units and agencies that go on in another form, agencies that change by themselves, and fonds that go on with others as
-- their creators. All of it comes from events that no log has before this: there is nothing to fill in.

-- What a unit was called, and was, until a day (not included). What it is now stands in projection.unit.
CREATE TABLE projection.former_unit (
    id uuid NOT NULL,
    until text COLLATE "C" NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    level text NOT NULL,
    code text COLLATE "C" NOT NULL,
    basis text NOT NULL,
    recorded bigint NOT NULL,
    PRIMARY KEY (id, until)
);
CREATE INDEX ON projection.former_unit (code);

CREATE TABLE projection.former_agency (
    id uuid NOT NULL,
    until text COLLATE "C" NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    code text COLLATE "C" NOT NULL,
    basis text NOT NULL,
    recorded bigint NOT NULL,
    PRIMARY KEY (id, until)
);
CREATE INDEX ON projection.former_agency (code);

-- One row per changed agency and successor; successor null where there is none. In force once enacted.
CREATE TABLE projection.agency_succession (
    reorganization uuid NOT NULL,
    agency uuid NOT NULL,
    change text NOT NULL,
    successor uuid,
    fonds text NOT NULL,
    basis text NOT NULL
);
CREATE INDEX ON projection.agency_succession (agency);
CREATE INDEX ON projection.agency_succession (successor);

-- Who creates a fonds, from when until when ('': still). Of fonds whose creators changed only; of all others they are in
-- projection.fonds, and it keeps everybody who ever was. reorganization null: since the fonds was opened.
CREATE TABLE projection.creatorship (
    fonds uuid NOT NULL,
    creator uuid NOT NULL,
    since text COLLATE "C" NOT NULL,
    until text COLLATE "C" NOT NULL,
    basis text NOT NULL,
    recorded bigint,
    reorganization uuid,
    PRIMARY KEY (fonds, creator, since)
);
CREATE INDEX ON projection.creatorship (creator);

-- That a fonds goes on, as each reorganization says that touches a creator of it.
CREATE TABLE projection.fonds_gone_on (
    fonds uuid NOT NULL,
    effective text COLLATE "C" NOT NULL,
    creators uuid[] NOT NULL,
    former uuid[] NOT NULL,
    basis text NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    reorganization uuid NOT NULL,
    PRIMARY KEY (position)
);
CREATE INDEX ON projection.fonds_gone_on (fonds);

GRANT SELECT, INSERT, UPDATE, DELETE ON
    projection.former_unit, projection.former_agency, projection.agency_succession, projection.creatorship,
    projection.fonds_gone_on TO mocban_projector;
GRANT SELECT ON
    projection.former_unit, projection.former_agency, projection.agency_succession, projection.creatorship,
    projection.fonds_gone_on TO mocban_reader;

-- An enactment asks the log itself which fonds went on with whom.
CREATE INDEX event_of_fonds_gone_on_idx ON main_log.event (position) WHERE topic = 'fonds.went-on/1';
