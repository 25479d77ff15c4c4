#include "adapters/kit/journal.h"

#include "adapters/kit/journal_state.h"

namespace kesher::kit {
namespace {

// What was shipped is never edited. A later form is a further entry; there is no way back.
constexpr const char* kVersions[kJournalVersion] = {
    R"sql(
CREATE TABLE owner (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE outgoing (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, recipient TEXT NOT NULL,
    referral TEXT, consent TEXT, first_lane INTEGER NOT NULL, statement TEXT NOT NULL, submission BLOB NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_try INTEGER NOT NULL DEFAULT 0, code TEXT,
    leaf_index INTEGER, leaf TEXT, receipt TEXT) STRICT;
CREATE INDEX outgoing_by_state ON outgoing (state, first_lane DESC, seq);
CREATE INDEX outgoing_by_referral ON outgoing (referral, seq);
CREATE INDEX outgoing_by_consent ON outgoing (consent, seq);
CREATE TABLE incoming (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, delivery TEXT NOT NULL UNIQUE, sender TEXT NOT NULL,
    message TEXT NOT NULL, type TEXT NOT NULL, referral TEXT, consent TEXT, statement TEXT NOT NULL,
    statement_digest BLOB NOT NULL, payload BLOB, pseudonym TEXT NOT NULL, version INTEGER NOT NULL,
    attempt INTEGER NOT NULL, not_after INTEGER NOT NULL, leaf TEXT NOT NULL, receipt TEXT NOT NULL,
    leaf_index INTEGER NOT NULL, state TEXT NOT NULL, native BLOB, code TEXT, surplus INTEGER NOT NULL DEFAULT 0,
    UNIQUE (sender, message)) STRICT;
CREATE INDEX incoming_by_state ON incoming (state, seq);
CREATE INDEX incoming_by_consent ON incoming (consent);
CREATE TABLE ack (
    delivery TEXT PRIMARY KEY, leaf_index INTEGER NOT NULL, outcome TEXT NOT NULL, code TEXT, native BLOB,
    surplus INTEGER, sent INTEGER NOT NULL) STRICT;
CREATE TABLE alias (
    kind TEXT NOT NULL, native TEXT NOT NULL, recipient TEXT NOT NULL, uuid TEXT NOT NULL,
    PRIMARY KEY (kind, native, recipient), UNIQUE (kind, uuid)) STRICT;
CREATE TABLE referral (
    id TEXT PRIMARY KEY, other TEXT NOT NULL, sent_by_us INTEGER NOT NULL, service TEXT, state TEXT NOT NULL,
    version INTEGER NOT NULL, pseudonym TEXT) STRICT;
CREATE TABLE consent (
    id TEXT PRIMARY KEY, discloser TEXT NOT NULL, recipient TEXT NOT NULL, purposes TEXT NOT NULL,
    groups TEXT NOT NULL, direction TEXT NOT NULL, valid_from TEXT, valid_to TEXT,
    active INTEGER NOT NULL) STRICT;
CREATE TABLE revoked (consent TEXT PRIMARY KEY) STRICT;
CREATE TABLE pin (organisation TEXT PRIMARY KEY, root BLOB NOT NULL) STRICT;
CREATE TABLE serial (organisation TEXT PRIMARY KEY, serial INTEGER NOT NULL) STRICT;
CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), note TEXT NOT NULL) STRICT;
)sql",
    R"sql(
CREATE TABLE profile (
    organisation TEXT PRIMARY KEY, keys INTEGER NOT NULL, serial INTEGER NOT NULL) STRICT;
)sql"};

std::int64_t version_of(const SqliteFile& file) {
    Query asked = file.query("PRAGMA user_version");
    return asked.next() ? asked.number(0) : 0;
}

void move_forward(SqliteFile& file) {
    const std::int64_t version = version_of(file);
    if (version > kJournalVersion || version < 0) {
        throw JournalBroken("the journal was written by a newer program (version " + std::to_string(version) +
                            ", this one knows " + std::to_string(kJournalVersion) + ")");
    }
    for (std::int64_t next = version; next < kJournalVersion; ++next) {
        file.script("BEGIN IMMEDIATE");
        file.script(kVersions[next]);
        file.script(("PRAGMA user_version=" + std::to_string(next + 1)).c_str());
        file.script("COMMIT");
    }
}

void must_belong(SqliteFile& file, std::string_view key, std::string_view value) {
    file.run("INSERT INTO owner (key, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING", key, value);
    Query asked = file.query("SELECT value FROM owner WHERE key = ?1", key);
    if (!asked.next() || asked.text(0) != value) {
        throw JournalBroken("the journal belongs to another " + std::string(key) + " than " +
                            std::string(value));
    }
}

}  // namespace

Journal::Journal(const std::filesystem::path& file, const JournalOwner& owner)
    : state_(std::make_unique<State>(file)) {
    move_forward(state_->file);
    must_belong(state_->file, "organisation", owner.organisation.text());
    must_belong(state_->file, "log", owner.log_origin);
    // Killed between sending and the answer: the very same bytes go out again, and the hub gives its
    // first answer again. `handing` stays: whether the native system has it, only that system knows.
    state_->file.run(
        "UPDATE outgoing SET state = 'waiting', attempts = attempts + 1, next_try = 0 WHERE state = 'sent'");
}

Journal::~Journal() = default;
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;

Journal::Step::Step(Journal& journal) : journal_(journal) { journal_.state_->file.script("SAVEPOINT step"); }

Journal::Step::~Step() {
    // Nothing can be thrown here. If even this fails the connection is broken, and SQLite undoes the
    // transaction when the file is opened next.
    try {
        if (open_) journal_.state_->file.script("ROLLBACK TO step; RELEASE step");
    } catch (const JournalBroken&) {
        return;
    }
}

void Journal::Step::commit() {
    journal_.state_->file.script("RELEASE step");
    open_ = false;
}

}  // namespace kesher::kit
