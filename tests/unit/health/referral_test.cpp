// A referral goes to FHIR and comes back as it was, but for what is declared to get lost.
// Method: referrals drawn with a fixed seed, each one that the codec takes; one that is whole for details.
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "adapters/health/bundle_write.h"
#include "adapters/health/fhir_codes.h"
#include "adapters/health/losses.h"
#include "adapters/health/referral_read.h"
#include "config/catalogue/catalogue.h"
#include "schemas/codec/records.h"
#include "schemas/json/read.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;

namespace {

json::Value tree(const std::string& text) { return json::read(text, {1 << 24, 32}).value(); }

const json::Value& at(const json::Value& value, std::initializer_list<std::string_view> path) {
    const json::Value* here = &value;
    for (const std::string_view step : path) {
        const bool index = step.find_first_not_of("0123456789") == std::string_view::npos;
        here = index ? &here->array()->at(std::stoul(std::string(step))) : here->find(step);
        REQUIRE(here != nullptr);
    }
    return *here;
}

const json::Value& resource(const json::Value& bundle, std::string_view type) {
    for (const json::Value& entry : *at(bundle, {"entry"}).array()) {
        const json::Value& held = at(entry, {"resource"});
        if (*at(held, {"resourceType"}).text() == type) return held;
    }
    throw std::out_of_range("no such resource");
}

void texts_of(const json::Value& value, std::vector<std::string>& into) {
    if (value.text() != nullptr) into.push_back(*value.text());
    if (value.array() != nullptr)
        for (const json::Value& item : *value.array()) texts_of(item, into);
    if (value.members() != nullptr)
        for (const json::Member& member : *value.members()) texts_of(member.value, into);
}

std::vector<std::string> codes(const json::Value& list) {
    std::vector<std::string> found;
    for (const json::Value& coding : *list.array()) found.push_back(*at(coding, {"code"}).text());
    return found;
}

}  // namespace

TEST_CASE("What goes to FHIR and comes back is the referral minus its declared losses") {
    std::mt19937 dice(20261121);
    for (int i = 0; i < 60; ++i) {
        const Referral sent = record::samples::drawn(dice);
        const auto back = read_referral(transaction_bundle(sent));
        if (!back) FAIL(words_of(back.error().front(), Language::en));
        CHECK((*back == minus_losses(sent)));
    }
}

TEST_CASE("A whole referral loses nothing") {
    CHECK((minus_losses(record::samples::whole()) == record::samples::whole()));
    CHECK((read_referral(transaction_bundle(record::samples::whole())).value() == record::samples::whole()));
}

TEST_CASE("No declared loss is a safety flag and what arrives has every flag that was set") {
    for (const record::Loss& loss : declared_losses()) {
        CHECK_FALSE(kSafetyFlags.parse(loss.field));
        CHECK_FALSE(loss.he.empty());
        CHECK_FALSE(loss.en.empty());
    }
    std::mt19937 dice(7);
    for (int i = 0; i < 50; ++i) {
        const Referral sent = record::samples::drawn(dice);
        CHECK(minus_losses(sent).sealed.safety == sent.sealed.safety);
    }
}

TEST_CASE("The same delivery again makes the same bytes and every part has its condition") {
    const std::string text = transaction_bundle(record::samples::whole());
    CHECK(text == transaction_bundle(record::samples::whole()));
    const json::Value bundle = tree(text);
    CHECK(at(bundle, {"type"}) == json::Value(std::string("transaction")));
    std::set<std::string> urls;
    for (const json::Value& entry : *at(bundle, {"entry"}).array()) {
        CHECK(at(entry, {"request", "method"}) == json::Value(std::string("POST")));
        CHECK(*at(entry, {"request", "url"}).text() == *at(entry, {"resource", "resourceType"}).text());
        CHECK(at(entry, {"request", "ifNoneExist"}).text()->find("%7C") != std::string::npos);
        const std::string& url = *at(entry, {"fullUrl"}).text();
        REQUIRE(url.starts_with("urn:uuid:"));
        CHECK(url[9 + 14] == '8');  // version of the UUID
        urls.insert(url);
    }
    CHECK(urls.size() == 7);
}

