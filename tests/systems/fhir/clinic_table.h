// A clinic on a table (tests/unit/record/native_table.h): its FHIR server is the foreign one.
#pragma once

#include "adapters/health/clinic.h"
#include "schemas/json/read.h"
#include "tests/systems/fhir/far_side.h"
#include "tests/unit/record/native_table.h"

namespace kesher::health::test {

using namespace record::test;
using record::Referral;
using tests::FarSide;

inline Referral fresh(KnownBy how = KnownBy::contact) {
    return record::test::fresh(how, statement::organisation("health"));
}

class Table : public NativeTable {
public:
    explicit Table(
        const WordSet<SafetyFlag>& honours = WordSet<SafetyFlag>::up_to(SafetyFlag::address_confidential))
        : NativeTable("health", honours) {
        restart();
    }
    ~Table() override { clinic_.reset(); }

    // As after a kill: everything that is not on disk is gone.
    void restart() {
        clinic_.reset();
        reopen();
        HealthSettings settings{.organisation = self.id,
                                .keys = {},
                                .passphrase_file = {},
                                .journal = {},
                                .hub = "hub.example",
                                .base_url = url,
                                .ca_file = {},
                                .authorization_file = {},
                                .look_every = look_every,
                                .sweep_every = sweep_every,
                                .ledger = ledger(),
                                .place = "המרפאה",
                                .officer = OfficerId::parse("fhir").value()};
        FhirServerSettings server{.base_url = url};
        server.pause = 0ms;
        server.page = page;
        clinic_ = std::make_unique<Clinic>(settings, means(), server, [this] { return steady(); });
    }

    kit::NativeAnswer deliver(const statement::Statement& said, const codec::Payload& payload,
                              const std::optional<codec::Sealed>& sealed,
                              const Pseudonym& pseudonym) override {
        return clinic_->deliver({said, payload, sealed, pseudonym, jws, kToday});
    }

    Clinic& clinic() { return *clinic_; }
    void work() { clinic_->work(now += 1s); }

    std::string url = FarSide::running().url();
    std::chrono::milliseconds look_every{0}, sweep_every{0};
    std::size_t page = 50;
    Clinic::Steady steady = &std::chrono::steady_clock::now;

private:
    void close_side() override { clinic_.reset(); }

    std::unique_ptr<Clinic> clinic_;
};

}  // namespace kesher::health::test
