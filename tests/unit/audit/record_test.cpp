// A record has one spelling, and only words that may stand in a log for ever.
// Method: a golden leaf fixes the bytes; each case changes one member or one character.
#include "audit/log/record.h"

#include <catch2/catch.hpp>

#include "audit/log/leaf.h"
#include "samples.h"
#include "schemas/contract/limits.h"

using namespace kesher;
using namespace kesher::log;
using namespace kesher::contract;
using namespace std::chrono_literals;

namespace {

Digest digest_of(std::string_view text) { return merkle::sha256(bytes_of(text)); }
Nonce nonce() {
    Nonce bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return bytes;
}
SubjectKey subject_key() {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(0x42);
    return SubjectKey(bytes);
}

Record small() {
    Record record;
    record.at = Instant{1'795'245'300'123ms};
    record.event = RecordEvent::start;
    record.nonce = nonce();
    record.actor_type = ActorType::system;
    return record;
}

// A department's worker submits a referral to the labour arm: the example of schemas/golden.
Record accepted() {
    Record record = small();
    record.event = RecordEvent::accepted;
    record.actor_type = ActorType::human;
    record.actor = OfficerId::parse("sw-117");
    record.role = OfficerRole::social_worker;
    record.org = OrganisationId::parse("ssd-5000");
    record.unit = Word::of("families");
    record.auth = Auth{Word::of("mtls"), digest_of("certificate")};
    record.operation = Word::of("submit");
    record.resource = Word::of("referral");
    record.scope = Scope{std::vector{DataGroup::contact, DataGroup::employment}, std::nullopt, std::nullopt};
    record.purpose = Purpose::referral;
    record.basis = LegalBasis::consent;
    record.consent = ConsentId::parse("5f0c6a52-9c61-4d7e-8a44-0b6f3c1d2e90");
    record.agreement = AgreementId::parse("0d9be1c4-7f0a-4c53-9b1e-6a2f8d3c5b71");
    record.decision = Decision::permit;
    record.message = MessageId::parse("3b241101-e2bb-4255-8caf-4136c566a962");
    record.referral = ReferralId::parse("9d1c7e5a-2b3f-4a68-b0c9-d4e5f6a7b8c9");
    record.before = Stage{ReferralState::awaiting_consent, 2};
    record.after = Stage{ReferralState::requested, 3};
    record.subject = subject_tag(subject_key(), record.nonce);
    record.recipient = OrganisationId::parse("labor");
    record.facts.add("known_by", "contact").add("occurred_on", Day{std::chrono::year{2026} / 11 / 21});
    return record;
}

Record full() {
    Record record = accepted();
    record.scope->rows = 3;
    record.scope->search = Facts{}.add("service", "RIGHTS").add("days", 30);
    record.code = Code::consent_lapsed;
    record.statement = digest_of("statement");
    record.dropped = Dropped{{Word::of("fax"), Word::of("spouse")}, 2};
    record.breakglass = 7;
    record.facts.add("harm_veto", false)
        .add("groups", Words{Word::of("CONTACT")})
        .add("digest", digest_of("form"));
    return record;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

const std::string golden = samples::file(KESHER_SOURCE_DIR "/schemas/golden/leaf.example.txt");

}  // namespace

TEST_CASE("The example leaf has the bytes and the hash that were published") {
    const std::string statement = golden.substr(0, golden.find('\n'));
    CHECK(leaf_text(statement, accepted()).value() == golden);
    CHECK(hex(leaf_hash(golden).view()) + "\n" ==
          samples::file(KESHER_SOURCE_DIR "/schemas/golden/leaf.example.hash.txt"));
    const auto leaf = split_leaf(golden).value();
    CHECK(leaf.statement == statement);
    CHECK(parse_record(leaf.record).value() == accepted());
}

TEST_CASE("A record with every member has its keys in the published order") {
    CHECK(
        write(full()) ==
        R"({"v":1,"at":1795245300123,"event":"accepted","nonce":"AAECAwQFBgcICQoLDA0ODw","actor_type":"human",)"
        R"("actor":"sw-117","role":"SOCIAL_WORKER","org":"ssd-5000","unit":"families","auth":{"factor":"mtls",)"
        R"("certificate":")" +
            base64url(digest_of("certificate").view()) +
            R"("},"operation":"submit","resource":"referral","scope":{"groups":["CONTACT","EMPLOYMENT"],"rows":3,)"
            R"("search":{"service":"RIGHTS","days":30}},"purpose":"REFERRAL","basis":"PPL23B-CONSENT",)"
            R"("consent":"5f0c6a52-9c61-4d7e-8a44-0b6f3c1d2e90","agreement":"0d9be1c4-7f0a-4c53-9b1e-6a2f8d3c5b71",)"
            R"("decision":"permit","code":"consent_lapsed","message":"3b241101-e2bb-4255-8caf-4136c566a962",)"
            R"("statement":")" +
            base64url(digest_of("statement").view()) +
            R"(","referral":"9d1c7e5a-2b3f-4a68-b0c9-d4e5f6a7b8c9","before":{"state":"AWAITING_CONSENT","version":2},)"
            R"("after":{"state":"REQUESTED","version":3},"subject":")" +
            base64url(subject_tag(subject_key(), nonce()).view()) +
            R"(","recipient":"labor","dropped":{"names":["fax","spouse"],"count":2},"breakglass":7,)"
            R"("facts":{"known_by":"contact","occurred_on":"2026-11-21","harm_veto":false,"groups":["CONTACT"],)"
            R"("digest":")" +
            base64url(digest_of("form").view()) + R"("}})");
}

