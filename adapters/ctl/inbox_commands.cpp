// inbox list, take: what waits for this organisation, judged before it is opened.
#include <algorithm>
#include <set>

#include "adapters/ctl/commands.h"
#include "adapters/ctl/opened_file.h"
#include "adapters/ctl/referral_notes.h"
#include "adapters/ctl/sending.h"
#include "adapters/kit/delivery_gate.h"
#include "adapters/kit/native_receipt.h"
#include "adapters/kit/organisation_setup.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/hash.h"

namespace kesher::ctl {
namespace {

namespace fs = std::filesystem;
using contract::Code;
using contract::Failure;
using contract::MessageType;

struct InboxWish {
    fs::path save;
    int wait = 0;
    int limit = static_cast<int>(contract::limits::kInboxBatchDeliveries);
    bool once = false;
};

struct Batch {
    std::vector<kit::ProvenDelivery> proven;
    std::vector<statement::Ack> refused;  // what is not opened, and why
    std::vector<Report::Row> rows;        // metadata alone
};

const std::vector<std::string> kColumns{"type", "what",    "from",    "referral",
                                        "leaf", "outcome", "message", "consent"};

// An empty answer is not yet an empty inbox: whoever looked last keeps from the others what was shown, until
// the lease is over.
static_assert(contract::limits::kLease == std::chrono::minutes{1});
constexpr std::string_view kNothingNow =
    "Nothing is handed out now; what was looked at or taken elsewhere, and not acknowledged, comes again "
    "within a minute.";

Report::Row row_of(const kit::ProvenDelivery& proven, std::string outcome) {
    const statement::Statement& said = proven.statement();
    std::string what = said.service ? std::string(contract::kServices.text(*said.service)) : "-";
    return {std::string(contract::kMessageTypes.text(said.type)),
            std::move(what),
            said.from.text(),
            said.referral ? said.referral->text() : "-",
            std::to_string(contract::number(proven.index())),
            std::move(outcome),
            said.id.text(),
            said.consent ? said.consent->text() : "-"};
}

statement::Ack refusal_of(const contract::DeliveryId& delivery, contract::LeafIndex index, Code code) {
    return {delivery, index, contract::AckOutcome::refused, code};
}

Or<Batch> prove_all(Office& office, const kit::DeliveryGate& gate, const InboxWish& wish) {
    auto polled = office.hub().poll(std::chrono::seconds{wish.wait}, static_cast<std::size_t>(wish.limit));
    if (!polled) return Failure{refusal(polled.error())};
    Batch batch;
    for (codec::Delivery& delivery : *polled) {
        const contract::DeliveryId id = delivery.delivery;
        auto proven = gate.prove(std::move(delivery), office.hub().delivery_now());
        if (proven) {
            batch.proven.push_back(*std::move(proven));
            continue;
        }
        const kit::GateRefusal& why = proven.error();
        batch.rows.push_back({"-", "-", "-", "-",
                              why.index ? std::to_string(contract::number(*why.index)) : "-",
                              "refused " + std::string(text(why.code)), "-", "-"});
        if (why.index) batch.refused.push_back(refusal_of(id, *why.index, why.code));
    }
    batch.proven = kit::withdrawals_first(std::move(batch.proven));
    return batch;
}

// Takes one delivery after the other into `save`; what is written is what the acknowledgement signs for.
class Taking {
public:
    Taking(Office& office, const kit::DeliveryGate& gate, const fs::path& save)
        : office_(office), gate_(gate), save_(save) {}

    Or<statement::Ack> take(const kit::ProvenDelivery& proven) {
        const statement::Statement& said = proven.statement();
        if (kit::is_revocation(proven) && said.consent) {
            office_.journal().apply_revocation(*said.consent);
            revoked_.insert(*said.consent);
        }
        const codec::Delivery& delivery = proven.delivery();
        if (is_withdrawn(said)) return refusal_of(delivery.delivery, proven.index(), Code::consent_revoked);
        const auto opened = gate_.open(proven);
        if (!opened) return refusal_of(delivery.delivery, proven.index(), opened.error());
        const std::string content = write_opened(proven, *opened);
        const auto kept = keep(proven, content);
        if (!kept) return Failure{kept.error()};
        const auto salt = salt_in(save_ / said.id.text());
        if (!salt) return Failure{salt.error()};
        statement::Ack ack{delivery.delivery, proven.index(), contract::AckOutcome::taken};
        ack.native = kit::native_commitment(*salt, contract::bytes_of(content));
        if (!opened->surplus.empty()) ack.surplus = static_cast<std::int64_t>(opened->surplus.size());
        return ack;
    }

private:
    bool is_withdrawn(const statement::Statement& said) const {
        return said.type == MessageType::referral_submitted && said.consent &&
               revoked_.contains(*said.consent);
    }

    // Drawn once a message, beside its content: who has both shows what was acknowledged.
    static Or<statement::Salt> salt_in(const fs::path& folder) {
        const fs::path file = folder / "native-salt";
        if (!fs::exists(file)) {
            const auto saved = save_file(file, contract::hex(statement::draw_salt()) + "\n");
            if (!saved) return Failure{saved.error()};
        }
        const auto text = kit::read_small_file(file);
        const auto bytes = text ? contract::from_hex(std::string_view(*text).substr(0, 32)) : std::nullopt;
        statement::Salt salt{};
        if (!bytes || bytes->size() != salt.size()) {
            return Failure{
                refusal(kit::Unusable{file.string() + " does not hold the salt that was written there"})};
        }
        std::copy(bytes->begin(), bytes->end(), salt.begin());
        return salt;
    }

