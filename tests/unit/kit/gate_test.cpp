// A delivery is opened only with a release that holds, in time; surplus is dropped and counted.
// Method: one good delivery; each line changes a single fact of it.
#include "adapters/kit/delivery_gate.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

struct Gate {
    Exchange exchange;
    statement::OpeningKeys opening = exchange.opening(exchange.recipient);
    Written written = exchange.written(referral(exchange.recipient));
    Release release = release_of(written);

    [[nodiscard]] DeliveryGate gate() const {
        return DeliveryGate(
            {exchange.recipient.id, exchange.log.key(), exchange.hub_ring, exchange.directory, opening});
    }
    [[nodiscard]] codec::Delivery good() { return delivered(exchange.log, release); }
    // What prove() says: nothing where it holds.
    [[nodiscard]] std::optional<Code> verdict(const codec::Delivery& delivery, Instant now = kNow + 1s) {
        const auto proven = gate().prove(delivery, now);
        if (proven) return std::nullopt;
        return proven.error().code;
    }
    [[nodiscard]] std::optional<Code> verdict_of(const Release& changed) {
        return verdict(delivered(exchange.log, changed));
    }
};

// A sealed record of our own making under a statement that names `groups`.
codec::Delivery with_groups(Gate& given, const codec::Sealed& sealed, std::vector<DataGroup> groups) {
    const Exchange& exchange = given.exchange;
    const auto message = id<MessageId>(0x21);
    const auto jwe =
        statement::seal(exchange.recipient.encryption, {exchange.sender.id, exchange.recipient.id, message},
                        codec::encode(sealed))
            .value();
    codec::ReferralSubmitted record{sealed.known_by, Priority::routine, Language::he, kToday, {}};
    record.sealed.assign(jwe.begin(), jwe.end());
    const Bytes payload = codec::encode(record);
    statement::Statement says{std::string(kOrigin),
                              message,
                              MessageType::referral_submitted,
                              exchange.sender.id,
                              exchange.recipient.id,
                              codec::read_fingerprint(payload).value(),
                              statement::sha256(payload)};
    says.actor = says.case_ = statement::sha256("x");
    says.referral = id<ReferralId>(0x21);
    says.service = Service::hlt_phys;
    says.purpose = Purpose::treatment;
    says.basis = LegalBasis::between_public_bodies_needed;
    says.groups = std::move(groups);
    return delivered(given.exchange.log, {statement::sign_statement(says, exchange.sender.signer(), kToday),
                                          payload, message, says.referral, exchange.recipient.id});
}

}  // namespace

TEST_CASE("A released delivery is proven and opens to what was written") {
    Gate given;
    const auto proven = given.gate().prove(given.good(), kNow + 1s);
    REQUIRE(proven);
    CHECK(proven->statement().id == given.written.id);
    CHECK(proven->iat() == kToday);
    CHECK(proven->index() == LeafIndex{0});
    CHECK(proven->released_at() == kNow);
    const auto opened = given.gate().open(*proven);
    REQUIRE(opened);
    CHECK(opened->sealed == plain_sealed());
    CHECK(opened->surplus.empty());
}

TEST_CASE("A delivery is opened until 60 seconds after its release and not a millisecond later") {
    Gate given;
    const auto delivery = given.good();
    CHECK_FALSE(given.verdict(delivery, kNow + 60s));
    CHECK(given.verdict(delivery, kNow + 60s + 1ms) == Code::release_unproven);
    CHECK_FALSE(given.verdict(delivery, kNow - 300s));
    CHECK(given.verdict(delivery, kNow - 300s - 1ms) == Code::release_unproven);
    auto longer = delivery;
    longer.not_after += 1ms;  // the hub's word alone cannot lengthen what its log says
    CHECK(given.verdict(longer) == Code::release_unproven);
    auto shorter = delivery;
    shorter.not_after = kNow;
    CHECK(given.verdict(shorter) == Code::release_unproven);
}

