-- What the sequencer's decisions leave behind beside the log: who takes part, messages, cases, consents,
-- referrals, deliveries. Times are UTC milliseconds, days are days since 1970-01-01, enumerations are the
-- published words (lists joined by spaces). All of it is a projection of leaves and payloads; the log is what counts.
--
-- Nothing here joins two rows of one case without the hub's key files: what is bound to a case is sealed
-- under K_store, and what must be found by case is found by an HMAC under K_lookup that differs for each
-- use (gateway/keys/pseudonyms.h). A copy of this database alone shows no case.

CREATE TABLE organisation (
    id          text PRIMARY KEY,
    kind        text NOT NULL,
    status      text NOT NULL,
    root_pem    text,                 -- set by enrolment
    root_spki   bytea CHECK (octet_length(root_spki) = 32),
    witness     text,                 -- C2SP vkey of its witness
    desk_of     text,                 -- seen by auditors only
    changed_idx bigint NOT NULL
);

CREATE TABLE tls_certificate (
    fingerprint  bytea PRIMARY KEY CHECK (octet_length(fingerprint) = 32),
    organisation text NOT NULL REFERENCES organisation,
    not_after    bigint NOT NULL,
    ended        boolean NOT NULL DEFAULT false
);

CREATE TABLE key_list (
    organisation text NOT NULL REFERENCES organisation,
    serial       bigint NOT NULL,
    jws          text NOT NULL,
    idx          bigint NOT NULL,
    PRIMARY KEY (organisation, serial)
);

CREATE TABLE officer (
    organisation         text NOT NULL REFERENCES organisation,
    id                   text NOT NULL,
    roles                text NOT NULL,
    training_valid_until integer NOT NULL,
    suspended            boolean NOT NULL,
    idx                  bigint NOT NULL,
    PRIMARY KEY (organisation, id)
);

-- Agreements are a fold over their signed acts, in the order of the log.
CREATE TABLE agreement_act (
    idx          bigint PRIMARY KEY,
    at           bigint NOT NULL,
    agreement    uuid NOT NULL,
    organisation text NOT NULL,
    jws          text NOT NULL,
    certificate  text               -- of the approver, where the root did not sign itself
);

CREATE TABLE enrolment_token (
    digest       bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    organisation text NOT NULL REFERENCES organisation,
    expires_at   bigint NOT NULL,
    confirmed    boolean NOT NULL,    -- handed over by the operator in person: active at once
    request      bytea,               -- SHA-256 of the request that used it: the same again, the same answer
    answer       text,
    frozen       boolean NOT NULL DEFAULT false
);

CREATE TABLE case_file (
    key              bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    anonymous        boolean NOT NULL,
    door             text NOT NULL,
    opened_by        text NOT NULL,
    opened_at        bigint NOT NULL,
    claim            bytea,             -- HMAC(K_claim, code); null where none is alive
    referrals        integer NOT NULL,  -- slots used: how many referrals and consents are to be looked for
    consents         integer NOT NULL,
    last_accepted    bytea,             -- sealed: its last submission's time would lead to its last referral
    sealed           bytea NOT NULL
);
CREATE UNIQUE INDEX case_file_claim ON case_file (claim) WHERE claim IS NOT NULL;

CREATE TABLE pseudonym (
    organisation text NOT NULL,
    lookup       bytea NOT NULL CHECK (octet_length(lookup) = 32),
    sealed       bytea NOT NULL,
    PRIMARY KEY (organisation, lookup)
);

CREATE TABLE case_request (
    organisation text NOT NULL,
    request      uuid NOT NULL,
    lookup       bytea NOT NULL,
    sealed       bytea NOT NULL,        -- what was answered, without the claim code
    PRIMARY KEY (organisation, request)
);

-- One row a decided message, accepted or refused: an id answers the same for ever.
CREATE TABLE message (
    sender  text NOT NULL,
    id      uuid NOT NULL,
    claims  bytea NOT NULL CHECK (octet_length(claims) = 32),
    payload bytea NOT NULL CHECK (octet_length(payload) = 32),
    idx     bigint NOT NULL,
    code    text,                       -- null: accepted
    PRIMARY KEY (sender, id)
);

