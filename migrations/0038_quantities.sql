-- How much there is, rolled up so that a what-if reads lots and not boxes: per lot and hands; and how many boxes of a
-- fonds hold files of just these lots in just these hands (`pattern`: number of the lot, colon, holder, parted by blanks).
-- A box's rows lie together.
ALTER TABLE projection.lot_content
    DROP CONSTRAINT lot_content_pkey,
    ADD CONSTRAINT lot_content_pkey PRIMARY KEY (fonds, box, lot, holder);

CREATE TABLE projection.lot_holding (
    fonds uuid NOT NULL,
    lot smallint NOT NULL,
    holder uuid NOT NULL,
    files bigint NOT NULL,
    documents bigint NOT NULL,
    PRIMARY KEY (fonds, lot, holder)
);
INSERT INTO projection.lot_holding
SELECT fonds, lot, holder, sum(files), sum(documents) FROM projection.lot_content GROUP BY 1, 2, 3;

CREATE TABLE projection.packing (
    fonds uuid NOT NULL,
    digest text COLLATE "C" NOT NULL,
    pattern text COLLATE "C" NOT NULL,
    boxes bigint NOT NULL,
    PRIMARY KEY (fonds, digest)
);
INSERT INTO projection.packing
SELECT fonds, encode(sha256(convert_to(pattern, 'UTF8')), 'hex'), pattern, count(*)
FROM (
    SELECT fonds, string_agg(lot || ':' || holder, ' ' ORDER BY lot, holder::text COLLATE "C") AS pattern
    FROM projection.lot_content WHERE box <> '' GROUP BY fonds, box
) AS packed
GROUP BY fonds, pattern;

-- The shelf length that a container was registered with, cm; 0 unknown.
ALTER TABLE projection.container ADD COLUMN cm int NOT NULL DEFAULT 0;
UPDATE projection.container AS c SET cm = coalesce((convert_from(e.state, 'UTF8')::jsonb ->> 'cm')::int, 0)
FROM main_log.event AS e WHERE e.originator_id = c.id AND e.topic = 'container.registered/1';

GRANT SELECT, INSERT, UPDATE, DELETE ON projection.lot_holding, projection.packing TO mocban_projector;
GRANT SELECT ON projection.lot_holding, projection.packing TO mocban_reader;
