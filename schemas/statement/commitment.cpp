#include "schemas/statement/commitment.h"

#include "schemas/statement/hash.h"

namespace kesher::statement {

using contract::bytes_of;
using contract::Digest;

Salt draw_salt() { return random_bytes<16>(); }

// The zero byte keeps id and role apart: neither can hold one.
Digest commit_actor(const Salt& salt, const contract::OfficerId& id, contract::OfficerRole role) {
    constexpr std::uint8_t kZero = 0;
    const auto word = contract::kOfficerRoles.text(role);
    return sha256({bytes_of("kesher.actor.v1"), salt, bytes_of(id.text()), {&kZero, 1}, bytes_of(word)});
}

Digest commit_case(const Salt& salt, const contract::Pseudonym& pseudonym) {
    return sha256({bytes_of("kesher.case.v1"), salt, bytes_of(pseudonym.reveal())});
}

bool opens_actor(const Digest& commitment, const Salt& salt, const contract::OfficerId& id,
                 contract::OfficerRole role) {
    return commit_actor(salt, id, role) == commitment;
}

bool opens_case(const Digest& commitment, const Salt& salt, const contract::Pseudonym& pseudonym) {
    return commit_case(salt, pseudonym) == commitment;
}

}  // namespace kesher::statement
