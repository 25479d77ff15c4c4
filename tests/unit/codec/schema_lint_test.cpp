// What a schema of ours may say at all. The files are read as plain JSON, not through the codec.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

using nlohmann::json;

namespace {

std::map<std::string, json> schemas() {
    std::map<std::string, json> found;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(KESHER_SOURCE_DIR) + "/schemas/avro")) {
        if (entry.path().extension() == ".avsc") {
            found[entry.path().stem().string()] = json::parse(std::ifstream(entry.path()));
        }
    }
    return found;
}

bool is_null_or(const json& schema) { return schema.is_array() && schema.size() == 2 && schema[0] == "null"; }

// Walks one file; `open` are the records that are being defined, `named` all that are defined.
struct Lint {
    std::set<std::string> open{};
    std::map<std::string, bool> named{};  // name -> takes no bytes
    std::vector<std::string> faults{};

    void fault(const std::string& what, const json& where) { faults.push_back(what + ": " + where.dump()); }

    // Whether a value may take no bytes at all.
    bool empty(const json& schema) {
        if (schema.is_array()) {
            if (!is_null_or(schema)) fault("a union other than [null, X]", schema);
            empty(schema.back());
            return false;
        }
        if (schema.is_string()) return reference(schema.get<std::string>());
        const std::string type = schema.at("type").get<std::string>();
        if (type == "array") {
            if (empty(schema.at("items"))) fault("items without bytes", schema);
            return false;
        }
        if (type == "record") return record(schema);
        if (type == "enum") return named[schema.at("name").get<std::string>()] = false;
        if (type == "fixed") return named[schema.at("name").get<std::string>()] = schema.at("size") == 0;
        return reference(type);
    }

    bool reference(const std::string& name) {
        static const std::set<std::string> plain = {"boolean", "int", "long", "bytes", "string"};
        if (plain.contains(name)) return false;
        if (open.contains(name)) fault("recursion", name);
        if (!named.contains(name)) fault("a type that we do not use", name);
        return named[name];
    }

    bool record(const json& schema) {
        const auto name = schema.at("name").get<std::string>();
        open.insert(name);
        bool all_empty = true;
        for (const json& field : schema.at("fields")) {
            all_empty = empty(field.at("type")) && all_empty;
            const bool null_default = field.contains("default") && field.at("default").is_null();
            if (is_null_or(field.at("type")) != null_default)
                fault("a nullable field without default null", field);
        }
        open.erase(name);
        return named[name] = all_empty;
    }
};

std::vector<std::string> faults_of(const json& schema) {
    Lint lint;
    lint.empty(schema);
    return lint.faults;
}

void each_record(const json& schema, const std::function<void(const json&)>& visit) {
    if (schema.is_object() && schema.contains("fields")) visit(schema);
    if (schema.is_structured()) {
        for (const json& part : schema) each_record(part, visit);
    }
}

json field(const json& type) {
    return {{"type", "record"}, {"name", "R"}, {"fields", {{{"name", "f"}, {"type", type}}}}};
}

}  // namespace

TEST_CASE(
    "No schema has a map or recursion or an item without bytes or a union other than null and one type") {
    for (const auto& [name, schema] : schemas()) {
        CAPTURE(name);
        CHECK(faults_of(schema) == std::vector<std::string>{});
        CHECK(schema.at("namespace") == "il.kesher");
        CHECK(schema.at("name").get<std::string>() + ".v" == name.substr(0, name.find(".v") + 2));
    }
}

TEST_CASE("The lint finds each of the things that it refuses") {
    CHECK(faults_of(field("string")).empty());
    CHECK_FALSE(faults_of(field({{"type", "map"}, {"values", "int"}})).empty());
    CHECK_FALSE(faults_of(field("double")).empty());
    CHECK_FALSE(faults_of(field({"null", "R"})).empty());
    CHECK_FALSE(faults_of(field({"string", "int"})).empty());
    CHECK_FALSE(faults_of(field({{"type", "array"}, {"items", "null"}})).empty());
    CHECK_FALSE(
        faults_of(field({{"type", "array"}, {"items", {{"type", "fixed"}, {"name", "F"}, {"size", 0}}}}))
            .empty());
    CHECK_FALSE(faults_of(field({{"type", "array"},
                                 {"items", {{"type", "record"}, {"name", "E"}, {"fields", json::array()}}}}))
                    .empty());
}

TEST_CASE("Beside a sealed part stand only the clear fields of the closed list") {
    const std::set<std::string> clear = {"event",    "reason",      "outcome",     "priority",    "language",
                                         "known_by", "occurred_on", "expected_on", "synthesized", "sealed"};
    std::set<std::string> with_sealed;
    for (const auto& [name, schema] : schemas()) {
        CAPTURE(name);
        each_record(schema, [&](const json& record) {
            const json& fields = record.at("fields");
            const bool sealed = std::any_of(fields.begin(), fields.end(),
                                            [](const json& f) { return f.at("name") == "sealed"; });
            if (!sealed) return;
            with_sealed.insert(name);
            for (const json& f : fields) {
                CAPTURE(f.dump());
                CHECK(clear.contains(f.at("name").get<std::string>()));
                if (f.at("name") == "sealed")
                    CHECK((f.at("type") == "bytes" || f.at("type") == json({"null", "bytes"})));
            }
        });
    }
    CHECK(with_sealed == std::set<std::string>{"ReferralEvent.v1", "ReferralSubmitted.v1"});
}

TEST_CASE("The default of every safety flag is its safest value") {
    std::size_t flags = 0;
    for (const auto& [name, schema] : schemas()) {
        each_record(schema, [&](const json& record) {
            if (record.at("name") != "Safety") return;
            for (const json& f : record.at("fields")) {
                CAPTURE(f.dump());
                ++flags;
                CHECK(f.at("type") == "boolean");
                REQUIRE(f.contains("default"));
                CHECK(f.at("default") == true);
            }
        });
    }
    CHECK(flags == 7);
}
