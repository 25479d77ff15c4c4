#include "gateway/app/hub_core.h"

#include "audit/merkle/hash.h"
#include "config/catalogue/catalogue.h"
#include "config/catalogue/catalogue_files.h"
#include "gateway/app/start_leaf.h"
#include "gateway/store/durability.h"
#include "gateway/store/key_checks.h"
#include "gateway/store/migrator.h"

namespace kesher::app {
namespace {

using namespace contract;

telemetry::Level level_of(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::error:
            return telemetry::Level::error;
        case config::LogLevel::warn:
            return telemetry::Level::warning;
        case config::LogLevel::info:
            return telemetry::Level::info;
        case config::LogLevel::debug:
            return telemetry::Level::debug;
    }
    return telemetry::Level::info;
}

keys::KeyDirectory open_keys(const config::Keys& settings) {
    std::optional<std::filesystem::path> passphrase;
    if (!settings.passphrase_file.empty()) passphrase = settings.passphrase_file;
    auto opened = keys::KeyDirectory::open({settings.directory, passphrase});
    if (!opened) throw std::runtime_error(opened.error().sentence);
    return *std::move(opened);
}

log::NoteSigner open_signer(const keys::KeyDirectory& keys, const std::string& origin) {
    auto signer = log::NoteSigner::from_seed(origin, log::NoteKeyType::ed25519, keys.log_seed().reveal());
    if (!signer)
        throw std::runtime_error("The log's key does not make a signer under the name " + origin + ".");
    return *std::move(signer);
}

store::ConnectionSettings database_of(const config::Database& settings) {
    std::string conninfo = settings.conninfo;
    if (!settings.password_file.empty()) conninfo += " passfile='" + settings.password_file.string() + "'";
    return {.conninfo = std::move(conninfo)};
}

std::string url_of(const config::Listener& listener, const std::string& hub_name) {
    return "https://" + (listener.host.empty() ? hub_name : listener.host) + ":" +
           std::to_string(listener.port);
}

// Everything that a receipt's promise rests on, before the first one is given.
void require_trustworthy(const store::ConnectionSettings& database, const keys::RowKeys& row_keys,
                         const keys::SealedStore& sealed_store, const keys::ClaimCodes& claim_codes,
                         const std::string& origin) {
    const auto statements = sequencer::all_statements();
    if (const auto fault = [&]() -> std::optional<store::MigrationRefusal> {
            store::Connection bare(database, {});
            return store::schema_fault(bare);
        }()) {
        throw std::runtime_error(fault->text);
    }
    store::Connection connection(database, statements);
    std::string faults;
    for (const std::string& fault : store::faults_of_server(connection)) faults += fault + "\n";
    if (!faults.empty()) throw std::runtime_error(faults);
    const auto stored_origin = store::log_origin(connection);
    if (stored_origin != origin) {
        throw std::runtime_error("The database holds the log " + stored_origin.value_or("(none)") +
                                 ", the settings name " + origin + ". Mend hub.name or hub.log.");
    }
    const std::vector<store::KeyCheck> checks{
        {"lookup", row_keys.check_value()},
        {"claim", claim_codes.check_value()},
        {"store." + std::to_string(sealed_store.current_key()), sealed_store.check_value()}};
    if (const auto purpose = store::differing_key(connection, checks)) {
        throw std::runtime_error(
            "The key file for " + *purpose +
            " is not the one this data was written with. Put the right key directory back.");
    }
}

template <class T>
T or_throw(contract::Result<T, config::SettingsFaults> read) {
    if (read) return *std::move(read);
    std::string faults;
    for (const auto& fault : read.error()) faults += config::text(fault) + "\n";
    throw std::runtime_error(faults);
}

}  // namespace

struct HubCore::Parts {
    StartFacts start;
    telemetry::Log log;
    telemetry::Metrics metrics;
    keys::KeyDirectory keys;
    keys::RowKeys row_keys;
    keys::SealedStore sealed_store;
    keys::ClaimCodes claim_codes;
    log::NoteSigner signer;
    std::optional<catalogue::Catalogue> catalogue_from_folder;
    const catalogue::Catalogue* catalogue = nullptr;
    sequencer::RefusalCounts refusals;
    http::OrdinaryCalls calls;
    inbox::Arrivals arrivals;
    sequencer::WitnessedClock witnessed_clock;
    std::unique_ptr<store::Readers> readers;
    std::unique_ptr<sequencer::Sequencer> sequencer;
    std::unique_ptr<insight::Witnessing> witnessing;
    std::unique_ptr<http::HubRooms> rooms;

