#include "gateway/insight/reading.h"

#include <algorithm>
#include <type_traits>

#include "audit/log/leaf.h"
#include "gateway/insight/as_told.h"
#include "gateway/insight/logged_read.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/case_slots.h"
#include "gateway/store/deliveries.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/stored_words.h"
#include "schemas/json/writer.h"

namespace kesher::insight {
namespace {

using namespace contract;

void write_index(json::Writer& json, std::string_view key, const std::optional<LeafIndex>& index) {
    if (index) json.number(key, static_cast<std::int64_t>(number(*index)));
}

void write_deliveries(json::Writer& json, const std::vector<store::DeliveryRow>& deliveries,
                      const Reader& reader) {
    json.open_array("deliveries");
    for (const store::DeliveryRow& delivery : deliveries) {
        // What the other side sent is shown only as far as it was handed to this caller.
        const bool own = delivery.message.sender == reader.organisation;
        const bool handed = delivery.recipient == reader.organisation && delivery.attempt > 0;
        if (!own && !handed) continue;
        json.open_object()
            .text("message", delivery.message.id.text())
            .text("type", kMessageTypes.text(delivery.type))
            .text("recipient", delivery.recipient.text())
            .text("state", store::kDeliveryStates.text(delivery.state))
            .number("attempts", delivery.attempt);
        write_index(json, "release", delivery.release);
        write_index(json, "acknowledgement", delivery.ack);
        json.close();
    }
    json.close();
}

struct ReferralView {
    store::ReferralRow row;
    std::vector<store::DeliveryRow> deliveries;
    referral::Referral seen;  // what of it the reader may see
    // Which consent decides today: that under which it was submitted, or what renewed it.
    std::optional<consent::Consent> decider{};
};

// A renewal carries on what stood under the one that it replaced.
bool consent_has_ended(const ReferralView& view, Instant at) {
    if (!view.row.referral.terms.consent || !view.decider) return false;
    return view.decider->state != ConsentState::active || at >= consent::ends_at(*view.decider);
}

std::vector<consent::Consent> her_word(store::Connection& connection, const Rooms& rooms,
                                       const store::ReferralRow& row) {
    const std::vector<Digest> keys = keys_of_her_word(rooms, row);
    store::Pipeline pipeline(connection);
    const auto under = store::find_consents_by_key(pipeline, keys);
    const store::Outcome outcome = pipeline.run();
    const auto* replies = std::get_if<store::Replies>(&outcome);
    if (replies == nullptr) throw store::DatabaseLost("a reading was not answered");
    std::vector<consent::Consent> consents;
    for (auto& each : store::read_consents_by_key((*replies)[under])) {
        consents.push_back(std::move(each.row.consent));
    }
    return consents;
}

void add_consents(ReferralView& view, std::span<const consent::Consent> consents) {
    const referral::Referral& referral = view.row.referral;
    const consent::Consent* decider =
        consent::deciding_consent(consents, referral.referrer, referral.recipient, referral.terms.purpose);
    if (decider != nullptr) view.decider = *decider;
}

std::optional<ReferralView> load_referral(store::Connection& connection, const Rooms& rooms,
                                          const OrganisationId& reader, const ReferralId& id) {
    store::Pipeline pipeline(connection);
    const auto rows = store::find_referrals(pipeline, std::span(&id, 1));
    const auto deliveries = store::find_deliveries_of_referrals(pipeline, std::span(&id, 1));
    const store::Outcome outcome = pipeline.run();
    const auto* replies = std::get_if<store::Replies>(&outcome);
    if (replies == nullptr) throw store::DatabaseLost("a reading was not answered");
    auto found = store::read_referrals((*replies)[rows]);
    if (found.empty()) return std::nullopt;
    const auto consents = her_word(connection, rooms, found.front());
    auto sent = store::read_deliveries((*replies)[deliveries]);
    referral::Referral seen = as_told({found.front().referral, consents, sent}, reader,
                                      *rooms.sequencer.registry(), rooms.sequencer.now());
    ReferralView view{std::move(found.front()), std::move(sent), std::move(seen)};
    if (view.row.referral.terms.consent) add_consents(view, consents);
    return view;
}

std::string referral_json(const ReferralView& view, const Reader& reader, Instant at) {
    const referral::Referral& referral = view.seen;
    json::Writer json;
    json.open_object()
        .text("referral", referral.id.text())
        .text("service", kServices.text(referral.terms.service))
        .text("referrer", referral.referrer.text())
        .text("recipient", referral.recipient.text())
        .text("state", kReferralStates.text(referral::shown_state(referral)))
        .number("version", referral.version)
        .text("since", text(day_of(referral.since)));
    if (referral.updates_stopped) json.text("updates", "stopped");
    if (referral.awaiting_reseal) json.boolean("awaiting_reseal", true);
    if (reader.organisation == referral.referrer) write_index(json, "submitted", view.row.submitted);
    json.open_array("events_allowed");
    for (const ReferralEvent event :
         referral::events_allowed(referral, reader.organisation, consent_has_ended(view, at)).words()) {
        json.text(kReferralEvents.text(event));
    }
    json.close();
    write_deliveries(json, view.deliveries, reader);
    json.close();
    return json.take();
}

struct CaseView {
    store::PseudonymRow row;
    keys::CaseSecrets secrets;
    store::CaseRow file;
    std::vector<ReferralView> referrals;
    // Asked for by the body that opened the case, under the name that it opened it by: under another name it
    // is a recipient like any, and is not to see that both are one woman.
    bool by_opener = false;
    std::optional<ReferralId> handed{};  // what a name that is not the opener's stands for
};

// `consent_until` is the last day of her word for this body and purpose, while it holds: whoever plans by it
// must not read a day of a consent that she took back.
void write_case(json::Writer& json, const CaseView& shown, Instant at) {
    json.open_object().text("pseudonym", shown.secrets.pseudonym.reveal());
    if (shown.by_opener) {
        json.boolean("anonymous", shown.file.anonymous).text("opened", text(day_of(shown.file.opened_at)));
    }
    json.open_array("referrals");
    for (const ReferralView& view : shown.referrals) {
        const referral::Referral& referral = view.seen;
        json.open_object()
            .text("referral", referral.id.text())
            .text("service", kServices.text(referral.terms.service))
            .text("recipient", referral.recipient.text())
            .text("state", kReferralStates.text(referral::shown_state(referral)))
            .text("since", text(day_of(referral.since)))
            .text("waiting_for", waiting_for(referral::shown_state(referral)));
        if (view.decider && !consent_has_ended(view, at)) {
            json.text("consent_until", text(view.decider->valid_to));
        }
        json.close();
    }
    json.close().close();
}

Seen seen_of(const CaseView& view) { return {view.handed, std::nullopt, view.secrets.subject_key}; }

// The opener sees its referrals of the case; a recipient has a name for one referral and sees that one.
std::optional<CaseView> load_case(store::Connection& connection, const Rooms& rooms,
                                  const store::PseudonymRow& row) {
    const auto secrets = rooms.sealed_store.open_case(row.organisation, row.lookup, row.sealed);
    if (!secrets) return std::nullopt;
    const Digest key = rooms.row_keys.case_key(secrets->case_id);
    auto files = store::cases(connection, std::span(&key, 1));
    if (files.empty()) return std::nullopt;
    CaseView view{row, *secrets, std::move(files.front()), {}};
    view.by_opener = view.file.opened_by == row.organisation &&
                     sequencer::case_of(rooms.sealed_store, view.file).pseudonym == secrets->pseudonym;
    for (const store::ReferralRow& referral :
         sequencer::referrals_of_case(connection, rooms.row_keys, secrets->case_id)) {
        const bool as_referrer =
            referral.referral.referrer == row.organisation &&
            sequencer::referrer_of(rooms.sealed_store, referral).pseudonym == secrets->pseudonym;
        const auto recipient = sequencer::recipient_of(rooms.sealed_store, referral);
        const bool as_recipient = referral.referral.recipient == row.organisation && recipient &&
                                  recipient->pseudonym == secrets->pseudonym;
        if (!as_referrer && !as_recipient) continue;
        if (as_recipient) view.handed = referral.referral.id;
        if (auto loaded = load_referral(connection, rooms, row.organisation, referral.referral.id)) {
            view.referrals.push_back(*std::move(loaded));
        }
    }
    return view;
}

}  // namespace

std::string_view waiting_for(ReferralState state) {
    switch (state) {
        case ReferralState::draft:
        case ReferralState::awaiting_consent:
            return "referrer";
        case ReferralState::requested:
        case ReferralState::delivered:
        case ReferralState::accepted:
        case ReferralState::waitlisted:
        case ReferralState::scheduled:
        case ReferralState::in_progress:
        case ReferralState::on_hold:
            return "recipient";
        default:
            return "nobody";
    }
}

namespace {

// What `find` finds for this reader, or why it is shown nothing. A sender whose message got no answer asks,
// and acts on a not_found: what the hub does not have is never sent. What stood in the queue in front of this
// read is decided and stored once the read has its leaf, however long that took, but was not when it was
// looked for: so it is looked for once more.
template <class Find>
auto found_or_hidden(const Rooms& rooms, const Reader& reader, std::string_view operation, const Find& find)
    -> Result<typename std::invoke_result_t<Find, store::Connection&>::value_type, Code> {
    if (auto found = rooms.readers.look(find)) return *std::move(found);
    const Read nothing = hidden(rooms, reader, operation);
    if (nothing.error() == Code::not_found) {
        if (auto found = rooms.readers.look(find)) return *std::move(found);
    }
    return Failure{nothing.error()};
}

bool is_shown(const ReferralView& view, const Reader& reader) {
    const referral::Referral& referral = view.row.referral;
    return referral.referrer == reader.organisation ||
           (referral.recipient == reader.organisation && referral.released);
}

}  // namespace

Read referral(const Rooms& rooms, const Reader& reader, const ReferralId& id) {
    const auto view = found_or_hidden(rooms, reader, "referral", [&](store::Connection& connection) {
        auto found = load_referral(connection, rooms, reader.organisation, id);
        return found && is_shown(*found, reader) ? std::move(found) : std::nullopt;
    });
    if (!view) return Failure{view.error()};
    const keys::CaseSecrets secrets = sequencer::referrer_of(rooms.sealed_store, view->row);
    return shown(rooms, reader, "referral", {Seen{id, std::nullopt, secrets.subject_key}},
                 referral_json(*view, reader, rooms.sequencer.now()));
}

namespace {

// What a message is about, by the leaf that accepted it. A refused one is about nobody: what it named was not
// its sender's, or was never looked at.
struct About {
    std::optional<ReferralId> referral;
    std::optional<ConsentId> consent;
};

About about(store::Connection& connection, LeafIndex accepted) {
    const auto entry = store::log_entry(connection, accepted);
    const auto leaf = entry ? log::split_leaf(text_of(entry->data)) : log::split_leaf("");
    const auto record =
        leaf ? log::parse_record(leaf->record) : log::Result<log::Record>(log::fail(leaf.error()));
    if (!record) store::refuse_stored("log_entry.data");
    return {record->referral, record->consent};
}

std::optional<store::ReferralRow> referral_row(store::Connection& connection, const ReferralId& id) {
    store::Pipeline pipeline(connection);
    const auto rows = store::find_referrals(pipeline, std::span(&id, 1));
    const store::Outcome outcome = pipeline.run();
    const auto* replies = std::get_if<store::Replies>(&outcome);
    if (replies == nullptr) throw store::DatabaseLost("a reading was not answered");
    auto found = store::read_referrals((*replies)[rows]);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

// Whose case it is; none for a question without identity, a report, and what was refused.
std::optional<keys::SubjectKey> subject_of(store::Connection& connection, const Rooms& rooms,
                                           const About& about) {
    if (about.referral) {
        if (const auto row = referral_row(connection, *about.referral))
            return sequencer::referrer_of(rooms.sealed_store, *row).subject_key;
    }
    if (!about.consent) return std::nullopt;
    const auto rows = store::consents(connection, std::span(&*about.consent, 1));
    if (rows.empty()) return std::nullopt;
    return sequencer::case_of(rooms.sealed_store, rows.front()).subject_key;
}

struct FoundMessage {
    std::optional<store::MessageRow> own;
    std::vector<store::DeliveryRow> deliveries;
    About about{};
    std::optional<keys::SubjectKey> subject{};
};

FoundMessage find_message(store::Connection& connection, const Rooms& rooms, const Reader& reader,
                          const MessageId& id) {
    FoundMessage found{store::message(connection, {reader.organisation, id}),
                       store::deliveries_of_message(connection, id, reader.organisation)};
    if (found.own && !found.own->code) {
        found.about = about(connection, found.own->index);
    } else if (!found.deliveries.empty()) {
        const store::DeliveryRow& delivery = found.deliveries.front();
        found.about = {delivery.referral, delivery.consent};
    }
    found.subject = subject_of(connection, rooms, found.about);
    return found;
}

bool is_shown(const FoundMessage& found, const Reader& reader) {
    return found.own ||
           std::any_of(found.deliveries.begin(), found.deliveries.end(),
                       [&](const store::DeliveryRow& delivery) {
                           return delivery.recipient == reader.organisation && delivery.attempt > 0;
                       });
}

}  // namespace

Read message(const Rooms& rooms, const Reader& reader, const MessageId& id) {
    const auto found = found_or_hidden(rooms, reader, "message",
                                       [&](store::Connection& connection) -> std::optional<FoundMessage> {
                                           FoundMessage message = find_message(connection, rooms, reader, id);
                                           if (!is_shown(message, reader)) return std::nullopt;
                                           return message;
                                       });
    if (!found) return Failure{found.error()};
    json::Writer json;
    json.open_object().text("message", id.text());
    if (found->own) {
        json.text("decision", found->own->code ? "refused" : "accepted");
        if (found->own->code) json.text("code", text(*found->own->code));
        write_index(json, "index", found->own->index);
    }
    write_deliveries(json, found->deliveries, reader);
    json.close();
    return shown(rooms, reader, "message", {Seen{found->about.referral, id, found->subject}}, json.take());
}

namespace {

// Where a page ended, sealed: a look-up key of the database outside the hub would lead from a body's name of
// a case to its row. Bound to the body, so that it is nobody else's.
constexpr std::string_view kPageEnd = "cases-page.v1";

std::string cursor_of(const Rooms& rooms, const OrganisationId& body, const Digest& last) {
    return base64url(rooms.sealed_store.seal(kPageEnd, bytes_of(body.text()), last.view()));
}

std::optional<Digest> end_of_page(const Rooms& rooms, const OrganisationId& body, std::string_view cursor) {
    const auto sealed = from_base64url(cursor);
    const auto opened =
        sealed ? rooms.sealed_store.open(kPageEnd, bytes_of(body.text()), *sealed) : std::nullopt;
    Digest last;
    if (!opened || opened->size() != last.bytes.size()) return std::nullopt;
    std::copy(opened->begin(), opened->end(), last.bytes.begin());
    return last;
}

struct CasesFound {
    std::vector<CaseView> views;
    std::optional<Digest> last;  // where another page follows
};

CasesFound find_cases(store::Connection& connection, const Rooms& rooms, const OrganisationId& body,
                      const std::optional<Digest>& after, std::size_t limit) {
    CasesFound found;
    auto rows = store::pseudonyms_of(connection, body, after, limit + 1);
    if (rows.size() > limit) {
        rows.pop_back();
        found.last = rows.back().lookup;
    }
    for (const store::PseudonymRow& row : rows) {
        if (auto view = load_case(connection, rooms, row)) found.views.push_back(*std::move(view));
    }
    return found;
}

}  // namespace

Read cases(const Rooms& rooms, const Reader& reader, const CasesPage& page) {
    std::optional<Digest> after;
    if (page.after) {
        after = end_of_page(rooms, reader.organisation, *page.after);
        if (!after) return Failure{Code::statement_invalid};
    }
    const CasesFound found = rooms.readers.look([&](store::Connection& connection) {
        return find_cases(connection, rooms, reader.organisation, after, page.limit);
    });
    json::Writer json;
    json.open_object().open_array("cases");
    std::vector<Seen> seen;
    for (const CaseView& view : found.views) {
        seen.push_back(seen_of(view));
        write_case(json, view, rooms.sequencer.now());
    }
    json.close();
    if (found.last) json.text("next", cursor_of(rooms, reader.organisation, *found.last));
    json.close();
    return shown(rooms, reader, "cases", std::move(seen), json.take());
}

Read one_case(const Rooms& rooms, const Reader& reader, const Pseudonym& pseudonym) {
    const Digest lookup = rooms.row_keys.lookup(reader.organisation, pseudonym);
    const auto view = rooms.readers.look([&](store::Connection& connection) -> std::optional<CaseView> {
        const auto row = store::pseudonym(connection, reader.organisation, lookup);
        return row ? load_case(connection, rooms, *row) : std::nullopt;
    });
    if (!view) return hidden(rooms, reader, "case");
    json::Writer json;
    write_case(json, *view, rooms.sequencer.now());
    return shown(rooms, reader, "case", {seen_of(*view)}, json.take());
}

}  // namespace kesher::insight
