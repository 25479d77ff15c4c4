// The C2SP samples (tests/samples/tlog) and small trees, as the audit tests speak of them.
#pragma once

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "audit/merkle/hash.h"
#include "audit/merkle/proof.h"
#include "schemas/contract/bytes.h"

namespace kesher::samples {

inline std::string file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("no file " + path);
    return {std::istreambuf_iterator<char>(in), {}};
}
inline std::string path(const std::string& name) { return KESHER_SOURCE_DIR "/tests/samples/tlog/" + name; }
inline std::string tlog(const std::string& name) { return file(path(name)); }
inline const nlohmann::json& vectors() {
    static const auto json = nlohmann::json::parse(tlog("vectors.json"));
    return json;
}

inline contract::Digest digest_of_hex(const std::string& hex) {
    return contract::Digest::from(contract::from_hex(hex).value()).value();
}
inline merkle::Hashes hashes_of_hex(const nlohmann::json& list) {
    merkle::Hashes hashes;
    for (const auto& hex : list) hashes.push_back(digest_of_hex(hex.get<std::string>()));
    return hashes;
}
// One base64 hash a line.
inline merkle::Hashes hashes_of_lines(const std::string& text) {
    merkle::Hashes hashes;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        hashes.push_back(contract::digest_from_base64(line).value());
    return hashes;
}

// Leaf i of every log made here is "entry <i>", as in the samples.
inline contract::Digest entry_hash(std::uint64_t i) {
    return merkle::leaf_hash(contract::bytes_of("entry " + std::to_string(i)));
}
inline merkle::Hashes entry_hashes(std::uint64_t count) {
    merkle::Hashes hashes;
    for (std::uint64_t i = 0; i < count; ++i) hashes.push_back(entry_hash(i));
    return hashes;
}

// RFC 9162 section 2.1.1 as it is written, recursively: slow, and nothing of the product in it but the
// two hashes.
inline contract::Digest root_by_definition(std::span<const contract::Digest> leaves) {
    if (leaves.empty()) return merkle::empty_root();
    if (leaves.size() == 1) return leaves[0];
    std::size_t split = 1;
    while (split * 2 < leaves.size()) split *= 2;
    return merkle::node_hash(root_by_definition(leaves.first(split)),
                             root_by_definition(leaves.subspan(split)));
}

// Remembers what it has computed, for the tests that ask for the same nodes thousands of times.
inline merkle::NodeReader reader_of(const merkle::Hashes& leaves) {
    return
        [&leaves, known = std::make_shared<std::map<merkle::Node, contract::Digest>>()](merkle::Node node) {
            const std::size_t width = std::size_t{1} << node.level;
            const auto [found, is_new] = known->try_emplace(node);
            if (is_new)
                found->second = root_by_definition(std::span(leaves).subspan(node.index * width, width));
            return found->second;
        };
}

}  // namespace kesher::samples