CREATE TABLE payload (
    sender    text NOT NULL,
    id        uuid NOT NULL,
    sealed    bytea NOT NULL,           -- the payload under K_store
    stored_at bigint NOT NULL,
    PRIMARY KEY (sender, id)
);
ALTER TABLE payload ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE consent (
    id          uuid PRIMARY KEY,
    idx         bigint NOT NULL,
    recorded_by text NOT NULL,
    discloser   text NOT NULL,
    recipient   text NOT NULL,
    purposes    text NOT NULL,
    groups      text NOT NULL,
    services    text NOT NULL,
    direction   text NOT NULL,
    valid_from  integer NOT NULL,       -- first day
    valid_to    integer NOT NULL,       -- last day
    state       text NOT NULL,
    form        text NOT NULL,
    harm_veto   boolean NOT NULL,
    form_digest bytea,                  -- SHA-256(signed form) bound to the recipient, see accept_consent.cpp
    supersedes  uuid,
    revoked_at  bigint,
    slot        bytea NOT NULL UNIQUE,
    sealed      bytea NOT NULL          -- the case's secrets, bound to this row
);
CREATE INDEX consent_form ON consent (form_digest, recipient) WHERE form_digest IS NOT NULL;

-- By (case, discloser, recipient, purpose) under K_lookup: the highest idx decides.
CREATE TABLE consent_key (
    key     bytea NOT NULL CHECK (octet_length(key) = 32),
    idx     bigint NOT NULL,
    consent uuid NOT NULL,
    PRIMARY KEY (key, idx)
);

CREATE TABLE referral (
    id               uuid PRIMARY KEY,
    referrer         text NOT NULL,
    recipient        text NOT NULL,
    service          text NOT NULL,
    purpose          text NOT NULL,
    basis            text NOT NULL,
    groups           text NOT NULL,
    consent          uuid,
    known_by         text NOT NULL,
    priority         text NOT NULL,
    state            text NOT NULL,
    since            bigint NOT NULL,
    version          bigint NOT NULL,
    held_from        text,
    frozen           boolean NOT NULL,
    released         boolean NOT NULL,
    accepted_once    boolean NOT NULL,
    updates_stopped  boolean NOT NULL,
    awaiting_reseal  boolean NOT NULL,
    error_confirmed  boolean NOT NULL,
    referrer_last    integer,
    recipient_last   integer,
    submitted_idx    bigint,            -- null while it is a draft
    slot             bytea NOT NULL UNIQUE,
    referrer_sealed  bytea NOT NULL,    -- the case's secrets with the referrer's pseudonym, bound to this row
    recipient_sealed bytea              -- the same with the recipient's, made at the first release
);

CREATE TABLE referral_event (
    referral    uuid NOT NULL,
    idx         bigint NOT NULL,
    step        smallint NOT NULL,      -- one message may apply two steps (an implied `deliver` first)
    version     bigint NOT NULL,
    event       text NOT NULL,
    by_role     text NOT NULL,
    organisation text NOT NULL,
    message     uuid,
    reason      text,
    ignored     boolean NOT NULL,
    synthesized boolean NOT NULL,
    PRIMARY KEY (referral, idx, step)
);

CREATE TABLE delivery (
    id           uuid PRIMARY KEY,
    recipient    text NOT NULL,
    revocation   boolean NOT NULL,      -- heads the inbox
    sender       text NOT NULL,
    message      uuid NOT NULL,
    type         text NOT NULL,
    parcel       text NOT NULL,         -- which row of the release table judges it
    referral     uuid,
    consent      uuid,
    accepted_idx bigint NOT NULL,
    state        text NOT NULL,         -- waiting, leased, held, taken, refused, dropped
    attempt      integer NOT NULL,
    not_before   bigint NOT NULL,
    lease_until  bigint NOT NULL,
    release_idx  bigint,
    ack_idx      bigint,
    settled_at   bigint
);
CREATE INDEX delivery_waiting ON delivery (recipient, revocation DESC, accepted_idx)
    WHERE state IN ('waiting', 'leased', 'held');
CREATE INDEX delivery_consent ON delivery (consent) WHERE consent IS NOT NULL;
CREATE INDEX delivery_referral ON delivery (referral) WHERE referral IS NOT NULL;
CREATE INDEX delivery_message ON delivery (message);
CREATE INDEX delivery_settled ON delivery (settled_at) WHERE state = 'taken';

GRANT SELECT, INSERT, UPDATE ON organisation, tls_certificate, officer, enrolment_token, case_file, consent,
    referral, delivery TO kesher_hub;
GRANT SELECT, INSERT ON key_list, agreement_act, pseudonym, case_request, message, consent_key, referral_event
    TO kesher_hub;
GRANT SELECT, INSERT, DELETE ON payload TO kesher_hub;

-- What the key files compute of a fixed text: a hub that runs with other keys would find no case and say
-- so to everybody, so it compares first and does not start.
CREATE TABLE key_check (
    purpose text PRIMARY KEY,
    value   bytea NOT NULL CHECK (octet_length(value) = 32)
);
GRANT SELECT, INSERT ON key_check TO kesher_hub;
