#include "adapters/labor/event_keys.h"

#include <fstream>
#include <iterator>

#include "schemas/contract/bytes.h"
#include "schemas/json/read.h"
#include "schemas/statement/detached_jws.h"
#include "schemas/statement/key_file.h"

namespace kesher::labor {
namespace {

constexpr std::size_t kKeys = 8;
constexpr json::Bounds kBounds{.bytes = 64 * 1024, .depth = 8};

bool is(const json::Value& key, std::string_view member, std::string_view text) {
    const json::Value* found = key.find(member);
    return found != nullptr && found->text() != nullptr && *found->text() == text;
}

std::optional<contract::Bytes> coordinate(const json::Value& key, std::string_view member) {
    const json::Value* found = key.find(member);
    if (found == nullptr || found->text() == nullptr) return std::nullopt;
    auto bytes = contract::from_base64url(*found->text());
    return bytes && bytes->size() == 32 ? bytes : std::nullopt;
}

std::optional<statement::PublicKey> key_in(const json::Value& key) {
    if (!is(key, "kty", "EC") || !is(key, "crv", "P-256")) return std::nullopt;
    if (key.find("d") != nullptr) return std::nullopt;  // a private one has no business in this file
    const auto x = coordinate(key, "x"), y = coordinate(key, "y");
    return x && y ? statement::PublicKey::from_coordinates(*x, *y) : std::nullopt;
}

[[noreturn]] void unusable(const std::filesystem::path& file, std::string_view why) {
    throw std::runtime_error(file.filename().string() + ": " + std::string(why));
}

}  // namespace

std::optional<std::vector<statement::PublicKey>> read_key_set(std::string_view text) {
    const auto set = json::read(text, kBounds);
    const json::Value* keys = set ? set->find("keys") : nullptr;
    if (keys == nullptr || keys->array() == nullptr) return std::nullopt;
    if (keys->array()->empty() || keys->array()->size() > kKeys) return std::nullopt;
    std::vector<statement::PublicKey> read;
    for (const json::Value& each : *keys->array()) {
        auto key = key_in(each);
        if (!key) return std::nullopt;
        read.push_back(*std::move(key));
    }
    return read;
}

std::string write_key_set(const statement::PublicKey& key) {
    return "{\"keys\":[" + statement::jwk(key) + "]}";
}

EventKeys read_event_keys(const std::filesystem::path& ours, const std::filesystem::path& theirs) {
    auto key = statement::read_private_key(ours, statement::Plain{});
    if (!key) unusable(ours, statement::word(key.error()));
    if (key->kind() != statement::KeyKind::p256) unusable(ours, "it is no P-256 key");
    std::ifstream file(theirs, std::ios::binary);
    if (!file) unusable(theirs, "it cannot be read");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto keys = read_key_set(text);
    if (!keys) unusable(theirs, "it is no JWK set of one to eight public P-256 keys");
    for (const statement::PublicKey& each : *keys) {
        if (each == key->public_key())
            unusable(theirs, "our own key is in it: then what we sign were theirs");
    }
    return {*std::move(key), *std::move(keys)};
}

}  // namespace kesher::labor
