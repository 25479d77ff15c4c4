// What one side of a TLS connection has in hand: its chain and key, and whom it trusts. PEM text.
#pragma once

#include <string>
#include <utility>

namespace kesher::edge {

// A secret that has no formatter and cannot be compared or printed.
class SecretText {
public:
    SecretText() = default;
    explicit SecretText(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] const std::string& reveal() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

private:
    std::string text_;
};
template <class Stream>
Stream& operator<<(Stream&, const SecretText&) = delete;

struct TlsIdentity {
    std::string certificate_chain_pem;  // own certificate first
    SecretText private_key_pem;
    SecretText passphrase{};  // for an encrypted PKCS#8 key
};

// The file's text; throws std::runtime_error where it cannot be read or is over 256 KiB.
[[nodiscard]] std::string read_pem_file(const std::string& path);

}  // namespace kesher::edge
