// An adapter killed at any point loses nothing and doubles nothing.
// Method: the files are copied while the journal is open, as a power cut leaves them, and the copy is opened.
#include "adapters/kit/journal.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

struct Kept {
    Folder folder;
    int images = 0;
    std::unique_ptr<Journal> journal = std::make_unique<Journal>(folder / "journal", owner("ssd-5000"));

    // What a power cut would leave at this moment.
    [[nodiscard]] std::unique_ptr<Journal> image() {
        const std::string from = images == 0 ? "journal" : "image" + std::to_string(images);
        const std::string to = "image" + std::to_string(++images);
        std::filesystem::copy_file(folder / from, folder / to);
        if (std::filesystem::exists(folder / (from + "-wal"))) {
            std::filesystem::copy_file(folder / (from + "-wal"), folder / (to + "-wal"));
        }
        return std::make_unique<Journal>(folder / to, owner("ssd-5000"));
    }
    // Killed here, and started again on what was on disk.
    void kill() { journal = image(); }
};

Written message(std::uint8_t number, std::uint8_t of_referral, bool first_lane = false) {
    const auto type = first_lane ? MessageType::referral_event : MessageType::referral_submitted;
    return {id<MessageId>(number),      type,
            organisation("health"),     id<ReferralId>(of_referral),
            id<ConsentId>(of_referral), "a.b." + std::to_string(number),
            {0xC3, 0x01, number},       first_lane};
}
std::vector<MessageId> ids(const std::vector<OutgoingRow>& rows) {
    std::vector<MessageId> found;
    for (const OutgoingRow& row : rows) found.push_back(row.written.id);
    return found;
}
const Receipted kReceipt{LeafIndex{17}, "-\n{}\n", "c2sp.org/tlog-proof@v1\n"};

IncomingRow given(std::uint8_t number, MessageType type = MessageType::referral_submitted) {
    const codec::Delivery delivery{
        id<DeliveryId>(number), "a.b.c", {1, 2, 3}, pseudonym(1), 4, 1, kNow + 60s, "-\n{}\n", "proof"};
    IncomingRow row{delivery, id<MessageId>(number), organisation("health"), type};
    row.referral = id<ReferralId>(number);
    row.consent = id<ConsentId>(1);
    row.statement = statement::sha256("a.b.c");
    row.index = LeafIndex{number};
    return row;
}

}  // namespace

TEST_CASE("A message is on disk before it is sent and its bytes stay the same until it is decided") {
    Kept kept;
    CHECK(kept.journal->enqueue(message(1, 1)));
    kept.kill();
    REQUIRE(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(1)});
    kept.journal->mark_sent(id<MessageId>(1));
    CHECK(kept.journal->due(kNow, 10).empty());
    kept.kill();  // sent, and the answer was never seen
    REQUIRE(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(1)});
    CHECK(kept.journal->due(kNow, 10)[0].written.submission == message(1, 1).submission);
    kept.journal->mark_sent(id<MessageId>(1));
    kept.journal->mark_accepted(id<MessageId>(1), kReceipt);
    kept.kill();
    CHECK(kept.journal->due(kNow + 24h, 10).empty());
    const auto row = kept.journal->outgoing(id<MessageId>(1)).value();
    CHECK(row.state == OutgoingState::accepted);
    CHECK(row.receipt == kReceipt);
}

TEST_CASE("The same message id written twice is sent once with the bytes first written") {
    Kept kept;
    Written other = message(1, 1);
    other.submission.push_back(0xFF);
    CHECK(kept.journal->enqueue(message(1, 1)));
    CHECK_FALSE(kept.journal->enqueue(other));
    CHECK(kept.journal->outgoing(id<MessageId>(1))->written.submission == message(1, 1).submission);
}

