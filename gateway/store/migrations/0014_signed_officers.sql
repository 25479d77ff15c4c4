-- What an officer may do is said under a key of her body's list. Her entry keeps which document said it (the
-- SHA-256 of its text) and when that was signed: one that is not later changes nothing. Entries from before have
-- neither, and stand until the next one.
ALTER TABLE officer
    ADD COLUMN signed_at bigint,
    ADD COLUMN document bytea CHECK (octet_length(document) = 32),
    ADD CHECK ((signed_at IS NULL) = (document IS NULL));

-- Each of them as it was signed, so that an auditor can say which key made which officer.
CREATE TABLE officer_document (
    organisation text NOT NULL REFERENCES organisation,
    officer      text NOT NULL,
    jws          text NOT NULL,
    idx          bigint NOT NULL,
    PRIMARY KEY (organisation, officer, idx)
);
GRANT SELECT, INSERT ON officer_document TO kesher_hub;
