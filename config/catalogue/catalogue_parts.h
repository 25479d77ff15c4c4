// What a Catalogue holds inside; shared by the file that reads it and the file that answers from it.
#pragma once

#include <array>

#include "config/catalogue/catalogue.h"

namespace kesher::catalogue {

inline constexpr std::size_t kFourLanguages = 4;  // he, ar, ru, en, in the order of contract::Language

struct OrganisationEntry {
    std::string pattern;  // "nii", "ngo-*" (any rest), "ssd-#" (a rest of digits)
    OrganisationTraits traits;
};

struct Catalogue::Parts {
    std::vector<ServiceTraits> services;  // in the order of contract::Service
    std::vector<OrganisationEntry> organisations;
    std::map<std::string, Words, std::less<>> words;
    std::map<std::string, std::array<bool, kFourLanguages>, std::less<>> reviewed;
    std::vector<Notice> notices;
};

}  // namespace kesher::catalogue