TEST_CASE("Messages of one referral go in order and other referrals do not wait") {
    Kept kept;
    kept.journal->enqueue(message(1, 1));
    kept.journal->enqueue(message(2, 1));
    kept.journal->enqueue(message(3, 2));
    CHECK(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(1), id<MessageId>(3)});
    kept.journal->mark_waiting(id<MessageId>(1), kNow + 10s, Code::busy);
    CHECK(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(3)});
    CHECK(kept.journal->due(kNow + 10s - 1ms, 10).size() == 1);
    kept.journal->mark_waiting(id<MessageId>(3), kNow + 60s, Code::busy);
    CHECK(kept.journal->next_due() == kNow + 10s);  // not the second's: that waits for the first
    kept.journal->mark_waiting(id<MessageId>(3), kNow, Code::busy);
    CHECK(ids(kept.journal->due(kNow + 10s, 10)) == std::vector{id<MessageId>(1), id<MessageId>(3)});
    kept.journal->mark_refused(id<MessageId>(1), Code::consent_lapsed, std::nullopt);
    CHECK(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(2), id<MessageId>(3)});
}

TEST_CASE("A referral is taken back while nothing of it was tried and never afterwards") {
    Kept kept;
    const bool tried = GENERATE(false, true);
    kept.journal->enqueue(message(1, 1));
    kept.journal->enqueue(message(2, 1));
    kept.journal->enqueue(message(3, 2));
    if (tried) {
        kept.journal->mark_sent(id<MessageId>(1));
        kept.kill();  // the answer was not seen: the hub may have it
    }
    CHECK(kept.journal->take_back(id<ReferralId>(1)) == !tried);
    kept.kill();
    CHECK(kept.journal->take_back(id<ReferralId>(1)) == !tried);
    CHECK(kept.journal->due(kNow, 10).size() == (tried ? 2 : 1));
    CHECK(kept.journal->count_of(OutgoingState::taken_back) == (tried ? 0 : 2));
    CHECK_FALSE(kept.journal->take_back(id<ReferralId>(3)));  // nobody sent that
}

TEST_CASE("Old refusals do not hide the newest ones from who tells of them") {
    Kept kept;
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
        REQUIRE(kept.journal->enqueue(message(number, number)));
        kept.journal->mark_refused(id<MessageId>(number), Code::consent_missing, kReceipt);
    }
    const auto rows = kept.journal->refused(2);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].id == id<MessageId>(2));
    CHECK(rows[1].id == id<MessageId>(3));
    CHECK(rows[1].referral == id<ReferralId>(3));
    CHECK(rows[1].code == Code::consent_missing);
}

TEST_CASE("A consent arrives before the referral that stands on it") {
    Kept kept;
    Written consent = message(1, 9);
    consent.type = MessageType::consent_given;
    consent.referral.reset();
    Written on_it = message(2, 2);
    on_it.consent = consent.consent;
    kept.journal->enqueue(consent);
    kept.journal->enqueue(on_it);
    CHECK(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(1)});
    kept.journal->mark_accepted(id<MessageId>(1), kReceipt);
    CHECK(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(2)});
}

TEST_CASE("A withdrawal overtakes everything but what it is about and hurries that along") {
    Kept kept;
    kept.journal->enqueue(message(1, 1));
    kept.journal->enqueue(message(2, 2));
    kept.journal->mark_waiting(id<MessageId>(2), kNow + 300s, Code::busy);
    kept.journal->enqueue(message(3, 2, true));
    CHECK(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(2), id<MessageId>(1)});
    kept.journal->mark_accepted(id<MessageId>(2), kReceipt);
    CHECK(ids(kept.journal->due(kNow, 10)) == std::vector{id<MessageId>(3), id<MessageId>(1)});
}

TEST_CASE("A delivery survives a kill at each of its steps and ends once") {
    Kept kept;
    kept.journal->receive(given(1));
    kept.kill();
    REQUIRE(kept.journal->unfinished() == std::vector{id<DeliveryId>(1)});
    CHECK(kept.journal->incoming(id<DeliveryId>(1)) == given(1));
    kept.journal->mark_handing(id<DeliveryId>(1));
    kept.kill();
    CHECK(kept.journal->incoming(kept.journal->unfinished().at(0))->state == IncomingState::handing);
    CHECK(kept.journal->incoming(kept.journal->unfinished().at(0))->delivery.payload == Bytes{1, 2, 3});
    kept.journal->mark_held(id<DeliveryId>(1));
    kept.kill();
    CHECK(kept.journal->incoming(kept.journal->unfinished().at(0))->state == IncomingState::held);
    kept.journal->mark_taken(id<DeliveryId>(1), statement::sha256("receipt"), 2);
    kept.kill();
    CHECK(kept.journal->unfinished().empty());
    const auto row = kept.journal->incoming(id<DeliveryId>(1)).value();
    CHECK(row.state == IncomingState::taken);
    CHECK(row.native == statement::sha256("receipt"));
    CHECK(row.surplus == 2);
    CHECK(row.delivery.payload.empty());
    kept.journal->mark_refused(id<DeliveryId>(1), Code::payload_invalid);  // an outcome is never changed
    CHECK(kept.journal->incoming(id<DeliveryId>(1))->state == IncomingState::taken);
    CHECK(kept.journal->incoming_message(organisation("health"), id<MessageId>(1)) == row);
    CHECK_FALSE(kept.journal->incoming_message(organisation("housing"), id<MessageId>(1)));
}

