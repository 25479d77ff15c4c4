-- How many claim codes a case was given on a day: each new one kills the one she holds.
ALTER TABLE case_file ADD COLUMN claim_day integer;
ALTER TABLE case_file ADD COLUMN claims_that_day integer NOT NULL DEFAULT 0;

-- Key lists of an organisation up to this serial are over before their time: its keys were stolen, or it left.
ALTER TABLE organisation ADD COLUMN keys_ended bigint NOT NULL DEFAULT 0;
