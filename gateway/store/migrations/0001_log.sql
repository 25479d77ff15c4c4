-- The verifiable log (one RFC 6962 tree). Every table here is insert-only: the running hub's role may
-- add and read, and nobody's program updates. An entry's index comes from the single writer's own
-- count, never from a sequence (sequences skip numbers on a rollback); the primary keys are the
-- compare-and-set that stops a second writer.

CREATE TABLE log_origin (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),  -- a database holds one log
    origin text NOT NULL CHECK (origin <> '')
);

CREATE TABLE log_entry (
    idx bigint PRIMARY KEY CHECK (idx >= 0),
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    data bytea NOT NULL CHECK (octet_length(data) <= 65535)  -- tlog-tiles: entry bundles have a u16 length
);
-- Signatures and digests do not compress; trying costs time in the one transaction that everybody awaits.
ALTER TABLE log_entry ALTER COLUMN data SET STORAGE EXTERNAL;

-- Full tiles only, served as they stand; a partial tile is assembled in memory and never stored.
CREATE TABLE log_tile (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
    n bigint NOT NULL CHECK (n >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
    PRIMARY KEY (level, n)
);
ALTER TABLE log_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- One row a batch: every checkpoint ever signed is kept.
CREATE TABLE log_checkpoint (
    size bigint PRIMARY KEY CHECK (size >= 0),
    note text NOT NULL
);

-- The first line of a witness for a size stays.
CREATE TABLE log_cosignature (
    size bigint NOT NULL REFERENCES log_checkpoint (size),
    witness text NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (size, witness)
);

REVOKE ALL ON log_origin, log_entry, log_tile, log_checkpoint, log_cosignature FROM PUBLIC, kesher_hub;
GRANT SELECT, INSERT ON log_origin, log_entry, log_tile, log_checkpoint, log_cosignature TO kesher_hub;

-- Old entries are pruned under the declared retention policy; their hashes live on in the tiles.
GRANT SELECT, DELETE ON log_entry TO kesher_retention;
GRANT SELECT ON log_origin, log_tile, log_checkpoint, log_cosignature TO kesher_retention;
