#include "adapters/labor/settings.h"

#include <algorithm>
#include <array>

#include "adapters/record/settings_judge.h"

namespace kesher::labor {
namespace {

using config::Kind;
using config::Need;
using config::Setting;
using config::Values;
using contract::Failure;

constexpr std::string_view kHeading =
    "Settings of the labor arm's adapter, which speaks CloudEvents with detached signatures, each with its "
    "default and the reason one would change it. Read once at start; an unknown name or a wrong value stops "
    "the start and is named with its line. Paths that are not absolute count from this file's folder. "
    "Durations carry their unit: ms, s, m, h, d.";

constexpr std::array kTable{
    Setting{"organisation.id", Kind::text, "\"labor\"", "", "The organisation's id in the exchange.",
            Need::required},
    Setting{"organisation.keys", Kind::file, "\"keys\"", "",
            "Folder of the organisation's own keys, as kesher-adapter init made it."},
    Setting{"organisation.passphrase_file", Kind::file, "\"\"", "",
            "File whose first line opens the key files. Empty where they are not encrypted."},
    Setting{"organisation.journal", Kind::file, "\"journal.sqlite\"", "",
            "The adapter's memory: what was sent and received, sealed."},
    Setting{"hub.name", Kind::host, "\"exchange.example.org\"", "",
            "Name of the hub. It must be the one that enrolment pinned.", Need::required},
    Setting{"hub.poll_wait", Kind::duration, "\"2s\"", "1s..10s",
            "How long an empty inbox keeps the call open. Events of the labor arm are answered in "
            "between, so lower it where they are to be answered sooner."},
    Setting{
        "events.endpoint", Kind::text, "\"http://127.0.0.1:8092/kesher\"", "",
        "The base of the labor arm's service: events go to /events below it, and how a referral stands is "
        "asked at /referrals/. http only on the loopback, else https with a CA file.",
        Need::required},
    Setting{"events.ca_file", Kind::file, "\"\"", "",
            "Certificate of the CA that the service's own must chain to, as PEM; no other is believed. Empty "
            "with http."},
    Setting{"events.certificate_file", Kind::file, "\"\"", "",
            "Our own certificate with its chain, as PEM, where the service asks for one. Empty: none."},
    Setting{"events.private_key_file", Kind::file, "\"\"", "", "The key of that certificate, as PEM."},
    Setting{"events.deadline", Kind::duration, "\"10s\"", "100ms..60s",
            "How long one call may take. While it lasts nothing else is done."},
    Setting{"events.pause", Kind::duration, "\"5s\"", "0s..10m",
            "After a call that was not answered none is tried for so long, and deliveries are held. Raise it "
            "where a restart of the service takes minutes."},
    Setting{"events.look_every", Kind::duration, "\"5m\"", "1s..24h",
            "How often is asked for what was withdrawn and may still arrive there late."},
    Setting{"events.mapping", Kind::file, "\"\"", "",
            "Names of members and codes, where they are others than the built-in profile's "
            "(adapters/labor/data/mapping.toml shows all of them). Empty: the built-in ones."},
    Setting{"events.ledger", Kind::file, "\"labor.ledger\"", "",
            "How each referral stands, by ids and codes, without anything about a person."},
    Setting{
        "events.origin", Kind::host, "\"kesher.example.org\"", "",
        "Our name to their webhook, which must allow it before an event is sent (WebHook-Request-Origin).",
        Need::required},
    Setting{"events.source", Kind::text, "\"urn:labor\"", "",
            "What their events say where they come from; another's are refused.", Need::required},
    Setting{"events.signing_key_file", Kind::file, "\"events.key\"", "",
            "Our key for these signatures: P-256, PKCS#8 in PEM, for its owner alone. Never a key of the "
            "exchange. Its public half is served at /jwks."},
    Setting{"events.their_keys_file", Kind::file, "\"their-keys.json\"", "",
            "Their public keys, a JWK set of P-256 keys: what none of them signed is refused. Name the next "
            "key before the present one ends."},
    Setting{"events.place", Kind::text, "\"המשרד\"", "",
            "How an appointment's place is called where its own name says what nobody may read. It goes to "
            "others and stands in calendars, so it says nothing of what the place is for."},
    Setting{"listen.address", Kind::address, "\"127.0.0.1\"", "",
            "Where the labor arm's events come to. Beyond the loopback it has a certificate and asks for "
            "one."},
    Setting{"listen.port", Kind::count, "8093", "0..65535", "Its port; 0 takes a free one."},
    Setting{
        "listen.patience", Kind::duration, "\"20s\"", "100ms..60s",
        "How long an event waits for the adapter to come to it; then it is told to come again. Longer than "
        "hub.poll_wait."},
    Setting{"listen.certificate_file", Kind::file, "\"\"", "",
            "The listener's certificate with its chain, as PEM. Empty: plain HTTP, on the loopback alone."},
    Setting{"listen.private_key_file", Kind::file, "\"\"", "", "The key of that certificate, as PEM."},
    Setting{"listen.client_ca_file", Kind::file, "\"\"", "",
            "The CA that the certificates of the labor arm must chain to, as PEM."},
    Setting{"listen.clients", Kind::texts, "[]", "0..16",
            "Which of them may call: the SHA-256 of each certificate, as openssl x509 -noout -fingerprint "
            "-sha256 shows it. Name the next one before the present one ends."},
    Setting{"listen.origin", Kind::host, "\"labor.example.org\"", "",
            "The name under which their system asks to send events here (WebHook-Request-Origin)."},
    Setting{"actor.officer", Kind::text, "\"events\"", "",
            "The number under which the adapter speaks. Nothing of a person.", Need::required},
    Setting{"actor.role", Kind::choice, "\"SYSTEM\"", "SYSTEM|CASEWORKER",
            "Role behind what is told: SYSTEM where their workers are not officers of the exchange."},
};

class Reader {
public:
    explicit Reader(const Values& values) : values_(values) {}

