// The floor under every exchange on this machine: what nobody who keeps the same promises can be faster than.
//
//   kesher-bench-floor --config HUB.toml --signer CERT.pem --database CONNINFO --threads N
// The hub's own listener (TLS 1.3, mutual, the same settings), one ES256 verification a message, one
// committed row of 1 KiB, group-committed by a single writer like the hub's. Nothing else: no claims, no
// schema, no consent, no log. A message is length of the signature (1 byte), DER signature, 1 KiB.
// Prints `messages PORT`, `local PORT`, then `ready`; ends with its standard input.
#include <openssl/evp.h>
#include <CLI/CLI.hpp>

#include <condition_variable>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>

#include "config/settings.h"
#include "gateway/edge/server.h"
#include "gateway/keys/key_files.h"
#include "gateway/store/pipeline.h"
#include "schemas/statement/certificate.h"

namespace kesher::bench {
namespace {

using contract::ByteView;
using contract::text_of;

constexpr store::Statement kInsert{
    "bench.insert", "INSERT INTO message (id, body) SELECT * FROM unnest($1::bigint[], $2::bytea[])"};
constexpr std::array kBatchBounds{1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0};
constexpr std::size_t kBatchMax = contract::limits::kBatchRequests;

// One thread, one connection, one transaction for all that waits; nobody is answered before it.
class Writer {
public:
    Writer(const std::string& conninfo, telemetry::Metrics& metrics)
        : connection_({.conninfo = conninfo}, std::span(&kInsert, 1)),
          batch_size_(metrics.histogram("kesher_sequencer_batch_requests", "Messages stored together.",
                                        kBatchBounds)),
          thread_([this] { work(); }) {}
    ~Writer() {
        {
            const std::scoped_lock hold(mutex_);
            stopping_ = true;
        }
        filled_.notify_all();
        thread_.join();
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    bool store(ByteView message) {
        Waiting waiting{message, {}};
        std::future<bool> stored = waiting.stored.get_future();
        {
            const std::scoped_lock hold(mutex_);
            queue_.push_back(std::move(waiting));
        }
        filled_.notify_one();
        return stored.get();
    }

private:
    struct Waiting {
        ByteView message;
        std::promise<bool> stored;
    };

    std::vector<Waiting> take() {
        std::unique_lock hold(mutex_);
        filled_.wait(hold, [this] { return stopping_ || !queue_.empty(); });
        const std::size_t count = std::min(queue_.size(), kBatchMax);
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
        std::vector<Waiting> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
        return batch;
    }

    void work() {
        for (auto batch = take(); !batch.empty(); batch = take()) {
            store::BigintColumn ids;
            store::BytesColumn bodies;
            for (const Waiting& waiting : batch) {
                ids.add(next_id_++);
                bodies.add(waiting.message);
            }
            store::Pipeline transaction(connection_);
            transaction.add(kInsert, store::Parameters{}.column(ids).column(bodies));
            const store::Outcome outcome = transaction.run();
            const bool stored = std::holds_alternative<store::Replies>(outcome);
            batch_size_.observe(static_cast<double>(batch.size()));
            for (Waiting& waiting : batch) waiting.stored.set_value(stored);
        }
    }

    store::Connection connection_;
    telemetry::Histogram& batch_size_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::vector<Waiting> queue_;
    bool stopping_ = false;
    std::int64_t next_id_ = 0;
    std::thread thread_;
};

// Made ready once a thread and copied for each message, as the hub keeps the last keys ready: else each would
// fetch the algorithm from its provider anew.
bool verifies(evp_pkey_st* key, ByteView signature, ByteView message) {
    using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
    thread_local const Context ready = [key] {
        Context made(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
        if (EVP_DigestVerifyInit(made.get(), nullptr, EVP_sha256(), nullptr, key) != 1) made.reset();
        return made;
    }();
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return ready && EVP_MD_CTX_copy_ex(context.get(), ready.get()) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                            message.size()) == 1;
}

edge::Response take_message(const edge::Request& request, const statement::PublicKey& key, Writer& writer) {
    const ByteView body = request.body;
    const std::size_t length = body.empty() ? 0 : body[0];
    if (body.size() <= 1 + length) return edge::empty_response(400);
    const ByteView message = body.subspan(1 + length);
    if (!verifies(key.native(), body.subspan(1, length), message)) return edge::empty_response(401);
    return writer.store(message) ? edge::json_response("{}", 201) : edge::empty_response(503);
}

edge::ServerTls tls_of(const keys::KeyDirectory& keys) {
    const std::string ca = keys.authority().certificate().pem();
    edge::ServerTls tls{.identity = {keys.tls_certificate().pem() + ca,
                                     edge::SecretText(std::string(text_of(keys.tls_key_pem().reveal())))}};
    if (keys.passphrase() != nullptr) {
        tls.identity.passphrase = edge::SecretText(std::string(text_of(keys.passphrase()->reveal())));
    }
    tls.client_ca_pem = ca;
    tls.session_context = "bench-floor";
    return tls;
}

struct Wish {
    std::string config, signer, database;
    std::size_t threads = 0;
};

edge::Server messages_listener(const Wish& wish, const keys::KeyDirectory& keys,
                               const statement::PublicKey& key, Writer& writer, telemetry::Log& log,
                               telemetry::Metrics& metrics) {
    edge::ListenerSettings settings{.name = "organisations", .address = "127.0.0.1", .tls = tls_of(keys)};
    settings.threads = wish.threads;
    edge::Route route{"POST", "/v1/messages", "organisation", 64 * 1024, {"avro/binary"}};
    route.handler = [&](const edge::Request& request) { return take_message(request, key, writer); };
    return {std::move(settings), edge::RouteTable({std::move(route)}), log, metrics};
}

edge::Server metrics_listener(telemetry::Log& log, telemetry::Metrics& metrics) {
    edge::Route route{"GET", "/metrics", "anybody"};
    route.handler = [&](const edge::Request&) {
        return edge::bytes_response(contract::bytes_of(metrics.exposition()), "text/plain; version=0.0.4");
    };
    edge::ListenerSettings settings{.name = "local", .address = "127.0.0.1"};
    settings.threads = 2;
    return {std::move(settings), edge::RouteTable({std::move(route)}), log, metrics};
}

int run(const Wish& wish) {
    const auto settings = config::read_settings(wish.config);
    if (!settings) throw std::runtime_error(config::text(settings.error().front()));
    auto keys =
        keys::KeyDirectory::open({settings->keys.directory, std::optional(settings->keys.passphrase_file)});
    if (!keys) throw std::runtime_error(keys.error().sentence);
    const auto certificate = statement::Certificate::from_pem(edge::read_pem_file(wish.signer));
    if (!certificate) throw std::runtime_error(wish.signer + " holds no certificate");
    telemetry::Log log(telemetry::Level::info);
    telemetry::Metrics metrics;
    Writer writer(wish.database, metrics);
    const edge::Server messages = messages_listener(wish, *keys, certificate->key(), writer, log, metrics);
    const edge::Server local = metrics_listener(log, metrics);
    std::cout << "messages " << messages.port() << "\nlocal " << local.port() << "\nready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
    }
    return 0;
}

}  // namespace
}  // namespace kesher::bench

int main(int argc, char** argv) {
    CLI::App cli{"kesher-bench-floor: TLS, one signature, one committed row."};
    kesher::bench::Wish wish;
    cli.add_option("--config", wish.config, "The hub's settings: its keys are used")->required();
    cli.add_option("--signer", wish.signer, "Certificate that the messages are signed for")->required();
    cli.add_option("--database", wish.database, "Database with table message (id, body)")->required();
    cli.add_option("--threads", wish.threads, "Of the listener, as the hub's")->required();
    CLI11_PARSE(cli, argc, argv);
    try {
        return kesher::bench::run(wish);
    } catch (const std::exception& fault) {
        std::cerr << "kesher-bench-floor cannot run: " << fault.what() << "\n";
        return 1;
    }
}
