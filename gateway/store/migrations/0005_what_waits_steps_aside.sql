-- A delivery that must wait without a date steps behind what came since: the inbox is read in the order
-- in which things may go, and what ends a disclosure or the hub itself says goes before all of it.
DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting
    ON delivery (recipient, revocation DESC, (parcel = 'always') DESC, not_before, accepted_idx, id)
    WHERE state IN ('waiting', 'leased', 'held');
