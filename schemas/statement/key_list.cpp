#include "schemas/statement/key_list.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/segments.h"

namespace kesher::statement {
namespace {

namespace limits = contract::limits;
using contract::Code;
using contract::Digest;
using contract::Failure;
using contract::Instant;
using contract::Result;

std::optional<std::vector<Certificate>> read_certificates(std::span<const json::Value> items) {
    if (items.size() > limits::kCertificatesPerUse) return std::nullopt;
    std::vector<Certificate> certificates;
    for (const json::Value& item : items) {
        if (item.text() == nullptr) return std::nullopt;
        auto certificate = Certificate::from_pem(*item.text());
        if (!certificate) return std::nullopt;
        certificates.push_back(std::move(*certificate));
    }
    return certificates;
}

std::optional<KeyList> read_list(std::string_view text) {
    const auto value = json::read(text, kKeyListBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const bool version = object.integer("v") == 1;
    const auto organisation = contract::OrganisationId::parse(object.text("org"));
    const std::int64_t serial = object.integer("serial");
    auto signing = read_certificates(object.array("signing"));
    auto encryption = read_certificates(object.array("encryption"));
    const std::int64_t not_after = object.integer("not_after");
    if (!object.finish() || !version || !organisation || !signing || !encryption) return std::nullopt;
    if (not_after < 0 || not_after > kLastSecond) return std::nullopt;
    return KeyList{*organisation, serial, std::move(*signing), std::move(*encryption),
                   Instant(std::chrono::seconds(not_after))};
}

bool fit(const std::vector<Certificate>& certificates, Use use, const KeyList& list,
         const Certificate& root) {
    return certificates.size() <= limits::kCertificatesPerUse &&
           std::all_of(certificates.begin(), certificates.end(), [&](const Certificate& one) {
               return one.use() == use && one.names(list.organisation) && one.issued_by(root);
           });
}

// Three uses, three keys: no key stands twice, and none is the root's.
bool keys_differ(const KeyList& list, const Certificate& root) {
    std::set<Digest> seen{root.key().spki_sha256()};
    const auto fresh = [&](const Certificate& one) { return seen.insert(one.key().spki_sha256()).second; };
    return std::all_of(list.signing.begin(), list.signing.end(), fresh) &&
           std::all_of(list.encryption.begin(), list.encryption.end(), fresh);
}

bool fits_contract(const KeyList& list, const Certificate& root) {
    const auto short_lived = [](const Certificate& one) {
        return one.not_after() - one.not_before() <= limits::kEncryptionKeyLife;
    };
    const bool whole_second = list.not_after == std::chrono::floor<std::chrono::seconds>(list.not_after);
    return list.serial >= 1 && whole_second && fit(list.signing, Use::signing, list, root) &&
           fit(list.encryption, Use::encryption, list, root) && keys_differ(list, root) &&
           std::all_of(list.encryption.begin(), list.encryption.end(), short_lived);
}

// Whose it is and what it says; whether it holds is the caller's to ask.
Result<KeyList, Code> read_signed(std::string_view jws, const Certificate& root) {
    const auto lookup = [&](const Digest& thumbprint) {
        return thumbprint == root.thumbprint() ? &root : nullptr;
    };
    const auto verified = verify(jws, kKeysType, lookup, limits::kSignedDocumentBytes);
    if (!verified && verified.error() == JwsFault::certificate_unknown) return Failure{Code::key_unpinned};
    if (!verified) return Failure{code_of(verified.error())};
    auto list = read_list(verified->payload);
    const bool holds = list && whole_day(verified->iat) && fits_contract(*list, root);
    if (!holds) return Failure{Code::statement_invalid};
    return *std::move(list);
}

void write_certificates(json::Writer& writer, std::string_view key,
                        const std::vector<Certificate>& certificates) {
    writer.open_array(key);
    for (const Certificate& one : certificates) writer.text(one.pem());
    writer.close();
}

}  // namespace

bool KeyList::vouches_for(const contract::Digest& certificate, contract::Instant at) const {
    return at <= not_after && ring().find(certificate, at) != nullptr;
}

const Certificate* KeyList::seal_to(Instant at) const {
    const Certificate* best = nullptr;
    for (const Certificate& one : encryption) {
        if (one.valid_at(at) && (best == nullptr || one.not_after() > best->not_after())) best = &one;
    }
    return best;
}

std::vector<Digest> KeyList::keys() const {
    std::vector<Digest> all;
    for (const auto* list : {&signing, &encryption}) {
        for (const Certificate& one : *list) all.push_back(one.key().spki_sha256());
    }
    return all;
}

std::string sign_key_list(const KeyList& list, const Signer& root, contract::Day iat) {
    if (!fits_contract(list, root.certificate())) throw std::logic_error("this key list breaks the contract");
    json::Writer writer;
    writer.open_object().number("v", 1).text("org", list.organisation.text()).number("serial", list.serial);
    write_certificates(writer, "signing", list.signing);
    write_certificates(writer, "encryption", list.encryption);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(list.not_after).time_since_epoch().count();
    return sign(root, kKeysType, iat, writer.number("not_after", seconds).close().take());
}

Result<KeyList, Code> verify_key_list(std::string_view jws, const Certificate& root,
                                      const KeyListDemand& demand) {
    const bool pinned = root.use() == Use::root && root.key().spki_sha256() == demand.root_pin;
    if (!pinned || !root.valid_at(demand.at)) return Failure{Code::key_unpinned};
    auto list = read_signed(jws, root);
    if (!list) return list;
    if (list->organisation != demand.organisation) return Failure{Code::statement_invalid};
    if (list->not_after < demand.at || list->serial < demand.least_serial) return Failure{Code::key_unpinned};
    return list;
}

Result<KeyList, Code> verify_past_key_list(std::string_view jws, const Certificate& root) {
    if (root.use() != Use::root) return Failure{Code::key_unpinned};
    auto list = read_signed(jws, root);
    if (!list) return list;
    if (!root.valid_at(std::min(list->not_after, root.not_after()))) return Failure{Code::key_unpinned};
    return list;
}

std::optional<std::vector<Digest>> unverified_keys_of(std::string_view jws) {
    const auto segments = split_segments<3>(jws);
    if (!segments || jws.size() > limits::kSignedDocumentBytes) return std::nullopt;
    const auto claims = decoded_text(segments->at(1));
    const auto list = claims ? read_list(*claims) : std::nullopt;
    if (!list) return std::nullopt;
    return list->keys();
}

}  // namespace kesher::statement
