-- What the recipient of a notice of revocation did about it, so that the one who stays silent is found. A draft
-- lapses as well, like a referral that waits for her consent.
ALTER TABLE delivery ADD COLUMN answered_idx bigint;
-- Answers from before name the consent alone, of which their body was told once. (Of a log that was pruned the
-- older answers are not there any more, and nor are the leaves that the rows are held against.)
UPDATE delivery d SET answered_idx = (
    SELECT min(e.idx)
    FROM message m JOIN log_entry e ON e.idx = m.idx,
         LATERAL (SELECT split_part(convert_from(e.data, 'UTF8'), E'\n', 2)::json AS record) AS leaf
    WHERE m.sender = d.recipient AND m.code IS NULL AND e.idx > d.accepted_idx
      AND leaf.record->>'operation' = 'consent.revocation-acked.v1'
      AND leaf.record->>'consent' = d.consent::text)
WHERE d.revocation;
CREATE INDEX delivery_unanswered ON delivery (not_before) WHERE revocation AND answered_idx IS NULL;
DROP INDEX referral_open;
CREATE INDEX referral_open ON referral (id)
    WHERE state IN ('DRAFT', 'AWAITING_CONSENT', 'REQUESTED', 'DELIVERED', 'WAITLISTED');
