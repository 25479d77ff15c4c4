-- Whether a release is spread follows from its own words, so nothing asks when a case was last submitted anything;
-- and which consents a new one replaced stands in the log alone.
ALTER TABLE referral DROP COLUMN submitted_at;
ALTER TABLE consent DROP COLUMN supersedes;
