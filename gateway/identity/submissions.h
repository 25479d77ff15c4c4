// From the bytes of a submission to an Incoming that the sequencer can decide, in the contract's order:
// certificate, signature, (duplicate,) claims, openings, log and day, schema, case.
//
// Runs on the connection's thread. What fails before the signature holds is answered at once and only
// counted; what fails after it is a `flaw` of the Incoming, because a duplicate is answered first.
#pragma once

#include "gateway/identity/caller.h"
#include "gateway/sequencer/message.h"
#include "gateway/store/readers.h"
#include "schemas/codec/envelope_records.h"

namespace kesher::identity {

struct ReadingMeans {
    const keys::RowKeys& row_keys;
    const keys::SealedStore& sealed_store;
    store::Readers& readers;
    std::string log_origin;
};

// All that can be said without the database. signature_invalid, certificate_unknown or too_large: the
// statement is nobody's word.
[[nodiscard]] contract::Result<sequencer::Incoming, contract::Code> read_submission(
    const codec::Submission& submission, const Caller& caller, const ReadingMeans& means,
    contract::Instant now);

// Then the case that it is about, where it has no flaw so far, and what of it is stored. Throws DatabaseLost.
void find_subject(sequencer::Incoming& incoming, const codec::Submission& submission,
                  const ReadingMeans& means);

// The case behind an organisation's own pseudonym; nothing where it has none of that name.
[[nodiscard]] std::optional<keys::CaseSecrets> case_behind(
    const contract::OrganisationId& organisation, const contract::Pseudonym& pseudonym,
    const ReadingMeans& means, store::Readers::For what = store::Readers::For::exchange);

}  // namespace kesher::identity
