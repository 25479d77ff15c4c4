// An agreement says who may send what to whom and whose roots are believed; nobody signs what she did not
// read.
#include <catch2/catch.hpp>

#include "adapters/kit/organisation_setup.h"
#include "adapters/program/agreement_acts.h"
#include "tests/unit/keys/own_directory.h"

using namespace kesher;
using namespace kesher::program;
using contract::OfficerRole;
using statement::AgreementAct;
using tests::OwnDirectory;

namespace {

const contract::Instant at =
    contract::start_of(contract::parse_day("2026-11-21").value()) + std::chrono::hours{9};
const auto agreement_id = contract::AgreementId::parse("44444444-4444-4444-8444-444444444444").value();

// One body's root, and who signs for it.
struct Body {
    explicit Body(const std::string& name)
        : id(contract::OrganisationId::parse(name).value()),
          key(statement::PrivateKey::generate(statement::KeyKind::p256)),
          root(statement::issue_root(key, id, {at - std::chrono::hours{1}, at + std::chrono::days{400}})) {}
    [[nodiscard]] Side side() const { return {id, root, at}; }
    [[nodiscard]] contract::Digest pin() const { return root.key().spki_sha256(); }
    [[nodiscard]] OtherBody as_other() const { return {id, root, pin()}; }
    [[nodiscard]] Approver signs(OfficerRole role) const {
        return {statement::Signer::make(key, root).value(), true, contract::OfficerId::parse("L1").value(),
                role};
    }
    // An official whom the root certified, instead of the root itself.
    [[nodiscard]] Approver official(OfficerRole role) const {
        const auto own = statement::PrivateKey::generate(statement::KeyKind::p256);
        const auto certificate = statement::Issuer::make(key, root).value().issue(
            own.public_key(), id, statement::Use::approver,
            {at - std::chrono::hours{1}, at + std::chrono::days{30}});
        return {statement::Signer::make(own, certificate).value(), false,
                contract::OfficerId::parse("S1").value(), role};
    }

    contract::OrganisationId id;
    statement::PrivateKey key;
    statement::Certificate root;
};

struct Bodies {
    Body department{"ssd-5000"};
    Body health{"health"};

    [[nodiscard]] Terms terms() const {
        return {health.id,
                health.pin(),
                {contract::MessageType::referral_submitted, contract::MessageType::referral_event},
                {contract::Purpose::treatment},
                {contract::DataGroup::health},
                contract::day_of(at),
                contract::day_of(at) + std::chrono::days{364}};
    }
    [[nodiscard]] kit::OwnAct proposal() const {
        return propose(department.side(), terms(), department.signs(OfficerRole::legal_adviser), agreement_id)
            .value();
    }
};

}  // namespace

TEST_CASE("A proposal pins both roots and names the pair in its fixed order") {
    const Bodies bodies;
    const auto said = bodies.proposal().verified.agreement;
    CHECK(said.act == AgreementAct::propose);
    CHECK(said.first == bodies.health.id);
    CHECK(said.first_root == bodies.health.pin());
    CHECK(said.second == bodies.department.id);
    CHECK(said.second_root == bodies.department.pin());
    CHECK_FALSE(said.proposal);
}

TEST_CASE("The other body approves what was proposed word for word") {
    const Bodies bodies;
    const auto proposal = bodies.proposal();
    const auto approval = approve(bodies.health.side(), proposal.document, bodies.department.as_other(),
                                  bodies.health.signs(OfficerRole::legal_adviser));
    REQUIRE(approval);
    CHECK(approval->verified.agreement.act == AgreementAct::approve);
    CHECK(approval->verified.agreement.same_terms(proposal.verified.agreement));
    CHECK(approval->verified.agreement.proposal == proposal.verified.document);
    CHECK(approval->verified.agreement.role == OfficerRole::legal_adviser);
}

TEST_CASE("The proposing body approves its own proposal too") {
    const Bodies bodies;
    CHECK(approve(bodies.department.side(), bodies.proposal().document, bodies.health.as_other(),
                  bodies.department.signs(OfficerRole::security_officer)));
}

TEST_CASE("An official whom the root certified signs as well as the root and her certificate travels along") {
    const Bodies bodies;
    const auto approval =
        approve(bodies.health.side(), bodies.proposal().document, bodies.department.as_other(),
                bodies.health.official(OfficerRole::security_officer));
    REQUIRE(approval);
    CHECK(approval->document.approver);
    CHECK_FALSE(bodies.proposal().document.approver);
}

TEST_CASE("A root that the hub shows but nobody read over another channel is not approved") {
    const Bodies bodies;
    OtherBody other = bodies.department.as_other();
    other.pin.bytes[0] ^= 1;
    CHECK_FALSE(approve(bodies.health.side(), bodies.proposal().document, other,
                        bodies.health.signs(OfficerRole::legal_adviser)));
}

