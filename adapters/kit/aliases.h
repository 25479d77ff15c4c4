// Names of native records on the wire: a UUID that the native system's own number leads to, and nobody
// else can guess or reverse (domain.md 11.6).
//
// UUID version 8 from HMAC-SHA-256(alias key, kind ‖ native), for a consent kind ‖ native ‖ recipient (one
// form may name several), for a message kind ‖ referral ‖ digest of the record. So a repeated or renamed
// file gives the same ids, even after the journal is lost. The journal keeps (kind, native, uuid) to find
// the way back, and refuses two natives that would share a name. From the same key, under a word that is no
// kind of name, come the salts of what is said of a native receipt, and the numbers of referrals that others
// named.
#pragma once

#include <string>
#include <string_view>

#include "schemas/contract/closed_list.h"
#include "schemas/contract/ids.h"
#include "schemas/statement/commitment.h"
#include "schemas/statement/secret.h"

namespace kesher::kit {

// Stored in journals and hashed into ids: add at the end only.
enum class AliasKind { referral, consent, message, request, name };
inline constexpr contract::ClosedList<AliasKind, 5> kAliasKinds{
    {"referral", "consent", "message", "request", "name"}};

// 1 to 128 bytes of UTF-8 without control characters, and no national id number: a native key names a
// record, never a person.
[[nodiscard]] bool is_native_number(std::string_view text);

class AliasMaker {
public:
    explicit AliasMaker(statement::Secret key) : key_(std::move(key)) {}

    // `native` must be a native number (std::invalid_argument else).
    [[nodiscard]] contract::ReferralId referral(std::string_view native) const;
    [[nodiscard]] contract::ConsentId consent(std::string_view native,
                                              const contract::OrganisationId& recipient) const;
    // POST /v1/cases for this native case: asking twice opens one case.
    [[nodiscard]] contract::RequestId request(std::string_view native) const;
    [[nodiscard]] contract::MessageId message(const contract::ReferralId& referral,
                                              const contract::Digest& record) const;
    // For native_receipt.h, of one message, where the receipt itself is kept nowhere that a salt could stand
    // beside it: the same each time it is asked for.
    [[nodiscard]] statement::Salt salt(const contract::OrganisationId& from,
                                       const contract::MessageId& id) const;
    // For the native number of a referral that another body named. Who chose the id cannot choose this: two
    // of its ids would else stand for one number.
    [[nodiscard]] contract::Digest number(const contract::ReferralId& referral) const;
    // A mark of a neutral name within one case, by which it is known again and cannot be read.
    [[nodiscard]] contract::Digest name(const contract::Pseudonym& pseudonym, std::string_view neutral) const;

private:
    [[nodiscard]] contract::Digest keyed(AliasKind kind, std::string_view first,
                                         std::string_view second) const;
    [[nodiscard]] contract::Digest keyed(std::string_view kind, std::string_view first,
                                         std::string_view second) const;
    statement::Secret key_;
};

}  // namespace kesher::kit