TEST_CASE("A leaf that releases something else to somebody else or not at all proves nothing") {
    Gate given;
    Release changed = given.release;
    const auto check_unproven = [&] {
        CHECK(given.verdict_of(changed) == Code::release_unproven);
        changed = given.release;
    };
    changed.event = log::RecordEvent::accepted;
    check_unproven();
    for (const auto decision : {log::Decision::deny, log::Decision::partial}) {
        changed.decision = decision;
        check_unproven();
    }
    changed.recipient = organisation("housing");
    check_unproven();
    changed.message = id<MessageId>(0x55);
    check_unproven();
    changed.referral = id<ReferralId>(0x55);
    check_unproven();
    changed.referral.reset();
    check_unproven();
    CHECK_FALSE(given.verdict_of(changed));
}

TEST_CASE("A leaf that names another delivery, attempt or statement proves nothing about this one") {
    Gate given;
    auto delivery = given.good();
    delivery.delivery = id<DeliveryId>(0x55);
    CHECK(given.verdict(delivery) == Code::release_unproven);
    delivery = given.good();
    delivery.attempt = 2;
    CHECK(given.verdict(delivery) == Code::release_unproven);
    delivery = given.good();
    // Signed anew, so still the sender's word, but not the text that was released.
    delivery.statement = given.exchange.writer.redate(given.written, kNow - 24h).value().statement;
    CHECK(given.verdict(delivery) == Code::release_unproven);
}

TEST_CASE("A leaf or receipt that the pinned log does not stand for proves nothing") {
    Gate given;
    SmallLog other_key(8);
    CHECK(given.verdict(delivered(other_key, given.release)) == Code::release_unproven);
    const auto first = given.good();
    given.release.at += 1ms;
    const auto second = given.good();
    auto crossed = first;
    crossed.receipt = second.receipt;
    CHECK(given.verdict(crossed) == Code::release_unproven);
    crossed = first;
    crossed.leaf.insert(crossed.leaf.find("\"at\":") + 5, "1");
    CHECK(given.verdict(crossed) == Code::release_unproven);
    crossed = first;
    crossed.receipt = "c2sp.org/tlog-proof@v1\n";
    const auto judged = given.gate().prove(crossed, kNow);
    CHECK(judged.error().code == Code::release_unproven);
    CHECK_FALSE(judged.error().index);  // not even the release can be named
}

TEST_CASE("A statement that is not its sender's word is refused by name") {
    Gate given;
    auto delivery = given.good();
    delivery.statement.back() = delivery.statement.back() == 'A' ? 'Q' : 'A';
    CHECK(given.verdict(delivery) == Code::signature_invalid);
    delivery = given.good();
    delivery.statement = "no statement";
    CHECK(given.verdict(delivery) == Code::signature_invalid);

    Party renewed = given.exchange.sender;
    renewed.signing_key = statement::PrivateKey::generate(statement::KeyKind::p256);
    renewed.signing = renewed.issuer.issue(renewed.signing_key.public_key(), renewed.id,
                                           statement::Use::signing, statement::kKeyLife);
    const MessageWriter unlisted(renewed.id, std::string(kOrigin), renewed.signer());
    const auto known = consent(given.exchange.sender, given.exchange.recipient);
    const auto made =
        unlisted.write(referral(given.exchange.recipient), given.exchange.directory, &known, kNow).value();
    CHECK(given.verdict_of(release_of(made)) == Code::certificate_unknown);
}

TEST_CASE("A sender that no agreement of ours pins is not believed") {
    Gate given;
    const auto delivery = given.good();
    given.exchange.pins.erase(given.exchange.sender.id);
    given.exchange.directory =
        Directory::read(given.exchange.organisations, given.exchange.pins, kOrigin, kNow).value();
    CHECK(given.verdict(delivery) == Code::key_unpinned);
}

