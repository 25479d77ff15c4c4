#include "adapters/record/settings_judge.h"

#include "schemas/codec/ways_to_reach.h"
#include "schemas/contract/limits.h"

namespace kesher::record {
namespace {

bool starts_with_host(std::string_view url, std::string_view start) {
    if (!url.starts_with(start)) return false;
    const std::string_view rest = url.substr(start.size());
    return rest.empty() || rest.front() == ':' || rest.front() == '/';
}

bool is_loopback(std::string_view url) {
    return starts_with_host(url, "http://127.0.0.1") || starts_with_host(url, "http://[::1]") ||
           starts_with_host(url, "http://localhost");
}

}  // namespace

void judge_endpoint(const config::Values& values, std::string_view url_key, std::string_view ca_key,
                    config::SettingsFaults& faults) {
    const auto complain = [&](std::string_view key, std::string what, std::string mend) {
        faults.push_back(values.fault(key, std::move(what), std::move(mend)));
    };
    const std::string& url = values.text(url_key);
    const bool secured = url.starts_with("https://");
    const bool with_ca = !values.file(ca_key).empty();
    if (!secured && !is_loopback(url)) {
        complain(url_key, "it is neither https nor http on the loopback",
                 "Write https://host:port/path, or http://127.0.0.1:port/path");
    } else if (secured && !with_ca) {
        complain(ca_key, "https has no CA to believe", "Name the file of the server's CA");
    } else if (!secured && with_ca) {
        complain(ca_key, "http has no certificate", "Leave it empty, or write https");
    }
}

void judge_place(const config::Values& values, std::string_view key, config::SettingsFaults& faults) {
    const std::string& place = values.text(key);
    if (place.empty() || place.size() > contract::limits::kShortTextCharacters) {
        faults.push_back(
            values.fault(key, "it is empty or too long", "Write a neutral name, at most 200 bytes"));
    }
    if (codec::names_a_way_to_reach(place)) {
        faults.push_back(
            values.fault(key, "a telephone number or an address stands in it", "Write a neutral name alone"));
    }
}

std::optional<contract::OrganisationId> judged_organisation(const config::Values& values,
                                                            config::SettingsFaults& faults) {
    auto id = contract::OrganisationId::parse(values.text("organisation.id"));
    if (!id || *id == contract::OrganisationId::hub()) {
        faults.push_back(
            values.fault("organisation.id", "it is no organisation's id", "Write the id of the enrolment"));
    }
    return id;
}

std::optional<contract::OfficerId> judged_officer(const config::Values& values,
                                                  config::SettingsFaults& faults) {
    auto officer = contract::OfficerId::parse(values.text("actor.officer"));
    if (!officer) {
        faults.push_back(
            values.fault("actor.officer", "it is no officer's number", "Use at most 32 of A-Za-z0-9._-"));
    }
    return officer;
}

}  // namespace kesher::record
