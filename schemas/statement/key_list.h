// An organisation's key list: its root says which signing and encryption certificates are current
// (contract.md 2). Compact JWS by the root, cty application/vnd.kesher.keys+json, claims exactly
//   {"v":1,"org":id,"serial":int,"signing":[PEM],"encryption":[PEM],"not_after":int}
// `serial` is 1 or more and only grows. `not_after` is POSIX seconds, as `iat` is: the last second at which
// the list may be relied on. Certificates: at most 8 of each, each issued by the root, naming `org`, of its
// list's one use, encryption for at most 90 days. PEM as `openssl x509` writes it.
//
// The root is handed in: it may be the organisation's own or, for a class of many, the vouching body's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/codes.h"
#include "schemas/contract/result.h"
#include "schemas/statement/jws.h"
#include "schemas/statement/key_ring.h"

namespace kesher::statement {

struct KeyList {
    contract::OrganisationId organisation;
    std::int64_t serial;
    std::vector<Certificate> signing;
    std::vector<Certificate> encryption;
    contract::Instant not_after;  // whole seconds

    [[nodiscard]] KeyRing ring() const { return {organisation, signing}; }
    // Whether what this certificate signed counts at `at`: it is a signing one, holds, and so does the list.
    [[nodiscard]] bool vouches_for(const contract::Digest& certificate, contract::Instant at) const;
    // The encryption certificate to seal to: valid at `at` and latest to end; null where there is none.
    [[nodiscard]] const Certificate* seal_to(contract::Instant at) const;
    // SPKI SHA-256 of every certificate, signing first. A key is the same under whichever certificate.
    [[nodiscard]] std::vector<contract::Digest> keys() const;
};

// Throws std::logic_error for a list that verify_key_list would refuse.
[[nodiscard]] std::string sign_key_list(const KeyList& list, const Signer& root, contract::Day iat);

struct KeyListDemand {
    contract::OrganisationId organisation;
    contract::Digest root_pin;  // SPKI SHA-256 that the agreement (or the enrolment) holds
    std::int64_t least_serial;  // the highest seen so far; the same one again is allowed
    contract::Instant at;
};
// key_unpinned: not signed by the pinned root, root or list out of date, or a serial lower than seen.
// signature_invalid: the JWS does not hold. statement_invalid: claims or certificates break the form.
[[nodiscard]] contract::Result<KeyList, contract::Code> verify_key_list(std::string_view jws,
                                                                        const Certificate& root,
                                                                        const KeyListDemand& demand);

// A list that was taken once and may have run out since, whoever's it is: verified as of the last instant at
// which it and its root could hold. Whether it holds today is another question. The same codes.
[[nodiscard]] contract::Result<KeyList, contract::Code> verify_past_key_list(std::string_view jws,
                                                                             const Certificate& root);

// KeyList::keys() of a list whose root is not at hand any more, by nobody's word: good for naming what is not
// to be believed and for nothing else. nullopt where it has not the form.
[[nodiscard]] std::optional<std::vector<contract::Digest>> unverified_keys_of(std::string_view jws);

}  // namespace kesher::statement
