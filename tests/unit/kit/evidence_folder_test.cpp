// What crossed can be checked afterwards, and nothing else was kept.
#include "adapters/kit/evidence_folder.h"

#include <catch2/catch.hpp>

#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/own_cases.h"
#include "tests/unit/kit/scripted_hub.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

struct Watched {
    explicit Watched(const Party& body)
        : self(body),
          hub(keep_evidence(script.line(), {kept, self.id, self.signing.pem(), exchange.sender.root().pem()}),
              {self.id, exchange.log.key(), [] { return kNow; }}) {
        script.self = self.id;
    }
    [[nodiscard]] std::string read(const std::filesystem::path& file) const {
        return read_small_file(kept / file).value();
    }
    [[nodiscard]] std::size_t files() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(kept)) {
            if (entry.is_regular_file()) ++count;
        }
        return count;
    }

    // The one file of a folder of keys with this ending.
    [[nodiscard]] std::string only(const std::filesystem::path& place, std::string_view ending) const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(kept / place)) {
            if (entry.path().string().ends_with(ending))
                found.push_back(read_small_file(entry.path()).value());
        }
        return found.size() == 1 ? found.front() : std::to_string(found.size()) + " files";
    }

    Exchange exchange;
    Folder folder;
    std::filesystem::path kept = folder / "evidence";
    ScriptedHub script{exchange.log};
    const Party& self;
    HubClient hub;
};

}  // namespace

TEST_CASE("A message that was sent is kept under its leaf with everything that proves it") {
    Exchange drawn;
    Watched at(drawn.sender);
    const Written written = at.exchange.written(referral(at.exchange.recipient));
    at.exchange.log.grow(3);
    const auto sent = at.hub.send(written.submission, written.statement);
    REQUIRE(sent);
    CHECK(at.read("000003/statement.jws") == written.statement);
    const auto submission = codec::decode<codec::Submission>(written.submission).value();
    CHECK(at.read("000003/payload.avro") == text_of(submission.payload));
    CHECK(at.read("000003/leaf") == sent->receipt->leaf);
    CHECK(at.read("000003/receipt.tlog-proof") == sent->receipt->receipt);
    CHECK(at.read("000003/signer.pem") == at.self.signing.pem());
    CHECK(at.files() == 5);
}

TEST_CASE("Beside each document lies the certificate that it names, whatever key is in use by then") {
    Exchange drawn;
    Watched at(drawn.sender);
    const Party other = party("ssd-5000");
    const std::filesystem::path keys = at.folder / "keys";
    std::filesystem::create_directory(keys);
    HubClient rotated(keep_evidence(at.script.line(), {at.kept, at.self.id, other.signing.pem(),
                                                       at.exchange.sender.root().pem(), keys}),
                      {at.self.id, at.exchange.log.key(), [] { return kNow; }});
    const Written written = at.exchange.written(referral(at.exchange.recipient));
    CHECK_THROWS_WITH(rotated.send(written.submission, written.statement),
                      Catch::Contains("not in the key directory"));
    REQUIRE(write_new_file(keys / "signing.pem", at.self.signing.pem()));
    REQUIRE(rotated.send(written.submission, written.statement));
    CHECK(at.read("000001/signer.pem") == at.self.signing.pem());
}

TEST_CASE("A refusal that has a leaf is kept and one that was only counted is not") {
    Exchange drawn;
    Watched at(drawn.sender);
    const Written written = at.exchange.written(referral(at.exchange.recipient));
    at.script.next.push_back([](const codec::Submission&) {
        return answer(401, "application/problem+json", problem_json("clock_skew", "same"));
    });
    at.script.next.push_back([&at](const codec::Submission& submission) {
        return answer(403, "application/problem+json",
                      receipt_json(at.script.refuse(submission.statement), "consent_missing"));
    });
    REQUIRE(at.hub.send(written.submission, written.statement));
    CHECK_FALSE(std::filesystem::exists(at.kept));
    REQUIRE(at.hub.send(written.submission, written.statement));
    CHECK(at.read("000000/statement.jws") == written.statement);
    CHECK(at.files() == 5);
}

TEST_CASE("Every byte that a recipient is handed is kept under the index of its release") {
    Exchange drawn;
    Watched at(drawn.recipient);
    const Written written = at.exchange.written(referral(at.exchange.recipient));
    const codec::Delivery delivery = delivered(at.exchange.log, release_of(written));
    const auto index = log::parse_receipt(delivery.receipt).value().index;
    at.script.inbox = {delivery};
    REQUIRE(at.hub.poll(0s, 10).value().size() == 1);
    const std::filesystem::path place =
        "recipients/" + std::string(at.self.id.text()) + "/inbox/00000" + std::to_string(number(index));
    CHECK(at.read(place / "statement.jws") == delivery.statement);
    CHECK(at.read(place / "payload.avro") == text_of(delivery.payload));
    CHECK(at.read(place / "leaf") == delivery.leaf);
    CHECK(at.read(place / "receipt.tlog-proof") == delivery.receipt);
    CHECK(at.read(place / "delivery.avro") == text_of(codec::encode(codec::DeliveryBatch{{delivery}})));
    // A stranger can tell what the hub said by the certificate that enrolment pinned.
    CHECK(at.only("keys/hub", ".pem") == at.exchange.sender.root().pem());
    // The same release handed out again changes nothing.
    at.script.inbox = {delivery};
    REQUIRE(at.hub.poll(0s, 10));
    CHECK(at.files() == 6);
}

