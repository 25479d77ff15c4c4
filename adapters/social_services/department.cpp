// What the exchange delivered, as files of the department.
#include "adapters/social_services/department.h"

#include <utility>

namespace kesher::social_services {
namespace {

using contract::Code;
using contract::MessageType;

constexpr std::string_view kData = ".DAT";
constexpr std::string_view kReply = ".MSV";

std::string key_of(const contract::OrganisationId& from, const contract::MessageId& id) {
    return from.text() + '/' + id.text();
}

}  // namespace

Department::Department(const DepartmentSettings& settings, DepartmentMeans means)
    : settings_(settings),
      means_(std::move(means)),
      folder_(settings.folder, settings.settle),
      ledger_(settings.ledger) {
    // Told before the organisation's programs shared what they told.
    for (const auto& [mark, body] : ledger_.named()) {
        if (!means_.names.is_anothers(mark, body)) (void)means_.names.tell(mark, body);
    }
}

kit::NativeAnswer Department::deliver(const Delivered& delivered) {
    const std::string key = key_of(delivered.said.from, delivered.said.id);
    if (!folder_.prepare()) return kit::Held{};
    if (ledger_.written(key)) {
        const auto taken = finish(key);
        if (!taken) return kit::Held{};
        return *taken;
    }
    if (waits_untold(key)) return kit::Held{};  // and is done but for the file
    switch (delivered.said.type) {
        case MessageType::referral_submitted:
            return take_referral(key, delivered);
        case MessageType::referral_event:
            return take_event(key, delivered);
        case MessageType::consent_revoked:
            return take_revocation(key, delivered);
        default:
            return kit::Declined{Code::schema_unknown};  // the format has no record for it
    }
}

kit::TakenBefore Department::already_taken(const contract::OrganisationId& from,
                                           const contract::MessageId& id) {
    if (!folder_.prepare()) return kit::Held{};
    const auto written = ledger_.written(key_of(from, id));
    if (!written || folder_.is_written(written->name)) return kit::NotTaken{};
    return kit::Taken{written->receipt};
}

kit::NativeAnswer Department::take_referral(const std::string& key, const Delivered& delivered) {
    const auto* payload = std::get_if<codec::ReferralSubmitted>(&delivered.payload);
    if (payload == nullptr || !delivered.sealed || !delivered.said.purpose) {
        return kit::Declined{Code::payload_invalid};
    }
    if (!delivered.said.referral) return kit::Declined{Code::statement_invalid};
    const contract::ReferralId id = *delivered.said.referral;
    const auto number = number_for(id, delivered.said.from);
    if (!number) return kit::Declined{Code::id_reused};
    const auto record = record_of(delivered.said, *payload, *delivered.sealed, delivered.pseudonym, *number);
    if (!record) return kit::Declined{record.error()};
    const contract::Day day = naming_day(delivered);
    const auto name = name_for(record->number, day);
    if (!name) {
        say_used_up(FileUse::referral, day);
        return kit::Held{};  // tomorrow has others
    }
    const auto file = encode_department_file({header_of(*name), {*record}}, settings_.encoding);
    if (!file) return kit::Declined{Code::payload_invalid};

    // Of yesterday's attempt nothing of her stays.
    const std::string* begun = ledger_.file_of(record->number);
    if (begun != nullptr && *begun != *name && !ledger_.is_written(*begun) &&
        !folder_.discard_unfinished(*begun)) {
        return kit::Held{};
    }
    if (!means_.journal.put_alias({kit::AliasKind::referral, record->number, id.text(), std::nullopt})) {
        return kit::Declined{Code::id_reused};
    }
    ledger_.carry(
        record->number, *name,
        {id, delivered.said.from, *delivered.said.purpose, *delivered.said.basis, delivered.said.consent});
    ledger_.stand(id, {contract::ReferralState::delivered});
    const auto taken = put_out({key}, *name, *file);
    if (!taken) return kit::Held{};
    return *taken;
}

// A number once given stands, however it was made then. A hub and a body that act together can bring any id
// a second time: nothing of what is known of it may change by that.
std::optional<std::string> Department::number_for(const contract::ReferralId& id,
                                                  const contract::OrganisationId& from) const {
    const auto given = means_.journal.alias_of(kit::AliasKind::referral, id.text());
    const std::string number = given ? given->native : native_number(id, means_.aliases);
    const bool ours = ledger_.sent(id) != nullptr || means_.aliases.referral(number) == id;
    const bool anothers_number = !given && !means_.journal.aliases(kit::AliasKind::referral, number).empty();
    const Carried* carried = ledger_.carried(number);
    const bool anothers = carried != nullptr && (carried->id != id || carried->from != from);
    if (ours || anothers_number || anothers) return std::nullopt;
    return number;
}

std::optional<contract::OrganisationId> Department::other_side_of(const kit::AliasRow& alias,
                                                                  const contract::ReferralId& id) const {
    if (const Carried* carried = ledger_.carried(alias.native)) return carried->from;
    if (const Sent* sent = ledger_.sent(id)) return sent->to;
    const auto row = means_.journal.referral(id);  // of a ledger from before it kept what was sent
    return row ? std::optional(row->other) : std::nullopt;
}

Standing Department::standing_of(const contract::ReferralId& referral) const {
    if (const auto standing = ledger_.standing(referral)) return *standing;
    return {};
}

kit::NativeAnswer Department::take_event(const std::string& key, const Delivered& delivered) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&delivered.payload);
    if (event == nullptr || !delivered.said.referral) return kit::Declined{Code::payload_invalid};
    const contract::ReferralId id = *delivered.said.referral;
    const auto alias = means_.journal.alias_of(kit::AliasKind::referral, id.text());
    if (!alias) return kit::Declined{Code::not_found};  // no file of this department is about it
    const contract::OrganisationId& from = delivered.said.from;
    // Who is no party to it has no word in it, whatever the hub let pass.
    if (from != contract::OrganisationId::hub() && from != other_side_of(*alias, id)) {
        return kit::Declined{Code::event_not_allowed};
    }
    const Standing standing = after(standing_of(id), event->event);
    const StepTold step{event->reason, event->outcome, event->occurred_on, {}};
    if (contract::is_terminal(standing.state) && !take_back(alias->native)) return kit::Held{};
    ledger_.stand(id, standing);  // the same event once more leads nowhere else, so it may come first
    Untold told{key, {status_of(alias->native, delivered.pseudonym, standing, step)}};
    if (from != contract::OrganisationId::hub() && !contract::is_terminal(standing.state)) {
        told.step_under = consent_of(delivered.said);
    }
    StepTold with_hour = step;
    if (delivered.sealed) with_hour.appointment = delivered.sealed->appointment;
    const Status full = status_of(alias->native, delivered.pseudonym, standing, with_hour);
    if (full != told.statuses.front()) {
        told.unsealed = std::exchange(told.statuses.front(), full);
        told.until = delivered.until;
    }
    return tell(std::move(told), naming_day(delivered));
}

