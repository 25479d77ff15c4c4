// Reads the catalogue's files strictly: every word of the closed lists in four languages, nothing
// unknown, no stem of never_shown.txt. All faults are told at once.
#include <algorithm>
#include <array>
#include <set>

#include "config/catalogue/catalogue.h"
#include "config/catalogue/catalogue_files.h"
#include "config/catalogue/catalogue_parts.h"
#include "config/catalogue/closed_words.h"
#include "config/catalogue/never_shown.h"
#include "config/toml_document.h"
#include "config/toml_scalar.h"

namespace kesher::catalogue {

using config::Place;
using config::SettingsFault;
using config::SettingsFaults;
using config::TomlMember;
using config::TomlValue;
using contract::Failure;
using contract::Language;
using Kind = TomlValue::Kind;

class CatalogueReader {
public:
    CatalogueReader(const Files& files, const NeverShown& never_shown)
        : files_(files), never_shown_(never_shown) {}

    contract::Result<Catalogue, SettingsFaults> read() {
        for (const auto& [name, text] : files_) {
            if (name.starts_with("words/") && name.ends_with(".toml")) read_words(name);
        }
        read_services();
        read_organisations();
        read_notices();
        for (const std::string& key : closed_keys()) {
            if (!parts().words.contains(key))
                complain({}, key, "it has no words", "Add it in four languages");
        }
        if (!faults_.empty()) return Failure{std::move(faults_)};
        return std::move(catalogue_);
    }

private:
    using Reviewed = std::array<bool, kFourLanguages>;
    static constexpr std::array<std::string_view, kFourLanguages> kLanguageNames{"he", "ar", "ru", "en"};
    static constexpr std::size_t kVersionCharacters = 5;  // v1 to v9999

    Catalogue::Parts& parts() { return *catalogue_.parts_; }

    void complain(Place place, std::string key, std::string what, std::string mend) {
        faults_.push_back({file_, place, std::move(key), std::move(what), std::move(mend)});
    }

    // The file as a tree, or nothing and a fault.
    std::optional<TomlValue> open(const std::string& name) {
        file_ = name;
        const auto text = files_.find(name);
        if (text == files_.end()) {
            complain({}, "", "there is no such file", "Give the folder of a whole catalogue");
            return std::nullopt;
        }
        auto document = config::parse_toml(text->second, name);
        if (document) return std::move(document).value();
        faults_.insert(faults_.end(), document.error().begin(), document.error().end());
        return std::nullopt;
    }

    const TomlValue* field(const TomlValue& table, const std::string& key, std::string_view name, Kind kind) {
        const TomlValue* value = table.find(name);
        if (value != nullptr && value->kind == kind) return value;
        complain(value == nullptr ? table.place : value->place, key + '.' + std::string(name),
                 value == nullptr ? "it is missing" : "it is of another kind",
                 "See the other entries of this file");
        return nullptr;
    }

    std::string text_field(const TomlValue& table, const std::string& key, std::string_view name) {
        const TomlValue* value = field(table, key, name, Kind::text);
        if (value == nullptr) return {};
        const std::string whole = key + '.' + std::string(name);
        if (value->text.empty() || !config::is_plain_text(value->text)) {
            complain(value->place, whole, "it is empty or not plain text", "Write one line");
        }
        check_shown(value->text, value->place, whole);
        return value->text;
    }

    // The stem itself is not repeated: the fault may be read on any screen.
    void check_shown(const std::string& text, Place place, const std::string& key) {
        if (!never_shown_.found_in(text)) return;
        complain(place, key, "it holds a stem of never_shown.txt", "Say it in neutral words");
    }

    bool flag_field(const TomlValue& table, const std::string& key, std::string_view name) {
        const TomlValue* value = field(table, key, name, Kind::flag);
        return value != nullptr && value->flag;
    }

    template <class Enum, std::size_t N>
    Enum listed_field(const TomlValue& table, const std::string& key, std::string_view name,
                      const contract::ClosedList<Enum, N>& list) {
        const std::string word = text_field(table, key, name);
        const auto value = list.parse(word);
        if (!value && !word.empty()) {
            complain(table.find(name)->place, key + '.' + std::string(name), "there is no such word",
                     "Give one of its list in schemas/contract/vocabulary.h");
        }
        return value.value_or(Enum{});
    }

    Words words_of(const TomlValue& table, const std::string& key) {
        return {text_field(table, key, "he"), text_field(table, key, "en"), text_field(table, key, "ar"),
                text_field(table, key, "ru")};
    }

