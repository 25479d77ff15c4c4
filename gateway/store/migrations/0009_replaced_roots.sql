-- Whether a body's root was ever compared over another channel: until then nobody relies on it, and the operator
-- may let another one take its place. What stands here already and is not a newcomer's is held for compared.
ALTER TABLE organisation ADD COLUMN confirmed boolean NOT NULL DEFAULT false;
UPDATE organisation SET confirmed = true
    WHERE root_pem IS NOT NULL AND NOT (status = 'pending' AND keys_ended = 0);

-- What was signed under a root that was replaced lies before this leaf, and is nobody's any more.
ALTER TABLE organisation ADD COLUMN keys_from bigint NOT NULL DEFAULT 0;

-- Two roots of one body may both have signed a list of the same serial, and one list may be handed in twice.
ALTER TABLE key_list DROP CONSTRAINT key_list_pkey;
ALTER TABLE key_list ADD PRIMARY KEY (organisation, idx);
