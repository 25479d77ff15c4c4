// Every entry of an answer is read, and what the hub says goes as a patch of what it concerns.
#include <catch2/catch.hpp>

#include "adapters/health/transaction_answer.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;

namespace {

const std::vector<Part> kTwo{Part::patient, Part::task};

std::string answer(const std::string& entries, const std::string& type = "transaction-response") {
    return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}";
}
std::string entry(const std::string& status, const std::string& location) {
    return R"({"response":{"status":")" + status + R"(","location":")" + location + R"("}})";
}
FhirFaults refused(const std::string& text) { return read_transaction_answer(text, kTwo).error(); }

}  // namespace

TEST_CASE("Each part has its answer with status and place") {
    const auto answers =
        read_transaction_answer(answer(entry("200", "Patient/a1") + ',' +
                                       entry("201 Created", "https://h.example/fhir/Task/b2/_history/1")),
                                kTwo);
    REQUIRE(answers);
    CHECK(answers.value() ==
          std::vector<EntryAnswer>{{Part::patient, 200, "Patient/a1"}, {Part::task, 201, "Task/b2"}});
    CHECK(all_taken(answers.value()));
}

TEST_CASE("One entry that was not taken is seen among those that were") {
    const auto answers =
        read_transaction_answer(answer(entry("201", "Patient/a1") + ',' + entry("422", "Task/b2")), kTwo)
            .value();
    CHECK_FALSE(all_taken(answers));
    CHECK(answers[0].taken());
    CHECK_FALSE(answers[1].taken());
}

TEST_CASE("An answer that does not answer each part is refused with its place") {
    CHECK(refused(answer(entry("201", "Patient/a1"))) == FhirFaults{{"Bundle.entry", Flaw::count}});
    CHECK(refused(answer(entry("201", "Patient/a1") + ",{}")) ==
          FhirFaults{{"Bundle.entry[1].response", Flaw::missing}});
    CHECK(refused(answer(entry("201", "Patient/a1") + ',' + entry("fine", "Task/b2"))) ==
          FhirFaults{{"Bundle.entry[1].response.status", Flaw::value}});
    CHECK(refused(answer(entry("201", "Patient/a1") + ',' + entry("2012", "Task/b2"))) ==
          FhirFaults{{"Bundle.entry[1].response.status", Flaw::value}});
    CHECK(refused(answer(entry("201", "Patient/a1") + ',' + entry("201", "Patient/b2"))) ==
          FhirFaults{{"Bundle.entry[1].response.location", Flaw::not_the_type}});
    CHECK(refused(answer(entry("201", "Patient/a1") + ',' + entry("201", "Task/b2"), "batch-response")) ==
          FhirFaults{{"Bundle.type", Flaw::unknown_code}});
}

TEST_CASE("Of a refusal the places are read and not the words that may repeat a value") {
    const auto issues =
        read_outcome(R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid",)"
                     R"("diagnostics":"000000018 is wrong","expression":["Patient.identifier"]}]})");
    REQUIRE(issues);
    CHECK(issues.value() == std::vector<Issue>{{"error", "invalid", {"Patient.identifier"}}});
}
