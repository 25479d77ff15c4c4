// Writes an evidence directory for the referees to judge: what an auditor is handed about one log, as
// tests/referees/check-evidence.sh describes it. Three consents, and a
// referral under each of them; how the second of them and a notice of the
// hub were handed out to health; what health acknowledged; one answer of the hub; both bodies' keys. Each
// entry is a second later than the one in front of it.
//   make_evidence DIR [SIZE [CHANGE]]      the log has SIZE entries, at least 24; CHANGE is one of kChanges
//   below:
//                                          one thing about one entry is another, and all of it is signed anew
#include <filesystem>
#include <fstream>
#include <map>

#include "audit/log/leaf.h"
#include "audit/log/receipt.h"
#include "audit/merkle/tree.h"
#include "schemas/codec/schema.h"
#include "schemas/json/writer.h"
#include "schemas/statement/case_order.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/statement.h"
#include "tests/unit/audit/accepted_record.h"
#include "tests/unit/codec/samples.h"
#include "tests/unit/statement/parties.h"

using namespace kesher;

namespace {

// The base64 of this key holds a plus, the sign that also parts a vkey.
constexpr std::uint8_t kSeed = 8;
constexpr std::uint64_t kEnrolled = 1;                      // ssd-5000; health is next
constexpr std::array<std::uint64_t, 3> kConsents{3, 7, 8};  // each message's
constexpr std::array<std::uint64_t, 3> kMessages{4, 13, 22};
constexpr std::uint64_t kOrder = 6;     // of ssd-5000, about a case of its own
constexpr std::uint64_t kRelease = 14;  // of the second message
constexpr std::uint64_t kAck = 15;
constexpr std::uint64_t kNotice = 16;  // of the hub, and its release
constexpr std::uint64_t kCutOff = 18;  // a release of the first message that never arrived, and the next one
constexpr std::uint64_t kAnswered = 5;
constexpr std::uint64_t kBefore = 9;  // the first message's releases
constexpr std::uint64_t kSince = 10;
constexpr std::uint64_t kRenewed = 12;  // the first message's consent
constexpr std::uint64_t kEnded = 20;    // the second message's consent and referral
constexpr std::uint64_t kFree = 21;

namespace fs = std::filesystem;

void write(const fs::path& path, std::string_view bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string uuid(std::size_t number) {
    return "11111111-1111-4111-8111-11111111111" + std::to_string(number);
}

struct Message {
    statement::Statement says;
    contract::Bytes payload;
    std::string statement;
};

struct Entry {
    std::optional<std::string> statement;
    log::Record record;
};

codec::ReferralSubmitted sent(std::size_t number) {
    return codec::samples::of<codec::ReferralSubmitted>().at(number % 2);
}

Message referral(std::size_t number, const statement::Party& sender) {
    auto payload = codec::encode(sent(number));
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
    return {std::move(what), std::move(payload), std::move(jws)};
}

// What the hub itself says: without an actor and without a case.
Message notice(const statement::Party& hub) {
    auto payload = codec::encode(codec::samples::of<codec::ConsentRevoked>().at(0));
    statement::Statement what{"hub.example/log",
                              contract::MessageId::parse(uuid(7)).value(),
                              contract::MessageType::consent_revoked,
                              hub.id,
                              statement::organisation("health"),
                              codec::newest_schema("ConsentRevoked").fingerprint,
                              statement::sha256(payload)};
    what.consent = contract::ConsentId::parse(uuid(2)).value();
    std::string jws = statement::sign_statement(what, hub.signer(), statement::kToday);
    return {std::move(what), std::move(payload), std::move(jws)};
}

// What the acceptance of a referral says of its payload.
void add_facts(log::Record& record, const Message& message, std::size_t number) {
    const codec::ReferralSubmitted payload = sent(number);
    record.facts.add("service", contract::kServices.text(*message.says.service))
        .add("known_by", contract::kKnownBy.text(payload.known_by))
        .add("occurred_on", payload.occurred_on)
        .add("priority", contract::kPriorities.text(payload.priority));
}

// The hub's own word about the consents and referrals that a message replaced or ended.
log::Record ending(std::string_view operation, std::string_view fact, std::size_t number) {
    log::Record record = samples::decided(log::RecordEvent::consent);
    record.org = contract::OrganisationId::hub();
    record.operation = log::Word::of(operation);
    record.facts.add(fact, log::Words{log::Word::of(uuid(number))});
    return record;
}

// Her yes, as its recorder signs it: for just what referral() of this number says.
Message yes(const Message& referral, const statement::Party& sender, std::size_t number) {
    const statement::Statement& says = referral.says;
    codec::ConsentGiven given = codec::samples::of<codec::ConsentGiven>().at(0);
    given.discloser = says.from;
    given.recipient = says.to;
    given.purposes = {*says.purpose};
    given.groups = {contract::DataGroup::health};
    given.services = {*says.service};
    given.valid_from = given.valid_to = contract::day_of(statement::kNow);
    given.harm_veto.reset();
    auto payload = codec::encode(given);
    statement::Statement what{"hub.example/log",
                              contract::MessageId::parse(uuid(number)).value(),
                              contract::MessageType::consent_given,
                              sender.id,
                              contract::OrganisationId::hub(),
                              codec::newest_schema("ConsentGiven").fingerprint,
                              statement::sha256(payload)};
    what.actor = statement::sha256("actor");
    what.case_ = statement::sha256("case");
    what.consent = says.consent;
    std::string jws = statement::sign_statement(what, sender.signer(), statement::kToday);
    return {std::move(what), std::move(payload), std::move(jws)};
}

// The same, as the hub records it.
log::Record given(const statement::Statement& says) {
    const auto words = [](std::string_view word) { return log::Words{log::Word::of(word)}; };
    log::Record record = samples::decided(log::RecordEvent::consent);
    record.org = says.from;
    record.operation = log::Word::of(contract::kMessageTypes.text(contract::MessageType::consent_given));
    record.consent = says.consent;
    record.recipient = says.to;
    const contract::Day today = contract::day_of(statement::kNow);
    record.facts.add("discloser", says.from.text())
        .add("recipient", says.to.text())
        .add("purposes", words(contract::kPurposes.text(*says.purpose)))
        .add("groups", words(contract::kDataGroups.text(contract::DataGroup::health)))
        .add("services", words(contract::kServices.text(*says.service)))
        .add("direction", "both")
        .add("form", "written-ink")
        .add("from", today)
        .add("to", today)
        .add("state", "active")
        .add("harm_veto", false);
    return record;
}

std::string key_list(const statement::Party& body) {
    return statement::sign_key_list(
        {body.id, 1, {body.signing}, {body.encryption}, statement::kKeyLife.until}, body.root_signer(),
        statement::kToday);
}

// A whole log, in memory: what stands at each index, and the tree over it.
class Log {
public:
    explicit Log(std::uint64_t size) : size_(size) {
        for (std::uint64_t i = 0; i < size_; ++i) {
            log::Record record = samples::decided(log::RecordEvent::start);
            record.facts.add("number", i);
            put(i, std::nullopt, std::move(record));
        }
    }

    void put(std::uint64_t index, std::optional<std::string> statement, log::Record record) {
        record.at = statement::kNow + std::chrono::seconds(index);
        entries_.insert_or_assign(index, Entry{std::move(statement), std::move(record)});
    }
    [[nodiscard]] Entry& at(std::uint64_t index) { return entries_.at(index); }
    [[nodiscard]] std::string leaf(std::uint64_t index) const {
        const Entry& entry = entries_.at(index);
        return log::leaf_text(entry.statement, entry.record).value();
    }
    void close() {
        for (std::uint64_t i = 0; i < size_; ++i) tree_.append(log::leaf_hash(leaf(i)));
    }
    [[nodiscard]] std::string note(contract::TreeSize size, const contract::Digest& root) const {
        return log::sign({signer_.key().name(), size, root}, signer_);
    }
    [[nodiscard]] std::string note_at(std::uint64_t size) {
        return note(contract::TreeSize{size}, tree_.root_at(contract::TreeSize{size}));
    }
    [[nodiscard]] std::string receipt(std::uint64_t index) {
        return log::write(log::Receipt{
            std::nullopt, contract::LeafIndex{index},
            tree_.prove_inclusion(contract::LeafIndex{index}, contract::TreeSize{size_}), note_at(size_)});
    }
    void write_proven(const fs::path& place, std::uint64_t index) {
        write(place / "leaf", leaf(index));
        write(place / "receipt.tlog-proof", receipt(index));
    }
    void write_copy(const fs::path& folder) {
        write(folder / "log.vkey", signer_.key().vkey() + "\n");
        write(folder / "checkpoint", note_at(size_));
        write(folder / "other" / "since", note_at(kSince));
        // What a hub with two histories would show somebody else: the same size, another root, well signed.
        write(folder / "other" / "checkpoint",
              note(contract::TreeSize{size_}, tree_.root_at(contract::TreeSize{7})));
        for (const merkle::FullTile& full : tree_.take_completed()) {
            write(folder / merkle::path(merkle::Tile{full.level, full.n}), contract::text_of(full.hashes));
        }
        const merkle::Snapshot now = tree_.snapshot();
        for (const merkle::Tile& tile : merkle::tiles_of(contract::TreeSize{size_})) {
            if (tile.width < merkle::kTileWidth)
                write(folder / merkle::path(tile), contract::text_of(now.partial(tile).value()));
            if (tile.level == 0) write_entries(folder, {tile.n, tile.width});
        }
    }

private:
    void write_entries(const fs::path& folder, const merkle::EntryBundle& bundle) const {
        std::vector<contract::Bytes> entries;
        for (std::uint64_t i = 0; i < bundle.width; ++i) {
            const std::string text = leaf(bundle.n * merkle::kTileWidth + i);
            entries.emplace_back(text.begin(), text.end());
        }
        write(folder / merkle::path(bundle), contract::text_of(merkle::write_bundle(entries)));
    }

    std::uint64_t size_;
    std::map<std::uint64_t, Entry> entries_;
    merkle::Tree tree_{
        [](std::uint8_t, std::uint64_t) -> contract::Bytes { throw std::runtime_error("no store"); }};
    log::NoteSigner signer_ =
        log::NoteSigner::from_seed("hub.example/log", log::NoteKeyType::ed25519, contract::Bytes(32, kSeed))
            .value();
};

// The record with another value of one fact.
log::Record but(log::Record record, std::string_view fact, const log::FactValue& other) {
    log::Facts facts;
    for (const auto& [key, value] : record.facts.all())
        facts.add(key.text(), key.text() == fact ? other : value);
    record.facts = facts;
    return record;
}
void change(Log& log, std::uint64_t index, std::string_view fact, const log::FactValue& other) {
    log.at(index).record = but(log.at(index).record, fact, other);
}
log::FactValue word(std::string_view text) { return log::Word::of(text); }

// What health signs as its acknowledgements, where it is not what the contract says.
std::string acks_of(std::string_view change, const statement::Party& health) {
    const std::string claims = R"({"v":1,"log":"hub.example/log","acks":[{"delivery":")" + uuid(4) +
                               R"(","index":)" + std::to_string(kRelease) + R"(,"outcome":"held"}]})";
    const auto sign = [&](const std::string& said, std::string_view type = statement::kAcksType) {
        return statement::sign(health.signer(), type, statement::kToday, said);
    };
    if (change == "acks-another-kind") return sign(claims, statement::kStatementType);
    if (change == "acks-blanks") return sign(statement::replaced(claims, "\"acks\":", "\"acks\": "));
    if (change == "acks-another-log") return sign(statement::replaced(claims, "hub.example", "a.example"));
    return sign(claims);
}

