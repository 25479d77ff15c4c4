#include "adapters/kit/own_officers.h"

namespace kesher::kit {

Answered<json::Value> put_officer(HubClient& hub, const statement::Signer& signer,
                                  statement::OfficerEntry entry) {
    const std::string path = "/v1/officers/" + entry.officer.text();
    const auto ask = [&] {
        entry.at = hub.now();
        return hub.put("PUT", path, "application/jose", statement::sign_officer_entry(entry, signer));
    };
    auto answer = ask();
    const bool other_clock = !answer && answer.error().code == contract::Code::clock_skew;
    return other_clock ? ask() : answer;
}

}  // namespace kesher::kit