TEST_CASE("A statement for another log, another recipient or another payload is refused by name") {
    Gate given;
    const Exchange& exchange = given.exchange;
    const auto known = consent(exchange.sender, exchange.recipient);
    const MessageWriter elsewhere(exchange.sender.id, "other.example/log", exchange.sender.signer());
    const auto foreign =
        elsewhere.write(referral(exchange.recipient), exchange.directory, &known, kNow).value();
    CHECK(given.verdict_of(release_of(foreign)) == Code::wrong_log);

    const DeliveryGate housing(
        {organisation("housing"), exchange.log.key(), exchange.hub_ring, exchange.directory, given.opening});
    CHECK(housing.prove(given.good(), kNow).error().code == Code::recipient_unknown);

    auto delivery = given.good();
    delivery.payload.back() ^= 1;
    const auto judged = given.gate().prove(delivery, kNow);
    CHECK(judged.error().code == Code::digest_mismatch);
    CHECK(judged.error().index == LeafIndex{2});
}

TEST_CASE("What the hub itself says is believed under the certificate from enrolment alone") {
    Gate given;
    const auto [statement, payload] = given.exchange.notice(id<ConsentId>(1));
    const Release release{statement, payload, id<MessageId>(0x77), {}, given.exchange.recipient.id};
    const auto delivery = delivered(given.exchange.log, release);
    CHECK_FALSE(given.verdict(delivery));
    given.exchange.hub_ring = statement::KeyRing{OrganisationId::hub(), {hub_party().signing}};
    CHECK(given.verdict(delivery) == Code::certificate_unknown);
}

TEST_CASE("A group that the statement does not name is dropped and counted") {
    Gate given;
    codec::Sealed sealed = plain_sealed();
    sealed.other(DataGroup::debt) = codec::Particulars{"owes rent", {}};
    sealed.attachments = {{"letter.pdf", "application/pdf", DataGroup::debt, {1, 2, 3}},
                          {"scan.pdf", "application/pdf", DataGroup::health, {4}}};
    const auto proven = given.gate().prove(with_groups(given, sealed, {DataGroup::health}), kNow);
    REQUIRE(proven);
    const auto opened = given.gate().open(*proven).value();
    CHECK(opened.surplus == std::vector{DataGroup::debt});
    codec::Sealed kept = sealed;
    kept.other(DataGroup::debt).reset();
    kept.attachments.erase(kept.attachments.begin());
    CHECK(opened.sealed == kept);
    CHECK(opened.sealed->groups() == std::vector{DataGroup::health});
}

TEST_CASE("With her identity dropped she is known by no more than what is left") {
    codec::Sealed sealed = plain_sealed();
    sealed.known_by = KnownBy::identified;
    sealed.identity = codec::Identity{"000000018", "Rut", {}, {}};
    CHECK(drop_surplus(sealed, {DataGroup::health}) == std::vector{DataGroup::identity});
    CHECK(sealed.known_by == KnownBy::presents);
    CHECK_FALSE(sealed.identity);
    CHECK_FALSE(codec::flaw(sealed));
}

TEST_CASE("A sealed part for other keys or another message is not opened") {
    Gate given;
    const auto proven = given.gate().prove(given.good(), kNow).value();
    given.opening = given.exchange.opening(given.exchange.sender);
    CHECK(given.gate().open(proven).error() == Code::seal_unopenable);
    given.opening = given.exchange.opening(given.exchange.recipient);

    // The seal of one message under the statement of another.
    const auto other = given.exchange.written(referral(given.exchange.recipient, 2));
    const Bytes payload = release_of(other).payload;
    statement::Statement says = proven.statement();
    says.digest = statement::sha256(payload);
    const Release moved{statement::sign_statement(says, given.exchange.sender.signer(), kToday), payload,
                        says.id, says.referral, says.to};
    const auto mixed = given.gate().prove(delivered(given.exchange.log, moved), kNow);
    REQUIRE(mixed);
    CHECK(given.gate().open(*mixed).error() == Code::seal_mismatch);
}

TEST_CASE("A held delivery may be opened for 72 hours from its release") {
    Gate given;
    const auto delivery = given.good();
    CHECK(given.gate().prove_held(delivery, kNow + 72h));
    CHECK(given.gate().prove_held(delivery, kNow + 72h + 1ms).error().code == Code::release_unproven);
}
