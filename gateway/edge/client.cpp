#include "gateway/edge/client.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/URI.h>

#include <stdexcept>

#include "gateway/edge/answer_reader.h"
#include "gateway/edge/ascii.h"
#include "gateway/edge/tls_context.h"

namespace kesher::edge {
namespace {

using namespace std::chrono_literals;
using contract::Failure;
using Kind = ClientFault::Kind;
using std::chrono::steady_clock;

// Under the server's five seconds, so that a call never meets a connection that is just being closed.
constexpr auto kReuseWithin = 3s;

struct Base {
    bool secure;
    std::string host;
    std::uint16_t port;
    std::string path;  // without a slash at its end
};

bool is_loopback_name(const std::string& host) {
    return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

Base base_of(const std::string& url) {
    Poco::URI uri;
    try {
        uri = Poco::URI(url);
    } catch (const Poco::Exception&) {
        throw std::invalid_argument("not a URL");
    }
    Base base{uri.getScheme() == "https", uri.getHost(), uri.getPort(), uri.getPathEtc()};
    const bool plain = uri.getScheme() == "http" && is_loopback_name(base.host);
    if (!base.secure && !plain) throw std::invalid_argument("the URL is https, or http to this machine");
    const bool bare = uri.getUserInfo().empty() && uri.getQuery().empty() && uri.getFragment().empty();
    if (base.host.empty() || !bare)
        throw std::invalid_argument("the URL has a host, a port and a path alone");
    while (base.path.ends_with('/')) base.path.pop_back();
    return base;
}

std::string host_header(const Base& base) {
    const bool ipv6 = base.host.find(':') != std::string::npos;
    return (ipv6 ? '[' + base.host + ']' : base.host) + ':' + std::to_string(base.port);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    if (!is_token(name) || std::any_of(value.begin(), value.end(), is_control)) {
        throw std::invalid_argument("a call's header is not one line");
    }
    out.append(name).append(": ").append(value).append("\r\n");
}

bool may_have_body(std::string_view method) { return method != "GET" && method != "HEAD"; }

std::string request_text(const Base& base, const Call& call) {
    const bool clean = std::all_of(call.path.begin(), call.path.end(),
                                   [](char c) { return c > ' ' && c < '\x7F' && c != '#'; });
    if (!is_token(call.method) || !call.path.starts_with('/') || !clean) {
        throw std::invalid_argument("a call's method or path is malformed");
    }
    std::string out = call.method + ' ' + base.path + call.path + " HTTP/1.1\r\n";
    append_header(out, "Host", host_header(base));
    if (may_have_body(call.method) || !call.body.empty()) {
        append_header(out, "Content-Length", std::to_string(call.body.size()));
    }
    if (!call.content_type.empty()) append_header(out, "Content-Type", call.content_type);
    for (const Header& header : call.headers) append_header(out, header.name, header.value);
    return out + "\r\n" + call.body;
}

// One open connection; its Watch ends before its socket does.
struct Link {
    Link(Poco::Net::StreamSocket open, Sweeper& sweeper)
        : socket(std::move(open)), watch(sweeper, socket.impl()->sockfd()), wire(socket, watch) {}
    ~Link() {
        try {
            if (!watch.was_cut()) socket.shutdown();
        } catch (const Poco::Exception&) {
            // The server went first.
        }
    }
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    // Bytes or an end that came while nothing was asked: either way no longer to be trusted.
    bool is_fresh() {
        return steady_clock::now() - last_used < kReuseWithin && wire.buffered().empty() &&
               !socket.poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ);
    }

    Poco::Net::StreamSocket socket;
    Sweeper::Watch watch;
    Wire wire;
    SteadyTime last_used{};
};

}  // namespace

std::string_view text(Kind kind) {
    switch (kind) {
        case Kind::connect:
            return "connect";
        case Kind::tls:
            return "tls";
        case Kind::timeout:
            return "timeout";
        case Kind::framing:
            return "framing";
        case Kind::too_large:
            return "too_large";
    }
    return "connect";
}

std::optional<std::string_view> Answer::header(std::string_view name) const {
    return only_header(headers, name);
}

struct Client::Parts {
    explicit Parts(ClientSettings given) : settings(std::move(given)), base(base_of(settings.base_url)) {
        ignore_broken_pipes();
        if (!base.secure) return;
        // Both would leave open which of the two counts.
        if (settings.server_ca_pin && !settings.server_ca_pem.empty()) {
            throw std::invalid_argument("a CA or its pin, not both");
        }
        context = settings.server_ca_pin
                      ? pinned_client_context(settings.identity, *settings.server_ca_pin, base.host)
                      : client_context(settings.identity, settings.server_ca_pem, base.host);
    }

