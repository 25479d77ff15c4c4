// What the labor arm's systems send: a referral in their form, how one stands, what became of an event.
#include "adapters/labor/event_keys.h"
#include "adapters/labor/profile.h"
#include "adapters/labor/referral_event.h"
#include "adapters/labor/status_event.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {
namespace {

using namespace labor;

const record::Mapping& mapping() {
    static const auto read = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    return read.value();
}
const contract::OrganisationId& labor_arm() {
    static const auto id = contract::OrganisationId::parse("labor").value();
    return id;
}

}  // namespace

// A referral that was read is the same when it is written and read, but for the declared losses.
void labor_referrals(contract::ByteView input) {
    const auto event = read_event(contract::text_of(input));
    if (!event) return;
    const auto read = read_referral(*event, mapping(), labor_arm());
    if (!read) {
        claim(!read.error().empty());
        return;
    }
    const auto written = read_event(write_referral(read->referral, mapping()));
    claim(written.has_value());
    const auto again = read_referral(*written, mapping(), labor_arm());
    claim(again && again->referral == minus_losses(read->referral));
    claim(again->surplus == 0);
}

// A status that was read leads to events from wherever no end is, or to none; what is wrong says where.
void labor_statuses(contract::ByteView input) {
    const auto event = read_event(contract::text_of(input));
    if (!event) return;
    const auto status = read_status(*event, mapping());
    if (!status) {
        claim(!status.error().empty());
        for (const FieldFault& fault : status.error()) claim(fault.field.starts_with('/'));
        return;
    }
    const auto changes = record::changes_to({contract::ReferralState::delivered}, *status);
    claim(!changes || changes->empty() || !changes->back().event.synthesized);
}

// A problem that was read is the same when it is written and read.
void labor_problems(contract::ByteView input) {
    for (const int status : {400, 403, 404, 409, 412, 422, 503}) {
        const auto read = read_problem(status, contract::text_of(input));
        if (!read || http_status(read->kind) != status) continue;
        claim(read_problem(status, write_problem(*read)) == read);
    }
}

// Each key of a set that was read is the same when it is written and read.
void labor_key_sets(contract::ByteView input) {
    const auto read = read_key_set(contract::text_of(input));
    if (!read) return;
    claim(!read->empty());
    for (const statement::PublicKey& key : *read) claim(read_key_set(write_key_set(key)) == std::vector{key});
}

}  // namespace kesher::fuzz
