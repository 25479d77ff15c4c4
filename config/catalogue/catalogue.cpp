#include "config/catalogue/catalogue.h"

#include <algorithm>
#include <cassert>

#include "config/catalogue/catalogue_parts.h"

namespace kesher::catalogue {
namespace {

using contract::Language;

// What an id has after the pattern's fixed part; nothing where the pattern does not fit. An exact
// pattern leaves an empty rest.
std::optional<std::string_view> rest_after(std::string_view pattern, std::string_view id) {
    const char last = pattern.back();
    if (last != '*' && last != '#') {
        return id == pattern ? std::optional<std::string_view>{""} : std::nullopt;
    }
    const std::string_view start = pattern.substr(0, pattern.size() - 1);
    if (!id.starts_with(start) || id.size() == start.size()) return std::nullopt;
    const std::string_view rest = id.substr(start.size());
    const bool digits = rest.find_first_not_of("0123456789") == std::string_view::npos;
    return digits || last == '*' ? std::optional{rest} : std::nullopt;
}

std::string filled(std::string name, std::string_view rest) {
    const std::size_t place = name.find("{}");
    if (place != std::string::npos) name.replace(place, 2, rest);
    return name;
}

// An exact pattern is worth more than any that leaves a rest open.
std::size_t weight(std::string_view pattern) {
    const bool open = pattern.back() == '*' || pattern.back() == '#';
    return open ? pattern.size() : pattern.size() + 1'000;
}

}  // namespace

const std::string& Words::in(Language language) const {
    switch (language) {
        case Language::ar:
            return ar;
        case Language::ru:
            return ru;
        case Language::en:
            return en;
        case Language::he:
        case Language::other:
            break;
    }
    return he;
}

Catalogue::Catalogue() : parts_(std::make_unique<Parts>()) {}
Catalogue::~Catalogue() = default;
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue& Catalogue::operator=(Catalogue&&) noexcept = default;

const ServiceTraits& Catalogue::service(contract::Service service) const {
    return parts_->services.at(static_cast<std::size_t>(service));
}

bool Catalogue::offers(const contract::OrganisationId& id, contract::Service code) const {
    const std::vector<std::string>& owners = service(code).owners;
    return std::any_of(owners.begin(), owners.end(), [&](const std::string& pattern) {
        return rest_after(pattern, id.text()).has_value();
    });
}

std::optional<OrganisationTraits> Catalogue::organisation_traits(const contract::OrganisationId& id) const {
    const OrganisationEntry* best = nullptr;
    std::string_view rest;
    for (const OrganisationEntry& entry : parts_->organisations) {
        const auto found = rest_after(entry.pattern, id.text());
        if (!found || (best != nullptr && weight(best->pattern) >= weight(entry.pattern))) continue;
        best = &entry;
        rest = *found;
    }
    if (best == nullptr) return std::nullopt;
    OrganisationTraits traits = best->traits;
    for (std::string* name : {&traits.names.he, &traits.names.en, &traits.names.ar, &traits.names.ru}) {
        *name = filled(std::move(*name), rest);
    }
    return traits;
}

const Notice* Catalogue::notice(contract::Purpose purpose, Language language, std::uint32_t version) const {
    for (const Notice& notice : parts_->notices) {
        if (notice.purpose == purpose && notice.language == language && notice.version == version)
            return &notice;
    }
    return nullptr;
}

const Notice* Catalogue::newest_notice(contract::Purpose purpose, Language language) const {
    const Notice* newest = nullptr;
    for (const Notice& notice : parts_->notices) {
        if (notice.purpose != purpose || notice.language != language) continue;
        if (newest == nullptr || newest->version < notice.version) newest = &notice;
    }
    return newest;
}

const std::vector<Notice>& Catalogue::notices() const { return parts_->notices; }

bool Catalogue::has_words(std::string_view key) const { return parts_->words.contains(key); }

const Words& Catalogue::words(std::string_view key) const {
    const auto found = parts_->words.find(key);
    assert(found != parts_->words.end());
    return found->second;
}

const std::string& Catalogue::words(std::string_view key, Language language) const {
    return words(key).in(language);
}

const std::map<std::string, Words, std::less<>>& Catalogue::all_words() const { return parts_->words; }

bool Catalogue::reviewed(std::string_view key, Language language) const {
    const auto found = parts_->reviewed.find(key);
    assert(found != parts_->reviewed.end());
    const std::size_t place = language == Language::other ? 0 : static_cast<std::size_t>(language);
    return found->second.at(place);
}

}  // namespace kesher::catalogue
