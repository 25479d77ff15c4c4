#include "adapters/social_services/file_fault.h"

#include "config/catalogue/catalogue.h"

namespace kesher::social_services {
namespace {

const std::string& said(std::string_view key, contract::Language language) {
    return catalogue::built_in_catalogue().words("department_file." + std::string(key), language);
}

std::string_view field_in(const FileFault& fault, contract::Language language) {
    return language == contract::Language::en ? fault.field : fault.field_hebrew;
}

}  // namespace

std::string words_of(const FileFault& fault, contract::Language language) {
    std::string words;
    if (fault.line > 0) {
        words = said("line", language) + ' ' + std::to_string(fault.line) + ", " + said("column", language) +
                ' ' + std::to_string(fault.column);
    }
    const std::string_view field = field_in(fault, language);
    if (!field.empty()) words += ", " + std::string(field);
    return words + (words.empty() ? "" : ": ") + said(kFlaws.text(fault.flaw), language);
}

std::string short_words_of(const FileFault& fault) {
    const std::string& flaw = said(kFlaws.text(fault.flaw), contract::Language::he);
    return fault.field_hebrew.empty() ? flaw : std::string(fault.field_hebrew) + ": " + flaw;
}

}  // namespace kesher::social_services
