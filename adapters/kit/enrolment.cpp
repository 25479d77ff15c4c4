#include "adapters/kit/enrolment.h"

#include "adapters/kit/organisation_setup.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;
using contract::Failure;

constexpr std::size_t kTokenBytes = 16;

Failure<Unusable> unusable(std::string sentence) { return {Unusable{std::move(sentence)}}; }

bool is_open_to_others(const fs::path& file) {
    const auto others = fs::perms::group_all | fs::perms::others_all;
    return (fs::status(file).permissions() & others) != fs::perms::none;
}

Usable<OrganisationKeys> keys_for(const TokenFile& token, const fs::path& directory,
                                  const statement::Protection& protection, contract::Instant at) {
    if (!fs::exists(directory / "root.pem")) {
        const auto made = make_organisation_keys(token.organisation, directory, protection, at);
        if (!made) return Failure{made.error()};
    }
    const auto secrets = make_own_secrets(directory, protection);
    if (!secrets) return Failure{secrets.error()};
    auto keys = OrganisationKeys::open(directory, protection);
    if (keys && keys->organisation() != token.organisation) {
        return unusable("the token is for " + token.organisation.text() + ", the keys are of " +
                        keys->organisation().text());
    }
    return keys;
}

// The hub's own words for a refusal, or what kept its answer away.
Unusable refused(const edge::Answer& answer) {
    const auto problem = json::read(answer.body);
    const json::Value* word = problem ? problem->find("code") : nullptr;
    const auto code =
        word != nullptr && word->text() != nullptr ? contract::parse_code(*word->text()) : std::nullopt;
    if (!code) return {"the hub answered " + std::to_string(answer.status)};
    if (*code == contract::Code::not_found) {
        return {
            "not_found: the token is unknown, used with other keys, or over its 24 hours; ask the operator "
            "for a new one"};
    }
    return {std::string(text(*code)) + ": " + std::string(facts_of(*code).title)};
}

Usable<std::string> ask(const TokenFile& token, const std::string& body) {
    const auto transport = make_transport({.base_url = token.enrolment_url, .server_ca_pin = token.ca_pin});
    const auto answer = transport->send(
        {.method = "POST", .path = "/v1/enrolment", .content_type = "application/json", .body = body});
    if (!answer) return unusable("the hub was not reached: " + answer.error().text);
    if (answer->status != 200 && answer->status != 201) return Failure{refused(*answer)};
    return answer->body;
}

// What the answer says of the CA must be what the token pinned: later connections trust it by this text.
bool ca_is_pinned(const std::string& answer, const contract::Digest& pin) {
    const auto document = json::read(answer);
    const json::Value* pem = document ? document->find("ca") : nullptr;
    if (pem == nullptr || pem->text() == nullptr) return false;
    const auto ca = statement::Certificate::from_pem(*pem->text());
    return ca && ca->key().spki_sha256() == pin;
}

}  // namespace

Usable<TokenFile> parse_token(std::string_view text) {
    const auto document = json::read(text);
    if (!document) return unusable("the token file is not JSON");
    json::Object object(*document);
    const std::string hub(object.text("hub")), enrolment(object.text("enrolment"));
    const std::string name(object.text("hub_name")), expires(object.text("expires"));
    const auto pin = contract::digest_from_base64url(object.text("ca_pin"));
    auto log = log::NoteKey::parse(object.text("log"));
    auto organisation = contract::OrganisationId::parse(object.text("organisation"));
    auto token = contract::from_base64url(object.text("token"));
    const bool whole = object.finish() && pin && log && organisation && token && token->size() == kTokenBytes;
    if (!whole) return unusable("the token file does not have exactly its members");
    return TokenFile{hub,
                     enrolment,
                     name,
                     *pin,
                     *std::move(log),
                     *std::move(organisation),
                     statement::Secret(*std::move(token)),
                     expires};
}

Usable<TokenFile> read_token_file(const fs::path& file) {
    const auto text = read_small_file(file);
    if (!text) return Failure{text.error()};
    if (is_open_to_others(file)) return unusable(file.string() + ": others may read it; chmod 600 first");
    auto token = parse_token(*text);
    if (!token) return unusable(file.string() + ": " + token.error().sentence);
    return token;
}

std::string enrolment_body(const TokenFile& token, const std::string& tls_request,
                           const OrganisationKeys& keys) {
    json::Writer writer;
    writer.open_object()
        .text("token", contract::base64url(token.token.reveal()))
        .text("tls", tls_request)
        .text("root", keys.root().pem())
        .text("keys", keys.key_list())
        .text("witness", keys.witness(token.hub_name).key().vkey())
        .close();
    return writer.take();
}

Usable<Enrolled> enrol(const TokenFile& token, const fs::path& directory,
                       const statement::Protection& protection, contract::Instant at) {
    const auto keys = keys_for(token, directory, protection, at);
    if (!keys) return Failure{keys.error()};
    const auto request = read_small_file(directory / "tls.csr");
    if (!request) return Failure{request.error()};
    const auto answer = ask(token, enrolment_body(token, *request, *keys));
    if (!answer) return Failure{answer.error()};
    if (!ca_is_pinned(*answer, token.ca_pin)) return unusable("the hub's CA is not the one in the token");
    auto pins = save_enrolment(directory, {*answer, token.hub_name, token.hub_url, token.log});
    if (!pins) return Failure{pins.error()};
    return Enrolled{*std::move(pins), keys->root().key().spki_sha256()};
}

}  // namespace kesher::kit
