#include "gateway/sequencer/said.h"

namespace kesher::sequencer {

using namespace contract;

Said::Said(LeafIndex index, std::string_view leaf) : index_(index) {
    auto lines = log::split_leaf(leaf);
    auto record =
        lines ? log::parse_record(lines->record) : log::Result<log::Record>(log::fail(lines.error()));
    if (!record) lacks("record");
    statement_ = std::move(lines->statement);
    record_ = *std::move(record);
}

std::string_view Said::operation() const {
    return record_.operation ? std::string_view(record_.operation->text()) : std::string_view();
}

void Said::lacks(std::string_view name) const {
    throw LogBroken(
        "Entry " + std::to_string(number(index_)) + " does not say its `" + std::string(name) +
        "`: it was written by another version of this program, and the tables beside the log cannot "
        "be held against it. Nothing was changed. Start the version that wrote it, or begin a new "
        "log with `kesher-hub --init` on an empty database.");
}

namespace {

template <class T>
const T& held(const Said& said, std::string_view fact) {
    const log::FactValue* value = said.record().facts.find(fact);
    const T* of_kind = value == nullptr ? nullptr : std::get_if<T>(value);
    if (of_kind == nullptr) said.lacks(fact);
    return *of_kind;
}

}  // namespace

const std::string& Said::word(std::string_view fact) const { return held<log::Word>(*this, fact).text(); }
std::int64_t Said::integer(std::string_view fact) const { return held<std::int64_t>(*this, fact); }
bool Said::truth(std::string_view fact) const { return held<bool>(*this, fact); }

const log::Words& Said::words(std::string_view fact) const {
    static const log::Words none;
    return has(fact) ? held<log::Words>(*this, fact) : none;
}

Instant Said::instant(std::string_view fact) const {
    return Instant{std::chrono::milliseconds{integer(fact)}};
}

Digest Said::digest(std::string_view fact) const { return needed(digest_from_base64url(word(fact)), fact); }

std::optional<Digest> Said::maybe_digest(std::string_view fact) const {
    return has(fact) ? std::optional(digest(fact)) : std::nullopt;
}

Day Said::day(std::string_view fact) const { return needed(parse_day(word(fact)), fact); }

}  // namespace kesher::sequencer