TEST_CASE("Two referrals of one case share no id in the documents of their recipients") {
    Referral other = record::samples::whole();
    std::mt19937 dice(3);
    const Referral drawn = record::samples::drawn(dice);
    other.message = drawn.message;
    other.referral = drawn.referral;
    other.pseudonym = drawn.pseudonym;
    other.consent = ConsentId::parse("0f8fad5b-d9cb-469f-a165-70867728950e");
    const json::Value first = tree(transaction_bundle(record::samples::whole()));
    const json::Value second = tree(transaction_bundle(other));
    std::vector<std::string> texts;
    texts_of(first, texts);
    std::vector<std::string> others;
    texts_of(second, others);
    for (const std::string& text : texts) {
        const bool id = text.starts_with("urn:uuid:") || Pseudonym::parse(text) || MessageId::parse(text);
        if (id) CHECK(std::find(others.begin(), others.end(), text) == others.end());
    }
}

TEST_CASE("Nothing finer than a day is said about the sender's act") {
    std::vector<std::string> texts;
    texts_of(tree(transaction_bundle(record::samples::whole())), texts);
    for (const std::string& text : texts) {
        const std::size_t t = text.find('T');
        const bool time = text.size() > 10 && t == 10 && parse_day(text.substr(0, 10));
        if (time) CHECK(text.substr(10) == "T00:00:00Z");
    }
    CHECK(tree(transaction_bundle(record::samples::whole())).find("timestamp") == nullptr);
}

TEST_CASE("The sender is an organisation under its neutral name and no person who works there is named") {
    const std::string text = transaction_bundle(record::samples::whole());
    CHECK(text.find("Practitioner") == std::string::npos);
    const json::Value bundle = tree(text);
    const auto sender = full_url(record::samples::whole().referral, Part::sender);
    for (const auto type : {"ServiceRequest", "Task"})
        CHECK(*at(resource(bundle, type), {"requester", "reference"}).text() == sender);
    CHECK(*at(resource(bundle, "Provenance"), {"agent", "0", "who", "reference"}).text() == sender);
    const auto id = OrganisationId::parse("ssd-5000").value();
    const auto traits = catalogue::built_in_catalogue().organisation_traits(id);
    CHECK(*at(resource(bundle, "Organization"), {"name"}).text() == traits->names.he);
}

TEST_CASE("Each resource of hers bears the labels of service and data groups") {
    Referral referral = record::samples::known_by(KnownBy::presents);
    for (auto& other : referral.sealed.others) other.reset();
    referral.sealed.attachments.clear();
    referral.sealed.contact.reset();
    referral.groups = {};
    const auto labels = [&] {
        return codes(at(resource(tree(transaction_bundle(referral)), "Task"), {"meta", "security"}));
    };
    CHECK(labels() == std::vector<std::string>{"PSY", "R"});
    referral.service = Service::hlt_detox;
    CHECK(labels() == std::vector<std::string>{"ETH", "R"});
    referral.service = Service::hlt_trauma;
    CHECK(labels() == std::vector<std::string>{"SDV", "R"});
    referral.service = Service::hlt_sex;
    CHECK(labels() == std::vector<std::string>{"HIV", "R"});
    referral.service = Service::hlt_phys;
    CHECK(labels() == std::vector<std::string>{"R"});
    referral.service = Service::interp;
    CHECK(labels() == std::vector<std::string>{"N"});
    referral.groups = {DataGroup::violence};
    CHECK(labels() == std::vector<std::string>{"SDV", "R"});
    for (const auto type : {"Patient", "Consent", "ServiceRequest", "Provenance"})
        CHECK(codes(at(resource(tree(transaction_bundle(referral)), type), {"meta", "security"})).size() ==
              2);
}

TEST_CASE("Every data group bears the label of what it would tell of her") {
    const std::vector<std::string> normal{"N"}, restricted{"R"};
    const std::map<DataGroup, std::vector<std::string>> labels{
        {DataGroup::identity, normal},        {DataGroup::contact, normal},
        {DataGroup::locality, normal},        {DataGroup::family, normal},
        {DataGroup::income, normal},          {DataGroup::housing, normal},
        {DataGroup::employment, normal},      {DataGroup::education, normal},
        {DataGroup::legal, normal},           {DataGroup::debt, normal},
        {DataGroup::health, restricted},      {DataGroup::mental, {"PSY", "R"}},
        {DataGroup::addiction, {"ETH", "R"}}, {DataGroup::violence, {"SDV", "R"}},
        {DataGroup::hiv, {"HIV", "R"}},       {DataGroup::programme_fact, restricted}};
    CHECK(labels.size() == kDataGroups.size());
    Referral referral = record::samples::known_by(KnownBy::presents);
    referral.service = Service::interp;  // which by itself is nothing to hide
    for (const auto& [group, expected] : labels) {
        CAPTURE(kDataGroups.text(group));
        referral.groups = {group};
        const json::Value bundle = tree(transaction_bundle(referral));
        for (const auto type : {"Patient", "Consent", "ServiceRequest", "Task", "Provenance"}) {
            CAPTURE(type);
            CHECK(codes(at(resource(bundle, type), {"meta", "security"})) == expected);
        }
    }
}

