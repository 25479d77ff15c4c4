#include "gateway/identity/submissions.h"

#include "gateway/sequencer/case_rows.h"
#include "gateway/store/cases.h"
#include "gateway/store/stored_words.h"
#include "schemas/statement/commitment.h"
#include "schemas/statement/hash.h"

namespace kesher::identity {
namespace {

using namespace contract;

// The key list is its root's word for a time; after it nothing it says is current.
std::optional<statement::KeyRing> current_ring(const Caller& caller, Instant now) {
    const auto& keys = caller.organisation().keys;
    if (!keys || now > keys->not_after) return std::nullopt;
    return keys->ring();
}

bool opens_actor(const statement::Statement& says, const codec::ActorOpening& opening) {
    return says.actor && opening.id && opening.role && !opening.proof &&
           statement::opens_actor(*says.actor, opening.salt, *opening.id, *opening.role);
}

bool opens_case(const statement::Statement& says, const std::optional<codec::CaseOpening>& opening) {
    if (says.case_.has_value() != opening.has_value()) return false;
    if (!opening) return true;
    return opening->pseudonym && statement::opens_case(*says.case_, opening->salt, *opening->pseudonym);
}

// Fills in what it can and gives the first check that fails.
std::optional<Code> judge(sequencer::Incoming& incoming, const statement::VerifiedStatement& verified,
                          const codec::Submission& submission, const ReadingMeans& means, Instant now) {
    const auto parsed = statement::parse_claims(verified);
    if (!parsed) return parsed.error();
    incoming.says = parsed->statement;
    const statement::Statement& says = *incoming.says;
    incoming.id = says.id;
    if (!opens_actor(says, submission.actor)) return Code::opening_mismatch;
    if (!opens_case(says, submission.case_opening)) return Code::opening_mismatch;
    incoming.officer = submission.actor.id;
    incoming.role = submission.actor.role;
    if (says.log != means.log_origin) return Code::wrong_log;
    if (!statement::is_timely(parsed->iat, now)) return Code::clock_skew;
    if (says.digest != incoming.payload_digest) return Code::digest_mismatch;
    auto payload = codec::decode_payload(says.type, says.schema, submission.payload);
    if (!payload) return payload.error();
    incoming.payload = *std::move(payload);
    return std::nullopt;
}

}  // namespace

Result<sequencer::Incoming, Code> read_submission(const codec::Submission& submission, const Caller& caller,
                                                  const ReadingMeans& means, Instant now) {
    const auto ring = current_ring(caller, now);
    if (!ring) return Failure{Code::certificate_unknown};
    const auto verified = statement::verify_signature(submission.statement, *ring, now);
    if (!verified) return Failure{verified.error()};
    sequencer::Incoming incoming{.sender = caller.id,
                                 .certificate = caller.certificate,
                                 .statement = submission.statement,
                                 .claims = verified->claims_digest(),
                                 .payload_digest = statement::sha256(submission.payload)};
    incoming.flaw = judge(incoming, *verified, submission, means, now);
    if (!incoming.id) {  // its claims are none of the contract's, but a duplicate is answered first
        if (const auto named = statement::peek_identity(*verified)) incoming.id = named->id;
    }
    return incoming;
}

void find_subject(sequencer::Incoming& incoming, const codec::Submission& submission,
                  const ReadingMeans& means) {
    if (incoming.flaw) return;
    if (submission.case_opening) {
        const bool ordinary = sequencer::lane_of(incoming) == sequencer::Lane::ordinary;
        incoming.subject =
            case_behind(incoming.sender, *submission.case_opening->pseudonym, means,
                        ordinary ? store::Readers::For::exchange : store::Readers::For::withdrawal);
        if (!incoming.subject) {
            incoming.flaw = Code::not_found;
            return;
        }
    }
    incoming.sealed_payload =
        sequencer::seal_payload(means.sealed_store, {incoming.sender, *incoming.id}, submission.payload);
    if (incoming.subject && sequencer::begins_referral(incoming)) {
        incoming.referrer_sealed =
            sequencer::seal_referrer(means.sealed_store, *incoming.says->referral, *incoming.subject);
    }
}

std::optional<keys::CaseSecrets> case_behind(const OrganisationId& organisation, const Pseudonym& pseudonym,
                                             const ReadingMeans& means, store::Readers::For what) {
    const Digest lookup = means.row_keys.lookup(organisation, pseudonym);
    auto sealed = means.readers.pseudonyms().find(organisation, lookup);
    if (!sealed) {
        const auto row = means.readers.with(
            [&](store::Connection& connection) { return store::pseudonym(connection, organisation, lookup); },
            what);
        if (!row) return std::nullopt;
        sealed = row->sealed;
        means.readers.pseudonyms().keep(organisation, lookup, row->sealed);
    }
    auto secrets = means.sealed_store.open_case(organisation, lookup, *sealed);
    if (!secrets) store::refuse_stored("pseudonym.sealed");
    return secrets;
}

}  // namespace kesher::identity
