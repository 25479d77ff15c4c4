#include "adapters/kit/aliases.h"

#include <openssl/hmac.h>

#include <algorithm>
#include <stdexcept>

namespace kesher::kit {
namespace {

constexpr std::size_t kNativeBytes = 128;

std::string_view must_be_native(std::string_view native) {
    if (!is_native_number(native)) throw std::invalid_argument("not a native number");
    return native;
}

}  // namespace

bool is_native_number(std::string_view text) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    return !text.empty() && text.size() <= kNativeBytes && contract::is_utf8(text) &&
           std::none_of(text.begin(), text.end(), is_control) && !contract::is_national_id_number(text);
}

contract::Digest AliasMaker::keyed(std::string_view kind, std::string_view first,
                                   std::string_view second) const {
    std::string input{kind};
    input.append(first).append(second);
    const contract::ByteView key = key_.reveal();
    const contract::ByteView bytes = contract::bytes_of(input);
    contract::Digest digest;
    unsigned int size = 0;
    const unsigned char* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(),
                                     bytes.size(), digest.bytes.data(), &size);
    if (made == nullptr || size != digest.bytes.size()) throw std::runtime_error("OpenSSL: HMAC");
    return digest;
}

contract::Digest AliasMaker::keyed(AliasKind kind, std::string_view first, std::string_view second) const {
    return keyed(kAliasKinds.text(kind), first, second);
}

contract::ReferralId AliasMaker::referral(std::string_view native) const {
    return contract::ReferralId::of_keyed_hash(keyed(AliasKind::referral, must_be_native(native), {}));
}

contract::ConsentId AliasMaker::consent(std::string_view native,
                                        const contract::OrganisationId& recipient) const {
    return contract::ConsentId::of_keyed_hash(
        keyed(AliasKind::consent, must_be_native(native), recipient.text()));
}

contract::RequestId AliasMaker::request(std::string_view native) const {
    return contract::RequestId::of_keyed_hash(keyed(AliasKind::request, must_be_native(native), {}));
}

contract::MessageId AliasMaker::message(const contract::ReferralId& referral,
                                        const contract::Digest& record) const {
    return contract::MessageId::of_keyed_hash(
        keyed(AliasKind::message, referral.text(), contract::text_of(record.view())));
}

statement::Salt AliasMaker::salt(const contract::OrganisationId& from, const contract::MessageId& id) const {
    const contract::Digest digest = keyed("native-salt", id.text(), from.text());
    statement::Salt salt{};
    std::copy_n(digest.bytes.begin(), salt.size(), salt.begin());
    return salt;
}

contract::Digest AliasMaker::number(const contract::ReferralId& referral) const {
    return keyed("native-number", referral.text(), {});
}

contract::Digest AliasMaker::name(const contract::Pseudonym& pseudonym, std::string_view neutral) const {
    return keyed(AliasKind::name, pseudonym.reveal(), neutral);
}

}  // namespace kesher::kit
