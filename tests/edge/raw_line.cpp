#include "tests/edge/raw_line.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace kesher::tests {
namespace {

template <auto free_it>
struct Free {
    template <class T>
    void operator()(T* held) const {
        free_it(held);
    }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;

int connected(std::uint16_t port, const std::string& from) {
    std::signal(SIGPIPE, SIG_IGN);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    const bool bound = from.empty() || (::inet_pton(AF_INET, from.c_str(), &own.sin_addr) == 1 &&
                                        ::bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0);
    if (fd < 0 || !bound || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (fd >= 0) ::close(fd);
        throw std::runtime_error("nobody listens");
    }
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const timeval patience{6, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

void use(SSL_CTX* context, const Issued& identity) {
    const Bio certificate(BIO_new_mem_buf(identity.certificate_pem.data(), -1));
    const Bio key(BIO_new_mem_buf(identity.key_pem.data(), -1));
    std::unique_ptr<X509, Free<X509_free>> x509(
        PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
    std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> pkey(
        PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
    if (SSL_CTX_use_certificate(context, x509.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, pkey.get()) != 1) {
        throw std::runtime_error("bad test certificate");
    }
}

std::string length_line(const std::string& head) {
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string::npos ? "0" : head.substr(at + 16, head.find('\r', at) - at - 16);
}

}  // namespace

struct TlsSide::Parts {
    std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> context{SSL_CTX_new(TLS_client_method())};
};

TlsSide::TlsSide(const std::optional<Issued>& identity, bool only_tls_1_2) {
    const auto parts = std::make_shared<Parts>();
    if (only_tls_1_2) SSL_CTX_set_max_proto_version(parts->context.get(), TLS1_2_VERSION);
    if (identity) use(parts->context.get(), *identity);
    parts_ = parts;
}

struct RawLine::Parts {
    ~Parts() {
        if (fd >= 0) ::close(fd);
    }
    int fd = -1;
    std::unique_ptr<SSL, Free<SSL_free>> tls;
    bool open = true;
    std::string pending;
};

RawLine::RawLine(std::uint16_t port, const std::string& from) : parts_(std::make_unique<Parts>()) {
    parts_->fd = connected(port, from);
}

RawLine::RawLine(std::uint16_t port, const TlsOffer& wanted) : RawLine(port, wanted.from) {
    offer(TlsSide(wanted.identity, wanted.only_tls_1_2), wanted.resume_from);
    if (!wanted.halfway) {
        static_cast<void>(finish());
        return;
    }
    Parts& own = *parts_;
    own.open = false;
    // Its first words leave, and what comes is left in the socket: an answer that came at once would be
    // answered too, and the handshake were done.
    SSL_set0_rbio(own.tls.get(), BIO_new(BIO_s_mem()));
    SSL_connect(own.tls.get());
    ERR_clear_error();
    SSL_set_rfd(own.tls.get(), own.fd);
    pollfd watched{own.fd, POLLIN, 0};
    ::poll(&watched, 1, 6'000);
}

RawLine::RawLine(std::uint16_t port, const TlsSide& side, const std::string& resume_from) : RawLine(port) {
    offer(side, resume_from);
    static_cast<void>(finish());
}

void RawLine::offer(const TlsSide& side, const std::string& resume_from) {
    Parts& own = *parts_;
    own.tls.reset(SSL_new(side.parts().context.get()));  // which keeps the context
    if (!resume_from.empty()) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(resume_from.data());
        SSL_SESSION* session = d2i_SSL_SESSION(nullptr, &bytes, static_cast<long>(resume_from.size()));
        SSL_set_session(own.tls.get(), session);
        SSL_SESSION_free(session);
    }
    SSL_set_fd(own.tls.get(), own.fd);
}

bool RawLine::finish() {
    parts_->open = SSL_connect(parts_->tls.get()) == 1;
    ERR_clear_error();
    return parts_->open;
}

RawLine::~RawLine() = default;

bool RawLine::is_open() const { return parts_->open; }

bool RawLine::send(std::string_view bytes) {
    ERR_clear_error();
    while (!bytes.empty()) {
        const int size = static_cast<int>(bytes.size());
        const auto count =
            parts_->tls ? SSL_write(parts_->tls.get(), bytes.data(), size)
                        : static_cast<int>(::send(parts_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL));
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void RawLine::send_raw(std::string_view bytes) {
    static_cast<void>(::send(parts_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

int RawLine::receive(char* into, int size) {
    ERR_clear_error();
    if (parts_->tls) return SSL_read(parts_->tls.get(), into, size);
    return static_cast<int>(::recv(parts_->fd, into, static_cast<std::size_t>(size), 0));
}

RawAnswer RawLine::answer(std::chrono::milliseconds patience) {
    const timeval time{static_cast<time_t>(patience.count() / 1'000),
                       static_cast<suseconds_t>(patience.count() % 1'000 * 1'000)};
    ::setsockopt(parts_->fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    std::string& got = parts_->pending;
    std::array<char, 16'384> chunk{};
    while (true) {
        const std::size_t end = got.find("\r\n\r\n");
        if (end != std::string::npos) {
            RawAnswer answer{std::stoi(got.substr(9, 3)), got.substr(0, end + 4), {}};
            const std::size_t length = std::stoul(length_line(answer.head));
            if (got.size() >= end + 4 + length) {
                answer.body = got.substr(end + 4, length);
                got.erase(0, end + 4 + length);
                return answer;
            }
        }
        const int count = receive(chunk.data(), static_cast<int>(chunk.size()));
        if (count <= 0) return {};
        got.append(chunk.data(), static_cast<std::size_t>(count));
    }
}

bool RawLine::ends(std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::array<char, 4'096> chunk{};
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd watched{parts_->fd, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) <= 0) return false;
        if (::recv(parts_->fd, chunk.data(), chunk.size(), 0) <= 0) return true;
    }
}

void RawLine::finish_sending() {
    if (parts_->tls) SSL_shutdown(parts_->tls.get());
    ::shutdown(parts_->fd, SHUT_WR);
}

bool RawLine::was_resumed() const { return SSL_session_reused(parts_->tls.get()) == 1; }

std::string RawLine::session() const {
    SSL_SESSION* session = SSL_get0_session(parts_->tls.get());
    std::string bytes(static_cast<std::size_t>(i2d_SSL_SESSION(session, nullptr)), '\0');
    auto* into = reinterpret_cast<unsigned char*>(bytes.data());
    i2d_SSL_SESSION(session, &into);
    return bytes;
}

std::string RawLine::protocol() const { return SSL_get_version(parts_->tls.get()); }

long RawLine::ticket_life_seconds() const {
    return static_cast<long>(SSL_SESSION_get_ticket_lifetime_hint(SSL_get0_session(parts_->tls.get())));
}

bool RawLine::renegotiates() { return SSL_renegotiate(parts_->tls.get()) == 1; }

}  // namespace kesher::tests
