#include <chrono>
#include <fstream>

#include "adapters/kit/organisation_keys.h"
#include "adapters/kit/organisation_setup.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;
using contract::Failure;

Failure<Unusable> unusable(std::string sentence) { return {Unusable{std::move(sentence)}}; }

Usable<std::vector<log::NoteKey>> witnesses_of(std::span<const json::Value> list) {
    std::vector<log::NoteKey> witnesses;
    for (const json::Value& item : list) {
        auto key = log::NoteKey::parse(item.text() == nullptr ? std::string_view() : *item.text());
        if (!key || key->type() != log::NoteKeyType::cosignature) {
            return unusable("a witness of the hub has no key that can be read");
        }
        witnesses.push_back(*std::move(key));
    }
    return witnesses;
}

struct HubTexts {
    std::string name, url, ca, signing, log;
    std::span<const json::Value> witnesses;
};

Usable<HubPins> pins_of(const HubTexts& texts) {
    const auto ca = statement::Certificate::from_pem(texts.ca);
    if (!ca) return unusable("the hub's TLS authority is no certificate");
    auto signing = statement::Certificate::from_pem(texts.signing);
    if (!signing || signing->use() != statement::Use::signing ||
        !signing->names(contract::OrganisationId::hub())) {
        return unusable("the hub's signing certificate is not one");
    }
    auto log = log::NoteKey::parse(texts.log);
    if (!log || log->type() != log::NoteKeyType::ed25519) return unusable("the log's key cannot be read");
    const std::string prefix = texts.name + "/log";
    if (texts.name.empty() || (log->name() != prefix && !log->name().starts_with(prefix + "/"))) {
        return unusable("the log's key has another name than <hub>/log");
    }
    auto witnesses = witnesses_of(texts.witnesses);
    if (!witnesses) return Failure{witnesses.error()};
    return HubPins{texts.name,          texts.url,       texts.ca,
                   *std::move(signing), *std::move(log), *std::move(witnesses)};
}

}  // namespace

std::string write_hub_pins(const HubPins& pins) {
    json::Writer writer;
    writer.open_object()
        .number("v", 1)
        .text("hub", pins.name)
        .text("url", pins.url)
        .text("ca", pins.ca_pem)
        .text("signing", pins.signing.pem())
        .text("log", pins.log.vkey())
        .open_array("witnesses");
    for (const log::NoteKey& witness : pins.witnesses) writer.text(witness.vkey());
    return writer.close().close().take();
}

Usable<HubPins> read_hub_pins(std::string_view text) {
    const auto document = json::read(text);
    if (!document) return unusable("hub.json is not strict JSON");
    json::Object object(*document);
    const std::int64_t version = object.integer("v");
    const HubTexts texts{std::string(object.text("hub")), std::string(object.text("url")),
                         std::string(object.text("ca")),  std::string(object.text("signing")),
                         std::string(object.text("log")), object.array("witnesses")};
    if (!object.finish() || version != 1) return unusable("hub.json does not have exactly its members");
    return pins_of(texts);
}

Usable<HubPins> open_hub_pins(const fs::path& directory) {
    const fs::path file = directory / "hub.json";
    if (!fs::is_regular_file(file)) return unusable("hub.json is missing: the organisation is not enrolled");
    auto pins = read_hub_pins(edge::read_pem_file(file.string()));
    if (!pins) return unusable(file.string() + ": " + pins.error().sentence);
    return pins;
}

Usable<HubPins> save_enrolment(const fs::path& directory, const EnrolmentAnswer& answer) {
    const auto document = json::read(answer.json);
    const json::Value* hub = document ? document->find("hub") : nullptr;
    const auto text_of = [](const json::Value* object, std::string_view key) {
        const json::Value* value = object == nullptr ? nullptr : object->find(key);
        return value == nullptr || value->text() == nullptr ? std::string() : *value->text();
    };
    if (hub == nullptr) return unusable("the hub's answer is not that of an enrolment");
    const json::Value* witnesses = hub->find("witnesses");
    const bool has_list = witnesses != nullptr && witnesses->array() != nullptr;
    const std::string ca = document->find("ca") != nullptr ? text_of(&*document, "ca") : text_of(hub, "ca");
    auto pins = pins_of(
        {answer.hub_name, answer.url, ca, text_of(hub, "signing"), text_of(hub, "log"),
         has_list ? std::span<const json::Value>(*witnesses->array()) : std::span<const json::Value>()});
    if (!pins) return pins;
    if (pins->log != answer.log) return unusable("the hub's log key is not the one in the token");
    const std::string tls = text_of(&*document, "certificate");
    const auto certificate = statement::Certificate::from_pem(tls);
    if (!certificate || certificate->use() != statement::Use::tls_client) {
        return unusable("the hub answered with no TLS certificate");
    }
    for (const auto& [name, text] :
         {std::pair{"tls.pem", tls}, std::pair{"hub.json", write_hub_pins(*pins)}}) {
        if (const auto placed = place_file(directory / name, text); !placed) return Failure{placed.error()};
    }
    return pins;
}

}  // namespace kesher::kit
