#include "gateway/identity/profile.h"

#include "gateway/identity/participant_leaves.h"
#include "schemas/statement/hash.h"

namespace kesher::identity {
namespace {

using namespace contract;
using sequencer::Answer;
using sequencer::Organisation;
using sequencer::Turn;

Result<statement::VerifiedProfile, Code> judged(const Turn& turn, const Organisation& body,
                                                std::string_view jws) {
    if (!body.keys) return Failure{Code::certificate_unknown};
    auto verified = statement::verify_profile(jws, {turn.means.log_origin, *body.keys, turn.at});
    if (!verified) return verified;
    const statement::ProfilePlace& place = verified->profile.place;
    const bool later = !body.declared || body.declared->place < place;
    if (!later || place.keys != body.keys->serial) return Failure{Code::version_conflict};
    return verified;
}

void add_facts(log::Record& record, const statement::Profile& profile) {
    log::Words reads;
    for (const SchemaFingerprint schema : profile.reads) reads.push_back(log::Word::of(text(schema)));
    log::Words honours;
    for (const SafetyFlag flag : profile.honours.words()) {
        honours.push_back(log::Word::of(kSafetyFlags.text(flag)));
    }
    record.facts.add("keys", profile.place.keys)
        .add("serial", profile.place.serial)
        .add("reads", std::move(reads))
        .add("honours", std::move(honours));
}

}  // namespace

Answer DeclareProfile::decide(Turn& turn) {
    const OrganisationId& id = *asker_.organisation;
    log::Record record = record_of(asker_, log::RecordEvent::organisation, "profile");
    auto verified = judged(turn, *turn.registry.find(id), jws_);
    record.facts.add("organisation", id.text()).add("digest", statement::sha256(jws_));
    if (!verified) return refuse(turn, std::move(record), verified.error());
    record.decision = log::Decision::permit;
    add_facts(record, verified->profile);
    const LeafIndex leaf = turn.append(std::nullopt, std::move(record));
    const statement::ProfilePlace place = verified->profile.place;
    turn.facts.add(store::ProfileRow{id, place.keys, place.serial, jws_, leaf});
    turn.registry.put_profile(id, {place, jws_, *std::move(verified)});
    turn.registry_changed();
    return permit(leaf);
}

void write_profile(json::Writer& json, const Organisation& organisation, Instant at) {
    const statement::Profile* profile = organisation.profile(at);
    json.open_array("reads");
    if (profile != nullptr) {
        for (const SchemaFingerprint schema : profile->reads) json.text(text(schema));
    }
    json.close().open_array("honours");
    if (profile != nullptr) {
        for (const SafetyFlag flag : profile->honours.words()) json.text(kSafetyFlags.text(flag));
    }
    json.close();
    if (organisation.declared) json.text("profile", organisation.declared->jws);
}

}  // namespace kesher::identity