// The second message's statement, spelled otherwise. Its signature is nobody's: the order of the log is
// judged before anybody's keys.
std::string respelled(Log& log, std::string_view from, std::string_view to) {
    const std::string jws = log.at(kMessages[1]).statement.value();
    const std::size_t first = jws.find('.');
    const std::size_t second = jws.find('.', first + 1);
    const auto claims = contract::from_base64url(jws.substr(first + 1, second - first - 1)).value();
    const std::string said = statement::replaced(std::string(contract::text_of(claims)), from, to);
    return jws.substr(0, first + 1) + contract::base64url(contract::bytes_of(said)) + jws.substr(second);
}

// How the hub refuses claims that it cannot read: it says of them only whose connection they came over.
log::Record unreadable() {
    log::Record record = samples::decided(log::RecordEvent::refused);
    record.org = statement::organisation("ssd-5000");
    record.decision = log::Decision::deny;
    record.code = contract::Code::statement_invalid;
    return record;
}

// What a hub that breaks its word would have signed; each is refused, whoever judges. And what an honest one
// signs where a sender does not keep to the form; it holds, whoever judges.
const std::map<std::string_view, void (*)(Log&)> kChanges{
    {"none", [](Log&) {}},
    {"not-accepted", [](Log& log) { log.at(kMessages[1]).record.decision = log::Decision::deny; }},
    {"consent-ended",
     [](Log& log) { log.put(kBefore, std::nullopt, ending("consent.ended", "consents", 1)); }},
    {"referral-ended",
     [](Log& log) { log.put(kRelease - 2, std::nullopt, ending("consent.ended", "referrals", 2)); }},
    {"accepted-twice",
     [](Log& log) {
         const Entry first = log.at(kMessages[1]);
         log.put(kFree, first.statement, first.record);
     }},
    {"another-purpose",
     [](Log& log) { log.at(kMessages[1]).record.purpose = contract::Purpose::benefit_claim; }},
    {"released-to-another",
     [](Log& log) { log.at(kRelease).record.recipient = statement::organisation("nii"); }},
    {"no-consent",
     [](Log& log) { log.put(kConsents[0], std::nullopt, samples::decided(log::RecordEvent::start)); }},
    {"too-narrow",
     [](Log& log) { change(log, kConsents[0], "groups", log::Words{log::Word::of("CONTACT")}); }},
    {"unsigned-consent", [](Log& log) { log.at(kConsents[0]).statement.reset(); }},
    {"another-operation",
     [](Log& log) { log.at(kMessages[1]).record.operation = log::Word::of("consent.given.v1"); }},
    {"another-basis",
     [](Log& log) {
         log.at(kMessages[1]).record.basis = contract::LegalBasis::between_public_bodies_within_powers;
     }},
    {"without-referral", [](Log& log) { log.at(kMessages[1]).record.referral.reset(); }},
    {"behind-its-consent", [](Log& log) { log.at(kCutOff).record.at += std::chrono::hours{24}; }},
    {"another-delivery", [](Log& log) { change(log, kCutOff, "delivery", word(uuid(4))); }},
    // What only a payload or a signed document shows; the order of the log is right.
    {"consent-otherwise", [](Log& log) { change(log, kConsents[0], "to", word("2026-11-22")); }},
    {"urgent-otherwise", [](Log& log) { change(log, kMessages[1], "priority", word("unheard")); }},
    {"acked-another-delivery", [](Log& log) { change(log, kAck, "delivery", word(uuid(9))); }},
    {"acked-another-index", [](Log& log) { change(log, kAck, "index", std::int64_t{18}); }},
    {"acked-another-outcome", [](Log& log) { change(log, kAck, "outcome", word("taken")); }},
    {"acked-another-code", [](Log& log) { log.at(kAck).record.code = contract::Code::not_found; }},
    {"acks-another-kind", [](Log&) {}},
    {"acks-blanks", [](Log&) {}},
    {"acks-another-log", [](Log&) {}},
    // The second of both releases, which is here, is of another delivery than the one that was cut off; or it
    // is no release.
    {"made-again-by-another", [](Log& log) { change(log, kCutOff + 1, "delivery", word(uuid(9))); }},
    {"no-release", [](Log& log) { log.at(kRelease).record.decision = log::Decision::deny; }},
    // Refused in a fact alone.
    {"hidden-by-a-fact",
     [](Log& log) { log.at(kMessages[2]).record.facts.add("decision", "deny").add("code", "not_found"); }},
    {"earlier", [](Log& log) { log.at(kFree).record.at = log.at(kFree - 2).record.at; }},
    {"escaped",
     [](Log& log) { log.at(kMessages[1]).statement = respelled(log, "\"type\"", "\"typ\\u0065\""); }},
    {"undecided", [](Log& log) { log.at(kRelease).record.decision = log::Decision::partial; }},
    {"blanks", [](Log& log) { log.at(kMessages[1]).statement = respelled(log, "\"from\":", "\"from\" : "); }},
    // Nobody's fault but the sender's: these are the honest hub's.
    {"refused-escaped",
     [](Log& log) { log.put(kFree, respelled(log, "\"id\"", "\"i\\u0064\""), unreadable()); }},
    {"refused-as-hub",
     [](Log& log) { log.put(kFree, respelled(log, "\"ssd-5000\"", "\"hub\""), unreadable()); }},
    {"refused-nameless",
     [](Log& log) {
         log::Record record = unreadable();
         record.message = contract::MessageId::parse(uuid(2)).value();
         record.org = statement::organisation("ssd-5000");
         const std::string other = R"({"":{"id":"another","from":"nii"},"v":1)";
         log.put(kFree, respelled(log, "{\"v\":1", other), std::move(record));
     }},
};