    Reviewed reviewed_of(const TomlValue& table, const std::string& key) {
        Reviewed reviewed{};
        const TomlValue* flags = field(table, key, "reviewed", Kind::table);
        if (flags == nullptr) return reviewed;
        for (std::size_t i = 0; i < reviewed.size(); ++i) {
            reviewed.at(i) = flag_field(*flags, key + "reviewed", kLanguageNames.at(i));
        }
        refuse_unknown(*flags, key + "reviewed", kLanguageNames);
        return reviewed;
    }

    template <class Names>
    void refuse_unknown(const TomlValue& table, const std::string& key, const Names& known) {
        for (const TomlMember& member : table.members) {
            if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
            complain(member.place, key + '.' + member.key, "there is no such field", "Take it out");
        }
    }

    // The named tables of a file, without `reviewed`.
    std::vector<const TomlMember*> tables_of(const TomlValue& document) {
        std::vector<const TomlMember*> tables;
        for (const TomlMember& member : document.members) {
            if (member.key == "reviewed") continue;
            if (member.value.kind == Kind::table) {
                tables.push_back(&member);
            } else {
                complain(member.place, member.key, "it is not a table", "Take it out");
            }
        }
        return tables;
    }

    void read_words(const std::string& name) {
        const auto document = open(name);
        if (!document) return;
        const Reviewed reviewed = reviewed_of(*document, "");
        for (const TomlMember* topic : tables_of(*document)) take_words(topic->value, topic->key, reviewed);
    }

    // A table with a text in it says one thing; any other one is a step on the way.
    void take_words(const TomlValue& table, const std::string& key, const Reviewed& reviewed) {
        if (key.find('.') != std::string::npos && table.find("he") != nullptr) {
            refuse_unknown(table, key, kLanguageNames);
            keep(key, words_of(table, key), reviewed, table.place);
            return;
        }
        for (const TomlMember& member : table.members) {
            const std::string inner = key + '.' + member.key;
            if (member.value.kind == Kind::table) {
                take_words(member.value, inner, reviewed);
            } else {
                complain(member.place, inner, "it is not a table of four languages",
                         "Give he, en, ar and ru");
            }
        }
    }

    void keep(const std::string& key, Words words, const Reviewed& reviewed, Place place) {
        if (in_closed_topic(key) && !closed_keys().contains(key)) {
            complain(place, key, "there is no such word",
                     "Take it out, or add the word to the contract first");
        }
        if (!parts().words.emplace(key, std::move(words)).second) {
            complain(place, key, "it has words already", "Keep one of the two");
        }
        parts().reviewed.emplace(key, reviewed);
    }

    void read_services() {
        static constexpr std::array<std::string_view, 11> kFields{"he",
                                                                  "en",
                                                                  "ar",
                                                                  "ru",
                                                                  "owners",
                                                                  "anonymous",
                                                                  "label",
                                                                  "sdoh_category",
                                                                  "reveals",
                                                                  "usual_purpose",
                                                                  "least_known_by"};
        const auto document = open("services.toml");
        if (!document) return;
        const Reviewed reviewed = reviewed_of(*document, "");
        std::map<contract::Service, ServiceTraits> found;
        for (const TomlMember* entry : tables_of(*document)) {
            const auto service = contract::kServices.parse(entry->key);
            if (!service) {
                complain(entry->place, entry->key, "there is no such service", "Take it out");
                continue;
            }
            refuse_unknown(entry->value, entry->key, kFields);
            found.emplace(*service, service_of(*service, entry->value, entry->key));
            keep("service." + entry->key, found.at(*service).names, reviewed, entry->place);
        }
        for (auto& [service, traits] : found) parts().services.push_back(std::move(traits));
    }

    ServiceTraits service_of(contract::Service service, const TomlValue& table, const std::string& key) {
        ServiceTraits traits{
            .service = service,
            .names = words_of(table, key),
            .owners = {},
            .anonymous = flag_field(table, key, "anonymous"),
            .label = listed_field(table, key, "label", kSecurityLabels),
            .sdoh_category = text_field(table, key, "sdoh_category"),
            .reveals = flag_field(table, key, "reveals"),
            .usual_purpose = listed_field(table, key, "usual_purpose", contract::kPurposes),
            .least_known_by = listed_field(table, key, "least_known_by", contract::kKnownBy)};
        const TomlValue* owners = field(table, key, "owners", Kind::list);
        if (owners == nullptr) return traits;
        for (const TomlValue& owner : owners->items) traits.owners.push_back(owner.text);
        return traits;
    }

