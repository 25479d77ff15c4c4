// A socket that sends exactly the bytes it is told and reads what comes, with or without TLS. It uses
// the system and OpenSSL directly: nothing of the code under test stands between.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/edge/pki.h"

namespace kesher::tests {

// A client's side of TLS, made once for many lines: its certificate is read a single time.
class TlsSide {
public:
    explicit TlsSide(const std::optional<Issued>& identity, bool only_tls_1_2 = false);
    struct Parts;
    [[nodiscard]] const Parts& parts() const { return *parts_; }

private:
    std::shared_ptr<const Parts> parts_;
};

struct TlsOffer {
    std::optional<Issued> identity{};
    bool only_tls_1_2 = false;
    std::string resume_from{};  // a session kept from an earlier line, see RawLine::session()
    std::string from{};         // see RawLine(port, from)
    bool halfway = false;       // stops where the server has answered the first words; finish() goes on
};

struct RawAnswer {
    int status = 0;  // 0: the line ended without an answer
    std::string head;
    std::string body;
    [[nodiscard]] bool has(std::string_view text) const {
        return (head + body).find(text) != std::string::npos;
    }
};

class RawLine {
public:
    // from: another address of this machine, "127.0.0.2", so that the line is another caller's.
    explicit RawLine(std::uint16_t port, const std::string& from = {});
    RawLine(std::uint16_t port, const TlsOffer& offer);  // handshakes; see is_open()
    RawLine(std::uint16_t port, const TlsSide& side, const std::string& resume_from = {});  // the same
    ~RawLine();
    RawLine(const RawLine&) = delete;
    RawLine& operator=(const RawLine&) = delete;

    // False where the handshake failed on our side. With TLS 1.3 a refusal of our certificate comes
    // only with the first read.
    [[nodiscard]] bool is_open() const;
    [[nodiscard]] bool finish();            // the handshake that stopped halfway; is_open() afterwards
    bool send(std::string_view bytes);      // false where the other side is gone
    void send_raw(std::string_view bytes);  // below TLS
    // One answer by its Content-Length; status 0 where the line ended or nothing came in `patience`.
    [[nodiscard]] RawAnswer answer(std::chrono::milliseconds patience = std::chrono::seconds{5});
    // True where the other side ends the line within `patience`.
    [[nodiscard]] bool ends(std::chrono::milliseconds patience = std::chrono::seconds{5});
    void finish_sending();  // half close

    [[nodiscard]] bool was_resumed() const;
    [[nodiscard]] std::string session() const;   // to resume from; call it after an answer
    [[nodiscard]] std::string protocol() const;  // "TLSv1.3"
    [[nodiscard]] long ticket_life_seconds() const;
    [[nodiscard]] bool renegotiates();  // asks for it, TLS 1.3: a key update at most

private:
    void offer(const TlsSide& side, const std::string& resume_from);
    int receive(char* into, int size);
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kesher::tests
