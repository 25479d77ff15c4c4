#include "audit/log/leaf.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <memory>

#include "audit/merkle/hash.h"
#include "audit/merkle/must.h"
#include "schemas/contract/limits.h"

namespace kesher::log {
namespace {

using contract::limits::kLeafBytes;
using contract::limits::kStatementBytes;

constexpr std::string_view kNoStatement = "-";

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype([](EVP_MAC_CTX* it) { EVP_MAC_CTX_free(it); })>;

// Without a key. Fetched once, MAC and digest: HMAC() fetches both for every leaf, which costs more than the
// hash does.
const EVP_MAC_CTX* hmac_sha256() {
    static const MacContext context = [] {
        EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        MacContext made(EVP_MAC_CTX_new(mac));
        EVP_MAC_free(mac);
        std::array<char, 7> sha256{"SHA256"};
        const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256.data(), 0),
                                    OSSL_PARAM_construct_end()};
        merkle::must(made ? EVP_MAC_CTX_set_params(made.get(), parameters.data()) : 0, "HMAC");
        return made;
    }();
    return context.get();
}

// Three base64url parts that are not empty. Whether it verifies is for schemas/statement to say.
bool is_compact_jws(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    return second != std::string_view::npos && text.find('.', second + 1) == std::string_view::npos &&
           first > 0 && second > first + 1 && second + 1 < text.size() && contract::is_jose_text(text);
}

bool is_record_line(std::string_view line) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    return line.size() >= 2 && line.front() == '{' && line.back() == '}' && contract::is_utf8(line) &&
           std::none_of(line.begin(), line.end(), is_control);
}

}  // namespace

Result<std::string> leaf_text(std::optional<std::string_view> statement, const Record& record) {
    if (statement && statement->size() > kStatementBytes) return fail(Flaw::too_large);
    if (statement && !is_compact_jws(*statement)) return fail(Flaw::leaf_malformed);
    std::string text(statement.value_or(kNoStatement));
    text += '\n';
    text += write(record);
    text += '\n';
    if (text.size() > kLeafBytes) return fail(Flaw::too_large);
    return text;
}

Result<Leaf> split_leaf(std::string_view text) {
    if (text.size() > kLeafBytes) return fail(Flaw::too_large);
    const std::size_t first = text.find('\n');
    if (first == std::string_view::npos || text.find('\n', first + 1) != text.size() - 1) {
        return fail(Flaw::leaf_malformed);
    }
    const std::string_view statement = text.substr(0, first);
    const std::string_view record = text.substr(first + 1, text.size() - first - 2);
    if (!is_record_line(record)) return fail(Flaw::leaf_malformed);
    if (statement == kNoStatement) return Leaf{std::nullopt, std::string(record)};
    if (statement.size() > kStatementBytes || !is_compact_jws(statement)) return fail(Flaw::leaf_malformed);
    return Leaf{std::string(statement), std::string(record)};
}

contract::Digest leaf_hash(std::string_view text) { return merkle::leaf_hash(contract::bytes_of(text)); }

contract::Digest subject_tag(const SubjectKey& key, const Nonce& nonce) {
    const MacContext context(EVP_MAC_CTX_dup(hmac_sha256()));
    merkle::must(context ? 1 : 0, "HMAC");
    const contract::ByteView secret = key.reveal();
    contract::Digest tag;
    std::size_t length = 0;
    merkle::must(EVP_MAC_init(context.get(), secret.data(), secret.size(), nullptr), "HMAC");
    merkle::must(EVP_MAC_update(context.get(), nonce.data(), nonce.size()), "HMAC");
    merkle::must(EVP_MAC_final(context.get(), tag.bytes.data(), &length, tag.bytes.size()), "HMAC");
    merkle::must(length == tag.bytes.size() ? 1 : 0, "HMAC");
    return tag;
}

}  // namespace kesher::log
