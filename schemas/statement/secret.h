// Bytes that must not be seen: no copy, no text form, wiped when they go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "schemas/contract/bytes.h"

namespace kesher::statement {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::size_t size) : bytes_(size) {}
    explicit Secret(contract::Bytes&& bytes) : bytes_(std::move(bytes)) {}
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    [[nodiscard]] Secret clone() const { return Secret(contract::Bytes(bytes_)); }
    // For the algorithm that needs it, never for a log or a message.
    [[nodiscard]] contract::ByteView reveal() const { return bytes_; }
    [[nodiscard]] std::span<std::uint8_t> writable() { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

private:
    contract::Bytes bytes_;
};
template <class Stream>
Stream& operator<<(Stream&, const Secret&) = delete;

// Equality in constant time.
[[nodiscard]] bool same_secret(const Secret& left, const Secret& right);

}  // namespace kesher::statement
