-- Containers and what was done with them. Where one stands on a day is folded from its own events, a handful each; a file
-- finds its container by fonds and label, as its registration names it.
CREATE TABLE projection.container (
    id uuid PRIMARY KEY,
    fonds uuid NOT NULL,
    label text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL
);
CREATE INDEX ON projection.container (fonds, label);
CREATE TABLE projection.container_act (
    container uuid NOT NULL,
    done_on text COLLATE "C" NOT NULL,
    recorded bigint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (container, position)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON projection.container, projection.container_act TO mocban_projector;
GRANT SELECT ON projection.container, projection.container_act TO mocban_reader;