TEST_CASE("What is not committed never happened") {
    Kept kept;
    Journal::Step step(*kept.journal);
    kept.journal->receive(given(1));
    kept.journal->put_ack({id<DeliveryId>(1), LeafIndex{1}, AckOutcome::held});
    CHECK(kept.journal->unsent_acks(10).size() == 1);
    const auto after = kept.image();
    CHECK_FALSE(after->incoming(id<DeliveryId>(1)));
    CHECK(after->unsent_acks(10).empty());
}

TEST_CASE("An acknowledgement is kept until it was sent and the newest outcome of a delivery counts") {
    Kept kept;
    const statement::Ack held{id<DeliveryId>(1), LeafIndex{5}, AckOutcome::held};
    const statement::Ack taken{
        id<DeliveryId>(1), LeafIndex{5}, AckOutcome::taken, {}, statement::sha256("n"), 1};
    const statement::Ack refused{id<DeliveryId>(2), LeafIndex{3}, AckOutcome::refused, Code::payload_invalid};
    kept.journal->put_ack(held);
    kept.journal->put_ack(refused);
    kept.kill();
    CHECK(kept.journal->unsent_acks(10) == std::vector{refused, held});
    kept.journal->put_ack(taken);
    kept.journal->mark_ack_sent(held);  // the answer to the older one came late
    CHECK(kept.journal->unsent_acks(10) == std::vector{refused, taken});
    kept.journal->mark_ack_sent(taken);
    kept.kill();
    CHECK(kept.journal->unsent_acks(10) == std::vector{refused});
}

TEST_CASE("A withdrawn consent stops what waits under it in both directions and stays withdrawn") {
    Kept kept;
    Journal& journal = *kept.journal;
    journal.enqueue(message(1, 1));
    journal.enqueue(message(2, 2));
    journal.enqueue(message(3, 1, true));
    journal.receive(given(4));
    journal.receive(given(5));
    journal.mark_held(id<DeliveryId>(4));
    journal.receive(given(6));
    journal.mark_handing(id<DeliveryId>(6));
    journal.apply_revocation(id<ConsentId>(1));
    kept.kill();
    Journal& after = *kept.journal;
    CHECK(after.is_revoked(id<ConsentId>(1)));
    CHECK_FALSE(after.is_revoked(id<ConsentId>(2)));
    // Also what she had withdrawn by itself before: it was never tried, and neither it nor its end goes.
    CHECK(ids(after.due(kNow, 10)) == std::vector{id<MessageId>(2)});
    CHECK(after.outgoing(id<MessageId>(1))->state == OutgoingState::taken_back);
    CHECK(after.outgoing(id<MessageId>(3))->state == OutgoingState::taken_back);
    CHECK(after.incoming(id<DeliveryId>(4))->code == Code::consent_revoked);
    CHECK(after.incoming(id<DeliveryId>(5))->delivery.payload.empty());
    CHECK(after.unfinished().size() == 1);  // the native system may have that one: it is asked first
    CHECK(after.unsent_acks(10).size() == 2);
    auto again = consent(party("ssd-5000"), party("health"));
    after.put_consent(again);
    CHECK(after.consent(again.id)->revoked);
}

