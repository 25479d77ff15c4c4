-- What the recipient of a notice of revocation did about it, so that the one who stays silent is found. A draft
-- lapses as well, like a referral that waits for her consent.
ALTER TABLE delivery ADD COLUMN answered_idx bigint;
CREATE INDEX delivery_unanswered ON delivery (not_before) WHERE revocation AND answered_idx IS NULL;
DROP INDEX referral_open;
CREATE INDEX referral_open ON referral (id)
    WHERE state IN ('DRAFT', 'AWAITING_CONSENT', 'REQUESTED', 'DELIVERED', 'WAITLISTED');
