// What the exchange delivered, as files of the department.
#include "adapters/social_services/department.h"

namespace kesher::social_services {
namespace {

using contract::Code;
using contract::MessageType;

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
    const auto record = record_of(delivered.said, *payload, *delivered.sealed, delivered.pseudonym);
    if (!record) return kit::Declined{record.error()};
    const auto name = free_name(FileUse::referral, delivered.on);
    if (!name) {
        say_used_up(FileUse::referral, delivered.on);
        return kit::Held{};  // tomorrow has others
    }
    const auto file = encode_department_file({header_of(*name), {*record}}, settings_.encoding);
    if (!file) return kit::Declined{Code::payload_invalid};

    const contract::ReferralId id = *delivered.said.referral;
    means_.journal.put_alias({kit::AliasKind::referral, record->number, id.text(), std::nullopt});
    ledger_.carry(
        record->number, *name,
        {id, delivered.said.from, *delivered.said.purpose, *delivered.said.basis, delivered.said.consent});
    ledger_.stand(id, {contract::ReferralState::delivered});
    const auto taken = put_out({key}, *name, *file);
    if (!taken) return kit::Held{};
    return *taken;
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

    const Standing standing = after(standing_of(id), event->event);
    StepTold told{event->reason, event->outcome, event->occurred_on, {}};
    if (delivered.sealed) told.appointment = delivered.sealed->appointment;
    if (contract::is_terminal(standing.state) && !take_back(alias->native)) return kit::Held{};
    ledger_.stand(id, standing);  // the same event once more leads nowhere else, so it may come first
    return tell(key, {status_of(alias->native, delivered.pseudonym, standing, told)}, delivered.on);
}

// What came under the consent is to be stopped: each referral of it, wherever it stood.
kit::NativeAnswer Department::take_revocation(const std::string& key, const Delivered& delivered) {
    if (!delivered.said.consent) return kit::Declined{Code::payload_invalid};
    const contract::ConsentId consent = *delivered.said.consent;
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
    return tell(key, std::move(statuses), delivered.on);
}

void Department::work(contract::Instant now) {
    if (!folder_.prepare()) {
        means_.log.write(telemetry::Level::error, "folder_away");
        return;
    }
    const std::size_t deleted = folder_.purge(settings_.keep);
    if (deleted > 0) means_.log.write(telemetry::Level::info, "files_deleted", {{"files", deleted}});
    for (const std::string& name : folder_.arrived(".DAT")) take_data(name, now);
    for (const std::string& name : folder_.arrived(".MSV")) take_reply(name, now);
    look_at_waiting(now);
    tell_refused(now);
    // What a common file told of referrals that waited stands from now on, before anything can change.
    if (tell_ends(now)) look_at_waiting(now);
}

}  // namespace kesher::social_services
