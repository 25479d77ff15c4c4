// Who has not said who it is is known by its address, and a network full of addresses is one caller.
#include "gateway/edge/caller_address.h"

#include <catch2/catch.hpp>

using kesher::edge::caller_of_address;

TEST_CASE("An address of IPv4 is a caller of its own in both spellings") {
    CHECK(caller_of_address("192.0.2.7") == "192.0.2.7");
    CHECK(caller_of_address("192.0.2.8") == "192.0.2.8");
    CHECK(caller_of_address("::ffff:192.0.2.7") != caller_of_address("::ffff:192.0.2.8"));
}

TEST_CASE("Addresses of one IPv6 network of 64 bits are one caller and of the next another") {
    CHECK(caller_of_address("2001:db8::7") == "2001:db8::/64");
    CHECK(caller_of_address("2001:db8::ffff:ffff:ffff:ffff") == "2001:db8::/64");
    CHECK(caller_of_address("2001:db8:0:1::7") == "2001:db8:0:1::/64");
    CHECK(caller_of_address("fe80::7%eth0") == "fe80::/64");
}

TEST_CASE("What is no address of IPv6 stays as it is") {
    CHECK(caller_of_address("") == "");
    CHECK(caller_of_address("2001:db8::7::") == "2001:db8::7::");
}
