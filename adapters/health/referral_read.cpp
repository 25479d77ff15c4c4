#include "adapters/health/referral_read.h"

#include <algorithm>

#include "adapters/health/document.h"
#include "adapters/health/fhir_codes.h"
#include "adapters/health/node.h"

namespace kesher::health {
namespace {

using contract::DataGroup;

// The resources of one referral in a Bundle.
class Resources {
public:
    Resources(const json::Value& bundle, FhirFaults& faults)
        : entries_(Node(&bundle, "Bundle", faults)["entry"].items()), faults_(faults) {}

    // The one of that type; absent where there is none.
    [[nodiscard]] Node only(std::string_view type) const {
        Node found(nullptr, "Bundle." + std::string(type), faults_);
        for (const Node& entry : entries_) {
            const Node resource = entry["resource"];
            if (resource["resourceType"].text() != type) continue;
            if (found.exists()) resource.fault(Flaw::count);
            found = Node(resource.value(), std::string(type), faults_);
        }
        return found;
    }

    // The organisation that a reference leads to.
    [[nodiscard]] std::optional<contract::OrganisationId> organisation(const Node& reference) const {
        const Node to = reference["reference"];
        if (!to.required()) return std::nullopt;
        const auto wanted = to.text();
        for (const Node& entry : entries_) {
            const auto url = entry["fullUrl"].text();
            if (!url || !wanted || *url != *wanted) continue;
            const Node value = entry["resource"]["identifier"].identifier(systems::kOrganisation);
            return value.required() ? value.id<contract::OrganisationId>() : std::nullopt;
        }
        to.fault(Flaw::missing);
        return std::nullopt;
    }

private:
    std::vector<Node> entries_;
    FhirFaults& faults_;
};

// What is required and missing was said already; the value then is not used.
template <class T>
T taken(const Node& node, std::optional<T> value, T otherwise) {
    if (!node.exists()) node.fault(Flaw::missing);
    return value ? *value : otherwise;
}

template <class Enum, std::size_t N>
Enum word(const Node& node, const contract::ClosedList<Enum, N>& list) {
    return taken(node, node.word(list), Enum{});
}

std::optional<std::string> copied(const Node& node) {
    const auto said = node.text();
    return said ? std::optional<std::string>(*said) : std::nullopt;
}

codec::Safety read_flags(const Node& service_request) {
    codec::Safety safety;  // all stand
    std::vector<contract::SafetyFlag> listed;
    bool stated = false;
    for (const Node& detail : service_request["orderDetail"].items()) {
        const Node code = detail.code(systems::kSafetyFlag);
        if (code.text() == kFlagsStated.code) {
            stated = true;
        } else if (const auto flag = code.word(contract::kSafetyFlags)) {
            listed.push_back(*flag);
        } else if (detail.code(systems::kSdohCc).text() == kContactingProhibited.code) {
            listed.push_back(contract::SafetyFlag::contact_prohibited);
        }
    }
    if (!stated) return safety;
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        safety.set(flag, std::find(listed.begin(), listed.end(), flag) != listed.end());
    }
    return safety;
}

// The particulars of a group, made where there are none yet; null for a group that has none.
codec::Particulars* particulars(codec::Sealed& sealed, DataGroup group) {
    if (group == DataGroup::identity || group == DataGroup::contact) return nullptr;
    auto& other = sealed.other(group);
    if (!other) other.emplace();
    return &*other;
}

void read_attachment(const Node& input, DataGroup group, codec::Sealed& sealed) {
    const Node file = input["valueAttachment"];
    const Node data = file["data"];
    codec::Attachment attachment;
    attachment.name = taken(file["title"], copied(file["title"]), std::string());
    attachment.media_type = taken(file["contentType"], copied(file["contentType"]), std::string());
    attachment.group = group;
    if (const auto said = data.text()) {
        auto bytes = contract::from_base64(*said);
        if (bytes)
            attachment.bytes = std::move(*bytes);
        else
            data.fault(Flaw::value);
    }
    sealed.attachments.push_back(std::move(attachment));
}

void read_said(const Node& input, std::string_view what, codec::Sealed& sealed) {
    const Node type = input["type"];
    const Node code = type.code(systems::kDataGroup);
    const auto group = code.word(contract::kDataGroups);
    if (!code.required() || !group) return;
    if (what == "attachment") return read_attachment(input, *group, sealed);
    codec::Particulars* into = particulars(sealed, *group);
    if (into == nullptr) return code.fault(Flaw::value);
    const Node value = input["valueString"];
    if (!value.required()) return;
    const std::string said = copied(value).value_or("");
    if (what == "particulars")
        into->text = said;
    else
        into->answers.push_back({taken(type["text"], copied(type["text"]), std::string()), said});
}

void read_input(const Node& input, Referral& into) {
    const Node name = input["type"].code(systems::kInput);
    const auto what = name.text();
    if (!what) return;  // another system's input
    const Node value = input["valueCodeableConcept"];
    if (*what == "purpose")
        into.purpose = word(value.code(systems::kPurpose), contract::kPurposes);
    else if (*what == "legal-basis")
        into.basis = word(value.code(systems::kLegalBasis), contract::kLegalBases);
    else if (*what == "known-by")
        into.sealed.known_by = word(value.code(systems::kKnownBy), contract::kKnownBy);
    else if (*what == "data-group")
        into.groups.push_back(word(value.code(systems::kDataGroup), contract::kDataGroups));
    else if (*what == "desk")
        into.sealed.worker = copied(input["valueString"]);
    else if (*what == "particulars" || *what == "answer" || *what == "attachment")
        read_said(input, *what, into.sealed);
    else
        name.fault(Flaw::unknown_code);
}

std::optional<codec::Contact> read_contact(const Node& patient) {
    const Node channel = patient.extension(systems::kSafeChannel);
    if (!channel.exists()) return std::nullopt;
    codec::Contact contact;
    contact.safe_channel = word(channel["valueCode"], codec::kSafeChannels);
    for (const Node& extension : patient["extension"].items()) {
        if (extension["url"].text() != systems::kSafeHours) continue;
        const auto part = [&](std::string_view url) {
            const Node value = extension.extension(url)["valueInteger"];
            return taken(value, value.number(), 0);
        };
        contact.safe_hours.push_back({part("weekday"), part("from"), part("until")});
    }
    for (const Node& telecom : patient["telecom"].items())
        if (telecom["system"].text() == "phone") contact.phone = copied(telecom["value"]);
    for (const Node& name : patient["name"].items())
        if (name["use"].text() == "anonymous") contact.neutral_name = copied(name["text"]);
    return contact;
}

std::optional<codec::Identity> read_identity(const Node& patient) {
    codec::Identity identity;
    const Node number = patient["identifier"].identifier(systems::kIlId);
    identity.id_number = copied(number);
    if (identity.id_number && !contract::is_national_id_number(*identity.id_number))
        number.fault(Flaw::not_an_id);
    for (const Node& name : patient["name"].items()) {
        if (name["use"].text() != "official") continue;
        identity.family_name = copied(name["family"]);
        for (const Node& given : name["given"].items()) identity.given_name = copied(given);
    }
    const Node birth = patient["birthDate"];
    if (const auto year = birth.text()) {
        const auto day = contract::parse_day(std::string(year->substr(0, 4)) + "-01-01");
        if (day)
            identity.birth_year = int(std::chrono::year_month_day(*day).year());
        else
            birth.fault(Flaw::value);
    }
    return identity == codec::Identity{} ? std::nullopt : std::optional(identity);
}

contract::Language read_language(const Node& patient) {
    for (const Node& communication : patient["communication"].items()) {
        const auto said = communication["language"].code(systems::kLanguage).text();
        if (said) return contract::kLanguages.parse(*said).value_or(contract::Language::other);
    }
    return contract::Language::other;
}

void read_request(const Node& request, Referral& into) {
    into.priority = word(request["priority"], contract::kPriorities);
    const Node authored = request["authoredOn"];
    into.occurred_on = taken(authored, authored.day(), contract::Day{});
    into.sealed.safety = read_flags(request);
    for (const Node& note : request["note"].items()) into.sealed.need = copied(note["text"]);
}

std::string read_statement(const Node& provenance) {
    for (const Node& signature : provenance["signature"].items()) {
        const Node data = signature["data"];
        const auto said = data.text();
        const auto bytes = said ? contract::from_base64(*said) : std::nullopt;
        if (bytes) return std::string(contract::text_of(*bytes));
        if (said) data.fault(Flaw::value);
    }
    return {};
}

std::optional<contract::MessageId> read_message(const Node& task) {
    for (const Node& tag : task["meta"]["tag"].items())
        if (tag["system"].text() == systems::kMessage) return tag["code"].id<contract::MessageId>();
    task["meta"]["tag"].fault(Flaw::missing);
    return std::nullopt;
}

std::optional<Referral> read(const Resources& resources) {
    const Node patient = resources.only("Patient");
    const Node request = resources.only("ServiceRequest");
    const Node task = resources.only("Task");
    if (!patient.required() || !request.required() || !task.required()) return std::nullopt;
    const Node number = request["identifier"].identifier(systems::kUuid);
    const Node own = patient["identifier"].identifier(systems::kPseudonym);
    const Node service = request["code"].code(systems::kService);
    const Node consent_id = resources.only("Consent")["identifier"].identifier(systems::kUuid);
    const auto message = read_message(task);
    const auto referral = number.uuid<contract::ReferralId>();
    const auto pseudonym = own.id<contract::Pseudonym>();
    const auto from = resources.organisation(task["requester"]);
    const auto to = resources.organisation(task["owner"]);
    const bool named = number.required() && own.required();
    if (!named || !message || !referral || !pseudonym || !from || !to) return std::nullopt;
    Referral into{.message = *message,
                  .referral = *referral,
                  .from = *from,
                  .to = *to,
                  .pseudonym = *pseudonym,
                  .service = word(service, contract::kServices),
                  .purpose = contract::Purpose::referral,
                  .basis = contract::LegalBasis::consent,
                  .groups = {},
                  .consent = consent_id.uuid<contract::ConsentId>()};
    read_request(request, into);
    for (const Node& input : task["input"].items()) read_input(input, into);
    into.language = read_language(patient);
    into.sealed.contact = read_contact(patient);
    into.sealed.identity = read_identity(patient);
    into.sealed.consent_until = task["restriction"]["period"]["end"].day();
    into.statement = read_statement(resources.only("Provenance"));
    return into;
}

}  // namespace

contract::Result<Referral, FhirFaults> read_referral(std::string_view bundle) {
    const auto document = open_document(bundle, "Bundle");
    if (!document) return contract::Failure{document.error()};
    FhirFaults faults;
    auto referral = read(Resources(*document, faults));
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    if (!referral) return contract::Failure{FhirFaults{{"Bundle", Flaw::missing}}};
    return std::move(*referral);
}

codec::Safety read_safety(std::string_view service_request) {
    const auto document = open_document(service_request, "ServiceRequest");
    if (!document) return {};
    FhirFaults faults;
    const codec::Safety safety = read_flags(Node(&*document, "ServiceRequest", faults));
    return faults.empty() ? safety : codec::Safety{};
}

}  // namespace kesher::health
