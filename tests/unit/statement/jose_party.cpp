// One side of the talk with npm jose (tests/referees/jose.mjs), and the source of schemas/golden/statement.
//
//   jose_party write DIR            makes keys, and signs and seals one of each into DIR (body.*: detached)
//   jose_party read DIR FILE...     says of each FILE in DIR whether we take it: `name ok` or `name <code>`
#include <fstream>
#include <iostream>

#include "schemas/statement/acks.h"
#include "schemas/statement/detached_jws.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/key_file.h"
#include "schemas/statement/seal.h"
#include "schemas/statement/statement.h"
#include "tests/unit/statement/parties.h"

namespace kesher::statement {
namespace {

const auto kMessage = contract::MessageId::parse("11111111-1111-4111-8111-111111111111").value();
const std::string kPlaintext = "what is sealed, 31 bytes long. ";
constexpr std::string_view kBodyType = "cloudevent+jws";
const std::string kBody = "{\"specversion\":\"1.0\",\r\n \"data\":\"שלום\"}\n";

SealContext context() { return {organisation("ssd-5000"), organisation("health"), kMessage}; }

Statement statement() {
    Statement made{"hub.example/log",
                   kMessage,
                   contract::MessageType::referral_submitted,
                   organisation("ssd-5000"),
                   organisation("health"),
                   contract::SchemaFingerprint{0x7275d51a3f395c8f},
                   sha256("payload")};
    made.actor = sha256("actor");
    made.case_ = sha256("case");
    made.referral = contract::ReferralId::parse("33333333-3333-4333-8333-333333333333");
    made.service = contract::Service::hlt_phys;
    made.purpose = contract::Purpose::treatment;
    made.basis = contract::LegalBasis::consent;
    made.groups = in_wire_order({contract::DataGroup::identity, contract::DataGroup::contact});
    made.consent = contract::ConsentId::parse("44444444-4444-4444-8444-444444444444");
    return made;
}

void put(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

int write(const std::string& folder) {
    const Party ssd = party("ssd-5000");
    const Party health = party("health");
    const auto key = [&](const char* name, const PrivateKey& of) {
        return write_private_key(folder + "/" + name, of, Plain{}).has_value();
    };
    if (!key("signing.key.pem", ssd.signing_key) || !key("encryption.key.pem", health.encryption_key))
        return 1;
    put(folder + "/root.pem", ssd.root().pem());
    put(folder + "/signing.pem", ssd.signing.pem());
    put(folder + "/encryption.pem", health.encryption.pem());
    put(folder + "/statement.claims.json", write_claims(statement()));
    put(folder + "/statement.jws", sign_statement(statement(), ssd.signer(), kToday));
    const KeyList list{ssd.id, 1, {ssd.signing}, {ssd.encryption}, kKeyLife.until};
    put(folder + "/keys.jws", sign_key_list(list, ssd.root_signer(), kToday));
    put(folder + "/plaintext.bin", kPlaintext);
    put(folder + "/sealed.jwe", seal(health.encryption, context(), contract::bytes_of(kPlaintext)).value());
    const PrivateKey plain = PrivateKey::generate(KeyKind::p256);
    if (!key("body.key.pem", plain)) return 1;
    put(folder + "/body.jwk.json", jwk(plain.public_key()));
    put(folder + "/body.bin", kBody);
    put(folder + "/body.detached", sign_detached(plain, kBodyType, kBody));
    return 0;
}

// A key that is neither ours nor under a certificate: x and y in base64url, a line each.
PublicKey foreign_key(const std::string& folder) {
    std::ifstream file(folder + "/foreign.point");
    std::string x, y;
    file >> x >> y;
    return PublicKey::from_coordinates(contract::from_base64url(x).value(),
                                       contract::from_base64url(y).value())
        .value();
}

std::string verdict_on_detached(const std::string& folder, const std::string& text) {
    const auto own = read_private_key(folder + "/body.key.pem", Plain{}).value().public_key();
    const std::vector<PublicKey> believed{own, foreign_key(folder)};
    const auto verified = verify_detached(text, kBodyType, kBody, believed);
    if (verified) return "ok";
    switch (verified.error()) {
        case DetachedFault::malformed:
            return "malformed";
        case DetachedFault::key_unknown:
            return "key_unknown";
        case DetachedFault::signature:
            return "signature";
    }
    return "";
}

std::string verdict_on_jws(const std::string& folder, const std::string& text) {
    const auto certificate = Certificate::from_pem(file_text(folder + "/signing.pem")).value();
    const auto verified = verify_signature(text, KeyRing(organisation("ssd-5000"), {certificate}), kNow);
    if (!verified) return std::string(contract::text(verified.error()));
    const auto parsed = parse_claims(*verified);
    if (!parsed) return std::string(contract::text(parsed.error()));
    return parsed->statement == statement() && parsed->iat == kToday ? "ok" : "other";
}

std::string verdict_on_jwe(const std::string& folder, const std::string& text) {
    const auto certificate = Certificate::from_pem(file_text(folder + "/encryption.pem")).value();
    OpeningKeys keys;
    if (!keys.add(read_private_key(folder + "/encryption.key.pem", Plain{}).value(), certificate))
        return "key";
    const auto opened = open(text, keys, context());
    if (!opened) return std::string(contract::text(opened.error()));
    return contract::text_of(*opened) == kPlaintext ? "ok" : "other";
}

int read(const std::string& folder, const std::string& name) {
    const std::string text = file_text(folder + "/" + name);
    const auto verdict = name.ends_with(".jws")        ? verdict_on_jws
                         : name.ends_with(".detached") ? verdict_on_detached
                                                       : verdict_on_jwe;
    std::cout << name << ' ' << verdict(folder, text) << '\n';
    return 0;
}

}  // namespace
}  // namespace kesher::statement

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments, arguments + count);
    if (count == 3 && words[1] == "write") return kesher::statement::write(words[2]);
    if (count < 4 || words[1] != "read") return 2;
    for (std::size_t i = 3; i < words.size(); ++i) kesher::statement::read(words[2], words[i]);
    return 0;
}
