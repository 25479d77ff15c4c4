// Two bodies with their roots and keys, at one fixed time, for the tests of schemas/statement.
#pragma once

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "schemas/statement/issue.h"
#include "schemas/statement/jws.h"
#include "schemas/statement/key_list.h"

namespace kesher::statement {

using namespace std::chrono_literals;

inline const contract::Day kToday = contract::parse_day("2026-11-21").value();
inline const contract::Instant kNow = contract::start_of(kToday) + 12h;
inline const Validity kRootLife{kNow - 24h * 365, kNow + 24h * 3650};
inline const Validity kKeyLife{kNow - 24h * 10, kNow + 24h * 79};

inline contract::OrganisationId organisation(std::string_view id) {
    return contract::OrganisationId::parse(id).value();
}

struct Party {
    contract::OrganisationId id;
    Issuer issuer;
    PrivateKey signing_key = PrivateKey::generate(KeyKind::p256);
    PrivateKey encryption_key = PrivateKey::generate(KeyKind::p256);
    Certificate signing = issuer.issue(signing_key.public_key(), id, Use::signing, kKeyLife);
    Certificate encryption = issuer.issue(encryption_key.public_key(), id, Use::encryption, kKeyLife);

    [[nodiscard]] const Certificate& root() const { return issuer.root(); }
    [[nodiscard]] Signer root_signer() const { return Signer::make(issuer.key(), issuer.root()).value(); }
    [[nodiscard]] Signer signer() const { return Signer::make(signing_key, signing).value(); }
    [[nodiscard]] KeyRing ring() const { return {id, {signing}}; }
};

inline Party party_of(const contract::OrganisationId& id) {
    const auto key = PrivateKey::generate(KeyKind::p256);
    return Party{id, Issuer::make(key, issue_root(key, id, kRootLife)).value()};
}
inline Party party(std::string_view name) { return party_of(organisation(name)); }

inline std::string file_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The same claims to any reader of JSON, spelled otherwise than they are signed: their beginning, and what it
// is to be. What a document says is not changed, and it is refused for that alone.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOtherSpellings{
    {{"\"v\":1", "\"v\": 1"},
     {"\"v\":1", "\"v\" :1"},
     {"\"v\":1,", "\"v\":1,\n"},
     {"{\"v\"", "{\t\"v\""},
     {"{\"v\"", " {\"v\""},
     {"\"v\":", "\"\\u0076\":"},
     {"health", "h\\u0065alth"}}};

// `text` with its first `from` replaced; the test stops where there is none.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::logic_error("nothing to replace");
    return text.replace(at, from.size(), to);
}

}  // namespace kesher::statement
