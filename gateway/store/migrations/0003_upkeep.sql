-- What the hub's own upkeep, the board and the agenda look for, so that each look costs what it finds and
-- not what has ever been stored. The lists of words are those of the queries: the planner compares them.

CREATE INDEX referral_open ON referral (id)
    WHERE state IN ('AWAITING_CONSENT', 'REQUESTED', 'DELIVERED', 'WAITLISTED');
CREATE INDEX referral_of_referrer ON referral (referrer, since);
CREATE INDEX referral_of_recipient ON referral (recipient, since) WHERE released;
CREATE INDEX referral_declined ON referral (since) WHERE state = 'DECLINED';

CREATE INDEX payload_stored ON payload (stored_at);

CREATE INDEX case_without_referral ON case_file (opened_at) WHERE referrals = 0 AND claim IS NOT NULL;
