#include "tests/bench/workload.h"

#include <openssl/evp.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "schemas/codec/records.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/statement/hash.h"
#include "tests/support/sender.h"

namespace kesher::bench {
namespace {

using namespace contract;

constexpr std::size_t kPreparingLines = 16;

struct Case {
    Pseudonym pseudonym;
    ConsentId consent;
};

Bytes der_signature(evp_pkey_st* key, ByteView message) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::size_t size = 0;
    Bytes signature(128);
    const bool signed_ =
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1 &&
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1;
    if (!signed_) throw std::runtime_error("a message could not be signed");
    signature.resize(size);
    return signature;
}

}  // namespace

struct Workload::Parts {
    tests::Sender sender;
    Credentials credentials;
    std::uint16_t port;
    OrganisationId recipient;
    std::vector<Case> cases;
    std::size_t taken = 0;  // referrals made so far

    Parts(const Parties& parties, std::uint16_t hub_port)
        : sender(parties.folder, parties.officer),
          credentials(sender.tls(), sender.pins().ca_pem),
          port(hub_port),
          recipient(OrganisationId::parse(parties.recipient).value()) {}

    std::string request(const tests::Draft& draft) const {
        const Bytes body = codec::encode(sender.sign(draft));
        return Line::request("/v1/messages", "avro/binary", text_of(body));
    }

    Case agreed_case(Line& line) const {
        const Reply opened = line.send(Line::request("/v1/cases", "application/jose", sender.case_order()));
        if (opened.status != 201) throw std::runtime_error("a case was not opened: " + opened.body);
        const auto answer = json::read(opened.body).value();
        json::Object members(answer);
        const Case one{Pseudonym::parse(members.text("pseudonym")).value(), tests::drawn<ConsentId>()};
        const auto consent = sender.consent(one.pseudonym, one.consent, sender.consent_record(recipient));
        const Reply recorded = line.send(request(consent));
        if (recorded.status != 201) throw std::runtime_error("a consent was not recorded: " + recorded.body);
        return one;
    }

    std::string referral(const Case& of) const {
        return request(sender.referral(of.pseudonym, recipient, of.consent, kPayloadBytes));
    }
};

Workload::Workload(const Parties& parties, std::uint16_t hub_port)
    : parts_(std::make_unique<Parts>(parties, hub_port)) {}
Workload::~Workload() = default;

const Credentials& Workload::credentials() const { return parts_->credentials; }

void Workload::prepare_cases(std::size_t referrals) {
    const std::size_t count = (referrals + kReferralsPerCase - 1) / kReferralsPerCase;
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr fault;
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kPreparingLines; ++t) {
        threads.emplace_back([&] {
            try {
                Line line(parts_->credentials, parts_->port);
                while (next++ < count) {
                    const Case one = parts_->agreed_case(line);
                    const std::scoped_lock hold(mutex);
                    parts_->cases.push_back(one);
                }
            } catch (const std::exception&) {
                const std::scoped_lock hold(mutex);
                fault = std::current_exception();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    if (fault) std::rethrow_exception(fault);
}

std::vector<std::string> Workload::referrals(std::size_t count) {
    std::vector<std::string> requests;
    requests.reserve(count);
    // Round the cases: two referrals of one case are rarely under way together, as in life.
    while (requests.size() < count) {
        if (parts_->taken >= parts_->cases.size() * kReferralsPerCase) {
            throw std::logic_error("more referrals than cases were opened for");
        }
        requests.push_back(parts_->referral(parts_->cases[parts_->taken++ % parts_->cases.size()]));
    }
    return requests;
}

std::vector<std::string> Workload::plain_messages(std::size_t count) const {
    std::vector<std::string> requests;
    requests.reserve(count);
    while (requests.size() < count) {
        const auto message = statement::random_bytes<kPayloadBytes>();
        const Bytes signature = der_signature(parts_->sender.keys().signer().key().native(), message);
        std::string body(1, static_cast<char>(signature.size()));
        body.append(text_of(signature)).append(text_of(message));
        requests.push_back(Line::request("/v1/messages", "avro/binary", body));
    }
    return requests;
}

// The second line of a checkpoint is the tree's size.
std::uint64_t Workload::log_size() {
    Line line(parts_->credentials, parts_->port);
    const Reply reply = line.send("GET /log/checkpoint HTTP/1.1\r\nHost: localhost\r\n\r\n");
    if (reply.status != 200) throw std::runtime_error("the hub shows no checkpoint");
    return std::stoull(reply.body.substr(reply.body.find('\n') + 1));
}

}  // namespace kesher::bench