TEST_CASE("What is known of consents, referrals and pins reads back as it was put") {
    Kept kept;
    Journal& journal = *kept.journal;
    const auto known = consent(party("ssd-5000"), party("health"));
    journal.put_consent(known);
    const ReferralRow row{id<ReferralId>(1), organisation("health"),   true,
                          Service::hlt_phys, ReferralState::scheduled, 4,
                          pseudonym(3)};
    journal.put_referral(row);
    journal.pin(organisation("health"), statement::sha256("root"));
    journal.raise_serial(organisation("health"), 7);
    journal.raise_serial(organisation("health"), 5);
    kept.kill();
    CHECK(kept.journal->consent(known.id) == known);
    CHECK(kept.journal->referral(row.id) == row);
    const Pins pins{{organisation("health"), {statement::sha256("root"), 7}}};
    CHECK(kept.journal->pins() == pins);
    kept.journal->unpin(organisation("health"));
    kept.journal->pin(organisation("health"), statement::sha256("new root"));
    CHECK(kept.journal->pins().at(organisation("health")).serial_seen == 7);  // an old list stays old
}

TEST_CASE("A native number and its name lead to each other and a second native cannot take the name") {
    Kept kept;
    const AliasRow alias{AliasKind::consent, "0815", id<ConsentId>(1).text(), organisation("health")};
    CHECK(kept.journal->put_alias(alias));
    CHECK(kept.journal->put_alias(alias));
    kept.kill();
    CHECK(kept.journal->alias_of(AliasKind::consent, alias.uuid) == alias);
    CHECK(kept.journal->aliases(AliasKind::consent, "0815") == std::vector{alias});
    CHECK_FALSE(kept.journal->alias_of(AliasKind::referral, alias.uuid));
    const auto other = id<ConsentId>(2).text();
    CHECK_FALSE(kept.journal->put_alias({AliasKind::consent, "0816", alias.uuid, organisation("health")}));
    CHECK_FALSE(kept.journal->put_alias({AliasKind::consent, "0815", other, organisation("health")}));
    CHECK_FALSE(kept.journal->put_alias({AliasKind::referral, "000000018", id<ReferralId>(1).text(), {}}));
    CHECK(kept.journal->aliases(AliasKind::consent, "0815") == std::vector{alias});
    CHECK(kept.journal->put_alias({AliasKind::consent, "0815", other, organisation("housing")}));
}

TEST_CASE("Of one referral the body that was known first stays and what it says later is kept") {
    Kept kept;
    const ReferralRow row{id<ReferralId>(1), organisation("health"),   false,
                          Service::hlt_phys, ReferralState::requested, 1,
                          pseudonym(3)};
    kept.journal->put_referral(row);
    ReferralRow anothers = row;
    anothers.pseudonym = pseudonym(4);
    SECTION("another body gives it") { anothers.other = organisation("housing"); }
    SECTION("it is said to be ours") { anothers.sent_by_us = true; }
    kept.journal->put_referral(anothers);
    CHECK(kept.journal->referral(row.id) == row);
    ReferralRow later = row;
    later.state = ReferralState::scheduled;
    later.version = 2;
    later.pseudonym = pseudonym(5);
    kept.journal->put_referral(later);
    CHECK(kept.journal->referral(row.id) == later);
}

namespace {

Written withdrawal(MessageType type) {
    Written written = message(9, 1, true);
    written.type = type;
    return written;
}
const Written kWithdraw = withdrawal(MessageType::referral_event);
const Written kRevoke = withdrawal(MessageType::consent_revoked);

}  // namespace

TEST_CASE("What she withdraws is over where a delivered word says so and not where nobody said it") {
    Kept kept;
    Journal& journal = *kept.journal;
    journal.enqueue(message(1, 1));
    journal.mark_accepted(id<MessageId>(1), kReceipt);
    ReferralRow row{id<ReferralId>(1), organisation("health"), true};
    for (std::size_t i = 0; i < kReferralStates.size(); ++i) {
        row.state = static_cast<ReferralState>(i);
        journal.put_referral(row);
        CHECK(journal.is_proven_over(kWithdraw) == is_terminal(row.state));
    }
    journal.apply_revocation(id<ConsentId>(1));  // our own word is no proof
    CHECK_FALSE(journal.is_proven_over(kRevoke));
    journal.receive(given(7, MessageType::consent_revoked));
    CHECK(journal.is_proven_over(kRevoke));
    Written another = kRevoke;
    another.consent = id<ConsentId>(2);
    CHECK_FALSE(journal.is_proven_over(another));
}

