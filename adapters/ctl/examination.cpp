// The checks of doctor.h put to this machine and this hub.
#include "adapters/ctl/doctor.h"
#include "adapters/kit/hub_answers.h"
#include "adapters/kit/organisation_setup.h"
#include "audit/log/checkpoint.h"
#include "config/settings.h"
#include "gateway/edge/client.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/statement/key_list.h"

namespace kesher::ctl {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using contract::Instant;

constexpr auto kPatience = 5s;
constexpr std::string_view kRenewKeys =
    "kesher-adapter keys rotate --root-key FILE, by whoever keeps the root's key.";
constexpr std::string_view kRenewTls =
    "Tell the hub's operator before it ends: no call renews it, and a token is given only after kesherctl "
    "org compromise.";

Finding space_of(std::string what, const fs::path& path) {
    std::error_code fault;
    const fs::space_info info = fs::space(path, fault);
    if (fault) {
        return {std::move(what), Health::broken,
                path.string() + " cannot be measured: " + fault.message() + ".", "ours",
                "Name the right folder, or ask as the account that owns it."};
    }
    return check_space(std::move(what), {info.available, info.capacity});
}

// Our own certificates and the key list that our root signed.
void examine_certificates(std::vector<Finding>& found, const Office& office, Instant now) {
    const statement::Certificate& root = office.keys().root();
    found.push_back(
        check_expiry("root certificate", root.not_after(), now,
                     "Make a new root and agree on it with every body: the pins name the old one."));
    found.push_back(check_expiry("signing certificate", office.keys().signer().certificate().not_after(), now,
                                 kRenewKeys));
    const auto list = statement::verify_key_list(office.keys().key_list(), root,
                                                 {office.self(), root.key().spki_sha256(), 1, now});
    if (!list) {
        found.push_back({"key list", Health::broken,
                         "keys.jws does not hold any more: " + std::string(text(list.error())) + ".", "ours",
                         std::string(kRenewKeys)});
    } else {
        found.push_back(check_expiry("key list", list->not_after, now, kRenewKeys));
        const statement::Certificate* newest = list->seal_to(now);
        if (newest == nullptr) {
            found.push_back({"encryption key", Health::broken, "Nobody can seal anything to us.", "ours",
                             std::string(kRenewKeys)});
        } else {
            found.push_back(check_expiry("encryption key", newest->not_after(), now, kRenewKeys));
        }
    }
    found.push_back(check_rotation(office.directory()));
    const auto pem = kit::read_small_file(office.directory() / "tls.pem");
    const auto tls = pem ? statement::Certificate::from_pem(*pem)
                         : contract::Result<statement::Certificate, statement::CertificateFault>(
                               contract::Failure{statement::CertificateFault::malformed});
    if (!tls) {
        found.push_back({"TLS certificate", Health::broken, "tls.pem is no certificate.", "ours",
                         std::string(kRenewTls)});
    } else {
        found.push_back(check_expiry("TLS certificate", tls->not_after(), now, kRenewTls));
    }
}

// What the hub lets us do, and what others see of us.
void examine_standing(std::vector<Finding>& found, Office& office, std::string_view listed, Instant now) {
    const auto members = kit::Directory::read(listed, {}, office.pins().log_origin(), now);
    const kit::Member* ours = members ? members->find(office.self()) : nullptr;
    if (ours == nullptr) {
        found.push_back({"standing", Health::broken, "The hub's list of who takes part does not name us.",
                         "hub",
                         "Ask the hub's operator, and keep the answer: a hub names whoever it answers."});
        return;
    }
    const statement::Certificate& root = office.keys().root();
    found.push_back(check_standing(office.self(), ours->status, root.key().spki_sha256()));
    if (!exchanges(ours->kind)) return;
    const auto answer = office.hub().get("/v1/agreements");
    const auto agreements =
        answer ? count_agreements(*answer, contract::day_of(now)) : std::optional<Agreements>();
    found.push_back(agreements
                        ? check_agreements(*agreements)
                        : Finding{"agreements", Health::broken, "The hub does not say which there are.",
                                  "hub", "Call again; where it stays so, ask the hub's operator."});
    const auto keys = statement::verify_key_list(office.keys().key_list(), root,
                                                 {office.self(), root.key().spki_sha256(), 1, now});
    // Without a list that holds nothing counts that we declared, and the list is told above.
    if (keys) found.push_back(check_profile(ours->profile, office.pins().log_origin(), *keys, now));
}

// The hub as we reach it, and what it signs.
void examine_hub(std::vector<Finding>& found, Office& office, Instant now) {
    const auto answer = office.hub().organisations();
    if (!answer) {
        const Refusal why = refusal(answer.error());
        const bool reached = answer.error().kind == kit::HubFault::Kind::refused;
        found.push_back({"hub", Health::broken, why.sentence + ".", reached ? "hub" : "ours",
                         reached ? "Ask the hub's operator, and name the code " + why.word + "."
                                 : "Look at the line to the hub; then ask its operator whether it runs."});
        return;
    }
    found.push_back({"hub", Health::well, "It answers " + office.self().text() + "."});
    const auto directory = json::read(*answer, {.bytes = 16 * 1024 * 1024, .depth = 8});
    const json::Value* at = directory ? directory->find("at") : nullptr;
    const auto hub_now =
        at != nullptr && at->text() != nullptr ? kit::parse_instant(*at->text()) : std::nullopt;
    if (hub_now) found.push_back(check_clock(now, *hub_now));
    examine_standing(found, office, *answer, now);
    const auto note = office.hub().checkpoint();
    const auto opened = note ? log::open_checkpoint(*note, office.pins().log)
                             : log::Result<log::OpenedCheckpoint>(log::fail(log::Flaw::signature_missing));
    if (!opened) {
        found.push_back({"checkpoint", Health::broken, "What the hub serves is not signed by the pinned log.",
                         "hub", "Send nothing, keep the answer, and call the other bodies' operators."});
        return;
    }
    found.push_back(
        {"checkpoint", Health::well,
         "The hub signs " + std::to_string(contract::number(opened->checkpoint.size)) + " entries."});
}

Finding knock(const std::string& name, const edge::ClientSettings& settings) {
    try {
        const auto answer = edge::Client(settings).send({.path = "/"});
        if (answer) return {"listener " + name, Health::well, "It answers."};
        return {"listener " + name, Health::broken,
                std::string(edge::text(answer.error().kind)) + ": " + answer.error().text + ".", "hub",
                "Look whether kesher-hub runs and what its log says; compare listeners." + name + "."};
    } catch (const std::exception& fault) {
        return {"listener " + name, Health::broken, std::string(fault.what()) + ".", "hub",
                "Mend listeners." + name + " in the settings."};
    }
}

// /readyz signs, writes and reads; a hub that runs has found the database's settings to be safe.
Finding readiness(std::uint16_t port) {
    edge::Client local({.base_url = "http://127.0.0.1:" + std::to_string(port), .deadline = kPatience});
    const auto answer = local.send({.path = "/readyz"});
    const std::string next = "Start kesher-hub; what stops it stands in its log, with the way out.";
    if (!answer) return {"database", Health::broken, "/readyz does not answer.", "hub", next};
    std::string line = answer->body.substr(0, answer->body.find('\n'));
    if (answer->status == 200)
        return {"database", Health::well, "It holds, with safe settings: " + line + "."};
    return {"database", Health::broken, line + ".", "hub",
            "Look at PostgreSQL: does it run, is its disk full, who holds its lock?"};
}

void examine_host(std::vector<Finding>& found, const fs::path& file, Office* office) {
    const auto settings = config::read_settings(file);
    if (!settings) {
        found.push_back({"settings", Health::broken, config::text(settings.error().front()), "hub",
                         "Mend the line; kesher.example.toml says what may stand there."});
        return;
    }
    found.push_back({"settings", Health::well, "They read without a fault."});
    found.push_back(check_rights("hub's keys", settings->keys.directory));
    if (!settings->keys.passphrase_file.empty()) {
        found.push_back(check_private_file("passphrase file", settings->keys.passphrase_file));
    }
    found.push_back(space_of("disk of the keys", settings->keys.directory));
    found.push_back(space_of("disk of the state", settings->state.checkpoint_file.parent_path()));
    found.push_back(readiness(settings->listeners.local.port));
    if (office == nullptr) return;
    const Served served = [&]() -> std::optional<std::string> {
        const auto note = office->hub().checkpoint();
        return note ? std::optional(*note) : std::nullopt;
    };
    found.push_back(check_checkpoint_file(settings->state.checkpoint_file, office->pins().log, served));
    const std::pair<const char*, const config::Listener*> listeners[]{
        {"officers", &settings->listeners.officers},
        {"newcomers", &settings->listeners.newcomers},
        {"person", &settings->listeners.person}};
    for (const auto& [name, where] : listeners) {
        const std::string host = where->host.empty() ? settings->hub.name : where->host;
        found.push_back(knock(name, {.base_url = "https://" + host + ":" + std::to_string(where->port),
                                     .server_ca_pem = office->pins().ca_pem,
                                     .deadline = kPatience}));
    }
}

}  // namespace

std::vector<Finding> examine(const Common& common, const DoctorOrder& order, Instant now) {
    std::vector<Finding> found{check_rights("our keys", common.directory)};
    if (!common.passphrase_file.empty()) {
        found.push_back(check_private_file("our passphrase file", common.passphrase_file));
    }
    found.push_back(space_of("our disk", common.directory));
    const auto office = Office::open(common);
    if (!office) {
        found.push_back({"our directory", Health::broken, office.error().sentence + ".", "ours",
                         "Restore it from its backup, or enrol anew with a fresh token."});
    } else {
        examine_certificates(found, **office, now);
        examine_hub(found, **office, now);
    }
    if (!order.config.empty()) {
        examine_host(found, order.config, office ? office->get() : nullptr);
    }
    return found;
}

}  // namespace kesher::ctl
