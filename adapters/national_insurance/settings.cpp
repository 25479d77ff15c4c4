#include "adapters/national_insurance/settings.h"

#include <algorithm>
#include <array>

#include "adapters/record/settings_judge.h"

namespace kesher::national_insurance {
namespace {

using config::Kind;
using config::Need;
using config::Setting;
using config::Values;
using contract::Failure;

constexpr std::string_view kHeading =
    "Settings of National Insurance's adapter, which speaks SOAP with the headers of X-Road, each with its "
    "default and the reason one would change it. Read once at start; an unknown name or a wrong value stops "
    "the start and is named with its line. Paths that are not absolute count from this file's folder. "
    "Durations carry their unit: ms, s, m, h, d.";

constexpr std::array kTable{
    Setting{"organisation.id", Kind::text, "\"nii\"", "", "The organisation's id in the exchange.",
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
            "How long an empty inbox keeps the call open. Calls of National Insurance are answered in "
            "between, so lower it where they are to be answered sooner."},
    Setting{"soap.endpoint", Kind::text, "\"http://127.0.0.1:8090/\"", "",
            "Where National Insurance's service is called: the X-Road security server before it. http only "
            "on the loopback, else https with a CA file.",
            Need::required},
    Setting{"soap.ca_file", Kind::file, "\"\"", "",
            "Certificate of the CA that the service's own must chain to, as PEM; no other is believed. Empty "
            "with http."},
    Setting{"soap.certificate_file", Kind::file, "\"\"", "",
            "Our own certificate with its chain, as PEM, where the service asks for one. Empty: none."},
    Setting{"soap.private_key_file", Kind::file, "\"\"", "", "The key of that certificate, as PEM."},
    Setting{"soap.deadline", Kind::duration, "\"10s\"", "100ms..60s",
            "How long one call may take. While it lasts nothing else is done."},
    Setting{"soap.pause", Kind::duration, "\"5s\"", "0s..10m",
            "After a call that was not answered none is tried for so long, and deliveries are held. Raise it "
            "where a restart of the service takes minutes."},
    Setting{"soap.look_every", Kind::duration, "\"5m\"", "1s..24h",
            "How often is asked for what was withdrawn and may still arrive there late."},
    Setting{"soap.mapping", Kind::file, "\"\"", "",
            "Names of elements and codes, where they are others than the built-in profile's "
            "(adapters/national_insurance/data/mapping.toml shows all of them). Empty: the built-in ones."},
    Setting{"soap.ledger", Kind::file, "\"national_insurance.ledger\"", "",
            "How each referral stands, by ids and codes, without anything about a person."},
    Setting{"soap.environment", Kind::choice, "\"production\"", "production|test",
            "Which of their environments is spoken to; it stands in each call."},
    Setting{"soap.place", Kind::text, "\"המשרד\"", "",
            "How an appointment's place is called where its own name says what nobody may read. It goes to "
            "others and stands in calendars, so it says nothing of what the place is for."},
    Setting{"xroad.instance", Kind::text, "\"IL\"", "", "The instance of X-Road that all parties are of."},
    Setting{"xroad.member_class", Kind::text, "\"GOV\"", "",
            "The member class of all parties. Their member codes are the organisations' ids."},
    Setting{"xroad.subsystem", Kind::text, "\"benefits\"", "", "National Insurance's own subsystem."},
    Setting{"xroad.exchange_subsystem", Kind::text, "\"kesher\"", "",
            "The subsystem of every body that National Insurance reaches through the exchange."},
    Setting{"listen.address", Kind::address, "\"127.0.0.1\"", "",
            "Where National Insurance's calls come to. Beyond the loopback it has a certificate and asks for "
            "one."},
    Setting{"listen.port", Kind::count, "8091", "0..65535", "Its port; 0 takes a free one."},
    Setting{"listen.patience", Kind::duration, "\"20s\"", "100ms..60s",
            "How long a call waits for the adapter to come to it; then it is told to call again. Longer than "
            "hub.poll_wait."},
    Setting{"listen.certificate_file", Kind::file, "\"\"", "",
            "The listener's certificate with its chain, as PEM. Empty: plain HTTP, on the loopback alone."},
    Setting{"listen.private_key_file", Kind::file, "\"\"", "", "The key of that certificate, as PEM."},
    Setting{"listen.client_ca_file", Kind::file, "\"\"", "",
            "The CA that the certificates of National Insurance must chain to, as PEM."},
    Setting{"listen.clients", Kind::texts, "[]", "0..16",
            "Which of them may call: the SHA-256 of each certificate, as openssl x509 -noout -fingerprint "
            "-sha256 shows it. Name the next one before the present one ends."},
    Setting{"actor.officer", Kind::text, "\"soap\"", "",
            "The number under which the adapter speaks. Nothing of a person.", Need::required},
    Setting{"actor.role", Kind::choice, "\"SYSTEM\"", "SYSTEM|CASEWORKER",
            "Role behind what is told: SYSTEM where their workers are not officers of the exchange."},
};

// X-Road's own identifiers have no such bound; those of other characters meet trouble on their way.
bool is_part(std::string_view text) {
    return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    });
}