TEST_CASE("A proposal that pins another root of ours is not approved") {
    const Bodies bodies;
    const Body impostor("health");
    Terms terms = bodies.terms();
    terms.other_root = impostor.pin();
    const auto proposal = propose(bodies.department.side(), terms,
                                  bodies.department.signs(OfficerRole::legal_adviser), agreement_id);
    REQUIRE(proposal);
    CHECK_FALSE(approve(bodies.health.side(), proposal->document, bodies.department.as_other(),
                        bodies.health.signs(OfficerRole::legal_adviser)));
}

TEST_CASE("A proposal between two others and an approval taken for a proposal are not approved") {
    const Bodies bodies;
    const Body labor("labor");
    CHECK_FALSE(approve(labor.side(), bodies.proposal().document, bodies.department.as_other(),
                        labor.signs(OfficerRole::legal_adviser)));
    const auto approval =
        approve(bodies.health.side(), bodies.proposal().document, bodies.department.as_other(),
                bodies.health.signs(OfficerRole::legal_adviser));
    REQUIRE(approval);
    CHECK_FALSE(approve(bodies.department.side(), approval->document, bodies.health.as_other(),
                        bodies.department.signs(OfficerRole::legal_adviser)));
}

TEST_CASE("Terms that make no agreement are a sentence and no document") {
    const Bodies bodies;
    Terms terms = bodies.terms();
    SECTION("with itself") { terms.other = bodies.department.id; }
    SECTION("no purpose") { terms.purposes.clear(); }
    SECTION("ends before it begins") { terms.to = terms.from - std::chrono::days{1}; }
    CHECK_FALSE(propose(bodies.department.side(), terms, bodies.department.signs(OfficerRole::legal_adviser),
                        agreement_id));
}

TEST_CASE("Whom we believe follows from what we signed until we end it") {
    const Bodies bodies;
    const OwnDirectory own;
    const auto directory = own / "ssd";
    const auto pins = [&](std::chrono::days later = std::chrono::days{0}) {
        return kit::pinned_roots(kit::own_acts(directory, bodies.department.id, bodies.department.root, at),
                                 bodies.department.id, contract::day_of(at) + later);
    };
    CHECK(pins().empty());
    const auto proposal = bodies.proposal();
    REQUIRE(kit::keep_own_act(directory, proposal));
    REQUIRE(pins().size() == 1);
    CHECK(pins()[0].body == bodies.health.id);
    CHECK(pins()[0].root == bodies.health.pin());
    const auto last = proposal.verified.agreement.to - contract::day_of(at);
    CHECK(pins(last).size() == 1);
    CHECK(pins(last + std::chrono::days{1}).empty());  // its last day is past
    const auto ended = end(bodies.department.side(), proposal.verified.agreement, proposal.verified.document,
                           bodies.department.signs(OfficerRole::legal_adviser));
    REQUIRE(ended);
    REQUIRE(kit::keep_own_act(directory, *ended));
    CHECK(pins().empty());
}

TEST_CASE("An agreement that was ended stays so when the certificate that ended it has run out") {
    const Bodies bodies;
    const OwnDirectory own;
    const auto directory = own / "ssd";
    const auto proposal = bodies.proposal();
    REQUIRE(kit::keep_own_act(directory, proposal));
    const auto ended = end(bodies.department.side(), proposal.verified.agreement, proposal.verified.document,
                           bodies.department.official(OfficerRole::legal_adviser));
    REQUIRE(ended);
    REQUIRE(ended->document.approver);
    REQUIRE(kit::keep_own_act(directory, *ended));
    for (const std::chrono::days later : {std::chrono::days{0}, std::chrono::days{363}}) {
        const auto then = at + later;
        const auto acts = kit::own_acts(directory, bodies.department.id, bodies.department.root, then);
        CHECK(acts.size() == 2);
        CHECK(kit::pinned_roots(acts, bodies.department.id, contract::day_of(then)).empty());
    }
    CHECK(at + std::chrono::days{363} > ended->document.approver->not_after());
}

TEST_CASE("A document that another body signed pins nobody") {
    const Bodies bodies;
    const OwnDirectory own;
    REQUIRE(kit::keep_own_act(own / "ssd", bodies.proposal()));
    CHECK(kit::own_acts(own / "ssd", bodies.health.id, bodies.health.root, at).empty());
}

TEST_CASE("A role signs one act once and the same document again is no fault") {
    const Bodies bodies;
    const OwnDirectory own;
    const auto proposal = bodies.proposal();
    REQUIRE(kit::keep_own_act(own / "ssd", proposal));
    CHECK(kit::keep_own_act(own / "ssd", proposal));
    CHECK_FALSE(kit::keep_own_act(own / "ssd", bodies.proposal()));  // another signature
}
