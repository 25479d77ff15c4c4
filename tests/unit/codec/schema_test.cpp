// A released schema is known by its fingerprint and never changes.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "schemas/codec/schema.h"
#include "schemas/codec/words.h"

using namespace kesher;
using namespace kesher::codec;

namespace {

std::map<std::string, std::string> schema_files() {
    std::map<std::string, std::string> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(KESHER_SOURCE_DIR) + "/schemas/avro")) {
        if (entry.path().extension() != ".avsc") continue;
        std::ifstream file(entry.path());
        std::stringstream text;
        text << file.rdbuf();
        files[entry.path().stem().string()] = text.str();
    }
    return files;
}

void collect_enums(const Schema& schema, std::map<std::string, std::vector<std::string>>& enums) {
    if (schema.kind == Kind::enumeration) {
        const auto [found, fresh] = enums.emplace(schema.name, schema.names);
        CAPTURE(schema.name);
        CHECK((fresh || found->second == schema.names));
    }
    for (const auto& inner : schema.inner) collect_enums(inner, enums);
}

template <class List>
std::vector<std::string> words(const List& list) {
    return {list.words.begin(), list.words.end()};
}

}  // namespace

TEST_CASE("The fingerprint follows the vector of the contract") {
    CHECK(text(fingerprint_of("\"int\"")) == "7275d51a3f395c8f");
    CHECK(text(fingerprint_of("")) == "c15d213aa4d7a795");
}

TEST_CASE("The records that the contract pins have its fingerprints") {
    CHECK(text(newest_schema("Submission").fingerprint) == "d6df12d02345e0c2");
    CHECK(text(newest_schema("SubmissionBatch").fingerprint) == "bc7116366551a4bd");
    CHECK(text(newest_schema("DeliveryBatch").fingerprint) == "be8d9ffb6f72a845");
}

TEST_CASE("Every schema file is released and still gives the fingerprint it was released with") {
    const auto files = schema_files();
    CHECK(files.size() == released_schemas().size());
    std::set<contract::SchemaFingerprint> seen;
    for (const ReleasedSchema& released : released_schemas()) {
        const std::string name = std::string(released.record) + ".v" + std::to_string(released.version);
        CAPTURE(name);
        REQUIRE(files.contains(name));
        CHECK(files.at(name) == released.text);
        CHECK(fingerprint_of(canonical_form(files.at(name))) == released.fingerprint);
        CHECK(find_schema(released.fingerprint) == &released);
        CHECK(released.schema->name == "il.kesher." + std::string(released.record));
        CHECK(seen.insert(released.fingerprint).second);
    }
    CHECK(find_schema(contract::SchemaFingerprint{}) == nullptr);
}

TEST_CASE("The canonical form has full names and nothing that does not change the bytes") {
    CHECK(
        canonical_form(R"({"type": "record", "name": "A", "namespace": "n", "doc": "d", "fields": [
              {"name": "f", "type": {"type": "fixed", "size": 2, "name": "F"}, "default": ""},
              {"name": "g", "type": ["null", "F"], "default": null},
              {"name": "d", "type": {"type": "int", "logicalType": "date"}},
              {"name": "l", "type": {"type": "array", "items": {"type": "enum", "name": "E", "symbols": ["x", "y"]}}}
          ]})") ==
        R"({"name":"n.A","type":"record","fields":[{"name":"f","type":{"name":"n.F","type":"fixed","size":2}},)"
        R"({"name":"g","type":["null","n.F"]},{"name":"d","type":"int"},)"
        R"({"name":"l","type":{"type":"array","items":{"name":"n.E","type":"enum","symbols":["x","y"]}}}]})");
}

TEST_CASE("A schema with what ours may not use is refused at the start") {
    for (const char* avsc :
         {R"({"type": "map", "values": "int"})", R"("double")", R"("null")", R"(["null"])",
          R"(["int", "null"])", R"(["null", "int", "string"])",
          R"({"type": "record", "name": "R", "fields": [{"name": "r", "type": ["null", "R"]}]})"}) {
        CAPTURE(avsc);
        CHECK_THROWS(parse_schema(avsc));
    }
}

TEST_CASE("Every message type has a released schema and a referral event has two") {
    using contract::MessageType;
    for (std::size_t i = 0; i < contract::kMessageTypes.size(); ++i) {
        const auto type = static_cast<MessageType>(i);
        CAPTURE(contract::kMessageTypes.text(type));
        CHECK(schemas_of(type).size() == (type == MessageType::referral_event ? 2 : 1));
    }
}

TEST_CASE("Every enum of the schemas has the words of our lists in the same places") {
    std::map<std::string, std::vector<std::string>> enums;
    for (const ReleasedSchema& released : released_schemas()) collect_enums(*released.schema, enums);
    const std::map<std::string, std::vector<std::string>> ours = {
        {"KnownBy", words(contract::kKnownBy)},
        {"Priority", words(contract::kPriorities)},
        {"Language", words(contract::kLanguages)},
        {"Event", words(contract::kReferralEvents)},
        {"DraftEvent", {"draft", "ask_consent"}},
        {"Direction", words(contract::kDirections)},
        {"GivenState", words(kGivenStates)},
        {"Grantor", words(kGrantors)},
        {"HarmTo", words(kHarmTo)},
        {"Storage", words(kStorages)},
        {"District", words(kDistricts)},
        {"AgeBand", words(kAgeBands)},
        {"Children", words(kChildren)},
        {"IncomeBand", words(kIncomeBands)},
        {"Housing", words(kHousings)},
        {"Work", words(kWorks)},
        {"YesNo", words(kYesNo)},
        {"Likelihood", words(kLikelihoods)},
        {"Modality", words(kModalities)},
        {"CouncilBody", words(kCouncilBodies)},
        {"AgendaVisibility", words(kAgendaVisibilities)},
        {"SafeChannel", words(kSafeChannels)}};
    CHECK(enums.size() == ours.size());
    for (const auto& [name, symbols] : ours) {
        CAPTURE(name);
        REQUIRE(enums.contains("il.kesher." + name));
        CHECK(enums.at("il.kesher." + name) == symbols);
    }
}
