-- No row of a case is written any more when something is submitted for it or a consent is recorded: whoever reads
-- xmin, the WAL or a trigger would see two submissions change the same row, and know one woman by it. How many
-- slots a case uses is found by looking for them; when it was last submitted for, in its referrals' own rows.

-- When this referral was last submitted: what the leaf `submitted_idx` says as well, in clear, one table further.
ALTER TABLE referral ADD COLUMN submitted_at bigint;
UPDATE referral r SET submitted_at =
    substring(convert_from(e.data, 'UTF8') FROM '\n\{"v":1,"at":([0-9]+),')::bigint
    FROM log_entry e WHERE e.idx = r.submitted_idx;
ALTER TABLE referral ADD CONSTRAINT referral_submitted
    CHECK ((submitted_idx IS NULL) = (submitted_at IS NULL));

-- A table of its own, in the order of its keys: a dropped column stays in every row that was written before, and
-- so does xmin, by which a case is joined with the last thing that was done for it. (Backups and archived WAL of
-- before show it still.)
CREATE TABLE case_file_anew (
    key              bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    anonymous        boolean NOT NULL,
    door             text NOT NULL,
    opened_by        text NOT NULL,
    opened_at        bigint NOT NULL,
    claim            bytea,              -- HMAC(K_claim, code); null where none is alive
    sealed           bytea NOT NULL,
    claim_day        integer,            -- of the last code that replaced another
    claims_that_day  integer NOT NULL DEFAULT 0
);
INSERT INTO case_file_anew
    SELECT key, anonymous, door, opened_by, opened_at, claim, sealed, claim_day, claims_that_day
    FROM case_file ORDER BY key;
DROP TABLE case_file;
ALTER TABLE case_file_anew RENAME TO case_file;
ALTER INDEX case_file_anew_pkey RENAME TO case_file_pkey;
CREATE UNIQUE INDEX case_file_claim ON case_file (claim) WHERE claim IS NOT NULL;
-- Whose code may have to lapse: each case is looked at once, when it is a day old.
CREATE INDEX case_with_claim ON case_file (opened_at, key) WHERE claim IS NOT NULL;
-- How many one body has opened within a day (schemas/contract/shares.h): counted at each opening.
CREATE INDEX case_opened_by ON case_file (opened_by, opened_at);
GRANT SELECT, INSERT, UPDATE ON case_file TO kesher_hub;
