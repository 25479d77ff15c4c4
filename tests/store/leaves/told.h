// What the leaves of a world say, in the words of a test.
#pragma once

#include <string>
#include <vector>

#include "tests/store/sequencer/world.h"

namespace kesher::tests {

// Leaves of this kind, in the order of the log.
[[nodiscard]] std::vector<Leaf> told(World& world, log::RecordEvent event, std::string_view operation);
[[nodiscard]] Leaf leaf_at(World& world, contract::LeafIndex index);

// Facts by name; std::runtime_error where there is none of that kind.
[[nodiscard]] std::string word(const log::Record& record, std::string_view key);
[[nodiscard]] std::int64_t amount(const log::Record& record, std::string_view key);
[[nodiscard]] std::vector<std::string> words(const log::Record& record, std::string_view key);
[[nodiscard]] std::string word(const contract::Digest& digest);  // as a fact spells it

// Whether the leaf is about the woman whom this body knows by that name.
[[nodiscard]] bool is_about(World& world, const log::Record& record, const Body& body,
                            const contract::Pseudonym& woman);

}  // namespace kesher::tests