class Exchange {
public:
    Exchange(std::uint64_t size, std::string_view change) : acks_(acks_of(change, health_)), log_(size) {
        enrol(kEnrolled, sender_);
        enrol(kEnrolled + 1, health_);
        for (std::size_t i = 0; i < messages_.size(); ++i) {
            log::Record agreed = given(messages_.at(i).says);
            agreed.message = consents_.at(i).says.id;
            log_.put(kConsents.at(i), consents_.at(i).statement, std::move(agreed));
            log::Record record = samples::decided(log::RecordEvent::accepted, messages_.at(i).says);
            record.actor_type = log::ActorType::human;
            add_facts(record, messages_.at(i), i + 1);
            log_.put(kMessages.at(i), messages_.at(i).statement, std::move(record));
        }
        log::Record ordered = samples::decided(log::RecordEvent::case_);
        ordered.org = sender_.id;
        ordered.operation = log::Word::of("open");
        ordered.facts.add("document", statement::sha256(order_))
            .add("signed_by", sender_.signing.thumbprint());
        log_.put(kOrder, std::nullopt, std::move(ordered));
        log_.put(kRenewed, std::nullopt, ending("consent.superseded", "consents", 1));
        release(kRelease, messages_.at(1), 4);
        release(kCutOff, messages_.at(0), 5);
        release(kCutOff + 1, messages_.at(0), 5);
        log::Record acknowledged = samples::decided(log::RecordEvent::acknowledged);
        acknowledged.org = health_.id;
        acknowledged.statement = statement::sha256(messages_.at(1).statement);
        acknowledged.facts.add("delivery", uuid(4))
            .add("index", kRelease)
            .add("outcome", "held")
            .add("acks", statement::sha256(acks_));
        log_.put(kAck, std::nullopt, std::move(acknowledged));
        log_.put(kNotice, notice_.statement, samples::decided(log::RecordEvent::accepted, notice_.says));
        release(kNotice + 1, notice_, 6);
        log_.put(kEnded, std::nullopt, ending("consent.ended", "referrals", 2));
        kChanges.at(change)(log_);
        log_.close();
    }

