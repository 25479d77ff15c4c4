#include "adapters/national_insurance/national_insurance_side.h"

#include "adapters/national_insurance/benefit_calls.h"
#include "adapters/national_insurance/feedback_port.h"
#include "adapters/record/called_side.h"

namespace kesher::national_insurance {
namespace {

[[noreturn]] void unusable(const std::filesystem::path& file, std::string_view why) {
    throw NationalInsuranceSideUnusable(file.filename().string() + ": " + std::string(why));
}

std::string pem_of(const std::filesystem::path& file) {
    try {
        return edge::read_pem_file(file.string());
    } catch (const std::runtime_error&) {
        unusable(file, "it cannot be read");
    }
}

BenefitServiceSettings service_settings(const NationalInsuranceSettings& settings,
                                        std::function<void()> before_call) {
    BenefitServiceSettings service{.endpoint = settings.endpoint};
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

record::Mapping mapping_of(const NationalInsuranceSettings& settings) {
    auto read = settings.mapping.empty()
                    ? record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form())
                    : record::Mapping::read(settings.mapping, mapping_form());
    if (read) return *std::move(read);
    std::string sentences;
    for (const config::SettingsFault& fault : read.error()) {
        sentences += (sentences.empty() ? "" : "\n") + config::text(fault);
    }
    throw NationalInsuranceSideUnusable(sentences);
}

class NationalInsuranceSide final : public record::CalledSide {
public:
    NationalInsuranceSide(const NationalInsuranceSettings& settings, record::NativeMeans means)
        : CalledSide(means.aliases),
          settings_(settings),
          mapping_(mapping_of(settings_)),
          calls_(settings_.listen.patience, [this] { return service_.is_calling(); }),
          service_(service_settings(settings_, [this] { calls_.put_off(); }), mapping_),
          benefits_(settings_, service_, mapping_),
          log_(means.log),
          liaison_(liaison_settings(settings_), std::move(means), benefits_),
          port_(settings_, mapping_, calls_, log_) {}

private:
    record::Liaison& liaison() override { return liaison_; }
    record::CallsOfTheirs& calls() override { return calls_; }

    const NationalInsuranceSettings settings_;
    const record::Mapping mapping_;
    record::CallsOfTheirs calls_;
    BenefitService service_;
    BenefitCalls benefits_;
    telemetry::Log& log_;
    record::Liaison liaison_;
    FeedbackPort port_;  // last: its threads use what is above
};

}  // namespace

std::unique_ptr<kit::NativeSide> make_national_insurance_side(const NationalInsuranceSettings& settings,
                                                              record::NativeMeans means) {
    try {
        return std::make_unique<NationalInsuranceSide>(settings, std::move(means));
    } catch (const std::invalid_argument&) {
        throw NationalInsuranceSideUnusable("the service's URL cannot be used");
    } catch (const NationalInsuranceSideUnusable&) {
        throw;
    } catch (const std::runtime_error& broken) {  // the ledger, a CA that is no certificate, a port in use
        throw NationalInsuranceSideUnusable(broken.what());
    }
}

}  // namespace kesher::national_insurance
