// A server on the loopback that says what the test wants, for faults that a real one cannot be made to show.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace kesher::health::test {

struct Request {
    std::string line;  // "GET /Task/1 HTTP/1.1"
    std::string head;  // with the line, in lower case
    std::string body;
};

inline std::string answered(int status, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) +
           " x\r\nContent-Type: application/fhir+json\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

class CannedServer {
public:
    // An empty answer closes the connection without a word.
    using Answer = std::function<std::string(const Request&)>;

    explicit CannedServer(Answer answer) : answer_(std::move(answer)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        const bool up = ::bind(listener_, raw, length) == 0 && ::listen(listener_, 8) == 0 &&
                        ::getsockname(listener_, raw, &length) == 0;
        if (!up) throw std::runtime_error("no port on the loopback");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~CannedServer() {
        over_ = true;
        thread_.join();
        ::close(listener_);
    }
    CannedServer(const CannedServer&) = delete;
    CannedServer& operator=(const CannedServer&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::vector<Request> asked() const {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

private:
    void serve() {
        while (!over_) {
            pollfd waiting{listener_, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            const int line = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (line < 0) continue;
            const Request request = read(line);
            {
                const std::lock_guard lock(mutex_);
                asked_.push_back(request);
            }
            const std::string said = answer_(request);
            (void)!::write(line, said.data(), said.size());
            ::close(line);
        }
    }
    static Request read(int line) {
        std::string text;
        std::string line_as_sent;
        std::size_t head = std::string::npos;
        std::size_t length = 0;
        while (head == std::string::npos || text.size() < head + length) {
            char part[4096];
            const ssize_t got = ::read(line, part, sizeof part);
            if (got <= 0) break;
            text.append(part, static_cast<std::size_t>(got));
            if (head != std::string::npos || (head = text.find("\r\n\r\n")) == std::string::npos) continue;
            head += 4;
            line_as_sent = text.substr(0, text.find("\r\n"));
            for (std::size_t i = 0; i < head; ++i)
                if (text[i] >= 'A' && text[i] <= 'Z') text[i] = static_cast<char>(text[i] + ('a' - 'A'));
            const std::size_t at = text.find("content-length: ");
            if (at < head) length = std::stoul(text.substr(at + 16));
        }
        head = std::min(head, text.size());
        return {line_as_sent, text.substr(0, head), text.substr(head)};
    }

    Answer answer_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> over_ = false;
    mutable std::mutex mutex_;
    std::vector<Request> asked_;
    std::thread thread_;
};

}  // namespace kesher::health::test