    void write_evidence(const fs::path& folder) {
        fs::remove_all(folder);
        log_.write_copy(folder);
        write(folder / "keys/hub/a.pem", hub_.signing.pem());
        for (const statement::Party* body : {&sender_, &health_}) {
            const fs::path place = folder / "keys" / std::string(body->id.text());
            write(place / "a.root.pem", body->root().pem());
            write(place / "a.jws", body == &sender_ ? sender_keys_ : health_keys_);
        }
        for (std::size_t i = 0; i < messages_.size(); ++i) {
            write_sent(folder, kConsents.at(i), consents_.at(i));
            write_sent(folder, kMessages.at(i), messages_.at(i));
        }
        write_handed_out(folder, kRelease, messages_.at(1));
        write_handed_out(folder, kNotice + 1, notice_);
        write_handed_out(folder, kCutOff + 1, messages_.at(0));
        const fs::path acknowledged = folder / "acks" / name(kAck);
        write(acknowledged / "acks.jws", acks_);
        write(acknowledged / "signer.pem", health_.signing.pem());
        log_.write_proven(acknowledged, kAck);
        const fs::path ordered = folder / "orders" / name(kOrder);
        write(ordered / "order.jws", order_);
        write(ordered / "signer.pem", sender_.signing.pem());
        log_.write_proven(ordered, kOrder);
        json::Writer answer;
        answer.open_object()
            .number("index", kAnswered)
            .text("leaf", log_.leaf(kAnswered))
            .text("receipt", log_.receipt(kAnswered));
        const std::string text = answer.close().take();
        write(folder / "recipients/health/answers" / contract::base64url(statement::sha256(text).bytes),
              text);
        write(folder / "recipients/health/journal.sqlite", "what its adapter remembers");
    }

private:
    static std::string name(std::uint64_t index) {
        const std::string digits = std::to_string(index);
        return std::string(6 - digits.size(), '0') + digits;
    }
    void enrol(std::uint64_t index, const statement::Party& body) {
        log::Record record = samples::decided(log::RecordEvent::organisation);
        record.facts.add("organisation", body.id.text())
            .add("root", body.root().key().spki_sha256())
            .add("keys", statement::sha256(body.id == sender_.id ? sender_keys_ : health_keys_));
        log_.put(index, std::nullopt, std::move(record));
    }
    void release(std::uint64_t index, const Message& message, std::size_t delivery) {
        log::Record record = samples::decided(log::RecordEvent::released, message.says);
        record.statement = statement::sha256(message.statement);
        record.facts.add("delivery", uuid(delivery));
        log_.put(index, std::nullopt, std::move(record));
    }
    void write_sent(const fs::path& folder, std::uint64_t index, const Message& message) {
        const fs::path place = folder / name(index);
        write(place / "statement.jws", message.statement);
        write(place / "payload.avro", contract::text_of(message.payload));
        write(place / "signer.pem", sender_.signing.pem());
        log_.write_proven(place, index);
    }
    void write_handed_out(const fs::path& folder, std::uint64_t index, const Message& message) {
        const fs::path place = folder / "recipients/health/inbox" / name(index);
        write(place / "statement.jws", message.statement);
        write(place / "payload.avro", contract::text_of(message.payload));
        log_.write_proven(place, index);
        codec::Delivery delivery = codec::samples::of<codec::DeliveryBatch>().at(1).deliveries.at(0);
        delivery.statement = message.statement;
        delivery.payload = message.payload;
        delivery.leaf = log_.leaf(index);
        delivery.receipt = log_.receipt(index);
        write(place / "delivery.avro", contract::text_of(codec::encode(codec::DeliveryBatch{{delivery}})));
    }

    statement::Party sender_ = statement::party("ssd-5000");
    statement::Party health_ = statement::party("health");
    statement::Party hub_ = statement::party_of(contract::OrganisationId::hub());
    std::string sender_keys_ = key_list(sender_);
    std::string health_keys_ = key_list(health_);
    std::array<Message, 3> messages_{referral(1, sender_), referral(2, sender_), referral(3, sender_)};
    std::array<Message, 3> consents_{yes(messages_[0], sender_, 4), yes(messages_[1], sender_, 5),
                                     yes(messages_[2], sender_, 6)};
    Message notice_ = notice(hub_);
    std::string acks_;
    std::string order_ = statement::sign_case_order(
        {.organisation = sender_.id,
         .log = "hub.example/log",
         .at = statement::kNow,
         .id = contract::RequestId::parse(uuid(8)).value(),
         .officer = {contract::OfficerId::parse("W1").value(), contract::OfficerRole::social_worker}},
        sender_.signer());
    Log log_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 4) return 2;
    Exchange(argc > 2 ? std::stoull(argv[2]) : 300, argc > 3 ? argv[3] : "none").write_evidence(argv[1]);
    return 0;
}
