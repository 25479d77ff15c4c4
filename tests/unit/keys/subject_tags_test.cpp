// A leaf's tag is the published function of the case's key and the leaf's nonce.
#include <catch2/catch.hpp>

#include "gateway/keys/pseudonyms.h"
#include "gateway/keys/subject_tags.h"

using namespace kesher;
using namespace kesher::keys;

TEST_CASE("The tag of a leaf keeps its published form for ever") {
    contract::Bytes key;
    for (std::uint8_t i = 0; i < 32; ++i) key.push_back(i);
    log::Nonce nonce{};
    for (std::uint8_t i = 0; i < 16; ++i) nonce[i] = static_cast<std::uint8_t>(0xA0 + i);
    CHECK(contract::base64url(subject_tag(SubjectKey::from(key).value(), nonce).view()) ==
          "sUiXJ7JgKg4EfLI3WApMeVqvkCPFvGsLhlx_oX4KI2c");
}

TEST_CASE("No two leaves of one case share a tag") {
    const auto key = new_subject_key();
    CHECK_FALSE(subject_tag(key, new_leaf_nonce()) == subject_tag(key, new_leaf_nonce()));
}

TEST_CASE("What a leaf names a claim code or a request by keeps its published form for ever") {
    contract::Bytes key;
    for (std::uint8_t i = 0; i < 32; ++i) key.push_back(i);
    contract::Digest stored;
    stored.bytes.fill(0xA0);
    const auto subject = SubjectKey::from(key).value();
    const auto request = contract::RequestId::parse("3b241101-e2bb-4255-8caf-4136c566a962").value();
    CHECK(contract::base64url(claim_tag(subject, stored).view()) ==
          "Y7u_dlca4Mu5cOzeznieQZEUOSNvr416Z1220CLdQ6o");
    CHECK(contract::base64url(request_tag(subject, request).view()) ==
          "6xmOila474O6Q4P2SmUk70Sv_M3s1PJ0y-Qp5_oNa1g");
}
