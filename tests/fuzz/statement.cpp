// Signed and sealed documents. As they come over the wire a forger has no key, so almost nothing passes: the
// claim is that only what was signed or sealed does. Behind a signature stands whoever holds a key: there the
// input is what was signed, and what is taken is written again to the same bytes.
#include "schemas/statement/statement.h"

#include <openssl/pem.h>

#include <fstream>

#include "schemas/json/writer.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/agreement_jws.h"
#include "schemas/statement/case_order.h"
#include "schemas/statement/detached_jws.h"
#include "schemas/statement/ecdsa.h"
#include "schemas/statement/issue.h"
#include "schemas/statement/key_list.h"
#include "schemas/statement/officer_entry.h"
#include "schemas/statement/profile.h"
#include "schemas/statement/seal.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {
namespace {

using namespace statement;
using contract::text_of;

constexpr contract::Instant kAt =
    contract::Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}} + std::chrono::hours{12};
const contract::Day kToday = contract::day_of(kAt);

contract::OrganisationId organisation(std::string_view text) {
    return contract::OrganisationId::parse(text).value();
}

std::string golden(const std::string& name) {
    std::ifstream file(std::string(KESHER_SOURCE_DIR) + "/schemas/golden/statement/" + name,
                       std::ios::binary);
    claim(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

PrivateKey golden_key(const std::string& name) {
    const std::string pem = golden(name);
    BIO* text = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    auto key = PrivateKey::adopt(PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr));
    BIO_free(text);
    return std::move(key).value();
}

// An organisation with a root of its own, and the golden keys that are kept for ever.
struct World {
    PrivateKey root_key = PrivateKey::generate(KeyKind::p256);
    Certificate root = issue_root(root_key, organisation("health"),
                                  {kAt - std::chrono::hours{1}, kAt + std::chrono::hours{999}});
    Issuer issuer = Issuer::make(root_key, root).value();
    Signer root_signer = Signer::make(root_key, root).value();
    PrivateKey sealing_key = PrivateKey::generate(KeyKind::p256);
    Validity validity{kAt - std::chrono::hours{1}, kAt + std::chrono::hours{24 * 30}};
    Certificate signing = issuer.issue(PrivateKey::generate(KeyKind::p256).public_key(),
                                       organisation("health"), Use::signing, validity);
    Certificate sealing =
        issuer.issue(sealing_key.public_key(), organisation("health"), Use::encryption, validity);
    Certificate golden_signing = Certificate::from_pem(golden("signing.pem")).value();
    Signer golden_signer = Signer::make(golden_key("signing.key.pem"), golden_signing).value();
    KeyRing golden_ring{organisation("ssd-5000"), {golden_signing}};
    std::string golden_statement = golden("statement.jws");
    std::string golden_jwe = golden("sealed.jwe");
    OpeningKeys golden_opening;
    OpeningKeys opening;

    World() {
        claim(golden_opening.add(golden_key("encryption.key.pem"),
                                 Certificate::from_pem(golden("encryption.pem")).value()));
        claim(opening.add(sealing_key, sealing));
    }
};

const World& world() {
    static const World one;
    return one;
}

// The place of a certificate in a kept input: the real one is drawn anew in every run.
std::string with_certificates(std::string_view input) {
    std::string text(input);
    const auto put = [&text](std::string_view mark, const Certificate& certificate) {
        std::string pem;
        for (const char c : certificate.pem()) pem += c == '\n' ? "\\n" : std::string(1, c);
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + pem.size())) {
            text.replace(at, mark.size(), pem);
        }
    };
    put("@SIGNING@", world().signing);
    put("@SEALING@", world().sealing);
    return text;
}

SealContext golden_context() {
    const auto verified = verify_signature(world().golden_statement, world().golden_ring, kAt);
    const auto said = parse_claims(verified.value()).value();
    return {said.statement.from, said.statement.to, said.statement.id};
}

// Whatever order its members have: who searches the text finds what a reader of JSON finds.
void claim_one_spelling(std::string_view claims) {
    json::Writer writer;
    writer.value(json::read(claims).value());
    claim(writer.take() == claims);
}

}  // namespace

