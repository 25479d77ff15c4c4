-- What each organisation declared of its adapter: which schemas it reads, which safety flags its far side
-- honours. Kept as it was signed; `keys` is the serial of the key list under which it was, `serial` counts
-- within it, and the last one is what counts.
CREATE TABLE profile (
    organisation text NOT NULL REFERENCES organisation,
    keys         bigint NOT NULL,
    serial       bigint NOT NULL,
    jws          text NOT NULL,
    idx          bigint NOT NULL,
    PRIMARY KEY (organisation, idx)
);
GRANT SELECT, INSERT ON profile TO kesher_hub;