    // On disk before it is acknowledged. The same message again finds its own bytes there; the evidence of
    // the first release stays.
    Or<contract::Done> keep(const kit::ProvenDelivery& proven, const std::string& content) {
        const codec::Delivery& delivery = proven.delivery();
        const statement::Statement& said = proven.statement();
        const fs::path folder = save_ / said.id.text();
        if (!fs::exists(folder / "receipt.tlog-proof")) {
            const kit::Receipted receipted{proven.index(), delivery.leaf, delivery.receipt};
            const auto saved = save_evidence({delivery.statement, delivery.payload, receipted}, folder);
            if (!saved) return saved;
        }
        if (const auto saved = save_file(folder / "content.json", content); !saved) return saved;
        if (said.type != MessageType::referral_submitted) return contract::Done{};
        if (const auto known = kit::known_from(said)) office_.journal().put_consent(*known);
        const auto note = note_of(said, said.from, delivery.pseudonym);
        const auto noted =
            note ? keep_note(office_.directory(), *note) : kit::Usable<contract::Done>(contract::Done{});
        if (!noted) return Failure{refusal(noted.error())};
        return contract::Done{};
    }

    Office& office_;
    const kit::DeliveryGate& gate_;
    const fs::path& save_;
    std::set<contract::ConsentId> revoked_;
};

std::string outcome_of(const statement::Ack& ack) {
    std::string outcome(contract::kAckOutcomes.text(ack.outcome));
    if (ack.code) outcome += " " + std::string(text(*ack.code));
    if (ack.surplus) outcome += " (surplus " + std::to_string(*ack.surplus) + ")";
    return outcome;
}

// What the hub says to the acknowledgements: a leaf each, or a code.
Outcome acknowledge(Office& office, const std::vector<statement::Ack>& acks, Report report) {
    if (acks.empty()) return report;
    const std::string signed_acks = statement::sign_acks(
        {office.pins().log_origin(), acks}, office.keys().signer(), contract::day_of(office.hub().now()));
    const auto answers = office.hub().acknowledge(signed_acks, acks);
    if (!answers) return Failure{refusal(answers.error())};
    std::vector<Report::Row> rows;
    for (std::size_t i = 0; i < acks.size(); ++i) {
        const kit::HubClient::AckAnswer& answer = (*answers)[i];
        rows.push_back({acks[i].delivery.text(), outcome_of(acks[i]),
                        answer.receipt ? std::to_string(contract::number(answer.receipt->index)) : "-",
                        answer.code ? std::string(text(*answer.code)) : "logged"});
    }
    return report.table("acks", {"delivery", "outcome", "leaf", "answer"}, rows);
}

// What is taken here, an adapter never learns of: it would open what it holds after she withdrew.
std::optional<kit::Unusable> taken_by_adapter(const std::filesystem::path& directory) {
    const std::filesystem::path lock = directory / "adapter.lock";
    if (!std::filesystem::exists(lock)) return std::nullopt;
    return kit::Unusable{
        lock.string() +
        " says that a kesher-adapter takes this inbox, and it alone may: its journal has to "
        "hear of every withdrawal. Where it is gone for good, and nothing of hers is held in its "
        "journal, whoever runs this machine removes the file"};
}

Outcome look(Office& office, const InboxWish& wish, bool take) {
    if (take) {
        if (const auto adapters = taken_by_adapter(office.directory())) return Failure{refusal(*adapters)};
    }
    const auto members = office.members();
    if (!members) return Failure{members.error()};
    const statement::KeyRing hub = office.pins().ring();
    const kit::DeliveryGate gate({office.self(), office.pins().log, hub, *members, office.keys().opening()});
    auto batch = prove_all(office, gate, wish);
    if (!batch) return Failure{batch.error()};
    office.renew_keys();  // what came while it waited may be sealed to a key that was made meanwhile
    std::vector<statement::Ack> acks;
    Taking taking(office, gate, wish.save);
    for (const kit::ProvenDelivery& proven : batch->proven) {
        if (!take) {
            batch->rows.push_back(row_of(proven, "waits"));
            continue;
        }
        const auto ack = taking.take(proven);
        if (!ack) return Failure{ack.error()};
        batch->rows.push_back(row_of(proven, outcome_of(*ack)));
        acks.push_back(*ack);
    }
    Report report;
    report.table("deliveries", kColumns, batch->rows);
    if (batch->rows.empty()) report.heading(std::string(kNothingNow));
    if (!take) return report;
    acks.insert(acks.end(), batch->refused.begin(), batch->refused.end());
    return acknowledge(office, acks, std::move(report));
}

void add_polling(CLI::App& sub, InboxWish& wish) {
    sub.add_option("--wait", wish.wait, "Seconds to wait where nothing is there")
        ->check(CLI::Range(0, static_cast<int>(contract::limits::kInboxWaitMax.count())));
    sub.add_option("--limit", wish.limit, "Deliveries at most")
        ->check(CLI::Range(1, static_cast<int>(contract::limits::kInboxBatchDeliveries)));
}

}  // namespace

void add_inbox_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* group =
        app.add_subcommand("inbox", "What waits for this organisation; each release is a leaf of the log");
    group->require_subcommand(1);
    const auto wish = std::make_shared<InboxWish>();

    CLI::App* list = group->add_subcommand(
        "list",
        "Shows it without taking it: each look is a release, and holds it back from an adapter for a minute");
    add_polling(*list, *wish);
    list->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return look(office, *wish, false); });
        };
    });

    CLI::App* take =
        group->add_subcommand("take", "Writes it into a folder and acknowledges what was written");
    add_polling(*take, *wish);
    take->add_option("--save", wish->save,
                     "A folder for each message in it; content.json is hers alone to be read")
        ->required();
    take->add_flag("--once", wish->once, "One batch (there is no other way yet)");
    take->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return look(office, *wish, true); });
        };
    });
}

}  // namespace kesher::ctl