// ES256 has two spellings of every signature, so only header and payload must be the golden ones.
void jws(contract::ByteView input) {
    const auto verified = verify_signature(text_of(input), world().golden_ring, kAt);
    if (!verified) return;
    const std::string& real = world().golden_statement;
    claim(text_of(input).substr(0, real.rfind('.')) == real.substr(0, real.rfind('.')));
}

// As it comes, nothing passes but the header that was really signed. As the header of one that is signed, it
// says the same as ours; and it is over no other body and of no other kind.
void detached_jws(contract::ByteView input) {
    constexpr std::string_view kType = "cloudevent+jws";
    constexpr std::string_view kBody = "{}";
    const PrivateKey& key = world().golden_signer.key();
    const std::vector<PublicKey> believed{key.public_key()};
    static const std::string real = sign_detached(key, kType, kBody);
    const std::string ours = real.substr(0, real.find('.'));
    if (verify_detached(text_of(input), kType, kBody, believed)) {
        claim(text_of(input).substr(0, text_of(input).find('.')) == ours);
    }
    const std::string header = contract::base64url(input);
    const auto signature = sign_es256(key, header + '.' + contract::base64url(contract::bytes_of(kBody)));
    const std::string jws = header + ".." + contract::base64url(signature);
    if (!verify_detached(jws, kType, kBody, believed)) return;
    const auto said = json::read(text_of(input)).value();
    claim(said.members()->size() == 3 && *said.find("alg")->text() == "ES256" &&
          *said.find("kid")->text() == thumbprint(key.public_key()) && *said.find("typ")->text() == kType);
    claim(!verify_detached(jws, kType, "[]", believed) && !verify_detached(jws, "other", kBody, believed));
}

void statement_claims(contract::ByteView input) {
    const std::string signed_ = sign(world().golden_signer, kStatementType, kToday, text_of(input));
    const auto verified = verify_signature(signed_, world().golden_ring, kAt);
    if (!verified) return claim(verified.error() == contract::Code::too_large);
    claim(verified->claims() == text_of(input));
    const auto identity = peek_identity(*verified);
    const auto said = parse_claims(*verified);
    if (!said) return;
    claim(identity && identity->id == said->statement.id && identity->from == said->statement.from);
    claim_one_spelling(text_of(input));
    const std::string again =
        sign(world().golden_signer, kStatementType, kToday, write_claims(said->statement));
    const auto reread = parse_claims(verify_signature(again, world().golden_ring, kAt).value());
    claim(reread && reread->statement == said->statement);
}

void acks_claims(contract::ByteView input) {
    const World& one = world();
    const KeyList keys{organisation("ssd-5000"), 7, {one.golden_signing}, {}, kAt};
    const OrderDemand demand{"hub.example/log", keys, kAt};
    const auto said = verify_acks(sign(one.golden_signer, kAcksType, kToday, text_of(input)), demand);
    if (!said) return;
    claim_one_spelling(text_of(input));
    const auto reread = verify_acks(sign_acks(said->acks, one.golden_signer, kToday), demand);
    claim(reread && reread->acks == said->acks);
}

void key_lists(contract::ByteView input) {
    const World& one = world();
    const std::string signed_ = sign(one.root_signer, kKeysType, kToday, with_certificates(text_of(input)));
    const KeyListDemand demand{organisation("health"), one.root.key().spki_sha256(), 1, kAt};
    const auto list = verify_key_list(signed_, one.root, demand);
    if (!list) return;
    claim_one_spelling(with_certificates(text_of(input)));
    const auto again = verify_key_list(sign_key_list(*list, one.root_signer, kToday), one.root, demand);
    claim(again && again->serial == list->serial && again->signing == list->signing &&
          again->encryption == list->encryption && again->not_after == list->not_after);
}

void profiles(contract::ByteView input) {
    const World& one = world();
    const KeyList keys{organisation("health"), 7, {one.golden_signing}, {}, kAt};
    const ProfileDemand demand{"hub.example/log", keys, kAt};
    const auto said = verify_profile(sign(one.golden_signer, kProfileType, kToday, text_of(input)), demand);
    if (!said) return;
    claim_one_spelling(text_of(input));
    const auto again = verify_profile(sign_profile(said->profile, one.golden_signer, kToday), demand);
    claim(again && again->profile.place == said->profile.place &&
          again->profile.reads == said->profile.reads && again->profile.honours == said->profile.honours);
}