    explicit Parts(const config::Settings& settings)
        : start{merkle::sha256(contract::bytes_of(settings.text)), {}, settings.release.spread},
          log(level_of(settings.log.level)),
          keys(open_keys(settings.keys)),
          row_keys(keys.lookup_key()),
          sealed_store(keys.store_keys()),
          claim_codes(keys.claim_key()),
          signer(open_signer(keys, settings.hub.log_origin)),
          refusals(settings.limits.verified_refusals_per_minute),
          calls(settings.listeners.organisations.threads, settings.listeners.connections_each) {
        choose_catalogue(settings.catalogue);
        const store::ConnectionSettings database = database_of(settings.database);
        require_trustworthy(database, row_keys, sealed_store, claim_codes, settings.hub.log_origin);
        readers = std::make_unique<store::Readers>(database, sequencer::all_statements(),
                                                   settings.database.readers);
        sequencer::SequencerSettings writer{
            .database = database,
            .batch_requests = settings.limits.batch_requests,
            .queue_requests = settings.limits.queue_requests,
            .checkpoint_file = settings.state.checkpoint_file,
            .on_arrival = [this](const OrganisationId& id) { arrivals.arrived(id); }};
        sequencer = std::make_unique<sequencer::Sequencer>(
            std::move(writer),
            sequencer::Means{row_keys, sealed_store, keys.signer(), settings.hub.log_origin,
                             settings.release.spread, refusals},
            signer, *catalogue, log, metrics);
        witnessing = std::make_unique<insight::Witnessing>(*readers, witnessed_clock, signer.key());
        rooms = std::make_unique<http::HubRooms>(
            http::HubRooms{{*sequencer, refusals, *readers, keys, row_keys, sealed_store, claim_codes,
                            signer.key(), settings.hub.name, settings.hub.log_origin,
                            url_of(settings.listeners.organisations, settings.hub.name),
                            url_of(settings.listeners.newcomers, settings.hub.name)},
                           {*sequencer, *readers, sealed_store, arrivals},
                           {*sequencer, *readers, row_keys, sealed_store},
                           witnessed_clock,
                           *witnessing,
                           calls,
                           settings.limits.inbox_wait});
    }

    void choose_catalogue(const std::filesystem::path& folder) {
        if (folder.empty()) {
            catalogue = &catalogue::built_in_catalogue();
            start.catalogue = digest_of(catalogue::built_in_files());
            return;
        }
        const auto files = or_throw(catalogue::read_files(folder));
        catalogue_from_folder.emplace(or_throw(catalogue::catalogue_of(files)));
        catalogue = &*catalogue_from_folder;
        start.catalogue = digest_of(files);
    }
};

HubCore::HubCore(const config::Settings& settings) : parts_(std::make_unique<Parts>(settings)) {}
HubCore::~HubCore() = default;

const http::HubRooms& HubCore::rooms() const { return *parts_->rooms; }
const keys::KeyDirectory& HubCore::keys() const { return parts_->keys; }
telemetry::Log& HubCore::log() const { return parts_->log; }
telemetry::Metrics& HubCore::metrics() const { return parts_->metrics; }

void HubCore::announce_start() {
    const auto answer = parts_->sequencer->run(std::make_shared<StartRequest>(parts_->start));
    if (answer.code) throw std::runtime_error("The first leaf of this run could not be stored.");
}

bool HubCore::log_counted_refusals(bool all) {
    const auto counts = parts_->refusals.take(parts_->sequencer->now(), all);
    if (counts.empty()) return true;
    const auto answer = parts_->sequencer->run(std::make_shared<sequencer::CountedRequest>(counts));
    if (answer.code) parts_->refusals.give_back(counts);
    return !answer.code;
}

}  // namespace kesher::app
