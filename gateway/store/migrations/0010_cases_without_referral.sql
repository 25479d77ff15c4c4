-- How many cases one body has opened and not yet referred: counted at each opening (schemas/contract/shares.h).
CREATE INDEX case_without_referral_of ON case_file (opened_by) WHERE unreferred AND claim IS NOT NULL;