    void read_organisations() {
        static constexpr std::array<std::string_view, 8> kFields{
            "he", "en", "ar", "ru", "kind", "reveals", "in_programme", "records_consent"};
        const auto document = open("organisations.toml");
        if (!document) return;
        static_cast<void>(reviewed_of(*document, ""));
        for (const TomlMember* entry : tables_of(*document)) {
            const std::string& pattern = entry->key;
            const bool open_end = pattern.ends_with('*') || pattern.ends_with('#');
            // An open pattern is right where an id made from it would be.
            const std::string sample = open_end ? pattern.substr(0, pattern.size() - 1) + '1' : pattern;
            if (!contract::OrganisationId::parse(sample) ||
                sample == contract::OrganisationId::hub().text()) {
                complain(entry->place, pattern, "it is not an organisation's id or pattern",
                         "See contract section 0");
            }
            refuse_unknown(entry->value, pattern, kFields);
            const TomlValue& table = entry->value;
            parts().organisations.push_back(
                {pattern,
                 {.kind = listed_field(table, pattern, "kind", contract::kOrganisationKinds),
                  .names = words_of(table, pattern),
                  .reveals = flag_field(table, pattern, "reveals"),
                  .in_programme = flag_field(table, pattern, "in_programme"),
                  .records_consent = flag_field(table, pattern, "records_consent")}});
        }
    }

    void read_notices() {
        const auto document = open("notices.toml");
        if (!document) return;
        for (const TomlMember& purpose : document->members) {
            const auto known = contract::kPurposes.parse(purpose.key);
            for (const TomlMember& version : purpose.value.members) {
                const std::string key = purpose.key + '.' + version.key;
                const bool spelled = version.key.starts_with('v') && version.key.size() <= kVersionCharacters;
                const auto number =
                    spelled ? config::parse_count(std::string_view(version.key).substr(1)) : std::nullopt;
                if (!known || !number || *number == 0) {
                    complain(version.place, key, "it is not a purpose and a version",
                             "Write it like REFERRAL.v1");
                    continue;
                }
                take_notice(*known, static_cast<std::uint32_t>(*number), version.value, key);
            }
        }
        for (const auto& [name, text] : files_) {
            if (!name.starts_with("notices/") || listed_.contains(name)) continue;
            complain({}, name, "no entry names this notice", "List its version, or take the file out");
        }
    }

    void take_notice(contract::Purpose purpose, std::uint32_t version, const TomlValue& table,
                     const std::string& key) {
        static constexpr std::array<std::string_view, 1> kFields{"reviewed"};
        refuse_unknown(table, key, kFields);
        const Reviewed reviewed = reviewed_of(table, key + '.');
        std::string id(contract::kPurposes.text(purpose));
        for (char& c : id) c = c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
        for (std::size_t i = 0; i < kLanguageNames.size(); ++i) {
            const std::string name = "notices/" + id + "/v" + std::to_string(version) + '.' +
                                     std::string(kLanguageNames.at(i)) + ".txt";
            const auto text = files_.find(name);
            if (text == files_.end() || text->second.empty()) {
                complain(table.place, key, name + " is missing or empty",
                         "A notice is published in four languages");
                continue;
            }
            listed_.insert(name);
            check_shown(text->second, table.place, name);
            parts().notices.push_back(
                {id, purpose, static_cast<Language>(i), version, text->second, reviewed.at(i)});
        }
    }

    const Files& files_;
    const NeverShown& never_shown_;
    std::string file_;
    std::set<std::string, std::less<>> listed_;
    Catalogue catalogue_;
    SettingsFaults faults_;
};

contract::Result<Catalogue, SettingsFaults> read_catalogue(const std::filesystem::path& folder) {
    const auto files = read_files(folder);
    if (!files) return Failure{files.error()};
    return catalogue_of(*files);
}

contract::Result<Catalogue, SettingsFaults> catalogue_of(const Files& files) {
    // By the list of this program: a folder cannot take a stem out.
    return CatalogueReader(files, NeverShown::built_in()).read();
}

const Catalogue& built_in_catalogue() {
    static const Catalogue catalogue =
        CatalogueReader(built_in_files(), NeverShown::built_in()).read().value();
    return catalogue;
}

}  // namespace kesher::catalogue
