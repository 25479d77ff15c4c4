// What the settings of every native half have in common, judged in one way.
#pragma once

#include <optional>
#include <string_view>

#include "config/toml_reader.h"
#include "schemas/contract/ids.h"

namespace kesher::record {

// The address of a native system: https with a CA to believe, or http on the loopback without one.
void judge_endpoint(const config::Values& values, std::string_view url_key, std::string_view ca_key,
                    config::SettingsFaults& faults);

// How an appointment's place is called where its own name must not be told: short, not empty, no way to reach
// anybody in it, because it goes to bodies that may hold none.
void judge_place(const config::Values& values, std::string_view key, config::SettingsFaults& faults);

// Of organisation.id and actor.officer; none where it is noted.
[[nodiscard]] std::optional<contract::OrganisationId> judged_organisation(const config::Values& values,
                                                                          config::SettingsFaults& faults);
[[nodiscard]] std::optional<contract::OfficerId> judged_officer(const config::Values& values,
                                                                config::SettingsFaults& faults);

}  // namespace kesher::record
