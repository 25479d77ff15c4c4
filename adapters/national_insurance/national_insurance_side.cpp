#include "adapters/national_insurance/national_insurance_side.h"

#include "adapters/kit/native_receipt.h"
#include "adapters/national_insurance/feedback_port.h"
#include "adapters/national_insurance/institute.h"

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

class NationalInsuranceSide final : public kit::NativeSide {
public:
    NationalInsuranceSide(const NationalInsuranceSettings& settings, record::NativeMeans means)
        : settings_(settings),
          aliases_(means.aliases),
          mapping_(mapping_of(settings_)),
          calls_(settings_.patience, [this] { return service_.is_calling(); }),
          service_(service_settings(settings_, [this] { calls_.put_off(); }), mapping_),
          log_(means.log),
          institute_(settings_, std::move(means), service_, mapping_),
          port_(settings_, mapping_, calls_, log_) {}

    [[nodiscard]] kit::NativeAnswer deliver(const kit::ProvenDelivery& proven,
                                            const kit::Opened& opened) override {
        const statement::Statement& said = proven.statement();
        return committed(
            institute_.deliver({said, opened.payload, opened.sealed, proven.delivery().pseudonym,
                                proven.delivery().statement, contract::day_of(proven.released_at())}),
            said.from, said.id);
    }

    [[nodiscard]] kit::TakenBefore already_taken(const contract::OrganisationId& from,
                                                 const contract::MessageId& id) override {
        return committed(institute_.already_taken(from, id), from, id);
    }

    // All of them: each that stands is an element of the form, and where the far side dropped one, their
    // count does not fit and all of them stand (referral_form.h).
    [[nodiscard]] contract::WordSet<contract::SafetyFlag> honours() const override {
        return contract::WordSet<contract::SafetyFlag>::up_to(contract::SafetyFlag::address_confidential);
    }

    // Their calls first: they wait.
    void work(contract::Instant now, const kit::Directory&) override {
        const auto serve = [&] {
            calls_.serve([&](const CallOfTheirs& call) { return institute_.hear(call, now); });
        };
        serve();
        institute_.work(now);
        serve();
    }

private:
    // What leaves here of the service's answer, whose SHA-256 the institute gives.
    template <class Answer>
    Answer committed(Answer answer, const contract::OrganisationId& from,
                     const contract::MessageId& id) const {
        if (auto* taken = std::get_if<kit::Taken>(&answer)) {
            taken->native = kit::native_commitment(aliases_.salt(from, id), taken->native.view());
        }
        return answer;
    }

    const NationalInsuranceSettings settings_;
    const kit::AliasMaker& aliases_;
    const record::Mapping mapping_;
    CallsOfTheirs calls_;
    BenefitService service_;
    telemetry::Log& log_;
    Institute institute_;
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
