// What was opened of a message is the same file each time it is released: an acknowledgement that was lost is
// not the end of the inbox.
#include "adapters/ctl/opened_file.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit::table;

namespace {

// The file of this release, under the name that the hub gives her this time.
std::string file_of(Exchange& exchange, Release release, int attempt, const Pseudonym& name) {
    const statement::OpeningKeys keys = exchange.opening(exchange.recipient);
    const kit::DeliveryGate gate(
        {exchange.recipient.id, exchange.log.key(), exchange.hub_ring, exchange.directory, keys});
    release.attempt = attempt;
    codec::Delivery delivery = delivered(exchange.log, release);
    delivery.pseudonym = name;
    const auto proven = gate.prove(std::move(delivery), kNow);
    REQUIRE(proven);
    const auto opened = gate.open(*proven);
    REQUIRE(opened);
    return ctl::write_opened(*proven, *opened);
}

}  // namespace

TEST_CASE("A referral that is released again is the same file with her name at this body") {
    Exchange exchange;
    const Release release = release_of(exchange.written(referral(exchange.recipient)));
    const std::string first = file_of(exchange, release, 1, pseudonym(3));
    CHECK(file_of(exchange, release, 2, pseudonym(3)) == first);
    CHECK(first.find(pseudonym(3).reveal()) != std::string::npos);
}

TEST_CASE("A notice of revocation that is released again under another fresh name is the same file") {
    Exchange exchange;
    const auto [statement, payload] = exchange.notice(id<ConsentId>(1));
    const Release release{statement, payload, id<MessageId>(0x77), std::nullopt, exchange.recipient.id};
    const std::string first = file_of(exchange, release, 1, pseudonym(3));
    CHECK(file_of(exchange, release, 2, pseudonym(4)) == first);
    CHECK(first.find("pseudonym") == std::string::npos);
}
