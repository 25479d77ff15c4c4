#include "adapters/program/profile.h"

#include <algorithm>
#include <array>

#include "adapters/health/health_side.h"
#include "adapters/labor/labor_side.h"
#include "adapters/national_insurance/national_insurance_side.h"
#include "adapters/social_services/department_side.h"
#include "config/toml_reader.h"

namespace kesher::program {
namespace {

using contract::Failure;

kit::Unusable unusable(const config::SettingsFaults& faults) {
    std::string sentences;
    for (const config::SettingsFault& fault : faults) {
        sentences += (sentences.empty() ? "" : "\n") + config::text(fault);
    }
    return {std::move(sentences)};
}

// What all profiles' settings have under the same names.
template <class Settings>
Profile shared(const Settings& settings) {
    return {settings.organisation, settings.keys, settings.passphrase_file,
            settings.journal,      settings.hub,  settings.poll_wait};
}

kit::Usable<Profile> department(const std::filesystem::path& file) {
    const auto settings = social_services::read_department_settings(file);
    if (!settings) return Failure{unusable(settings.error())};
    Profile profile = shared(*settings);
    profile.make_side = [settings = *settings](const KitSide& kit) {
        return social_services::make_department_side(
            settings, {kit.journal, kit.outbox, kit.writer, kit.aliases, kit.names, kit.log, kit.directory,
                       kit.open_case});
    };
    return profile;
}

kit::Usable<Profile> clinic(const std::filesystem::path& file) {
    const auto settings = health::read_health_settings(file);
    if (!settings) return Failure{unusable(settings.error())};
    Profile profile = shared(*settings);
    profile.make_side = [settings = *settings](const KitSide& kit) {
        return health::make_health_side(
            settings, {kit.journal, kit.outbox, kit.writer, kit.aliases, kit.log, kit.directory});
    };
    return profile;
}

kit::Usable<Profile> institute(const std::filesystem::path& file) {
    const auto settings = national_insurance::read_national_insurance_settings(file);
    if (!settings) return Failure{unusable(settings.error())};
    Profile profile = shared(*settings);
    profile.make_side = [settings = *settings](const KitSide& kit) {
        return national_insurance::make_national_insurance_side(
            settings, {kit.journal, kit.outbox, kit.writer, kit.aliases, kit.log, kit.directory});
    };
    return profile;
}

kit::Usable<Profile> labor_arm(const std::filesystem::path& file) {
    const auto settings = labor::read_labor_settings(file);
    if (!settings) return Failure{unusable(settings.error())};
    Profile profile = shared(*settings);
    profile.make_side = [settings = *settings](const KitSide& kit) {
        return labor::make_labor_side(
            settings, {kit.journal, kit.outbox, kit.writer, kit.aliases, kit.log, kit.directory});
    };
    return profile;
}

struct Kind {
    std::string_view table;  // that no other profile's settings have
    kit::Usable<Profile> (*read)(const std::filesystem::path&);
};
constexpr std::array kKinds{Kind{"department", department}, Kind{"fhir", clinic}, Kind{"soap", institute},
                            Kind{"events", labor_arm}};

}  // namespace

kit::Usable<Profile> read_profile(const std::filesystem::path& settings) {
    const auto sections = config::read_sections(settings);
    if (!sections) return Failure{unusable(sections.error())};
    const Kind* chosen = nullptr;
    std::string tables;
    for (const Kind& kind : kKinds) {
        tables.append(tables.empty() ? "[" : " or [").append(kind.table).append("]");
        if (std::find(sections->begin(), sections->end(), kind.table) == sections->end()) continue;
        if (chosen != nullptr) {
            return Failure{
                kit::Unusable{settings.string() + ": it is of two kinds of adapter; write a file for each"}};
        }
        chosen = &kind;
    }
    if (chosen != nullptr) return chosen->read(settings);
    return Failure{
        kit::Unusable{settings.string() + ": the table " + tables +
                      " is missing, which says what kind of adapter this is; start from the example "
                      "file of that kind"}};
}

}  // namespace kesher::program