class Reader {
public:
    explicit Reader(const Values& values) : values_(values) {}

    contract::Result<NationalInsuranceSettings, config::SettingsFaults> read() {
        const auto organisation = record::judged_organisation(values_, faults_);
        const auto officer = record::judged_officer(values_, faults_);
        record::judge_endpoint(values_, "soap.endpoint", "soap.ca_file", faults_);
        record::judge_place(values_, "soap.place", faults_);
        record::judge_pair(values_, "soap.certificate_file", "soap.private_key_file", faults_);
        judge_names();
        auto listen = record::judged_listening(values_, faults_);
        if (!faults_.empty()) return Failure{std::move(faults_)};
        const bool test = values_.text("soap.environment") == "test";
        return NationalInsuranceSettings{
            .organisation = *organisation,
            .keys = values_.file("organisation.keys"),
            .passphrase_file = values_.file("organisation.passphrase_file"),
            .journal = values_.file("organisation.journal"),
            .hub = values_.text("hub.name"),
            .poll_wait = values_.duration("hub.poll_wait"),
            .endpoint = values_.text("soap.endpoint"),
            .ca_file = values_.file("soap.ca_file"),
            .certificate_file = values_.file("soap.certificate_file"),
            .key_file = values_.file("soap.private_key_file"),
            .deadline = values_.duration("soap.deadline"),
            .pause = values_.duration("soap.pause"),
            .look_every = values_.duration("soap.look_every"),
            .mapping = values_.file("soap.mapping"),
            .ledger = values_.file("soap.ledger"),
            .environment = test ? Environment::test : Environment::production,
            .names = {values_.text("xroad.instance"), values_.text("xroad.member_class"),
                      values_.text("xroad.subsystem"), values_.text("xroad.exchange_subsystem")},
            .place = values_.text("soap.place"),
            .listen = std::move(listen),
            .officer = *officer,
            .role = contract::kOfficerRoles.parse(values_.text("actor.role")).value()};
    }

private:
    void complain(std::string_view key, std::string what, std::string mend) {
        faults_.push_back(values_.fault(key, std::move(what), std::move(mend)));
    }

    void judge_names() {
        for (const std::string_view key :
             {"xroad.instance", "xroad.member_class", "xroad.subsystem", "xroad.exchange_subsystem"}) {
            if (is_part(values_.text(key))) continue;
            complain(key, "it is no X-Road identifier", "Use 1 to 100 of A-Za-z0-9._-");
        }
    }

    const Values& values_;
    config::SettingsFaults faults_;
};

contract::Result<NationalInsuranceSettings, config::SettingsFaults> settings_of(
    const contract::Result<Values, config::SettingsFaults>& values) {
    if (!values) return Failure{values.error()};
    return Reader(*values).read();
}

}  // namespace

contract::Result<NationalInsuranceSettings, config::SettingsFaults> read_national_insurance_settings(
    const std::filesystem::path& file) {
    return settings_of(config::read_table(file, kTable));
}

contract::Result<NationalInsuranceSettings, config::SettingsFaults> parse_national_insurance_settings(
    std::string_view toml, const std::filesystem::path& file) {
    return settings_of(config::parse_table(toml, file, kTable));
}

record::LiaisonSettings liaison_settings(const NationalInsuranceSettings& settings) {
    return {settings.ledger, settings.look_every, settings.place, {settings.officer, settings.role}};
}

std::string national_insurance_example() { return config::example_text(kHeading, kTable); }

}  // namespace kesher::national_insurance