// Under which a step of another body reaches this department.
std::optional<contract::ConsentId> Department::consent_of(const statement::Statement& said) const {
    if (said.consent) return said.consent;
    const Sent* sent = ledger_.sent(*said.referral);
    return sent == nullptr ? std::nullopt : sent->consent;
}

// What came under the consent is to be stopped: each referral of it, wherever it stood.
kit::NativeAnswer Department::take_revocation(const std::string& key, const Delivered& delivered) {
    if (!delivered.said.consent) return kit::Declined{Code::payload_invalid};
    const contract::ConsentId consent = *delivered.said.consent;
    std::erase_if(untold_, [&](const Untold& each) { return each.step_under == consent; });
    std::vector<Status> statuses;
    for (const std::string& native : ledger_.carried_under(consent)) {
        if (!take_back(native)) return kit::Held{};
        const contract::ReferralId id = ledger_.carried(native)->id;
        if (!contract::is_terminal(standing_of(id).state)) {
            ledger_.stand(id, {contract::ReferralState::withdrawn});
        }
        const auto row = means_.journal.referral(id);
        statuses.push_back(status_of(native, row ? row->pseudonym : std::nullopt,
                                     {contract::ReferralState::withdrawn}, {{}, {}, delivered.on, {}}));
    }
    ledger_.revoke(consent, delivered.said.id);
    return tell({key, std::move(statuses)}, naming_day(delivered));
}

// A file at which this program itself fails stays where it is and keeps no other waiting: her withdrawal may
// lie behind it. A broken world is no file's fault, and ends the program.
void Department::look_at(const std::string& name, TakeFile take, contract::Instant now) {
    try {
        (this->*take)(name, now);
    } catch (const kit::JournalBroken&) {
        throw;
    } catch (const LedgerBroken&) {
        throw;
    } catch (const std::exception&) {
        means_.log.write(telemetry::Level::error, "file_failed_here");
    }
}

// Under another ending a file is not read (it may be one that is still written), and nobody would hear of it.
// How many, never which: such a name is somebody's free text.
void Department::say_passed_over() {
    std::erase_if(passed_over_, [&](const std::string& name) { return !folder_.in_inbox(name); });
    std::size_t fresh = 0;
    for (const std::string& name : folder_.arrived("")) {
        if (name.ends_with(kData) || name.ends_with(kReply)) continue;
        if (passed_over_.insert(name).second) ++fresh;
    }
    if (fresh == 0) return;
    means_.log.write(telemetry::Level::warning, "file_passed_over",
                     {{"files", fresh}, {"names_look_like", "IHUB_<symbol>_<yyyymmdd>_<seq>.DAT or .MSV"}});
}

void Department::work(contract::Instant now) {
    today_ = contract::day_of(now);
    forget_sealed(now);
    if (!folder_.prepare()) {
        means_.log.write(telemetry::Level::error, "folder_away");
        return;
    }
    const std::size_t deleted = folder_.purge(settings_.keep);
    if (deleted > 0) means_.log.write(telemetry::Level::info, "files_deleted", {{"files", deleted}});
    for (const std::string& name : folder_.arrived(kData)) look_at(name, &Department::take_data, now);
    for (const std::string& name : folder_.arrived(kReply)) look_at(name, &Department::take_reply, now);
    say_passed_over();
    look_at_waiting(now);
    tell_refused(now);
    // What a common file told of referrals that waited stands from now on, before anything can change.
    if (tell_together(now)) look_at_waiting(now);
}

}  // namespace kesher::social_services
