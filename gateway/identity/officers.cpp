#include "gateway/identity/officers.h"

#include <algorithm>

#include "gateway/identity/participant_leaves.h"
#include "schemas/contract/shares.h"

namespace kesher::identity {
namespace {

using namespace contract;
using sequencer::Answer;
using sequencer::Organisation;
using sequencer::Turn;
using statement::OfficerEntry;

void add_facts(log::Record& record, const statement::VerifiedOrder<statement::OfficerEntry>& said) {
    log::Words roles;
    for (const OfficerRole role : said.says.roles) roles.push_back(log::Word::of(kOfficerRoles.text(role)));
    record.facts.add("officer", said.says.officer.text())
        .add("roles", std::move(roles))
        .add("training_valid_until", said.says.training_valid_until)
        .add("suspended", said.says.suspended);
    add_order(record, said);
}

}  // namespace

Result<OfficerOrder, Code> read_officer_order(const Caller& caller, std::string jws,
                                              std::string_view log_origin, Instant at) {
    const auto& keys = caller.organisation().keys;
    if (!keys) return Failure{Code::certificate_unknown};
    auto said = statement::verify_officer_entry(jws, {log_origin, *keys, at});
    if (!said) return Failure{said.error()};
    // In the order in which rows and leaves hold them.
    std::sort(said->says.roles.begin(), said->says.roles.end());
    return OfficerOrder{*std::move(said), std::move(jws)};
}

std::optional<Code> PutOfficer::flaw(const Turn& turn, const store::OfficerRow* known) const {
    const OfficerEntry& entry = order_.said.says;
    if (entry.officer != named_) return Code::statement_invalid;
    if (known != nullptr && known->signed_at && entry.at <= *known->signed_at) return Code::version_conflict;
    const bool active = turn.registry.find(*asker_.organisation)->row.status == OrganisationStatus::active;
    if (!active && !entry.suspended) return Code::organisation_suspended;
    // A longer time is no training that anybody gave (regulation 7(c)).
    if (entry.training_valid_until > day_of(turn.at) + limits::kTrainingValidMax) {
        return Code::statement_invalid;
    }
    // An entry that is there can always be changed: suspended above all.
    const bool full = turn.registry.officer_count(*asker_.organisation) >= limits::kOfficersPerOrganisation;
    return known == nullptr && full ? std::optional(Code::event_not_allowed) : std::nullopt;
}

Answer PutOfficer::decide(Turn& turn) {
    const OrganisationId& body = *asker_.organisation;
    const OfficerEntry& entry = order_.said.says;
    was_known_.reset();  // may be decided again, with other facts
    Answer answer;
    answer.code = ended_key(turn, body, order_.said.certificate);
    if (answer.code) return answer;
    const store::OfficerRow* known = turn.registry.officer(body, entry.officer);
    if (named_ == entry.officer && known != nullptr && known->document == order_.said.document) {
        answer.repeated = true;
        answer.leaf = known->index;
        return answer;
    }
    log::Record record = record_of(asker_, log::RecordEvent::officer, entry.suspended ? "suspend" : "put");
    add_facts(record, order_.said);
    if (const auto code = flaw(turn, known)) return refuse(turn, std::move(record), *code);
    record.decision = log::Decision::permit;
    was_known_ = known != nullptr;
    const LeafIndex leaf = turn.append(std::nullopt, std::move(record));
    const store::OfficerRow row{
        body, entry.officer, entry.roles,         entry.training_valid_until, entry.suspended,
        leaf, entry.at,      order_.said.document};
    turn.registry.put(row);
    turn.facts.put(row);
    turn.facts.add(store::OfficerDocumentRow{body, entry.officer, order_.jws, leaf});
    turn.registry_changed();
    return permit(leaf);
}

}  // namespace kesher::identity
