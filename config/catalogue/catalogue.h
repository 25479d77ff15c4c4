// The words of the exchange for people, and what is known of services and organisations: data, read
// once, never changed while the hub runs.
//
// What is stored in the log is a code of schemas/contract/vocabulary.h; what a person reads is from
// here, in Hebrew, Arabic, Russian and English. No text here names the programme (never_shown.txt).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings_fault.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::catalogue {

// One thing said in four languages; Language::other reads Hebrew.
struct Words {
    std::string he, en, ar, ru;
    [[nodiscard]] const std::string& in(contract::Language language) const;
    friend bool operator==(const Words&, const Words&) = default;
};

// FHIR / HL7 sensitivity of a service (domain.md 10, column lbl).
enum class SecurityLabel { normal, restricted, hiv, psy, eth, sdv };
inline constexpr contract::ClosedList<SecurityLabel, 6> kSecurityLabels{
    {"N", "R", "HIV", "PSY", "ETH", "SDV"}};

struct ServiceTraits {
    contract::Service service;
    Words names;
    std::vector<std::string> owners;  // organisation patterns, as in organisations.toml: "ssd-#"
    bool anonymous = false;           // may be referred to anonymously
    SecurityLabel label = SecurityLabel::normal;
    std::string sdoh_category;  // Gravity SDOH Clinical Care category code
    bool reveals = false;       // its name shows the programme (domain.md 5.1)
    contract::Purpose usual_purpose;
    contract::KnownBy least_known_by;
};

struct OrganisationTraits {
    contract::OrganisationKind kind;  // usual for such an id; the registry's word counts
    Words names;                      // neutral
    bool reveals = false;             // its name alone shows the programme
    bool in_programme = false;        // knows of the programme anyway: nothing is revealed to it
    bool records_consent = false;     // has a recording role (domain.md 5.2)
};

// A published notice, as it is read aloud before a consent. What is hashed is SHA-256 over exactly
// the bytes of `text` (UTF-8).
struct Notice {
    std::string id;  // "referral": the purpose's word in lower case with hyphens
    contract::Purpose purpose;
    contract::Language language;
    std::uint32_t version = 0;  // a published version's bytes never change
    std::string text;
    bool reviewed = false;  // by a legal adviser and a native speaker
};

class Catalogue {
public:
    ~Catalogue();
    Catalogue(Catalogue&&) noexcept;
    Catalogue& operator=(Catalogue&&) noexcept;

    [[nodiscard]] const ServiceTraits& service(contract::Service service) const;

    // Whether the service names this organisation, or a pattern that it fits, as an owner.
    [[nodiscard]] bool offers(const contract::OrganisationId& id, contract::Service service) const;

    // Nothing for an id that fits no pattern: such an organisation cannot be enrolled. The exact id
    // goes before a pattern, the longer pattern before the shorter.
    [[nodiscard]] std::optional<OrganisationTraits> organisation_traits(
        const contract::OrganisationId& id) const;

    // Null where that version was never published in that language.
    [[nodiscard]] const Notice* notice(contract::Purpose purpose, contract::Language language,
                                       std::uint32_t version) const;
    [[nodiscard]] const Notice* newest_notice(contract::Purpose purpose, contract::Language language) const;
    [[nodiscard]] const std::vector<Notice>& notices() const;

    // "state.DRAFT", "reason.no-capacity", "code.busy.title": the key is one of ours, so an unknown one
    // stops the program; has_words() asks first.
    [[nodiscard]] const Words& words(std::string_view key) const;
    [[nodiscard]] const std::string& words(std::string_view key, contract::Language language) const;
    [[nodiscard]] bool has_words(std::string_view key) const;
    [[nodiscard]] const std::map<std::string, Words, std::less<>>& all_words() const;
    // False while no native speaker has confirmed the words in that language.
    [[nodiscard]] bool reviewed(std::string_view key, contract::Language language) const;

private:
    friend class CatalogueReader;
    Catalogue();
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// From a folder laid out like this one; all faults at once.
[[nodiscard]] contract::Result<Catalogue, config::SettingsFaults> read_catalogue(
    const std::filesystem::path& folder);
// The one this program was built with.
[[nodiscard]] const Catalogue& built_in_catalogue();

}  // namespace kesher::catalogue
