-- A fresh claim code is ordered by a signed document. One that was not signed later than the last orders nothing,
-- so that nobody who kept an order takes away with it what she holds. None: no code was replaced since.
ALTER TABLE case_file ADD COLUMN claim_signed_at bigint;
