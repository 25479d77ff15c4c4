#include "audit/verifier/leaf_facts.h"

#include <variant>

namespace kesher::verifier {
namespace {

template <class Kind>
const Kind* held(const log::Record& record, std::string_view fact) {
    const log::FactValue* value = record.facts.find(fact);
    return value == nullptr ? nullptr : std::get_if<Kind>(value);
}

}  // namespace

std::string_view word_in(const log::Record& record, std::string_view fact) {
    const auto* word = held<log::Word>(record, fact);
    return word == nullptr ? std::string_view() : std::string_view(word->text());
}

const log::Words* words_in(const log::Record& record, std::string_view fact) {
    return held<log::Words>(record, fact);
}

bool is_true(const log::Record& record, std::string_view fact) {
    const bool* said = held<bool>(record, fact);
    return said != nullptr && *said;
}

}  // namespace kesher::verifier
