-- A submission changes a few columns of its case. While the index of the cases that may lapse stood on the
-- number of referrals, each change of that number rewrote every index entry of the row; now only the first does,
-- and a page keeps room for the row's next version beside it.
ALTER TABLE case_file ADD COLUMN unreferred boolean NOT NULL GENERATED ALWAYS AS (referrals = 0) STORED;
DROP INDEX case_without_referral;
CREATE INDEX case_without_referral ON case_file (opened_at) WHERE unreferred AND claim IS NOT NULL;
ALTER TABLE case_file SET (fillfactor = 80);
