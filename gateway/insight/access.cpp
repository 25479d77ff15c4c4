#include "gateway/insight/access.h"

#include <algorithm>

#include "audit/log/leaf.h"
#include "gateway/insight/known_by_name.h"
#include "gateway/insight/logged_read.h"
#include "gateway/keys/subject_tags.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/stored_words.h"
#include "schemas/contract/limits.h"
#include "schemas/json/writer.h"

namespace kesher::insight {
namespace {

using namespace contract;

struct Row {
    LeafIndex index;
    log::Record record;
};

struct Page {
    std::vector<Row> rows;            // newest first
    std::optional<LeafIndex> next{};  // `before` of the following page
};

// What the caller may see of the log, narrowed by what it asks for.
class Filter {
public:
    Filter(const Reader& reader, const AccessQuestion& question, std::optional<KnownByName> known)
        : officer_(question.officer), known_(std::move(known)), auditor_(reader.auditor) {
        if (!auditor_) org_ = reader.organisation;
        // With a subject, `org` says whose pseudonym it is; rows of all bodies are about her.
        if (auditor_ && !known_) org_ = question.org;
    }
    [[nodiscard]] bool takes(const log::Record& record) const {
        if (org_ && record.org != org_) return false;
        if (officer_ && record.actor != officer_) return false;
        if (!known_) return true;
        // All rows of a case bear its one tag, so the tag alone would join two names of one body.
        if (record.subject != keys::subject_tag(known_->subject_key, record.nonce)) return false;
        return auditor_ || stands_for(*known_, record);
    }

private:
    std::optional<OrganisationId> org_;
    std::optional<OfficerId> officer_;
    std::optional<KnownByName> known_;
    bool auditor_;
};

log::Record record_in(const store::LogEntry& entry) {
    const auto leaf = log::split_leaf(text_of(entry.data));
    const auto record =
        leaf ? log::parse_record(leaf->record) : log::Result<log::Record>(log::fail(leaf.error()));
    if (!record) store::refuse_stored("log_entry.data");
    return *record;
}

Page scan(store::Connection& connection, const Filter& filter, const std::optional<LeafIndex>& before) {
    const std::uint64_t size = number(store::stored_size(connection));
    const std::uint64_t end = before ? std::min(number(*before), size) : size;
    const std::uint64_t from = end > limits::kAccessLeaves ? end - limits::kAccessLeaves : 0;
    auto entries = store::log_entries(connection, LeafIndex{from}, static_cast<std::size_t>(end - from));
    Page page;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        if (number(entry->index) >= end) continue;  // indexes before it were pruned
        log::Record record = record_in(*entry);
        if (!filter.takes(record)) continue;
        if (page.rows.size() == limits::kAccessRows) {
            page.next = LeafIndex{number(entry->index) + 1};
            return page;
        }
        page.rows.push_back({entry->index, std::move(record)});
    }
    if (from > 0) page.next = LeafIndex{from};
    return page;
}

template <class T>
void write_id(json::Writer& json, std::string_view key, const std::optional<T>& id) {
    if (id) json.text(key, id->text());
}

void write_row(json::Writer& json, const Row& row) {
    const log::Record& record = row.record;
    json.open_object()
        .number("index", static_cast<std::int64_t>(number(row.index)))
        .text("at", text(record.at))
        .text("event", log::kRecordEvents.text(record.event));
    write_id(json, "operation", record.operation);
    write_id(json, "org", record.org);
    json.text("actor_type", log::kActorTypes.text(record.actor_type));
    write_id(json, "actor", record.actor);
    if (record.role) json.text("role", kOfficerRoles.text(*record.role));
    if (record.purpose) json.text("purpose", kPurposes.text(*record.purpose));
    if (record.basis) json.text("basis", kLegalBases.text(*record.basis));
    write_id(json, "consent", record.consent);
    if (record.decision) json.text("decision", log::kDecisions.text(*record.decision));
    if (record.code) json.text("code", text(*record.code));
    write_id(json, "message", record.message);
    write_id(json, "referral", record.referral);
    write_id(json, "recipient", record.recipient);
    if (record.scope && record.scope->groups) {
        json.open_array("groups");
        for (const DataGroup group : *record.scope->groups) json.text(kDataGroups.text(group));
        json.close();
    }
    json.close();
}

log::Scope scope_of(const AccessQuestion& question, std::size_t rows) {
    log::Facts search;
    if (question.officer) search.add("officer", question.officer->text());
    if (question.org) search.add("org", question.org->text());
    if (question.before) search.add("before", number(*question.before));
    log::Scope scope;
    scope.rows = static_cast<std::uint32_t>(rows);
    if (!search.empty()) scope.search = std::move(search);
    return scope;
}

}  // namespace

Read access(const Rooms& rooms, const Reader& reader, const AccessQuestion& question) {
    const auto refuse = [&] { return hidden(rooms, reader, "access", scope_of(question, 0)); };
    if (!reader.auditor && question.org && *question.org != reader.organisation) return refuse();
    std::optional<KnownByName> known;
    if (question.subject) {
        if (reader.auditor && !question.org) return refuse();  // an auditor has no names of its own
        known = known_by_name(rooms, question.org.value_or(reader.organisation), *question.subject);
        if (!known) return refuse();
    }
    const Filter filter(reader, question, known);
    const Page page = rooms.readers.look(
        [&](store::Connection& connection) { return scan(connection, filter, question.before); });
    json::Writer json;
    json.open_object().open_array("rows");
    for (const Row& row : page.rows) write_row(json, row);
    json.close();
    if (page.next) json.number("next", static_cast<std::int64_t>(number(*page.next)));
    json.close();
    std::vector<Seen> seen;
    if (known)
        seen.push_back({reader.auditor ? std::nullopt : known->handed, std::nullopt, known->subject_key});
    return shown(rooms, reader, "access", std::move(seen), json.take(), scope_of(question, page.rows.size()));
}

}  // namespace kesher::insight
