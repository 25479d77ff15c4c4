#include "tests/bench/line.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace kesher::bench {
namespace {

[[noreturn]] void broken(const std::string& what) {
    std::array<char, 256> reason{};
    ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
    throw std::runtime_error(what + ": " + reason.data());
}

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
Bio bio_of(const std::string& text) {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

int passphrase_into(char* buffer, int size, int, void* given) {
    const auto& passphrase = *static_cast<const std::string*>(given);
    const auto length = std::min(passphrase.size(), static_cast<std::size_t>(size));
    std::copy_n(passphrase.data(), length, buffer);
    return static_cast<int>(length);
}

int connected(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd);
        throw std::runtime_error("nobody listens on port " + std::to_string(port));
    }
    return fd;
}

// What the head says; our servers always give a length.
struct Head {
    std::size_t size;
    std::size_t body;
    bool closes;
};

Head read_head(std::string_view bytes, std::size_t end) {
    const std::string_view head = bytes.substr(0, end);
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    Head found{end + 4, 0, head.find("\r\nConnection: close") != std::string_view::npos};
    const std::size_t at = head.find(kLength);
    if (at == std::string_view::npos) throw std::runtime_error("an answer without a length");
    std::from_chars(head.data() + at + kLength.size(), head.data() + head.size(), found.body);
    return found;
}

int status_of(std::string_view head) {
    int status = 0;
    constexpr std::size_t kAt = std::string_view("HTTP/1.1 ").size();
    if (head.size() > kAt) std::from_chars(head.data() + kAt, head.data() + head.size(), status);
    return status;
}

}  // namespace

Credentials::Credentials(const edge::TlsIdentity& identity, const std::string& server_ca_pem)
    : context_(SSL_CTX_new(TLS_client_method())) {
    auto* context = static_cast<SSL_CTX*>(context_);
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    const Bio ca = bio_of(server_ca_pem);
    X509* trusted = PEM_read_bio_X509(ca.get(), nullptr, nullptr, nullptr);
    if (trusted == nullptr || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), trusted) != 1) {
        broken("the CA's certificate");
    }
    X509_free(trusted);
    const Bio chain = bio_of(identity.certificate_chain_pem);
    X509* own = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr);
    const Bio key_text = bio_of(identity.private_key_pem.reveal());
    std::string passphrase = identity.passphrase.reveal();
    EVP_PKEY* key = PEM_read_bio_PrivateKey(key_text.get(), nullptr, passphrase_into, &passphrase);
    if (SSL_CTX_use_certificate(context, own) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1) {
        broken("the client's certificate");
    }
    X509_free(own);
    EVP_PKEY_free(key);
}

Credentials::~Credentials() { SSL_CTX_free(static_cast<SSL_CTX*>(context_)); }

struct Line::Parts {
    SSL_CTX* context;
    std::uint16_t port;
    int fd = -1;
    SSL* tls = nullptr;

    Parts(SSL_CTX* c, std::uint16_t p) : context(c), port(p) {}
    ~Parts() { close(); }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    void close() {
        if (tls != nullptr) SSL_shutdown(tls);
        SSL_free(tls);
        tls = nullptr;
        if (fd >= 0) ::close(fd);
        fd = -1;
    }
    void open() {
        close();
        fd = connected(port);
        tls = SSL_new(context);
        SSL_set_fd(tls, fd);
        if (SSL_connect(tls) != 1) broken("the handshake");
    }
};

Line::Line(const Credentials& credentials, std::uint16_t port)
    : parts_(std::make_unique<Parts>(static_cast<SSL_CTX*>(credentials.context()), port)) {}
Line::~Line() = default;
Line::Line(Line&&) noexcept = default;
Line& Line::operator=(Line&&) noexcept = default;

void Line::connect() { parts_->open(); }

std::string Line::request(std::string_view path, std::string_view content_type, std::string_view body) {
    std::string text = "POST ";
    text.append(path).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Type: ").append(content_type);
    text.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    return text.append(body);
}

Reply Line::send(std::string_view request) {
    if (parts_->tls == nullptr) parts_->open();
    if (SSL_write(parts_->tls, request.data(), static_cast<int>(request.size())) <= 0) broken("sending");
    std::string bytes;
    std::optional<Head> head;
    std::array<char, 16 * 1024> chunk;
    while (!head || bytes.size() < head->size + head->body) {
        const int got = SSL_read(parts_->tls, chunk.data(), static_cast<int>(chunk.size()));
        if (got <= 0) broken("reading the answer");
        bytes.append(chunk.data(), static_cast<std::size_t>(got));
        if (head) continue;
        const std::size_t end = bytes.find("\r\n\r\n");
        if (end != std::string::npos) head = read_head(bytes, end);
    }
    if (head->closes) parts_->close();
    return {status_of(bytes), bytes.substr(head->size)};
}

std::string read_page(std::uint16_t port, std::string_view path) {
    const int fd = connected(port);
    std::string request = "GET ";
    request.append(path).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    std::string page;
    std::array<char, 16 * 1024> chunk;
    bool open = ::write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size());
    while (open) {
        const ssize_t got = ::read(fd, chunk.data(), chunk.size());
        open = got > 0;
        if (open) page.append(chunk.data(), static_cast<std::size_t>(got));
    }
    ::close(fd);
    if (status_of(page) != 200) throw std::runtime_error("no metrics on port " + std::to_string(port));
    return page;
}

}  // namespace kesher::bench
