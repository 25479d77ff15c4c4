#include "gateway/identity/cases.h"

#include "gateway/identity/participant_leaves.h"
#include "gateway/keys/subject_tags.h"
#include "gateway/referral/actors.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/store/stored_words.h"
#include "schemas/contract/limits.h"
#include "schemas/contract/shares.h"

namespace kesher::identity {

using namespace contract;
using sequencer::Answer;
using sequencer::Turn;

namespace {

// Whether this officer of the body may open a case, and so hand out its code.
std::optional<Code> officer_flaw(const Turn& turn, const OrganisationId& body,
                                 const statement::OrderingOfficer& officer) {
    const sequencer::Organisation* organisation = turn.registry.find(body);
    referral::Actor actor{.kind = organisation->row.kind, .role = officer.role};
    if (const store::OfficerRow* entry = turn.registry.officer(body, officer.id)) {
        actor.holds_role =
            std::find(entry->roles.begin(), entry->roles.end(), officer.role) != entry->roles.end();
        actor.suspended = entry->suspended;
        actor.training_valid_until = entry->training_valid_until;
    }
    const auto may = referral::actor_may(actor, referral::Deed::open_case, turn.at);
    return may ? std::nullopt : std::optional(may.error());
}

template <class Order>
log::Record record_by(const OrganisationId& body, const Digest& certificate, const Order& order,
                      std::string_view operation) {
    const statement::OrderingOfficer& officer = order.says.officer;
    log::Record record;
    record.event = log::RecordEvent::case_;
    const bool human = officer.role != OfficerRole::system;
    record.actor_type = human ? log::ActorType::human : log::ActorType::system;
    record.actor = officer.id;
    record.role = officer.role;
    record.org = body;
    record.auth = log::Auth{std::nullopt, certificate};
    record.operation = log::Word::of(operation);
    add_order(record, order);
    return record;
}

}  // namespace

Result<SignedCaseOrder, Code> read_case_order(const Caller& caller, std::string_view jws,
                                              std::string_view log_origin, Instant at) {
    const auto& keys = caller.organisation().keys;
    if (!keys) return Failure{Code::certificate_unknown};
    return statement::verify_case_order(jws, {log_origin, *keys, at});
}

Result<SignedClaimCodeOrder, Code> read_claim_code_order(const Caller& caller, std::string_view jws,
                                                         std::string_view log_origin, Instant at) {
    const auto& keys = caller.organisation().keys;
    if (!keys) return Failure{Code::certificate_unknown};
    return statement::verify_claim_code_order(jws, {log_origin, *keys, at});
}

OpenCase::OpenCase(const Caller& caller, SignedCaseOrder order, NewCase fresh, const keys::RowKeys& row_keys)
    : organisation_(caller.id),
      certificate_(caller.certificate),
      order_(std::move(order)),
      fresh_(std::move(fresh)),
      row_keys_(row_keys) {}

void OpenCase::want(sequencer::Wanted& wanted) const {
    wanted.case_requests.insert({organisation_, order_.says.id});
    wanted.cases_opened_by.insert(organisation_);
}

std::optional<Code> OpenCase::flaw(const Turn& turn) const {
    const sequencer::Organisation* organisation = turn.registry.find(organisation_);
    if (organisation->row.status != OrganisationStatus::active) return Code::organisation_suspended;
    if (const auto code = officer_flaw(turn, organisation_, order_.says.officer)) return code;
    return turn.facts.cases_opened(organisation_) >= limits::kCasesWithinLapse
               ? std::optional(Code::event_not_allowed)
               : std::nullopt;
}

log::Record OpenCase::record() const {
    log::Record record = record_by(organisation_, certificate_, order_, "open");
    record.facts.add("anonymous", order_.says.anonymous).add("door", kDoors.text(order_.says.door));
    return record;
}

void OpenCase::open(Turn& turn) {
    const keys::SealedStore& sealed = turn.means.sealed_store;
    const Digest lookup = row_keys_.lookup(organisation_, fresh_.secrets.pseudonym);
    const Bytes secrets = sealed.seal_case(organisation_, lookup, fresh_.secrets);
    const Digest key = row_keys_.case_key(fresh_.secrets.case_id);
    turn.facts.add(store::PseudonymRow{organisation_, lookup, secrets});
    turn.facts.add(store::CaseRequestRow{organisation_, order_.says.id, lookup, secrets});
    turn.facts.put(store::CaseRow{.key = key,
                                  .anonymous = order_.says.anonymous,
                                  .door = order_.says.door,
                                  .opened_by = organisation_,
                                  .opened_at = turn.at,
                                  .claim = fresh_.claim,
                                  .sealed = sequencer::seal_case_file(sealed, key, fresh_.secrets),
                                  .claim_signed_at = order_.says.at});
}

Answer OpenCase::decide(Turn& turn) {
    Answer answer;
    pseudonym_.reset();
    first_time_ = false;
    if (const auto code = ended_key(turn, organisation_, order_.certificate)) {
        answer.code = code;
        return answer;
    }
    if (const store::CaseRequestRow* earlier = turn.facts.case_request({organisation_, order_.says.id})) {
        const auto secrets =
            turn.means.sealed_store.open_case(organisation_, earlier->lookup, earlier->sealed);
        if (!secrets) store::refuse_stored("case_request.sealed");
        pseudonym_ = secrets->pseudonym;
        answer.repeated = true;
        return answer;
    }
    log::Record entry = record();
    if (const auto code = flaw(turn)) {
        answer.code = code;
        if (turn.only_counted(organisation_, *code)) return answer;
        entry.decision = log::Decision::deny;
        entry.code = code;
        answer.leaf = turn.append(std::nullopt, std::move(entry));
        return answer;
    }
    entry.decision = log::Decision::permit;
    const keys::SubjectKey& subject = fresh_.secrets.subject_key;
    entry.facts.add("request", keys::request_tag(subject, order_.says.id))
        .add("claim", keys::claim_tag(subject, fresh_.claim));
    answer.leaf = turn.append(std::nullopt, std::move(entry), &fresh_.secrets.subject_key);
    open(turn);
    pseudonym_ = fresh_.secrets.pseudonym;
    first_time_ = true;
    return answer;
}

RenewClaimCode::RenewClaimCode(const Caller& caller, const Pseudonym& named, SignedClaimCodeOrder order,
                               std::optional<keys::CaseSecrets> secrets, Digest claim,
                               const keys::RowKeys& row_keys)
    : organisation_(caller.id),
      certificate_(caller.certificate),
      named_(named),
      order_(std::move(order)),
      secrets_(std::move(secrets)),
      claim_(claim) {
    if (secrets_) key_ = row_keys.case_key(secrets_->case_id);
}

void RenewClaimCode::want(sequencer::Wanted& wanted) const {
    if (key_) wanted.cases.insert(*key_);
    wanted.claim_codes_by.insert(organisation_);
}

std::optional<Code> RenewClaimCode::flaw(const Turn& turn, const store::CaseRow* file) const {
    if (order_.says.pseudonym != named_) return Code::statement_invalid;
    // A body that was only referred to knows a name of the case, and is none to hand out its code; nor does
    // the opener by such a name, which it is not to know for the same woman's.
    if (file == nullptr || file->opened_by != organisation_ || !file->claim ||
        sequencer::case_of(turn.means.sealed_store, *file).pseudonym != named_) {
        return Code::not_found;
    }
    if (turn.registry.find(organisation_)->row.status != OrganisationStatus::active) {
        return Code::organisation_suspended;
    }
    if (const auto code = officer_flaw(turn, organisation_, order_.says.officer)) return code;
    // Who kept an order of before must not get a code for it that takes away what she holds.
    if (file->claim_signed_at && order_.says.at <= *file->claim_signed_at) return Code::version_conflict;
    const bool again_today = file->claim_day == day_of(turn.at);
    const bool enough_of_hers = again_today && file->claims_that_day >= limits::kClaimCodesPerDay;
    const bool enough = turn.facts.claim_codes_made(organisation_) >= limits::kClaimCodesOfOneBody;
    return enough_of_hers || enough ? std::optional(Code::event_not_allowed) : std::nullopt;
}

Answer RenewClaimCode::decide(Turn& turn) {
    const store::CaseRow* stored = key_ ? turn.facts.case_file(*key_) : nullptr;
    const keys::SubjectKey* subject = secrets_ ? &secrets_->subject_key : nullptr;
    log::Record record = record_by(organisation_, certificate_, order_, "claim-code");
    Answer answer;
    answer.code = ended_key(turn, organisation_, order_.certificate);
    if (answer.code) return answer;
    answer.code = flaw(turn, stored);
    if (answer.code && turn.only_counted(organisation_, *answer.code)) return answer;
    record.decision = answer.code ? log::Decision::deny : log::Decision::permit;
    record.code = answer.code;
    if (!answer.code) {
        record.facts.add("claim", keys::claim_tag(*subject, claim_))
            .add("replaces", keys::claim_tag(*subject, stored->claim.value()));
    }
    answer.leaf = turn.append(std::nullopt, std::move(record), subject);
    if (answer.code) return answer;
    store::CaseRow file = *stored;
    const Day today = day_of(turn.at);
    file.claims_that_day = file.claim_day == today ? file.claims_that_day + 1 : 1;
    file.claim_day = today;
    file.claim = claim_;
    file.claim_signed_at = order_.says.at;
    turn.facts.put(file);
    turn.facts.count_claim_code(organisation_);
    return answer;
}

}  // namespace kesher::identity
