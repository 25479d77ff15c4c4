// What the department ends of the referrals it sent: at her word, or because they should not be.
#include <algorithm>

#include "adapters/social_services/department.h"

namespace kesher::social_services {
namespace {

using contract::ReferralState;

bool is_recall(const kit::Message& message) {
    const auto event = std::get<codec::ReferralEventPayload>(message.payload).event;
    return event == contract::ReferralEvent::withdraw || event == contract::ReferralEvent::cancel ||
           event == contract::ReferralEvent::mark_error;
}

}  // namespace

bool Department::waits_in_a_file(const std::string& native) const {
    const auto is_it = [&](const Referral& referral) { return referral.number == native; };
    for (const auto& [digest, where] : ledger_.waiting()) {
        const auto bytes = read_waiting(digest, where);
        if (!bytes) continue;
        const auto file = decode_department_file(*bytes, settings_.encoding);
        if (file && std::any_of(file->referrals.begin(), file->referrals.end(), is_it)) return true;
    }
    return false;
}

void Department::add_recall(const Status& status, const contract::Digest& digest, contract::Instant now,
                            Said& said) const {
    const contract::ReferralId id = means_.aliases.referral(status.referral);
    const Sent* sent = ledger_.sent(id);
    const auto known = ledger_.standing(id);
    if (sent == nullptr && !known && !waits_in_a_file(status.referral)) {
        said.faults.push_back(status_fault(status, "referral", Flaw::referral_unknown));
        return;
    }
    const auto row = means_.journal.referral(id);
    const auto pseudonym = row ? row->pseudonym : std::nullopt;
    // A number mistyped would end another woman's referral; a pseudonym beside it says whose is meant.
    if (status.pseudonym && pseudonym && *status.pseudonym != *pseudonym) {
        said.faults.push_back(status_fault(status, "pseudonym", Flaw::pseudonym));
        return;
    }
    const auto event = recall_in(status);
    if (!event) {
        said.faults.push_back(event.error());
        return;
    }
    const auto earlier = said.standings.find(id);
    const Standing standing =
        earlier != said.standings.end() ? earlier->second : known.value_or(Standing{ReferralState::draft});
    // What has ended needs no other end; that it was an error is said of it all the same.
    const bool says_more = *event == contract::ReferralEvent::mark_error &&
                           standing.state != ReferralState::erroneous && sent != nullptr;
    if (contract::is_terminal(standing.state) && !says_more) return;
    said.standings[id] = after(standing, *event);
    if (sent == nullptr) return;  // its consent was never recorded, or its case never opened: nothing left
    kit::Message message = recall_of(status, *event, {*sent, pseudonym, digest, contract::day_of(now)},
                                     settings_.desk, means_.aliases);
    if (const auto fault = make_sendable(status, message, now, said)) {
        said.faults.push_back(*fault);
        return;
    }
    said.messages.push_back(std::move(message));
}

// What the hub never heard of it never will. This waits for nothing, not even for the hub to be there.
void Department::take_back(Said& said) {
    std::erase_if(said.messages, [&](const kit::Message& message) {
        return is_recall(message) && means_.journal.take_back(*message.referral);
    });
}

}  // namespace kesher::social_services
