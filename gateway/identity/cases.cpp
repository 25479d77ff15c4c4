#include "gateway/identity/cases.h"

#include "gateway/referral/actors.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/store/stored_words.h"

namespace kesher::identity {

using namespace contract;
using sequencer::Answer;
using sequencer::Turn;

OpenCase::OpenCase(const Caller& caller, CaseOpener opener, RequestId request, bool anonymous, Door door,
                   NewCase fresh, const keys::RowKeys& row_keys)
    : organisation_(caller.id),
      certificate_(caller.certificate),
      opener_(std::move(opener)),
      request_(request),
      anonymous_(anonymous),
      door_(door),
      fresh_(std::move(fresh)),
      row_keys_(row_keys) {}

void OpenCase::want(sequencer::Wanted& wanted) const {
    wanted.case_requests.insert({organisation_, request_});
}

std::optional<Code> OpenCase::flaw(const Turn& turn) const {
    const sequencer::Organisation* organisation = turn.registry.find(organisation_);
    if (organisation->row.status != OrganisationStatus::active) return Code::organisation_suspended;
    referral::Actor actor{.kind = organisation->row.kind, .role = opener_.role};
    if (const store::OfficerRow* officer = turn.registry.officer(organisation_, opener_.officer)) {
        actor.holds_role =
            std::find(officer->roles.begin(), officer->roles.end(), opener_.role) != officer->roles.end();
        actor.suspended = officer->suspended;
        actor.training_valid_until = officer->training_valid_until;
    }
    const auto may = referral::actor_may(actor, referral::Deed::open_case, turn.at);
    return may ? std::nullopt : std::optional(may.error());
}

log::Record OpenCase::record() const {
    log::Record record;
    record.event = log::RecordEvent::case_;
    record.actor_type = opener_.role == OfficerRole::system ? log::ActorType::system : log::ActorType::human;
    record.actor = opener_.officer;
    record.role = opener_.role;
    record.org = organisation_;
    record.auth = log::Auth{std::nullopt, certificate_};
    record.operation = log::Word::of("open");
    record.facts.add("anonymous", anonymous_).add("door", kDoors.text(door_));
    return record;
}

void OpenCase::open(Turn& turn) {
    const keys::SealedStore& sealed = turn.means.sealed_store;
    const Digest lookup = row_keys_.lookup(organisation_, fresh_.secrets.pseudonym);
    const Bytes secrets = sealed.seal_case(organisation_, lookup, fresh_.secrets);
    const Digest key = row_keys_.case_key(fresh_.secrets.case_id);
    turn.facts.add(store::PseudonymRow{organisation_, lookup, secrets});
    turn.facts.add(store::CaseRequestRow{organisation_, request_, lookup, secrets});
    turn.facts.put(store::CaseRow{.key = key,
                                  .anonymous = anonymous_,
                                  .door = door_,
                                  .opened_by = organisation_,
                                  .opened_at = turn.at,
                                  .claim = fresh_.claim,
                                  .referrals = 0,
                                  .consents = 0,
                                  .last_accepted = std::nullopt,
                                  .sealed = sequencer::seal_case_file(sealed, key, fresh_.secrets)});
}

Answer OpenCase::decide(Turn& turn) {
    Answer answer;
    pseudonym_.reset();
    first_time_ = false;
    if (const store::CaseRequestRow* earlier = turn.facts.case_request({organisation_, request_})) {
        const auto secrets =
            turn.means.sealed_store.open_case(organisation_, earlier->lookup, earlier->sealed);
        if (!secrets) store::refuse_stored("case_request.sealed");
        pseudonym_ = secrets->pseudonym;
        answer.repeated = true;
        return answer;
    }
    log::Record entry = record();
    if (const auto code = flaw(turn)) {
        entry.decision = log::Decision::deny;
        entry.code = code;
        answer.code = code;
        answer.leaf = turn.append(std::nullopt, std::move(entry));
        return answer;
    }
    entry.decision = log::Decision::permit;
    answer.leaf = turn.append(std::nullopt, std::move(entry), &fresh_.secrets.subject_key);
    open(turn);
    pseudonym_ = fresh_.secrets.pseudonym;
    first_time_ = true;
    return answer;
}

}  // namespace kesher::identity