TEST_CASE("What is absent is left out and the least record has five keys") {
    CHECK(
        write(small()) ==
        R"({"v":1,"at":1795245300123,"event":"start","nonce":"AAECAwQFBgcICQoLDA0ODw","actor_type":"system"})");
}

TEST_CASE("Every record is read back as it was written") {
    Record empties = small();
    empties.auth = Auth{};
    empties.scope = Scope{std::vector<DataGroup>{}, 0, Facts{}};
    empties.dropped = Dropped{};
    empties.facts.add("none", Words{})
        .add("least", -Facts::kIntegerMax)
        .add("most", Facts::kIntegerMax)
        .add("yes", true);
    empties.breakglass = static_cast<std::uint64_t>(Facts::kIntegerMax);
    for (const Record& record : {small(), accepted(), full(), empties}) {
        CAPTURE(write(record));
        const auto again = parse_record(write(record));
        REQUIRE(again);
        CHECK(*again == record);
    }
}

TEST_CASE("Every word of the closed lists of a record is written and read back") {
    for (std::size_t i = 0; i < kRecordEvents.size(); ++i) {
        Record record = small();
        record.event = static_cast<RecordEvent>(i);
        record.actor_type = static_cast<ActorType>(i % kActorTypes.size());
        record.decision = static_cast<Decision>(i % kDecisions.size());
        CAPTURE(i);
        CHECK(parse_record(write(record)).value() == record);
    }
}

TEST_CASE("Any other spelling of a record is refused") {
    const std::string good = write(full());
    for (const std::string& bad : std::vector<std::string>{
             std::string(),
             std::string("{}"),
             good + " ",
             " " + good,
             good + "\n",
             good.substr(0, good.size() - 1),
             good + "}",
             replaced(good, R"("v":1)", R"("v":2)"),
             replaced(good, R"("v":1)", R"("v": 1)"),
             replaced(good, R"("v":1,)", ""),
             replaced(good, "1795245300123", "1795245300123.0"),
             replaced(good, "1795245300123", "01795245300123"),
             replaced(good, "1795245300123", "1.7e12"),
             replaced(good, "1795245300123", "\"1795245300123\""),
             replaced(good, "accepted", "approved"),
             replaced(good, "accepted", "accept\\u0065d"),
             replaced(good, "ODw\"", "ODx\""),
             replaced(good, "AAECAwQF", "AAEC"),
             replaced(good, R"("actor_type":"human",)", ""),
             replaced(good, R"("actor":"sw-117",)", R"("actor":"000000018",)"),
             replaced(good, R"("actor":"sw-117",)", R"("actor":null,)"),
             replaced(good, R"("org":"ssd-5000","unit":"families")", R"("unit":"families","org":"ssd-5000")"),
             replaced(good, R"("org":)", R"("name":"x","org":)"),
             replaced(good, R"("org":"ssd-5000",)", R"("org":"ssd-5000","org":"ssd-5000",)"),
             replaced(good, "families", "the families"),
             replaced(good, R"("version":2)", R"("version":-2)"),
             replaced(good, R"("version":2)", R"("version":4294967296)"),
             replaced(good, R"("rows":3)", R"("rows":03)"),
             replaced(good, R"(["CONTACT","EMPLOYMENT"])", R"(["CONTACT",])"),
             replaced(good, R"("breakglass":7)", R"("breakglass":9007199254740992)"),
             replaced(good, R"("days":30)", R"("days":9007199254740992)"),
             replaced(good, R"("days":30)", R"("service":"LEGAL-AID")"),
             replaced(good, R"("harm_veto":false)", R"("harm_veto":null)"),
             replaced(good, R"("harm_veto":false)", R"("harm_veto":{})"),
             write(small()).substr(0, write(small()).size() - 1) + R"(,"facts":{}})"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_record(bad));
    }
    CHECK(parse_record(std::string(limits::kLeafBytes + 1, ' ')).error() == Flaw::too_large);
}

