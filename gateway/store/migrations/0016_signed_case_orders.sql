-- A fresh claim code is ordered by a signed document. One that was not signed later than the last orders nothing,
-- so that nobody who kept an order takes away with it what she holds. None: the
-- case was opened before, and no code was replaced since.
ALTER TABLE case_file ADD COLUMN claim_signed_at bigint;
-- How many a body ordered on one day, of all its cases.
CREATE INDEX case_claim_day ON case_file (opened_by, claim_day) WHERE claim_day IS NOT NULL;
