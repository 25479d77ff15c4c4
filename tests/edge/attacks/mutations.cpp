// A thousand submissions that were good until a byte of them changed, and documents that no good sender
// makes.
//
// Where a byte stands decides which check finds it, so each refusal is foreseen by its place: what stands
// before the signature, what the signature covers, what opens a commitment. None may be accepted, none may be
// our own fault, and none may leave a row.
#include <algorithm>
#include <random>

#include "schemas/codec/records.h"
#include "schemas/json/read.h"
#include "schemas/statement/ecdsa.h"
#include "tests/edge/attacks/stage.h"

namespace kesher::attacks {
namespace {

using namespace contract;

// The same on every run.
constexpr std::uint32_t kSeed = 20261121;

std::string code_of(const RawAnswer& answer) {
    const auto problem = json::read(answer.body);
    const json::Value* code = problem ? problem->find("code") : nullptr;
    return code != nullptr && code->text() != nullptr ? *code->text()
                                                      : "(" + std::to_string(answer.status) + ")";
}

struct Span {
    std::size_t from, to;
    [[nodiscard]] bool has(std::size_t at) const { return at >= from && at < to; }
};

// Where the parts of an encoded submission stand.
struct Layout {
    Span fingerprint, statement_header, statement_rest, payload;

    explicit Layout(const codec::Submission& submission, const Bytes& bytes) {
        const std::string_view all = text_of(bytes);
        fingerprint = {0, 10};
        const std::size_t statement = all.find(submission.statement);
        statement_header = {statement, statement + submission.statement.find('.')};
        statement_rest = {statement_header.to, statement + submission.statement.size()};
        const std::size_t at = all.find(text_of(submission.payload));
        payload = {at, at + submission.payload.size()};
    }

    [[nodiscard]] std::vector<Code> foreseen(std::size_t at) const {
        if (fingerprint.has(at)) return {Code::schema_unknown};
        if (statement_header.has(at))
            return {Code::signature_invalid, Code::certificate_unknown, Code::payload_invalid};
        // Not a character of the alphabet, or not UTF-8: then it is no submission.
        if (statement_rest.has(at)) return {Code::signature_invalid, Code::payload_invalid};
        if (payload.has(at)) return {Code::digest_mismatch};
        return {Code::payload_invalid, Code::opening_mismatch, Code::schema_unknown};
    }
};

class Mutations {
public:
    Mutations(Stage& stage, Report& report) : stage_(&stage), report_(&report), random_(kSeed) {}

    void run(std::size_t count) {
        const Woman woman = stage_->woman();
        const Stored before = stage_->stored();
        for (std::size_t i = 0; i < count; ++i) {
            const auto submission = stage_->department().sign(stage_->referral(woman));
            const Bytes good = codec::encode(submission);
            switch (i % 4) {
                case 0:
                case 1:
                    one_bit(submission, good);
                    break;
                case 2:
                    cut_short(good);
                    break;
                default:
                    lying_length(submission, good);
            }
        }
        const Stored left = stage_->stored() - before;
        // What opens nothing was signed by the sender: it has a leaf and its id is used up.
        for (const auto& [table, rows] : left) {
            report_->check(table == "log_entry" || table == "message", "mutated submissions",
                           "rows in " + table);
            report_->check(rows <= static_cast<std::int64_t>(openings_), "mutated submissions",
                           "too many in " + table);
        }
        report_->holds(std::to_string(count) +
                       " mutated submissions: none accepted, each refused by its code");
    }

private:
    void one_bit(const codec::Submission& submission, const Bytes& good) {
        const std::size_t at = random_() % good.size();
        Bytes bytes = good;
        bytes[at] ^= static_cast<std::uint8_t>(1U << (random_() % 8));
        send(bytes, Layout(submission, good).foreseen(at), "bit at " + std::to_string(at));
    }
    void cut_short(Bytes bytes) {
        bytes.resize(random_() % bytes.size());
        send(bytes, {bytes.size() < 10 ? Code::schema_unknown : Code::payload_invalid},
             "cut to " + std::to_string(bytes.size()));
    }
    // The two bytes before statement and payload are their lengths, and the byte before an id.
    void lying_length(const codec::Submission& submission, Bytes bytes) {
        const Layout layout(submission, bytes);
        const std::size_t begin = random_() % 2 == 0 ? layout.statement_header.from : layout.payload.from;
        bytes[begin - 1] = static_cast<std::uint8_t>(random_());
        bytes[begin - 2] = static_cast<std::uint8_t>(random_() | 0x80U);
        if (bytes == codec::encode(submission)) return;
        send(bytes,
             {Code::payload_invalid, Code::signature_invalid, Code::digest_mismatch, Code::opening_mismatch},
             "a length that lies");
    }
    void send(const Bytes& bytes, const std::vector<Code>& foreseen, const std::string& what) {
        if (line_ == nullptr || ++sent_ % 50 == 0) line_ = stage_->line_of(stage_->department());
        line_->send(post("/v1/messages", "avro/binary", text_of(bytes)));
        const RawAnswer answer = line_->answer(std::chrono::seconds{20});
        const std::string code = code_of(answer);
        if (code == text(Code::opening_mismatch)) ++openings_;
        const bool by_its_code =
            std::any_of(foreseen.begin(), foreseen.end(), [&](Code each) { return code == text(each); });
        report_->check(by_its_code, "a mutated submission (" + what + ")", code);
        if (answer.status == 0 || answer.status >= 500) line_.reset();
    }

