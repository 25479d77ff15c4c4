-- Whether a release is spread follows from its own words, so nothing asks when a case was last submitted anything;
-- and which consents a new one replaced stands in the log alone. Tables of their own as in 0011, in the order of
-- their keys: a dropped column stays in every row that was written before, where `supersedes` joins the consents
-- of a woman, and xmin joins what was written together.
CREATE TABLE consent_anew (
    id           uuid PRIMARY KEY,
    idx          bigint NOT NULL,
    recorded_by  text NOT NULL,
    discloser    text NOT NULL,
    recipient    text NOT NULL,
    purposes     text NOT NULL,
    groups       text NOT NULL,
    services     text NOT NULL,
    direction    text NOT NULL,
    valid_from   integer NOT NULL,
    valid_to     integer NOT NULL,
    state        text NOT NULL,
    form         text NOT NULL,
    harm_veto    boolean NOT NULL,
    form_digest  bytea,
    revoked_at   bigint,
    slot         bytea NOT NULL UNIQUE,
    sealed       bytea NOT NULL
);
INSERT INTO consent_anew
    SELECT id, idx, recorded_by, discloser, recipient, purposes, groups, services, direction, valid_from, valid_to,
           state, form, harm_veto, form_digest, revoked_at, slot, sealed
    FROM consent ORDER BY id;
DROP TABLE consent;
ALTER TABLE consent_anew RENAME TO consent;
ALTER INDEX consent_anew_pkey RENAME TO consent_pkey;
ALTER INDEX consent_anew_slot_key RENAME TO consent_slot_key;
CREATE INDEX consent_form ON consent (form_digest, recipient) WHERE form_digest IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON consent TO kesher_hub;

CREATE TABLE referral_anew (
    id                uuid PRIMARY KEY,
    referrer          text NOT NULL,
    recipient         text NOT NULL,
    service           text NOT NULL,
    purpose           text NOT NULL,
    basis             text NOT NULL,
    groups            text NOT NULL,
    consent           uuid,
    known_by          text NOT NULL,
    priority          text NOT NULL,
    state             text NOT NULL,
    since             bigint NOT NULL,
    version           bigint NOT NULL,
    held_from         text,
    frozen            boolean NOT NULL,
    released          boolean NOT NULL,
    accepted_once     boolean NOT NULL,
    updates_stopped   boolean NOT NULL,
    awaiting_reseal   boolean NOT NULL,
    error_confirmed   boolean NOT NULL,
    referrer_last     integer,
    recipient_last    integer,
    submitted_idx     bigint,
    slot              bytea NOT NULL UNIQUE,
    referrer_sealed   bytea NOT NULL,
    recipient_sealed  bytea,
    declined_for      text                -- of the decline that stands; a few reasons stand on the agenda
);
INSERT INTO referral_anew
    SELECT id, referrer, recipient, service, purpose, basis, groups, consent, known_by, priority, state, since,
           version, held_from, frozen, released, accepted_once, updates_stopped, awaiting_reseal, error_confirmed,
           referrer_last, recipient_last, submitted_idx, slot, referrer_sealed, recipient_sealed, declined_for
    FROM referral ORDER BY id;
DROP TABLE referral;
ALTER TABLE referral_anew RENAME TO referral;
ALTER INDEX referral_anew_pkey RENAME TO referral_pkey;
ALTER INDEX referral_anew_slot_key RENAME TO referral_slot_key;
CREATE INDEX referral_of_referrer ON referral (referrer, since);
CREATE INDEX referral_of_recipient ON referral (recipient, since) WHERE released;
CREATE INDEX referral_declined ON referral (since) WHERE state = 'DECLINED';
CREATE INDEX referral_open ON referral (id)
    WHERE state IN ('AWAITING_CONSENT', 'REQUESTED', 'DELIVERED', 'WAITLISTED');
GRANT SELECT, INSERT, UPDATE ON referral TO kesher_hub;
