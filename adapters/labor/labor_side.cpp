#include "adapters/labor/labor_side.h"

#include "adapters/labor/event_port.h"
#include "adapters/labor/labor_calls.h"
#include "adapters/labor/profile.h"
#include "adapters/record/called_side.h"

namespace kesher::labor {
namespace {

std::string pem_of(const std::filesystem::path& file) {
    try {
        return edge::read_pem_file(file.string());
    } catch (const std::runtime_error&) {
        throw LaborSideUnusable(file.filename().string() + ": it cannot be read");
    }
}

EventServiceSettings service_settings(const LaborSettings& settings, std::function<void()> before_call) {
    EventServiceSettings service{.endpoint = settings.endpoint, .origin = settings.origin};
    service.before_call = std::move(before_call);
    service.deadline = settings.deadline;
    service.pause = settings.pause;
    if (!settings.ca_file.empty()) service.ca_pem = pem_of(settings.ca_file);
    if (!settings.certificate_file.empty()) {
        service.identity =
            edge::TlsIdentity{pem_of(settings.certificate_file), edge::SecretText(pem_of(settings.key_file))};
    }
    return service;
}

record::Mapping mapping_of(const LaborSettings& settings) {
    auto read = settings.mapping.empty()
                    ? record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form())
                    : record::Mapping::read(settings.mapping, mapping_form());
    if (read) return *std::move(read);
    std::string sentences;
    for (const config::SettingsFault& fault : read.error()) {
        sentences += (sentences.empty() ? "" : "\n") + config::text(fault);
    }
    throw LaborSideUnusable(sentences);
}

class LaborSide final : public record::CalledSide {
public:
    LaborSide(const LaborSettings& settings, record::NativeMeans means)
        : CalledSide(means.aliases),
          settings_(settings),
          mapping_(mapping_of(settings_)),
          keys_(read_event_keys(settings_.signing_key, settings_.their_keys)),
          calls_(settings_.listen.patience, [this] { return service_.is_calling(); }),
          service_(service_settings(settings_, [this] { calls_.put_off(); }), keys_, mapping_),
          events_(service_, mapping_),
          log_(means.log),
          liaison_(liaison_settings(settings_), std::move(means), events_),
          port_(settings_, keys_, mapping_, calls_, log_, [] {
              return contract::day_of(
                  std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
          }) {}

private:
    record::Liaison& liaison() override { return liaison_; }
    record::CallsOfTheirs& calls() override { return calls_; }

    const LaborSettings settings_;
    const record::Mapping mapping_;
    const EventKeys keys_;
    record::CallsOfTheirs calls_;
    EventService service_;
    LaborCalls events_;
    telemetry::Log& log_;
    record::Liaison liaison_;
    EventPort port_;  // last: its threads use what is above
};

}  // namespace

std::unique_ptr<kit::NativeSide> make_labor_side(const LaborSettings& settings, record::NativeMeans means) {
    try {
        return std::make_unique<LaborSide>(settings, std::move(means));
    } catch (const std::invalid_argument&) {
        throw LaborSideUnusable("the service's URL cannot be used");
    } catch (const LaborSideUnusable&) {
        throw;
    } catch (
        const std::runtime_error& broken) {  // keys, the ledger, a CA that is no certificate, a port in use
        throw LaborSideUnusable(broken.what());
    }
}

}  // namespace kesher::labor
