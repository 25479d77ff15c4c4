// Symmetric secrets of the hub, each its own type, none printable, all wiped when they go.
//
// A key of one purpose where another belongs does not compile; a key in a log line does not
// compile either. reveal() is for the one function that computes with it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "schemas/contract/bytes.h"
#include "schemas/statement/hash.h"

namespace kesher::keys {

// Overwrites memory in a way that the optimiser may not drop.
void wipe(std::span<std::uint8_t> bytes) noexcept;

// Throws where the system has no randomness to give: a hub without must stop, never go on with zeros.
using statement::fill_random;

// Takes the time that the length asks for, wherever the first difference stands.
[[nodiscard]] bool same_bytes(contract::ByteView a, contract::ByteView b);

// 32 bytes of one purpose.
template <class Tag>
class Secret {
public:
    static constexpr std::size_t kBytes = 32;

    [[nodiscard]] static Secret random() {
        Secret fresh;
        fill_random(fresh.bytes_);
        return fresh;
    }
    [[nodiscard]] static std::optional<Secret> from(contract::ByteView bytes) {
        if (bytes.size() != kBytes) return std::nullopt;
        Secret secret;
        for (std::size_t i = 0; i < kBytes; ++i) secret.bytes_[i] = bytes[i];
        return secret;
    }
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    ~Secret() { wipe(bytes_); }

    [[nodiscard]] contract::ByteView reveal() const { return bytes_; }
    friend bool operator==(const Secret& a, const Secret& b) { return same_bytes(a.bytes_, b.bytes_); }

private:
    Secret() = default;
    std::array<std::uint8_t, kBytes> bytes_{};
};
template <class Stream, class Tag>
Stream& operator<<(Stream&, const Secret<Tag>&) = delete;

using LookupKey = Secret<struct LookupKeyTag>;    // K_lookup: finds a case from a pseudonym
using StoreKey = Secret<struct StoreKeyTag>;      // K_store: seals columns of the database
using ClaimKey = Secret<struct ClaimKeyTag>;      // K_claim: stored form of claim codes
using SubjectKey = Secret<struct SubjectKeyTag>;  // K_subject: one per case, tags its leaves

}  // namespace kesher::keys
