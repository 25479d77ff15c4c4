#include "adapters/health/settings.h"

#include <array>

#include "adapters/record/settings_judge.h"

namespace kesher::health {
namespace {

using config::Kind;
using config::Need;
using config::Setting;
using config::Values;
using contract::Failure;

constexpr std::string_view kHeading =
    "Settings of the adapter of a health organisation with a FHIR R4 server, each with its default and the "
    "reason one would change it. Read once at start; an unknown name or a wrong value stops the start and is "
    "named with its line. Paths that are not absolute count from this file's folder. Durations carry their "
    "unit: ms, s, m, h, d.";

constexpr std::array kTable{
    Setting{"organisation.id", Kind::text, "\"health\"", "", "The organisation's id in the exchange.",
            Need::required},
    Setting{"organisation.keys", Kind::file, "\"keys\"", "",
            "Folder of the organisation's own keys, as kesher-adapter init made it."},
    Setting{"organisation.passphrase_file", Kind::file, "\"\"", "",
            "File whose first line opens the key files. Empty where they are not encrypted."},
    Setting{"organisation.journal", Kind::file, "\"journal.sqlite\"", "",
            "The adapter's memory: what was sent and received, sealed."},
    Setting{"hub.name", Kind::host, "\"exchange.example.org\"", "",
            "Name of the hub. It must be the one that enrolment pinned.", Need::required},
    Setting{"hub.poll_wait", Kind::duration, "\"20s\"", "0s..30s",
            "How long an empty inbox keeps the call open. The FHIR server is looked at in between, so lower "
            "it where its changes are to be told sooner."},
    Setting{"fhir.base_url", Kind::text, "\"http://127.0.0.1:8080/fhir\"", "",
            "Base URL of the FHIR R4 server. http only on the loopback, else https with a CA file.",
            Need::required},
    Setting{"fhir.ca_file", Kind::file, "\"\"", "",
            "Certificate of the CA that the server's own must chain to, as PEM; no other is believed. Empty "
            "with http."},
    Setting{"fhir.authorization_file", Kind::file, "\"\"", "",
            "File whose first line is sent as the Authorization header, for example Bearer and a token. "
            "Readable by its owner alone. Empty where the server asks for none."},
    Setting{"fhir.deadline", Kind::duration, "\"10s\"", "100ms..60s",
            "How long one call to the server may take. While it lasts nothing else is done."},
    Setting{"fhir.pause", Kind::duration, "\"5s\"", "0s..10m",
            "After a call that the server did not answer none is tried for so long, and deliveries are held. "
            "Raise it where a restart of the server takes minutes."},
    Setting{"fhir.look_every", Kind::duration, "\"15s\"", "0s..1h",
            "How often Tasks are looked for that changed since the last look. Lower it where the referrer is "
            "to hear sooner."},
    Setting{"fhir.sweep_every", Kind::duration, "\"5m\"", "0s..24h",
            "How often each Task that is not ended is read by its id: so is seen what a search by owner and "
            "time misses, and an Appointment that changed alone."},
    Setting{"fhir.ledger", Kind::file, "\"health.ledger\"", "",
            "How each referral stands, by ids and codes, without anything about a person."},
    Setting{"fhir.place", Kind::text, "\"המרפאה\"", "",
            "How an appointment's place is called where its own label says what nobody may read. It goes to "
            "others and stands in calendars, so it says nothing of what the place is for."},
    Setting{"actor.officer", Kind::text, "\"fhir\"", "",
            "The number under which the adapter speaks. Nothing of a person.", Need::required},
    Setting{"actor.role", Kind::choice, "\"SYSTEM\"", "SYSTEM|CASEWORKER",
            "Role behind what is told: SYSTEM where the clinic's workers are not officers of the exchange."},
};

class Reader {
public:
    explicit Reader(const Values& values) : values_(values) {}

    contract::Result<HealthSettings, config::SettingsFaults> read() {
        const auto organisation = record::judged_organisation(values_, faults_);
        const auto officer = record::judged_officer(values_, faults_);
        record::judge_endpoint(values_, "fhir.base_url", "fhir.ca_file", faults_);
        record::judge_place(values_, "fhir.place", faults_);
        if (!faults_.empty()) return Failure{std::move(faults_)};
        return HealthSettings{.organisation = *organisation,
                              .keys = values_.file("organisation.keys"),
                              .passphrase_file = values_.file("organisation.passphrase_file"),
                              .journal = values_.file("organisation.journal"),
                              .hub = values_.text("hub.name"),
                              .poll_wait = values_.duration("hub.poll_wait"),
                              .base_url = values_.text("fhir.base_url"),
                              .ca_file = values_.file("fhir.ca_file"),
                              .authorization_file = values_.file("fhir.authorization_file"),
                              .deadline = values_.duration("fhir.deadline"),
                              .pause = values_.duration("fhir.pause"),
                              .look_every = values_.duration("fhir.look_every"),
                              .sweep_every = values_.duration("fhir.sweep_every"),
                              .ledger = values_.file("fhir.ledger"),
                              .place = values_.text("fhir.place"),
                              .officer = *officer,
                              .role = contract::kOfficerRoles.parse(values_.text("actor.role")).value()};
    }

private:
    const Values& values_;
    config::SettingsFaults faults_;
};

contract::Result<HealthSettings, config::SettingsFaults> settings_of(
    const contract::Result<Values, config::SettingsFaults>& values) {
    if (!values) return Failure{values.error()};
    return Reader(*values).read();
}

}  // namespace

contract::Result<HealthSettings, config::SettingsFaults> read_health_settings(
    const std::filesystem::path& file) {
    return settings_of(config::read_table(file, kTable));
}

contract::Result<HealthSettings, config::SettingsFaults> parse_health_settings(
    std::string_view toml, const std::filesystem::path& file) {
    return settings_of(config::parse_table(toml, file, kTable));
}

std::string health_example() { return config::example_text(kHeading, kTable); }

}  // namespace kesher::health
