#include "tests/store/leaves/told.h"

#include "gateway/keys/subject_tags.h"

namespace kesher::tests {

using namespace contract;

namespace {

template <class T>
const T& fact(const log::Record& record, std::string_view key) {
    const log::FactValue* value = record.facts.find(key);
    const T* held = value == nullptr ? nullptr : std::get_if<T>(value);
    if (held == nullptr) throw std::runtime_error("the leaf has no such fact: " + std::string(key));
    return *held;
}

}  // namespace

std::vector<Leaf> told(World& world, log::RecordEvent event, std::string_view operation) {
    std::vector<Leaf> found;
    for (Leaf& leaf : world.leaves()) {
        const auto& record = leaf.record;
        if (record.event == event && record.operation && record.operation->text() == operation)
            found.push_back(std::move(leaf));
    }
    return found;
}

Leaf leaf_at(World& world, LeafIndex index) { return world.leaves().at(number(index)); }

std::string word(const log::Record& record, std::string_view key) {
    return fact<log::Word>(record, key).text();
}

std::int64_t amount(const log::Record& record, std::string_view key) {
    return fact<std::int64_t>(record, key);
}

std::vector<std::string> words(const log::Record& record, std::string_view key) {
    std::vector<std::string> texts;
    for (const log::Word& each : fact<log::Words>(record, key)) texts.push_back(each.text());
    return texts;
}

std::string word(const Digest& digest) { return base64url(digest.view()); }

bool is_about(World& world, const log::Record& record, const Body& body, const Pseudonym& woman) {
    const auto secrets = identity::case_behind(
        body.id(), woman,
        {world.row_keys(), world.sealed_store(), world.readers(), std::string(World::kOrigin)});
    return record.subject && *record.subject == keys::subject_tag(secrets.value().subject_key, record.nonce);
}

}  // namespace kesher::tests
