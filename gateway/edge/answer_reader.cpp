#include "gateway/edge/answer_reader.h"

#include "gateway/edge/ascii.h"
#include "gateway/edge/framing_gate.h"
#include "schemas/contract/limits.h"

namespace kesher::edge {
namespace {

using contract::Failure;

// Thrown and caught in this file alone: a reader five calls deep has one way out.
struct Broken {
    AnswerFault fault;
};

class Reader {
public:
    Reader(Wire& wire, const AnswerBounds& bounds) : wire_(wire), bounds_(bounds) {}
    ReadAnswer read();

private:
    static constexpr std::size_t kLineBytesMax = 4'096;

    AnswerHead head();
    void fill();
    std::string line();
    void take(std::string& body, std::size_t count);
    void body_by_chunks(std::string& body);
    void body_to_the_end(std::string& body);
    bool body_of(const AnswerHead& head, std::string& body);

    Wire& wire_;
    const AnswerBounds& bounds_;
};

void Reader::fill() {
    switch (wire_.fill(bounds_.deadline)) {
        case Got::bytes:
            return;
        case Got::late:
            throw Broken{AnswerFault::late};
        case Got::closed:
            throw Broken{AnswerFault::closed};
    }
}

AnswerHead Reader::head() {
    while (true) {
        const auto end = end_of_head(wire_.buffered());
        if (!end) throw Broken{AnswerFault::framing};
        if (*end > 0) {
            auto parsed = parse_answer_head(wire_.buffered().substr(0, *end));
            wire_.consume(*end);
            if (!parsed) throw Broken{AnswerFault::framing};
            return std::move(parsed).value();
        }
        fill();
    }
}

std::string Reader::line() {
    while (true) {
        const std::size_t end = wire_.buffered().find("\r\n");
        if (end != std::string_view::npos) {
            std::string found{wire_.buffered().substr(0, end)};
            wire_.consume(end + 2);
            return found;
        }
        if (wire_.buffered().size() > kLineBytesMax) throw Broken{AnswerFault::framing};
        fill();
    }
}

void Reader::take(std::string& body, std::size_t count) {
    if (count > bounds_.bytes_max - body.size()) throw Broken{AnswerFault::too_large};
    while (count > 0) {
        const std::string_view next = wire_.buffered().substr(0, count);
        body += next;
        count -= next.size();
        wire_.consume(next.size());
        if (count > 0) fill();
    }
}

std::size_t chunk_size(std::string_view line) {
    const std::string_view digits = trimmed(line.substr(0, line.find(';')));
    if (digits.empty() || digits.size() > 8) throw Broken{AnswerFault::framing};
    std::size_t size = 0;
    for (const char c : digits) {
        const char low = lower(c);
        if (!is_digit(low) && (low < 'a' || low > 'f')) throw Broken{AnswerFault::framing};
        size = size * 16 + static_cast<std::size_t>(is_digit(low) ? low - '0' : low - 'a' + 10);
    }
    return size;
}

void Reader::body_by_chunks(std::string& body) {
    while (const std::size_t size = chunk_size(line())) {
        take(body, size);
        if (!line().empty()) throw Broken{AnswerFault::framing};
    }
    // Trailers say nothing that we would believe; they are read so that the next answer is found.
    for (std::size_t trailers = 0; !line().empty(); ++trailers) {
        if (trailers > contract::limits::kHeaders) throw Broken{AnswerFault::framing};
    }
}

void Reader::body_to_the_end(std::string& body) {
    while (true) {
        take(body, wire_.buffered().size());
        const Got got = wire_.fill(bounds_.deadline);
        if (got == Got::late) throw Broken{AnswerFault::late};
        if (got == Got::closed) return;
    }
}

// True where the body's end was said, so that the connection may be used again.
bool Reader::body_of(const AnswerHead& head, std::string& body) {
    if (bounds_.to_head_request || head.status == 204 || head.status == 304) return true;
    const auto coding = only_header(head.headers, "Transfer-Encoding");
    const bool chunked = coding && equal_case_blind(*coding, "chunked");
    const BodyLength length = body_length(head.headers);
    switch (length.kind) {
        case BodyLength::Kind::doubtful:
            throw Broken{AnswerFault::framing};
        case BodyLength::Kind::said:
            take(body, length.bytes);
            return true;
        case BodyLength::Kind::absent:
            break;
    }
    if (chunked) {
        body_by_chunks(body);
        return true;
    }
    body_to_the_end(body);
    return false;
}

ReadAnswer Reader::read() {
    while (true) {
        AnswerHead found = head();
        if (found.status < 200) continue;
        ReadAnswer read;
        const bool ended = body_of(found, read.answer.body);
        const auto connection = only_header(found.headers, "Connection");
        read.close =
            !ended || found.version != "HTTP/1.1" || (connection && equal_case_blind(*connection, "close"));
        read.answer.status = found.status;
        read.answer.content_type = only_header(found.headers, "Content-Type").value_or("");
        read.answer.headers = std::move(found.headers);
        return read;
    }
}

}  // namespace

contract::Result<ReadAnswer, AnswerFault> read_answer(Wire& wire, const AnswerBounds& bounds) {
    try {
        return Reader(wire, bounds).read();
    } catch (const Broken& broken) {
        return Failure{broken.fault};
    }
}

}  // namespace kesher::edge