TEST_CASE("What a leaf refused never began and what was refused without one may have") {
    Kept kept;
    Journal& journal = *kept.journal;
    Written began = message(1, 1);
    const Written* withdrawn = &kWithdraw;
    SECTION("a referral") {}
    SECTION("a consent") {
        began.type = MessageType::consent_given;
        withdrawn = &kRevoke;
    }
    CHECK_FALSE(journal.is_proven_over(*withdrawn));  // of what was written elsewhere nothing is known here
    journal.enqueue(began);
    CHECK_FALSE(journal.is_proven_over(*withdrawn));
    SECTION("by its own leaf") {
        journal.mark_refused(began.id, Code::agreement_missing, kReceipt);
        CHECK(journal.is_proven_over(*withdrawn));
        Written again = began;
        again.id = id<MessageId>(2);
        journal.enqueue(again);
        CHECK_FALSE(journal.is_proven_over(*withdrawn));
    }
    SECTION("because its id is in use: by that which she means, perhaps") {
        journal.mark_refused(began.id, Code::id_reused, kReceipt);
        CHECK_FALSE(journal.is_proven_over(*withdrawn));
    }
    SECTION("by the hub's bare word") {
        journal.mark_refused(began.id, Code::agreement_missing, std::nullopt);
        CHECK_FALSE(journal.is_proven_over(*withdrawn));
    }
}

TEST_CASE("A consent that another word of ours has ended is over") {
    Kept kept;
    Written earlier = kRevoke;
    earlier.id = id<MessageId>(8);
    kept.journal->enqueue(earlier);
    CHECK_FALSE(kept.journal->is_proven_over(kRevoke));
    kept.journal->mark_accepted(earlier.id, kReceipt);
    CHECK(kept.journal->is_proven_over(kRevoke));
}

TEST_CASE("The checkpoint is replaced only by who knows the one that is there") {
    Kept kept;
    CHECK(kept.journal->replace_checkpoint(std::nullopt, "one"));
    CHECK_FALSE(kept.journal->replace_checkpoint(std::nullopt, "other"));
    CHECK_FALSE(kept.journal->replace_checkpoint("other", "two"));
    CHECK(kept.journal->replace_checkpoint("one", "two"));
    kept.kill();
    CHECK(kept.journal->checkpoint() == "two");
}

TEST_CASE("A journal of another organisation, log, program version or with a damaged page is refused") {
    Folder folder;
    const auto file = folder / "journal";
    {
        Journal made(file, owner("ssd-5000"));
    }
    CHECK_THROWS_AS(Journal(file, owner("health")), JournalBroken);
    CHECK_THROWS_AS(Journal(file, (JournalOwner{organisation("ssd-5000"), "other.example/log"})),
                    JournalBroken);
    {
        Journal open(file, owner("ssd-5000"));
        CHECK_THROWS_AS(Journal(file, owner("ssd-5000")), JournalBroken);  // one process at a time
    }
    std::filesystem::permissions(file, std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    CHECK_THROWS_AS(Journal(file, owner("ssd-5000")), JournalBroken);
    std::filesystem::permissions(file, std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::remove);
    {
        std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
        stream.seekp(63);  // user_version, big-endian at offset 60 (sqlite.org/fileformat2)
        stream.put(static_cast<char>(kJournalVersion + 1));
    }
    CHECK_THROWS_AS(Journal(file, owner("ssd-5000")), JournalBroken);
    {
        std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
        stream.seekp(63);
        stream.put(static_cast<char>(kJournalVersion));
        stream.seekp(4096 + 3);
        stream.put(static_cast<char>(0xFF));
    }
    CHECK_THROWS_AS(Journal(file, owner("ssd-5000")), JournalBroken);
}

TEST_CASE("Only the owner of the adapter may read the journal and what is forgotten is gone from the file") {
    Folder folder;
    const auto file = folder / "journal";
    const std::string secret = "sealed-bytes-that-were-forgotten";
    {
        Journal journal(file, owner("ssd-5000"));
        IncomingRow row = given(1);
        row.delivery.payload.assign(secret.begin(), secret.end());
        journal.receive(row);
        journal.mark_taken(row.delivery.delivery, statement::sha256("n"), 0);
    }
    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(statement::file_text(file.string()).find(secret) == std::string::npos);
}
