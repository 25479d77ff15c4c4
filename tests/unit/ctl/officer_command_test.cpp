// What is known to be wrong with an officer's entry is told at home, by the command, before the hub is asked.
// Method: an enrolled directory whose hub does not run: what is not refused here finds nobody to send it to.
#include <catch2/catch.hpp>

#include "adapters/ctl/commands.h"
#include "schemas/contract/limits.h"
#include "tests/unit/ctl/enrolled.h"

using namespace kesher;
using tests::Enrolled;
using tests::today;

namespace {

// Gives `line` to kesherctl's own commands for this organisation.
ctl::Outcome answer(const Enrolled& enrolled, const std::string& line) {
    CLI::App app{"", "kesherctl"};
    ctl::Chosen chosen;
    ctl::add_enrolment_commands(app, chosen);
    ctl::add_operator_commands(app, chosen);
    app.parse(line);
    return chosen(ctl::Common{.directory = enrolled.keys, .passphrase_file = {}, .evidence = {}});
}

}  // namespace

TEST_CASE("A training of more than 24 months is refused before anything is sent, one of 24 months is sent") {
    const Enrolled enrolled;
    const contract::Day last = today() + contract::limits::kTrainingValidMax;
    for (const std::string command :
         {"user invite W1 --as SOCIAL_WORKER", "officer put --id W1 --role SOCIAL_WORKER"}) {
        CAPTURE(command);
        const auto until = [&](contract::Day day) {
            return answer(enrolled, command + " --training-valid-until " + contract::text(day));
        };
        const ctl::Outcome sent = until(last);
        REQUIRE_FALSE(sent);
        CHECK(sent.error().word == "unreachable");
        const ctl::Outcome longer = until(last + std::chrono::days{2});  // a midnight may pass in between
        REQUIRE_FALSE(longer);
        CHECK(longer.error().word == "unusable");
        CHECK(longer.error().sentence.find("more than 24 months") != std::string::npos);
    }
}
