// HMAC-SHA-256 as published, whatever the length, and from several threads at once.
#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "gateway/keys/keyed_hash.h"

using namespace kesher;
using namespace kesher::keys;

TEST_CASE("The keyed hash gives the published results of RFC 4231") {
    CHECK(contract::hex(KeyedHash(contract::Bytes(20, 0x0b)).of(contract::bytes_of("Hi There")).view()) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(contract::hex(KeyedHash(contract::bytes_of("Jefe"))
                            .of(contract::bytes_of("what do ya want for nothing?"))
                            .view()) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(contract::hex(KeyedHash(contract::Bytes(131, 0xaa))
                            .of(contract::bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"))
                            .view()) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("A keyed hash without a key is refused") {
    CHECK_THROWS_AS(KeyedHash(contract::ByteView{}), std::invalid_argument);
}

TEST_CASE("The same question has the same answer again and from four threads at once") {
    const KeyedHash hash(contract::bytes_of("Jefe"));
    const auto expected = hash.of(contract::bytes_of("case"));
    std::atomic<int> same = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) same += hash.of(contract::bytes_of("case")) == expected ? 1 : 0;
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(same == 800);
    CHECK_FALSE(hash.of(contract::bytes_of("casf")) == expected);
}