    Stage* stage_;
    Report* report_;
    std::mt19937 random_;
    std::unique_ptr<RawLine> line_;
    std::size_t sent_ = 0;
    std::size_t openings_ = 0;
};

struct Strange {
    std::string what;
    Code code;
    std::function<std::string(const codec::Submission&)> statement;
};

std::string joined(const Sender& sender, const std::string& header, const std::string& claims) {
    const std::string signed_ = base64url(bytes_of(header)) + "." + base64url(bytes_of(claims));
    const auto signature = statement::sign_es256(sender.keys().signer().key(), signed_);
    return signed_ + "." + base64url(signature);
}

std::string part(const std::string& jws, std::size_t number) {
    std::size_t from = 0;
    for (; number > 0; --number) from = jws.find('.', from) + 1;
    const std::string text = jws.substr(from, jws.find('.', from) - from);
    return std::string(text_of(from_base64url(text).value()));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::logic_error("nothing to replace");
    return text.replace(at, from.size(), to);
}

// Each is signed by the sender's own key over just these bytes: only what is named is wrong.
std::vector<Strange> strange_headers(const Sender& sender) {
    const auto with = [&sender](std::string from, std::string to) {
        return [&sender, from, to](const codec::Submission& good) {
            return joined(sender, replaced(part(good.statement, 0), from, to), part(good.statement, 1));
        };
    };
    std::vector<Strange> all;
    for (const std::string alg : {"none", "HS256", "ES384", "RS256", "es256", ""}) {
        all.push_back({"alg " + alg, Code::signature_invalid, with("ES256", alg)});
    }
    for (const std::string extra :
         {R"("kid":"1",)", R"("crit":["exp"],)", R"("jku":"https://a/",)", R"("x5u":"https://a/",)",
          R"("jwk":{},)", R"("x5c":[],)", R"("b64":false,)", R"("zip":"DEF",)", R"("alg":"ES256",)"}) {
        all.push_back({"header with " + extra, Code::signature_invalid, with("{", "{" + extra)});
    }
    all.push_back({"another cty", Code::signature_invalid, with("kesher.statement", "kesher.acks")});
    all.push_back({"a header with blanks", Code::signature_invalid, with("\"iat\":", "\"iat\" : ")});
    all.push_back({"a header with an escape", Code::signature_invalid, with("ES256", "ES\\u003256")});
    all.push_back({"iat as text", Code::signature_invalid, with("\"iat\":", "\"iat\":\"1\",\"x\":")});
    all.push_back(
        {"a certificate for sealing", Code::certificate_unknown, [&sender](const codec::Submission& good) {
             const auto list =
                 statement::Certificate::from_pem(edge::read_pem_file(sender.folder() + "/encryption.pem"));
             const std::string mine = base64url(sender.keys().signer().certificate().thumbprint().view());
             const std::string other = base64url(list.value().thumbprint().view());
             return joined(sender, replaced(part(good.statement, 0), mine, other), part(good.statement, 1));
         }});
    return all;
}

std::vector<Strange> strange_claims(const Sender& sender) {
    const auto with = [&sender](std::string from, std::string to) {
        return [&sender, from, to](const codec::Submission& good) {
            return joined(sender, part(good.statement, 0), replaced(part(good.statement, 1), from, to));
        };
    };
    std::string deep = "\"note\":";
    for (int i = 0; i < 2'000; ++i) deep += "[";
    return {
        {"a claim twice", Code::statement_invalid, with("{", "{\"v\":1,")},
        {"a version that is a fraction", Code::statement_invalid, with("\"v\":1", "\"v\":1.0")},
        {"a claim with NUL", Code::statement_invalid, with("\"log\":\"", "\"log\":\"\\u0000")},
        {"a claim's name with an escape", Code::statement_invalid, with("\"type\"", "\"typ\\u0065\"")},
        {"a claim's value with an escape", Code::statement_invalid, with("ssd-5000", "ssd\\u002d5000")},
        {"claims with blanks between them", Code::statement_invalid, with("\"from\":", "\"from\" : ")},
        {"two thousand brackets", Code::statement_invalid, with("{", "{" + deep + ",")},
        {"no JSON at all", Code::statement_invalid, with("{", "[")},
        {"another type of message", Code::statement_invalid,
         with("referral.submitted.v1", "consent.given.v1")},
        {"a replay from another log", Code::wrong_log, with("\"log\":\"hub.", "\"log\":\"hab.")},
        {"a sender who is not the signer", Code::statement_invalid,
         with("\"from\":\"ssd-5000\"", "\"from\":\"health\"")},
    };
}

std::vector<Strange> strange_signatures() {
    const auto ending = [](std::function<std::string(std::string)> change) {
        return [change](const codec::Submission& good) {
            const std::size_t at = good.statement.rfind('.') + 1;
            return good.statement.substr(0, at) + change(good.statement.substr(at));
        };
    };
    return {
        {"no signature", Code::signature_invalid, ending([](const std::string&) { return std::string(); })},
        {"a signature of zeros", Code::signature_invalid,
         ending([](const std::string& s) { return std::string(s.size(), 'A'); })},
        {"a padded signature", Code::signature_invalid,
         ending([](const std::string& s) { return s + "=="; })},
        {"a fourth part", Code::signature_invalid, ending([](const std::string& s) { return s + ".AAAA"; })},
        {"a signature cut short", Code::signature_invalid,
         ending([](const std::string& s) { return s.substr(0, 40); })},
    };
}

}  // namespace

// What the hub can see of a JWE is its form; what a recipient refuses is in
// tests/unit/statement/seal_test.cpp.
void try_zoo(Stage& stage, Report& report) {
    const Woman woman = stage.woman();
    std::size_t tried = 0;
    for (const auto& group :
         {strange_headers(stage.department()), strange_claims(stage.department()), strange_signatures()}) {
        for (const Strange& each : group) {
            auto submission = stage.department().sign(stage.referral(woman));
            submission.statement = each.statement(submission);
            const RawAnswer answer = stage.call(stage.department(), post_message(submission));
            report.check(code_of(answer) == text(each.code), each.what, answer.body);
            ++tried;
        }
    }
    const auto good = stage.department().sign(stage.referral(woman));
    const RawAnswer replayed = stage.call(stage.health(), post_message(good));
    report.check(code_of(replayed) == text(Code::certificate_unknown), "another body sends her statement",
                 replayed.body);
    report.check(stage.call(stage.department(), post_message(good)).status == 201,
                 "the same from its own sender");
    report.holds(std::to_string(tried + 1) + " strange statements: each refused by its code");
}

void try_mutations(Stage& stage, Report& report, std::size_t count) { Mutations(stage, report).run(count); }

}  // namespace kesher::attacks