    contract::Result<Answer, ClientFault> send(const Call& call);
    std::optional<ClientFault> connect(SteadyTime deadline);
    std::optional<ClientFault> shake_hands(SteadyTime deadline);
    Failure<ClientFault> fault(Kind kind, const std::string& why) const {
        return {{kind, host_header(base) + ": " + why}};
    }

    ClientSettings settings;
    Base base;
    Poco::Net::Context::Ptr context;
    Sweeper sweeper;
    std::unique_ptr<Link> link;
};

std::optional<ClientFault> Client::Parts::connect(SteadyTime deadline) {
    link.reset();
    try {
        const Poco::Net::SocketAddress address(base.host, base.port);
        const Poco::Timespan patience(
            std::chrono::duration_cast<std::chrono::microseconds>(deadline - steady_clock::now()).count());
        if (base.secure) {
            Poco::Net::SecureStreamSocket socket(context);
            // Lazy: the handshake is ours, under the deadline, not inside connect().
            socket.setLazyHandshake(true);
            socket.setPeerHostName(base.host);
            socket.connect(address, patience);
            link = std::make_unique<Link>(socket, sweeper);
        } else {
            Poco::Net::StreamSocket socket;
            socket.connect(address, patience);
            link = std::make_unique<Link>(socket, sweeper);
        }
        link->socket.setNoDelay(true);
    } catch (const Poco::TimeoutException&) {
        return fault(Kind::timeout, "no connection in time").error;
    } catch (const Poco::Exception& refused) {
        return fault(Kind::connect, refused.displayText()).error;
    }
    return base.secure ? shake_hands(deadline) : std::nullopt;
}

std::optional<ClientFault> Client::Parts::shake_hands(SteadyTime deadline) {
    try {
        if (link->wire.shake_hands(deadline)) return std::nullopt;
        return fault(Kind::tls, "closed during the handshake").error;
    } catch (const Poco::TimeoutException&) {
        return fault(Kind::timeout, "no handshake in time").error;
    } catch (const Poco::Exception& refused) {
        if (link->watch.was_cut()) return fault(Kind::timeout, "no handshake in time").error;
        return fault(Kind::tls, refused.displayText()).error;
    }
}

contract::Result<Answer, ClientFault> Client::Parts::send(const Call& call) {
    const SteadyTime deadline = steady_clock::now() + call.deadline.value_or(settings.deadline);
    const std::string request = request_text(base, call);
    if (!link || !link->is_fresh()) {
        if (auto failed = connect(deadline)) {
            link.reset();
            failed->nothing_sent = true;
            return Failure{std::move(*failed)};
        }
    }
    if (!link->wire.send(request, deadline)) {
        // It may have answered early and closed (too_large, busy): that answer is worth reading.
        link->last_used = SteadyTime{};
    }
    auto read = read_answer(link->wire, {.deadline = deadline,
                                         .bytes_max = settings.answer_bytes_max,
                                         .to_head_request = call.method == "HEAD"});
    if (!read) {
        const bool late = steady_clock::now() >= deadline;
        const AnswerFault what = read.error();
        link.reset();
        if (what == AnswerFault::too_large) return fault(Kind::too_large, "the answer is over its limit");
        if (late || what == AnswerFault::late) return fault(Kind::timeout, "no whole answer in time");
        if (what == AnswerFault::closed) return fault(Kind::connect, "closed before a whole answer");
        return fault(Kind::framing, "the answer is not framed as HTTP/1.1");
    }
    link->last_used = steady_clock::now();
    link->wire.rest();
    if (read->close) link.reset();
    return std::move(read->answer);
}

Client::Client(ClientSettings settings) : parts_(std::make_unique<Parts>(std::move(settings))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

contract::Result<Answer, ClientFault> Client::send(const Call& call) { return parts_->send(call); }

void Client::abort() { parts_->sweeper.cut_all(); }

}  // namespace kesher::edge
