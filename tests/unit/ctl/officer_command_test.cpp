// What is known to be wrong with an officer's entry is told at home, by the command, before the hub is asked.
// Method: an enrolled directory whose hub does not run: what is not refused here finds nobody to send it to.
#include <catch2/catch.hpp>

#include "adapters/ctl/commands.h"
#include "adapters/kit/organisation_setup.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/issue.h"
#include "tests/unit/keys/own_directory.h"
#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit::table;

namespace {

contract::Day today() {
    return contract::day_of(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

// An organisation that enrolled with a hub at an address where nobody listens.
struct Enrolled {
    tests::OwnDirectory own;
    std::filesystem::path keys = own / "keys";
    Enrolled() {
        const auto id = organisation("ssd-5000");
        REQUIRE(kit::make_organisation_keys(id, keys, statement::Plain{}, contract::start_of(today())));
        REQUIRE(kit::make_own_secrets(keys, statement::Plain{}));
        const Party hub = hub_party();
        const auto request = statement::read_request(tests::text_in(keys / "tls.csr"));
        REQUIRE(request);
        const auto tls = hub.issuer.issue(request->key, id, statement::Use::tls_client, statement::kKeyLife);
        tests::put_text(keys / "tls.pem", tls.pem());
        tests::put_text(keys / "hub.json", kit::write_hub_pins({"hub.example",
                                                                "https://127.0.0.1:1",
                                                                hub.root().pem(),
                                                                hub.signing,
                                                                log_signer().key(),
                                                                {}}));
    }
};

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