namespace {
std::string listed(std::string_view id, std::string_view keys, std::string_view root) {
    json::Writer writer;
    writer.open_object().open_array("organisations").open_object();
    writer.text("id", id).text("keys", keys).text("root", root);
    return writer.close().close().close().take();
}
}  // namespace

TEST_CASE("Whose keys signed is kept once for each list and root that the hub ever showed") {
    Exchange drawn;
    Watched at(drawn.recipient);
    at.script.organisations = listed("ssd-5000", "first list", "its root");
    REQUIRE(at.hub.organisations());
    REQUIRE(at.hub.organisations());
    CHECK(at.only("keys/ssd-5000", ".jws") == "first list");
    CHECK(at.only("keys/ssd-5000", ".root.pem") == "its root");
    CHECK(at.files() == 2);
    at.script.organisations = listed("ssd-5000", "another list", "its root");
    REQUIRE(at.hub.organisations());
    CHECK(at.only("keys/ssd-5000", ".jws") == "2 files");
    CHECK(at.only("keys/ssd-5000", ".root.pem") == "its root");
}

TEST_CASE("A body that has no keys yet leaves no folder and a name that is a path leaves nothing") {
    Exchange drawn;
    Watched at(drawn.recipient);
    for (const std::string& answer :
         {std::string(R"({"organisations":[{"id":"ssd-5000"}]})"), listed("../../ssd", "list", "root"),
          std::string(R"({"organisations":{}})"), std::string(R"({})")}) {
        at.script.organisations = answer;
        REQUIRE(at.hub.organisations());
    }
    CHECK_FALSE(std::filesystem::exists(at.kept));
}

TEST_CASE("An acknowledgement is kept beside its receipt") {
    Exchange drawn;
    Watched at(drawn.recipient);
    const statement::Ack ack{id<DeliveryId>(4), LeafIndex{0}, AckOutcome::held};
    const std::string jws = statement::sign_acks({std::string(kOrigin), {ack}}, at.self.signer(), kToday);
    REQUIRE(at.hub.acknowledge(jws, std::span(&ack, 1)));
    CHECK(at.read("acks/000000/acks.jws") == jws);
    CHECK(at.files() == 4);
}

TEST_CASE("Two leaves that a hub shows under one index are both kept") {
    Exchange drawn;
    Watched at(drawn.recipient);
    const Written written = at.exchange.written(referral(at.exchange.recipient));
    const codec::Delivery honest = delivered(at.exchange.log, release_of(written));
    codec::Delivery other = honest;
    other.leaf.insert(0, "another ");
    const auto index = number(log::parse_receipt(honest.receipt).value().index);
    const std::filesystem::path place =
        "recipients/" + std::string(at.self.id.text()) + "/inbox/00000" + std::to_string(index);
    for (const codec::Delivery& each : {other, honest, other}) {
        at.script.inbox = {each};
        (void)at.hub.poll(0s, 10);
    }
    CHECK(at.read(place / "leaf") == other.leaf);
    const std::string beside = place.string() + "-" + base64url(statement::sha256(honest.leaf).bytes);
    CHECK(at.read(std::filesystem::path(beside) / "leaf") == honest.leaf);
    CHECK(at.read(std::filesystem::path(beside) / "statement.jws") == honest.statement);
}

TEST_CASE("Her claim code is in no evidence") {
    Exchange drawn;
    Watched at(drawn.sender);
    const Receipted opening =
        at.script.log->append(std::nullopt, decided(log::RecordEvent::case_, log::Decision::permit));
    std::string said = receipt_json(opening);
    said.insert(1, R"("pseudonym":")" + pseudonym(1).reveal() + R"(","claim_code":"GZ9K-00TT",)");
    at.script.cases = said;
    const auto opened = open_case(
        at.hub, at.self.signer(),
        {id<RequestId>(1), {OfficerId::parse("W1").value(), OfficerRole::social_worker}, false, Door::site});
    REQUIRE(opened);
    CHECK(opened->claim_code == "GZ9K-00TT");
    CHECK(at.read("orders/000000/leaf") == opening.leaf);
    CHECK(at.read("orders/000000/receipt.tlog-proof") == opening.receipt);
    CHECK(at.read("orders/000000/signer.pem") == at.self.signing.pem());
    CHECK(at.read("orders/000000/order.jws").starts_with("ey"));
    CHECK(at.files() == 4);  // the answer, which holds it, is none of them
}

TEST_CASE("The answer to an order of the operator is in no evidence because it may hold a token") {
    Exchange drawn;
    Watched at(drawn.sender);
    for (const char* path : {"/v1/admin/organisations", "/v1/admin/organisations/health/off-boarding"}) {
        (void)at.hub.put("POST", path, "application/json", "{}");
    }
    CHECK_FALSE(std::filesystem::exists(at.kept));
}

TEST_CASE("Evidence that cannot be written stops the program") {
    Exchange drawn;
    Watched at(drawn.sender);
    REQUIRE(write_new_file(at.kept, "a file where the folder should be"));
    const Written written = at.exchange.written(referral(at.exchange.recipient));
    CHECK_THROWS_WITH((void)at.hub.send(written.submission, written.statement),
                      Catch::Contains("evidence folder"));
}