    contract::Result<LaborSettings, config::SettingsFaults> read() {
        const auto organisation = record::judged_organisation(values_, faults_);
        const auto officer = record::judged_officer(values_, faults_);
        record::judge_endpoint(values_, "events.endpoint", "events.ca_file", faults_);
        record::judge_place(values_, "events.place", faults_);
        record::judge_pair(values_, "events.certificate_file", "events.private_key_file", faults_);
        judge_source();
        auto listen = record::judged_listening(values_, faults_);
        if (!faults_.empty()) return Failure{std::move(faults_)};
        return LaborSettings{.organisation = *organisation,
                             .keys = values_.file("organisation.keys"),
                             .passphrase_file = values_.file("organisation.passphrase_file"),
                             .journal = values_.file("organisation.journal"),
                             .hub = values_.text("hub.name"),
                             .poll_wait = values_.duration("hub.poll_wait"),
                             .endpoint = values_.text("events.endpoint"),
                             .ca_file = values_.file("events.ca_file"),
                             .certificate_file = values_.file("events.certificate_file"),
                             .key_file = values_.file("events.private_key_file"),
                             .origin = values_.text("events.origin"),
                             .source = values_.text("events.source"),
                             .signing_key = values_.file("events.signing_key_file"),
                             .their_keys = values_.file("events.their_keys_file"),
                             .deadline = values_.duration("events.deadline"),
                             .pause = values_.duration("events.pause"),
                             .look_every = values_.duration("events.look_every"),
                             .mapping = values_.file("events.mapping"),
                             .ledger = values_.file("events.ledger"),
                             .place = values_.text("events.place"),
                             .listen = std::move(listen),
                             .their_origin = values_.text("listen.origin"),
                             .officer = *officer,
                             .role = contract::kOfficerRoles.parse(values_.text("actor.role")).value()};
    }

private:
    // As a CloudEvent's attribute has it: no blank, no control character.
    void judge_source() {
        const std::string& source = values_.text("events.source");
        const bool fits = !source.empty() && source.size() <= 256 && std::ranges::all_of(source, [](char c) {
            return static_cast<unsigned char>(c) > ' ' && c != 0x7F;
        });
        if (!fits) {
            faults_.push_back(values_.fault("events.source", "it is no source of an event",
                                            "Write the URI of their events, without blanks"));
        }
    }

    const Values& values_;
    config::SettingsFaults faults_;
};

contract::Result<LaborSettings, config::SettingsFaults> settings_of(
    const contract::Result<Values, config::SettingsFaults>& values) {
    if (!values) return Failure{values.error()};
    return Reader(*values).read();
}

}  // namespace

contract::Result<LaborSettings, config::SettingsFaults> read_labor_settings(
    const std::filesystem::path& file) {
    return settings_of(config::read_table(file, kTable));
}

contract::Result<LaborSettings, config::SettingsFaults> parse_labor_settings(
    std::string_view toml, const std::filesystem::path& file) {
    return settings_of(config::parse_table(toml, file, kTable));
}

record::LiaisonSettings liaison_settings(const LaborSettings& settings) {
    return {settings.ledger, settings.look_every, settings.place, {settings.officer, settings.role}};
}

std::string labor_example() { return config::example_text(kHeading, kTable); }

}  // namespace kesher::labor
