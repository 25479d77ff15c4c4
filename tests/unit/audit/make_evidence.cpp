// Writes an evidence directory for the referees to judge: what an auditor is handed about three messages of
// one log. NNN/{statement.jws,payload.avro,leaf,receipt.tlog-proof,signer.pem}, log.vkey, checkpoint; how the
// second of them was handed out, recipients/health/inbox/131, and acknowledged, acks/132.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "audit/log/leaf.h"
#include "audit/log/receipt.h"
#include "audit/merkle/tree.h"
#include "schemas/codec/schema.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/statement.h"
#include "tests/unit/codec/samples.h"
#include "tests/unit/statement/parties.h"

using namespace kesher;

namespace {

// The base64 of this key holds a plus, the sign that also parts a vkey.
constexpr std::uint8_t kSeed = 8;
constexpr std::uint64_t kSize = 300;  // a full tile and more, so that proofs are long
constexpr std::array<std::uint64_t, 3> kMessages{0, 130, 299};
constexpr std::uint64_t kRelease = 131;
constexpr std::uint64_t kAck = 132;

void write(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string uuid(std::size_t number) {
    return "11111111-1111-4111-8111-11111111111" + std::to_string(number);
}

struct Message {
    statement::Party sender;
    contract::Bytes payload;
    std::string statement;
    std::string leaf;
};

Message referral(std::size_t number) {
    statement::Party sender = statement::party("ssd-5000");
    auto payload = codec::encode(codec::samples::of<codec::ReferralSubmitted>().at(number % 2));
    statement::Statement what{"hub.example/log",
                              contract::MessageId::parse(uuid(number)).value(),
                              contract::MessageType::referral_submitted,
                              sender.id,
                              statement::organisation("health"),
                              codec::newest_schema("ReferralSubmitted").fingerprint,
                              statement::sha256(payload)};
    what.actor = statement::sha256("actor");
    what.case_ = statement::sha256("case");
    what.referral = contract::ReferralId::parse(uuid(number)).value();
    what.service = contract::Service::hlt_phys;
    what.purpose = contract::Purpose::treatment;
    what.basis = contract::LegalBasis::consent;
    what.groups = statement::in_wire_order({contract::DataGroup::health});
    what.consent = contract::ConsentId::parse(uuid(number)).value();
    std::string jws = statement::sign_statement(what, sender.signer(), statement::kToday);

    log::Record record;
    record.at = statement::kNow;
    record.event = log::RecordEvent::accepted;
    record.actor_type = log::ActorType::human;
    record.org = sender.id;
    record.decision = log::Decision::permit;
    record.message = what.id;
    std::string leaf = log::leaf_text(jws, record).value();
    return {std::move(sender), std::move(payload), std::move(jws), std::move(leaf)};
}

log::Record record_of(log::RecordEvent event) {
    log::Record record;
    record.at = statement::kNow;
    record.event = event;
    record.actor_type = log::ActorType::system;
    record.decision = log::Decision::permit;
    return record;
}

std::string release(const Message& message) {
    log::Record record = record_of(log::RecordEvent::released);
    record.statement = statement::sha256(message.statement);
    return log::leaf_text(std::nullopt, record).value();
}

std::string acknowledgement(std::string_view acks_jws) {
    log::Record record = record_of(log::RecordEvent::acknowledged);
    record.facts.add("acks", statement::sha256(acks_jws));
    return log::leaf_text(std::nullopt, record).value();
}

std::string start(std::uint64_t number) {
    log::Record record;
    record.at = statement::kNow;
    record.event = log::RecordEvent::start;
    record.actor_type = log::ActorType::system;
    record.facts.add("number", number);
    return log::leaf_text(std::nullopt, record).value();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const std::filesystem::path folder = argv[1];
    std::filesystem::remove_all(folder);
    const auto signer =
        log::NoteSigner::from_seed("hub.example/log", log::NoteKeyType::ed25519, contract::Bytes(32, kSeed))
            .value();
    const std::array<Message, 3> messages{referral(1), referral(2), referral(3)};
    const statement::Party recipient = statement::party("health");
    const statement::Ack held{contract::DeliveryId::parse(uuid(4)).value(), contract::LeafIndex{kRelease},
                              contract::AckOutcome::held};
    const std::string acks =
        statement::sign_acks({"hub.example/log", {held}}, recipient.signer(), statement::kToday);
    const auto leaf_at = [&](std::uint64_t i) -> std::string {
        const auto message = std::ranges::find(kMessages, i);
        if (message != kMessages.end()) return messages.at(std::size_t(message - kMessages.begin())).leaf;
        if (i == kRelease) return release(messages.at(1));
        return i == kAck ? acknowledgement(acks) : start(i);
    };

    merkle::Tree tree(
        [](std::uint8_t, std::uint64_t) -> contract::Bytes { throw std::runtime_error("no store"); });
    for (std::uint64_t i = 0; i < kSize; ++i) tree.append(log::leaf_hash(leaf_at(i)));
    const std::string checkpoint = log::sign({signer.key().name(), tree.size(), tree.root()}, signer);
    write(folder / "log.vkey", signer.key().vkey() + "\n");
    write(folder / "checkpoint", checkpoint);
    // What a hub with two histories would show somebody else: the same size, another root, well signed.
    write(folder / "checkpoint.other",
          log::sign({signer.key().name(), tree.size(), tree.root_at(contract::TreeSize{7})}, signer));
    const auto write_proven = [&](const std::filesystem::path& place, std::uint64_t index) {
        write(place / "leaf", leaf_at(index));
        write(place / "receipt.tlog-proof",
              log::write(log::Receipt{std::nullopt, contract::LeafIndex{index},
                                      tree.prove_inclusion(contract::LeafIndex{index}, tree.size()),
                                      checkpoint}));
    };
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const Message& message = messages.at(i);
        const std::filesystem::path place = folder / ("00" + std::to_string(i + 1));
        write(place / "statement.jws", message.statement);
        write(place / "payload.avro", contract::text_of(message.payload));
        write(place / "signer.pem", message.sender.signing.pem());
        write_proven(place, kMessages.at(i));
    }
    const std::filesystem::path handed = folder / "recipients/health/inbox/131";
    write(handed / "statement.jws", messages.at(1).statement);
    write(handed / "payload.avro", contract::text_of(messages.at(1).payload));
    write_proven(handed, kRelease);
    const std::filesystem::path acknowledged = folder / "acks/132";
    write(acknowledged / "acks.jws", acks);
    write(acknowledged / "signer.pem", recipient.signing.pem());
    write_proven(acknowledged, kAck);
    return 0;
}
