// A body's key directory as enrolment leaves it, of a hub that cannot be reached.
#pragma once

#include <catch2/catch.hpp>

#include "adapters/kit/organisation_setup.h"
#include "schemas/statement/issue.h"
#include "tests/unit/keys/own_directory.h"
#include "tests/unit/kit/exchange.h"

namespace kesher::tests {

inline contract::Day today() {
    return contract::day_of(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

// An organisation that enrolled with a hub at an address where nobody listens.
struct Enrolled {
    OwnDirectory own;
    std::filesystem::path keys = own / "keys";
    Enrolled() {
        const auto id = kit::table::organisation("ssd-5000");
        REQUIRE(kit::make_organisation_keys(id, keys, statement::Plain{}, contract::start_of(today())));
        REQUIRE(kit::make_own_secrets(keys, statement::Plain{}));
        const auto hub = kit::table::hub_party();
        const auto request = statement::read_request(text_in(keys / "tls.csr"));
        REQUIRE(request);
        const auto tls = hub.issuer.issue(request->key, id, statement::Use::tls_client, statement::kKeyLife);
        put_text(keys / "tls.pem", tls.pem());
        put_text(keys / "hub.json", kit::write_hub_pins({"hub.example",
                                                         "https://127.0.0.1:1",
                                                         hub.root().pem(),
                                                         hub.signing,
                                                         kit::table::log_signer().key(),
                                                         {}}));
    }
};

}  // namespace kesher::tests