TEST_CASE("A word holds codes and digests and never free text or an id number") {
    for (const char* good :
         {"a", "RIGHTS", "ssd-5000:47DEQpj8HBSa", "0.1.0", "hub.example/log", "_", "000000019"})
        CHECK(Word::parse(good));
    CHECK(Word::parse(std::string(128, 'x')));
    for (const std::string& bad :
         std::vector<std::string>{std::string(), std::string("two words"), std::string("tab\t"),
                                  std::string("quote\""), std::string("\\"), std::string("\xD7\x90"),
                                  std::string("000000018"), std::string(129, 'x'), std::string("a,b")}) {
        CAPTURE(bad);
        CHECK_FALSE(Word::parse(bad));
        CHECK_THROWS_AS(Word::of(bad), std::invalid_argument);
    }
}

TEST_CASE("A fact has one value and a number that every reader keeps") {
    Facts facts;
    facts.add("attempt", 1).add("at", Instant{5ms});
    CHECK_THROWS_AS(facts.add("attempt", 2), std::invalid_argument);
    CHECK_THROWS_AS(facts.add("more", Facts::kIntegerMax + 1), std::invalid_argument);
    CHECK_THROWS_AS(facts.add("more", std::numeric_limits<std::uint64_t>::max()), std::invalid_argument);
    CHECK_THROWS_AS(facts.add("more", "free text"), std::invalid_argument);
    CHECK_THROWS_AS(facts.add("a key", 1), std::invalid_argument);
    CHECK(facts.all().size() == 2);
    CHECK(*facts.find("at") == FactValue{std::int64_t{5}});
    CHECK(facts.find("more") == nullptr);
}

TEST_CASE("A leaf without a statement begins with a dash") {
    const std::string text = leaf_text(std::nullopt, small()).value();
    CHECK(text == "-\n" + write(small()) + "\n");
    CHECK_FALSE(split_leaf(text).value().statement);
}

TEST_CASE("A text that is not two lines of a statement and a record is no leaf") {
    const std::string record = write(small()) + "\n";
    for (const std::string& bad : std::vector<std::string>{std::string(),
                                                           std::string("\n"),
                                                           std::string("-\n"),
                                                           std::string("-\n\n"),
                                                           record,
                                                           "\n" + record,
                                                           "--\n" + record,
                                                           "a.b\n" + record,
                                                           "a.b.c.d\n" + record,
                                                           "a..c\n" + record,
                                                           ".b.c\n" + record,
                                                           "a.b.\n" + record,
                                                           "a.b.c=\n" + record,
                                                           "a.b.c \n" + record,
                                                           "-\r\n" + record,
                                                           "-\n" + write(small()),
                                                           "-\n" + record + "\n",
                                                           "-\n" + record + record,
                                                           "-\n[]\n",
                                                           "-\n{\t}\n",
                                                           "-\n{\xFF}\n",
                                                           std::string("-\n{}\0\n", 6)}) {
        CAPTURE(bad);
        CHECK_FALSE(split_leaf(bad));
    }
    CHECK(split_leaf("a.b.c\n" + record));
}

TEST_CASE("A leaf of 16 KiB is one and a leaf of one byte more is not") {
    const std::string edge = "-\n{" + std::string(limits::kLeafBytes - 5, ' ') + "}\n";
    REQUIRE(edge.size() == limits::kLeafBytes);
    CHECK(split_leaf(edge));
    CHECK(split_leaf("-\n{ " + edge.substr(3)).error() == Flaw::too_large);
    CHECK(leaf_text("a.b." + std::string(limits::kStatementBytes - 4, 'c'), small()));
    CHECK(leaf_text("a.b." + std::string(limits::kStatementBytes - 3, 'c'), small()).error() ==
          Flaw::too_large);
    CHECK(leaf_text("a.b", small()).error() == Flaw::leaf_malformed);
    Record large = small();
    Words words(130, Word::of(std::string(128, 'x')));
    large.facts.add("words", words);
    CHECK(leaf_text(std::nullopt, large).error() == Flaw::too_large);
}

TEST_CASE("A subject tag is HMAC-SHA-256 of the nonce and differs with each nonce") {
    // Recomputed with the openssl command: printf of bytes 00 to 0f, -macopt hexkey 42 times 32.
    CHECK(hex(subject_tag(subject_key(), nonce()).view()) ==
          "3c11ddd5996bab20165bb16079e1303302bee56f1479bbebf802ba9a51980cbb");
    Nonce other = nonce();
    other[15] ^= 1U;
    CHECK(subject_tag(subject_key(), other) != subject_tag(subject_key(), nonce()));
}
