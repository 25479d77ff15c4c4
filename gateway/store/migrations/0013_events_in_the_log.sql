-- What happened to a referral is in the log. A second telling of it here joined messages and moments of one
-- referral for whoever reads the database, and nothing compared it with the log; one thing was read of it: for
-- which reason a referral was declined. That stands in its own row now.
ALTER TABLE referral ADD COLUMN declined_for text;
UPDATE referral r SET declined_for = (
    SELECT e.reason FROM referral_event e
    WHERE e.referral = r.id AND e.event IN ('decline', 'redirect') AND NOT e.ignored AND e.reason IS NOT NULL
    ORDER BY e.idx DESC, e.step DESC LIMIT 1);
DROP TABLE referral_event;
