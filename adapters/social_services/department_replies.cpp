// What the department says of referrals: its status files become events.
#include <algorithm>

#include "adapters/social_services/department.h"
#include "schemas/statement/hash.h"

namespace kesher::social_services {
namespace {

using contract::Code;
using contract::ReferralState;
using telemetry::Level;

std::string data_name_of(const std::string& reply) { return reply.substr(0, reply.rfind('.')) + ".DAT"; }

}  // namespace

// The kit's own judgement, before anything is sent. An appointment that the referrer may not be told stays
// behind; that there is one is told.
std::optional<FileFault> Department::make_sendable(const Status& status, kit::Message& message,
                                                   contract::Instant now, Said& said) const {
    const auto consent = message.consent ? means_.journal.consent(*message.consent) : std::nullopt;
    const auto judged = [&] {
        return means_.writer.write(message, means_.directory(), consent ? &*consent : nullptr, now);
    };
    auto written = judged();
    // Where the words cannot go (a flag that the other side does not keep, a number in the place's name while
    // nobody may reach her), the step goes without them.
    if (!written && message.sealed &&
        (written.error().code == Code::flag_not_honoured || written.error().code == Code::payload_invalid)) {
        message.sealed.reset();
        written = judged();
    }
    if (written) return std::nullopt;
    const Code code = written.error().code;
    means_.log.write(Level::warning, "status_not_now", {{"code", code}});
    if (code == Code::consent_revoked || code == Code::consent_lapsed || code == Code::consent_missing) {
        return status_fault(status, "referral", Flaw::consent_over);
    }
    if (code == Code::payload_invalid || code == Code::statement_invalid) {
        return status_fault(status, "referral", Flaw::value);
    }
    said.not_now = true;
    return std::nullopt;
}

void Department::add_stop(const Status& status, const Carried& carried, contract::Instant, Said& said) const {
    const bool asked = carried.consent && ledger_.revocation(*carried.consent);
    if (asked) {
        said.stopped.push_back(status.referral);
    } else if (standing_of(carried.id).state != ReferralState::withdrawn) {
        // Only she withdraws; a department declines with `subject-declined`.
        said.faults.push_back(status_fault(status, "referral", Flaw::status_not_yours));
    }
}

void Department::add_events(const Status& status, const contract::Digest& digest, contract::Instant now,
                            Said& said) const {
    const Carried* carried = ledger_.carried(status.referral);
    if (carried == nullptr) return add_recall(status, digest, now, said);
    const auto row = means_.journal.referral(carried->id);
    if (!row || !row->pseudonym) {
        said.faults.push_back(status_fault(status, "referral", Flaw::referral_unknown));
        return;
    }
    if (status.state == ReferralState::withdrawn) return add_stop(status, *carried, now, said);
    const auto earlier = said.standings.find(carried->id);
    Standing standing = earlier == said.standings.end() ? standing_of(carried->id) : earlier->second;
    auto events = events_of(status, {*carried, *row->pseudonym, standing, digest, contract::day_of(now)},
                            settings_.desk, means_.aliases);
    if (!events) {
        said.faults.push_back(events.error());
        return;
    }
    for (kit::Message& message : *events) {
        if (const auto fault = make_sendable(status, message, now, said)) said.faults.push_back(*fault);
        standing = after(standing, std::get<codec::ReferralEventPayload>(message.payload).event);
        said.messages.push_back(std::move(message));
    }
    said.standings[carried->id] = standing;
}

Department::Said Department::said_in(const std::string& name, const StatusFile& file,
                                     const contract::Digest& digest, contract::Instant now) const {
    Said said;
    const bool refused = std::any_of(file.answers.begin(), file.answers.end(),
                                     [](const Answer& answer) { return !answer.taken; });
    if (refused) {
        // The department's system could not read what we wrote: nobody there will ever see the referral,
        // and who sent it must hear so.
        const std::string* native = ledger_.written_for(data_name_of(name));
        if (native != nullptr && !contract::is_terminal(standing_of(ledger_.carried(*native)->id).state)) {
            add_events({.pseudonym = {},
                        .referral = *native,
                        .state = ReferralState::declined,
                        .reason = contract::Reason::missing_info,
                        .date = contract::day_of(now),
                        .time = {},
                        .worker = {},
                        .outcome = {}},
                       digest, now, said);
        }
    }
    for (const Status& status : file.statuses) {
        if (said.faults.size() >= kFaultsTold) break;
        add_events(status, digest, now, said);
    }
    return said;
}

void Department::take_reply(const std::string& name, contract::Instant now) {
    const auto bytes = folder_.read(name, kFileBytes);
    if (!bytes) return;
    const FileHeader blank{settings_.entity, std::string(15, '0')};
    if (const auto fault = wrong_name(name)) return refuse(name, *bytes, blank, {*fault});
    const contract::Digest digest = statement::sha256(*bytes);
    if (ledger_.is_taken(digest)) return put_away(name, Folder::Place::taken, *bytes);
    const auto file = decode_status_file(*bytes, settings_.encoding);
    if (!file) return refuse(name, *bytes, blank, file.error());
    if (const auto fault = wrong_entity(file->header)) return refuse(name, *bytes, blank, {*fault});

    Said said = said_in(name, *file, digest, now);
    if (!said.faults.empty()) return refuse(name, *bytes, file->header, std::move(said.faults));
    take_back(said);
    if (said.not_now) return;
    for (const kit::Message& message : said.messages) {
        if (!means_.outbox.submit(message, means_.directory(), now)) return;  // the rest with the next look
    }
    for (const auto& [referral, standing] : said.standings) ledger_.stand(referral, standing);
    for (const std::string& native : said.stopped) acknowledge_revocation(native, now);
    ledger_.take(digest);
    means_.log.write(Level::info, "status_file_taken", {{"statuses", file->statuses.size()}});
    put_away(name, Folder::Place::taken, *bytes);
}

// The hub hears it once: when the last referral of that consent has stopped.
void Department::acknowledge_revocation(const std::string& native, contract::Instant now) {
    const contract::ConsentId consent = *ledger_.carried(native)->consent;
    const contract::MessageId notice = *ledger_.revocation(consent);
    const auto natives = ledger_.carried_under(consent);
    const bool last = std::all_of(natives.begin(), natives.end(), [&](const std::string& each) {
        return each == native || ledger_.is_stopped(each);
    });
    if (last) {
        // Named by the notice, so that a department that says it twice says it once.
        kit::Message message{means_.aliases.message(ledger_.carried(native)->id,
                                                    statement::sha256("stopped " + notice.text())),
                             contract::MessageType::consent_revocation_acked,
                             contract::OrganisationId::hub(),
                             {settings_.desk.officer, contract::OfficerRole::system},
                             codec::ConsentRevocationAcked{contract::day_of(now),
                                                           codec::RevocationEffect::stopped, std::nullopt}};
        message.consent = consent;
        message.in_reply_to = notice;
        const auto sent = means_.outbox.submit(message, means_.directory(), now);
        if (!sent) {
            means_.log.write(Level::error, "revocation_not_acknowledged", {{"code", sent.error().code}});
            return;
        }
    }
    ledger_.stop(native);
}

}  // namespace kesher::social_services
