#include "adapters/kit/journal_state.h"

namespace kesher::kit {
namespace {

// Words of a closed list as one text, a blank between them: none of ours holds a blank.
template <class Enum, std::size_t N>
std::string joined(contract::WordSet<Enum> set, const contract::ClosedList<Enum, N>& list) {
    std::string text;
    for (const Enum word : set.words()) {
        if (!text.empty()) text += ' ';
        text += list.text(word);
    }
    return text;
}

template <class Enum, std::size_t N>
contract::WordSet<Enum> words_at(const Query& row, int column, const contract::ClosedList<Enum, N>& list) {
    contract::WordSet<Enum> set;
    const std::string text = row.text(column);
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        set.add(must_read(list.parse(rest.substr(0, end))));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return set;
}

std::optional<std::string> stored_day(const std::optional<contract::Day>& day) {
    return day ? std::optional(contract::text(*day)) : std::nullopt;
}
std::optional<contract::Day> day_at(const Query& row, int column) {
    if (row.absent(column)) return std::nullopt;
    return must_read(contract::parse_day(row.text(column)));
}

AliasRow alias_row(const Query& row) {
    AliasRow alias{word_at(row, 0, kAliasKinds), row.text(1), row.text(3)};
    const std::string recipient = row.text(2);
    if (!recipient.empty()) alias.recipient = must_read(contract::OrganisationId::parse(recipient));
    return alias;
}

}  // namespace

bool Journal::put_alias(const AliasRow& alias) {
    if (!is_native_number(alias.native)) return false;
    const std::string recipient = alias.recipient ? alias.recipient->text() : std::string();
    const auto kind = kAliasKinds.text(alias.kind);
    state_->file.run(
        "INSERT INTO alias (kind, native, recipient, uuid) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        kind, alias.native, recipient, alias.uuid);
    return alias_of(alias.kind, alias.uuid) == alias;
}

std::optional<AliasRow> Journal::alias_of(AliasKind kind, std::string_view uuid) const {
    Query query =
        state_->file.query("SELECT kind, native, recipient, uuid FROM alias WHERE kind = ?1 AND uuid = ?2",
                           kAliasKinds.text(kind), uuid);
    if (!query.next()) return std::nullopt;
    return alias_row(query);
}

std::vector<AliasRow> Journal::aliases(AliasKind kind, std::string_view native) const {
    Query query = state_->file.query(
        "SELECT kind, native, recipient, uuid FROM alias WHERE kind = ?1 AND native = ?2 ORDER BY recipient",
        kAliasKinds.text(kind), native);
    std::vector<AliasRow> rows;
    while (query.next()) rows.push_back(alias_row(query));
    return rows;
}

void Journal::put_referral(const ReferralRow& row) {
    std::optional<std::string> service, pseudonym;
    if (row.service) service = contract::kServices.text(*row.service);
    if (row.pseudonym) pseudonym = row.pseudonym->reveal();
    state_->file.run(
        "INSERT INTO referral (id, other, sent_by_us, service, state, version, pseudonym) VALUES "
        "(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET service = excluded.service, "
        "state = excluded.state, version = excluded.version, pseudonym = excluded.pseudonym "
        "WHERE other = excluded.other AND sent_by_us = excluded.sent_by_us",
        row.id.text(), row.other.text(), std::int64_t{row.sent_by_us}, service,
        contract::kReferralStates.text(row.state), row.version, pseudonym);
}

std::optional<ReferralRow> Journal::referral(const contract::ReferralId& id) const {
    Query query = state_->file.query(
        "SELECT id, other, sent_by_us, service, state, version, pseudonym FROM referral WHERE id = ?1",
        id.text());
    if (!query.next()) return std::nullopt;
    ReferralRow row{id_at<contract::ReferralId>(query, 0), id_at<contract::OrganisationId>(query, 1),
                    query.truth(2)};
    if (!query.absent(3)) row.service = word_at(query, 3, contract::kServices);
    row.state = word_at(query, 4, contract::kReferralStates);
    row.version = query.number(5);
    row.pseudonym = optional_id_at<contract::Pseudonym>(query, 6);
    return row;
}

void Journal::put_consent(const KnownConsent& consent) {
    // Over is over: apply_revocation() alone says that it is, and no later knowledge of the id unsays it.
    state_->file.run(
        "INSERT OR REPLACE INTO consent (id, discloser, recipient, purposes, groups, direction, valid_from, "
        "valid_to, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        consent.id.text(), consent.discloser.text(), consent.recipient.text(),
        joined(consent.purposes, contract::kPurposes), joined(consent.groups, contract::kDataGroups),
        contract::kDirections.text(consent.direction), stored_day(consent.valid_from),
        stored_day(consent.valid_to), std::int64_t{consent.active});
}

bool Journal::is_revoked(const contract::ConsentId& id) const {
    return state_->file.query("SELECT 1 FROM revoked WHERE consent = ?1", id.text()).next();
}

std::optional<KnownConsent> Journal::consent(const contract::ConsentId& id) const {
    Query query = state_->file.query(
        "SELECT id, discloser, recipient, purposes, groups, direction, valid_from, valid_to, active "
        "FROM consent WHERE id = ?1",
        id.text());
    if (!query.next()) return std::nullopt;
    KnownConsent consent{id_at<contract::ConsentId>(query, 0), id_at<contract::OrganisationId>(query, 1),
                         id_at<contract::OrganisationId>(query, 2)};
    consent.purposes = words_at(query, 3, contract::kPurposes);
    consent.groups = words_at(query, 4, contract::kDataGroups);
    consent.direction = word_at(query, 5, contract::kDirections);
    consent.valid_from = day_at(query, 6);
    consent.valid_to = day_at(query, 7);
    consent.active = query.truth(8);
    consent.revoked = is_revoked(id);
    return consent;
}

void Journal::apply_revocation(const contract::ConsentId& id) {
    SqliteFile& file = state_->file;
    const std::string consent = id.text();
    Step step(*this);
    file.run("INSERT OR IGNORE INTO revoked (consent) VALUES (?1)", consent);
    // Not what was tried and may be accepted already: the hub is asked whether it was (runner.cpp).
    for (const OutgoingRow& row : untried_under(id)) {
        const auto& referral = row.written.referral;
        if (referral && is_to_end(*referral) && take_back(*referral)) continue;  // with what ends it
        if (!ends_disclosure(row.written)) mark_refused(row.written.id, contract::Code::consent_revoked, {});
    }
    // Not what the native system may have: `handing` is settled first.
    file.run(
        "INSERT OR REPLACE INTO ack (delivery, leaf_index, outcome, code, native, surplus, sent) "
        "SELECT delivery, leaf_index, 'refused', 'consent_revoked', NULL, NULL, 0 FROM incoming "
        "WHERE consent = ?1 AND state IN ('received', 'held') AND type = 'referral.submitted.v1'",
        consent);
    file.run(
        "UPDATE incoming SET state = 'refused', code = 'consent_revoked', payload = NULL WHERE consent = ?1 "
        "AND "
        "state IN ('received', 'held') AND type = 'referral.submitted.v1'",
        consent);
    step.commit();
}

void Journal::pin(const contract::OrganisationId& organisation, const contract::Digest& root) {
    state_->file.run("INSERT OR REPLACE INTO pin (organisation, root) VALUES (?1, ?2)", organisation.text(),
                     root.view());
}

void Journal::unpin(const contract::OrganisationId& organisation) {
    state_->file.run("DELETE FROM pin WHERE organisation = ?1", organisation.text());
}

void Journal::raise_serial(const contract::OrganisationId& organisation, std::int64_t serial) {
    state_->file.run(
        "INSERT INTO serial (organisation, serial) VALUES (?1, ?2) ON CONFLICT (organisation) DO UPDATE SET "
        "serial = max(serial, excluded.serial)",
        organisation.text(), serial);
}

void Journal::raise_profile(const contract::OrganisationId& organisation,
                            const statement::ProfilePlace& place) {
    state_->file.run(
        "INSERT INTO profile (organisation, keys, serial) VALUES (?1, ?2, ?3) ON CONFLICT (organisation) DO "
        "UPDATE SET keys = excluded.keys, serial = excluded.serial "
        "WHERE (excluded.keys, excluded.serial) > (profile.keys, profile.serial)",
        organisation.text(), place.keys, place.serial);
}

Pins Journal::pins() const {
    Query query = state_->file.query(
        "SELECT pin.organisation, root, coalesce(serial.serial, 1), coalesce(profile.keys, 0), "
        "coalesce(profile.serial, 0) FROM pin LEFT JOIN serial USING (organisation) "
        "LEFT JOIN profile USING (organisation)");
    Pins pins;
    while (query.next()) {
        pins.emplace(id_at<contract::OrganisationId>(query, 0),
                     Pin{digest_at(query, 1), query.number(2), {query.number(3), query.number(4)}});
    }
    return pins;
}

void Journal::keep_directory(std::string_view json) {
    state_->file.run(
        "INSERT INTO owner (key, value) VALUES ('directory', ?1) ON CONFLICT (key) DO UPDATE SET "
        "value = excluded.value WHERE value <> excluded.value",
        json);
}

std::optional<std::string> Journal::kept_directory() const {
    Query query = state_->file.query("SELECT value FROM owner WHERE key = 'directory'");
    if (!query.next()) return std::nullopt;
    return query.text(0);
}

std::optional<std::string> Journal::checkpoint() const {
    Query query = state_->file.query("SELECT note FROM checkpoint WHERE one = 1");
    if (!query.next()) return std::nullopt;
    return query.text(0);
}

bool Journal::replace_checkpoint(const std::optional<std::string>& expected, const std::string& note) {
    if (!expected) {
        return state_->file.run("INSERT INTO checkpoint (one, note) VALUES (1, ?1) ON CONFLICT DO NOTHING",
                                note) == 1;
    }
    return state_->file.run("UPDATE checkpoint SET note = ?2 WHERE one = 1 AND note = ?1", *expected, note) ==
           1;
}

void Journal::put_halt(std::string_view reason, std::string_view evidence) {
    Step step(*this);
    // The first finding stands: what is shown later is not what stopped us.
    state_->file.run("INSERT INTO owner (key, value) VALUES ('halt', ?1) ON CONFLICT DO NOTHING", reason);
    state_->file.run("INSERT INTO owner (key, value) VALUES ('halt evidence', ?1) ON CONFLICT DO NOTHING",
                     evidence);
    step.commit();
}

std::optional<std::string> Journal::halt_reason() const {
    Query query = state_->file.query("SELECT value FROM owner WHERE key = 'halt'");
    if (!query.next()) return std::nullopt;
    return query.text(0);
}

void Journal::clear_halt() { state_->file.run("DELETE FROM owner WHERE key IN ('halt', 'halt evidence')"); }

}  // namespace kesher::kit