void officers(contract::ByteView input) {
    const World& one = world();
    const KeyList keys{organisation("health"), 7, {one.golden_signing}, {}, kAt};
    const OrderDemand demand{"hub.example/log", keys, kAt};
    const auto said =
        verify_officer_entry(sign(one.golden_signer, kOfficerType, kToday, text_of(input)), demand);
    if (!said) return;
    claim_one_spelling(text_of(input));
    const auto again = verify_officer_entry(sign_officer_entry(said->says, one.golden_signer), demand);
    claim(again && again->says == said->says);
}

// Both orders of a case: what one kind takes the other does not.
void case_orders(contract::ByteView input) {
    const World& one = world();
    const KeyList keys{organisation("health"), 7, {one.golden_signing}, {}, kAt};
    const OrderDemand demand{"hub.example/log", keys, kAt};
    const auto order =
        verify_case_order(sign(one.golden_signer, kCaseOrderType, kToday, text_of(input)), demand);
    const auto code =
        verify_claim_code_order(sign(one.golden_signer, kClaimCodeOrderType, kToday, text_of(input)), demand);
    claim(!order || !code);
    if (order || code) claim_one_spelling(text_of(input));
    if (order) {
        const auto again = verify_case_order(sign_case_order(order->says, one.golden_signer), demand);
        claim(again && again->says == order->says);
    }
    if (code) {
        const auto again =
            verify_claim_code_order(sign_claim_code_order(code->says, one.golden_signer), demand);
        claim(again && again->says == code->says);
    }
}

void agreements(contract::ByteView input) {
    const World& one = world();
    const auto document = read_agreement_document(with_certificates(text_of(input)));
    if (document) {
        const auto again = read_agreement_document(write_agreement_document(*document));
        claim(again && again->jws == document->jws && again->approver == document->approver);
    }
    const std::string signed_ = sign(one.root_signer, kAgreementType, kToday, text_of(input));
    const auto said = verify_agreement(signed_, organisation("health"), one.root, std::nullopt, kAt);
    if (!said) return;
    claim_one_spelling(text_of(input));
    const std::string again = sign_agreement(said->agreement, one.root_signer, kToday);
    const auto reread = verify_agreement(again, organisation("health"), one.root, std::nullopt, kAt);
    claim(reread && reread->agreement.same_terms(said->agreement));
}

// Every byte of a sealed part is bound: the golden one opens, and nothing beside it.
void jwe(contract::ByteView input) {
    static const SealContext context = golden_context();
    const auto opened = open(text_of(input), world().golden_opening, context);
    if (opened) claim(text_of(input) == world().golden_jwe);
}

// Whatever is sealed opens to the same bytes, in a size that says little, and not with a bit turned.
void sealing(contract::ByteView input) {
    static const SealContext context{
        organisation("ssd-5000"), organisation("health"),
        contract::MessageId::parse("00000000-0000-4000-8000-000000000000").value()};
    const contract::ByteView plaintext = input.first(std::min<std::size_t>(input.size(), 20'000));
    auto sealed = seal(world().sealing, context, plaintext);
    claim(sealed.has_value());
    const auto opened = open(*sealed, world().opening, context);
    claim(opened && text_of(*opened) == text_of(plaintext));
    const std::size_t at = input.empty() ? 0 : input[0] * sealed->size() / 256;
    (*sealed)[at] = (*sealed)[at] == 'A' ? 'B' : 'A';
    claim(!open(*sealed, world().opening, context));
}

void certificates(contract::ByteView input) {
    const auto from_der = Certificate::from_der(input);
    if (from_der) claim(text_of(from_der->der()) == text_of(input));
    const auto from_pem = Certificate::from_pem(text_of(input));
    if (from_pem) {
        const auto again = Certificate::from_pem(from_pem->pem());
        claim(again && *again == *from_pem);
        (void)from_pem->use();
        (void)from_pem->common_name();
        (void)from_pem->issued_by(world().root, kAt);
    }
    const auto request = read_request(text_of(input));
    if (request) claim(!request->organisation.text().empty());
}

}  // namespace kesher::fuzz