TEST_CASE("Data groups of different labels bear all of them and are restricted by the strictest") {
    const std::vector groups{DataGroup::debt, DataGroup::hiv, DataGroup::violence};
    std::vector<std::string> labels;
    for (const Coding& coding : security_labels(Service::interp, groups)) labels.emplace_back(coding.code);
    CHECK(labels == std::vector<std::string>{"HIV", "SDV", "R"});
    CHECK(security_labels(Service::interp, groups).front().system == systems::kActCode);
    CHECK(security_labels(Service::interp, groups).back().system == systems::kConfidentiality);
}

TEST_CASE("The Ministry's codes stand where one is true and never one that says a diagnosis") {
    Referral referral = record::samples::whole();
    const auto service = [&] {
        return codes(at(resource(tree(transaction_bundle(referral)), "ServiceRequest"), {"code", "coding"}));
    };
    CHECK(service() == std::vector<std::string>{"HLT-MENT", "L0830"});
    referral.service = Service::hlt_trauma;
    CHECK(service() == std::vector<std::string>{"HLT-TRAUMA", "L0841"});
    referral.service = Service::accomp;
    CHECK(service() == std::vector<std::string>{"ACCOMP", "L9499"});
    referral.service = Service::hlt_detox;
    CHECK(service() == std::vector<std::string>{"HLT-DETOX"});
    const json::Value bundle = tree(transaction_bundle(referral));
    CHECK(codes(at(resource(bundle, "ServiceRequest"), {"performerType", "coding"})) ==
          std::vector<std::string>{"15", "16"});
    for (std::size_t i = 0; i < kServices.size(); ++i) {
        CHECK_FALSE(category_of(static_cast<Service>(i)).display.empty());  // IL-Core demands it
        const auto moh = moh_service_of(static_cast<Service>(i));
        if (moh) CHECK((moh->code != "L0834" && moh->code != "L0842"));
    }
}

TEST_CASE("A referral that stands without consent has no Consent and still names its legal basis") {
    Referral referral = record::samples::whole();
    referral.basis = LegalBasis::between_public_bodies_needed;
    referral.consent.reset();
    const std::string text = transaction_bundle(referral);
    CHECK(text.find("\"Consent\"") == std::string::npos);
    CHECK(text.find("supportingInfo") == std::string::npos);
    CHECK(read_referral(text).value().basis == LegalBasis::between_public_bodies_needed);
    CHECK(parts_of(referral).size() == 6);
}

TEST_CASE("The statement's bytes go along as evidence") {
    const json::Value bundle = tree(transaction_bundle(record::samples::whole()));
    const json::Value& signature = at(resource(bundle, "Provenance"), {"signature", "0"});
    CHECK(*at(signature, {"sigFormat"}).text() == "application/jose");
    CHECK(text_of(from_base64(*at(signature, {"data"}).text()).value()) ==
          record::samples::whole().statement);
}

TEST_CASE("Only a submission becomes a referral") {
    const Referral whole = record::samples::whole();
    statement::Statement said{.log = "hub/log",
                              .id = whole.message,
                              .type = MessageType::referral_submitted,
                              .from = whole.from,
                              .to = whole.to,
                              .schema = SchemaFingerprint{1},
                              .digest = {}};
    said.referral = whole.referral;
    said.service = whole.service;
    said.purpose = whole.purpose;
    said.basis = whole.basis;
    said.groups = whole.groups;
    said.consent = whole.consent;
    const codec::ReferralSubmitted payload{.known_by = KnownBy::identified,
                                           .priority = whole.priority,
                                           .language = whole.language,
                                           .occurred_on = whole.occurred_on,
                                           .sealed = {}};
    const auto made = [&] {
        return record::referral_of(said, payload, whole.sealed, whole.pseudonym, whole.statement);
    };
    CHECK((made() == whole));
    said.type = MessageType::referral_event;
    CHECK_FALSE(made());
}
