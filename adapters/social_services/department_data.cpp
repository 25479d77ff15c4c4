// A file of referrals that the department drops: judged whole, then sent, then answered.
#include <algorithm>

#include "adapters/social_services/department.h"
#include "adapters/social_services/fields.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"

namespace kesher::social_services {
namespace {

using contract::Code;
using contract::ReferralState;
using telemetry::Level;

constexpr std::size_t kRefusalsLookedAt = 1'000;  // of the hub, kept in the journal; a department has a few

// Only for judging a record whose case is not opened yet: a case is opened for a good file alone.
contract::Pseudonym stand_in() { return contract::Pseudonym::of_random({}); }

FileHeader blank_header(const std::string& entity) { return {entity, std::string(15, '0')}; }

// A symbol, a day and a number, written anew. Any other name is somebody's free text: it may be a woman's.
telemetry::Value name_in_log(const std::string& name) {
    const auto parsed = parse_file_name(name);
    if (!parsed) return "another_name";
    return telemetry::Diagnostic{text(*parsed)};
}

}  // namespace

struct Department::Plan {
    std::vector<Outgoing> outgoing{};  // one a referral, in file order
    std::vector<bool> waits{};         // its consent is not recorded yet, or its case not opened
    FileFaults faults{};
    std::map<contract::Digest, contract::OrganisationId> names{};  // neutral ones of this file, by mark
    bool not_now = false;  // a recipient's keys, or the directory, are not known yet
};

std::optional<FileFault> Department::wrong_name(const std::string& name) const {
    const auto parsed = parse_file_name(name);
    if (parsed && parsed->authority == settings_.authority) return std::nullopt;
    return FileFault{.flaw = Flaw::file_name};
}

std::optional<FileFault> Department::wrong_entity(const FileHeader& header) const {
    if (header.entity == settings_.entity) return std::nullopt;
    return FileFault{.line = 1,
                     .column = 1 + static_cast<unsigned>(kA100[0].width + kA100[1].width),
                     .field = kA100[2].name,
                     .field_hebrew = kA100[2].hebrew,
                     .flaw = Flaw::other_entity};
}

void Department::refuse(const std::string& name, contract::ByteView bytes, const FileHeader& header,
                        FileFaults faults) {
    const FileFault& first = faults.front();
    means_.log.write(Level::warning, "file_refused",
                     {{"file", name_in_log(name)},
                      {"faults", faults.size()},
                      {"line", first.line},
                      {"column", first.column},
                      {"flaw", telemetry::Diagnostic{std::string(kFlaws.text(first.flaw))}}});
    const contract::Result<DepartmentFile, FileFaults> refused = contract::Failure{std::move(faults)};
    if (reply(name, answer_to(header, refused))) put_away(name, Folder::Place::refused, bytes);
}

void Department::take_data(const std::string& name, contract::Instant now) {
    const auto bytes = folder_.read(name, kFileBytes);
    if (!bytes) return;                         // still changing: the next look
    if (const auto fault = wrong_name(name)) {  // also where its content is known
        return refuse(name, *bytes, blank_header(settings_.entity), {*fault});
    }
    const contract::Digest digest = statement::sha256(*bytes);
    const auto file = decode_department_file(*bytes, settings_.encoding);
    if (!file) return refuse(name, *bytes, blank_header(settings_.entity), file.error());
    if (ledger_.is_taken(digest)) return answer_taken(name, *bytes, *file, contract::day_of(now));
    if (const auto fault = wrong_entity(file->header)) {
        return refuse(name, *bytes, blank_header(settings_.entity), {*fault});
    }
    Plan plan = plan_of(*file, now);
    if (!plan.faults.empty()) return refuse(name, *bytes, file->header, std::move(plan.faults));
    if (plan.not_now) {
        means_.log.write(Level::warning, "file_waits", {{"referrals", file->referrals.size()}});
        return;
    }
    open_cases(*file, plan);
    if (!submit_all(plan, now)) return;  // all of it with the next look
    if (std::find(plan.waits.begin(), plan.waits.end(), true) != plan.waits.end()) {
        ledger_.wait(digest, {Folder::stored_name(name, digest), contract::day_of(now)});
    }
    ledger_.take(digest);
    means_.log.write(Level::info, "file_taken", {{"referrals", file->referrals.size()}});
    answer_taken(name, *bytes, *file, contract::day_of(now));
}

Department::Plan Department::plan_of(const DepartmentFile& file, contract::Instant now) const {
    Plan plan;
    for (const Referral& referral : file.referrals) {
        if (plan.faults.size() >= kFaultsTold) break;
        const auto known = means_.journal.referral(means_.aliases.referral(referral.number));
        auto pseudonym = referral.pseudonym;
        if (!pseudonym && known) pseudonym = known->pseudonym;
        auto outgoing = message_of(referral, pseudonym.value_or(stand_in()), settings_.desk, means_.aliases);
        if (!outgoing) {
            plan.faults.push_back(outgoing.error());
            continue;
        }
        plan.waits.push_back(false);
        if (const auto fault = number_taken(referral, *outgoing)) {
            plan.faults.push_back(*fault);
        } else if (means_.journal.outgoing(outgoing->message.id)) {
            // Sent already, from this file before a stop, or from another one with the same record.
        } else if (known) {
            plan.faults.push_back(referral_fault(referral, "referral", Flaw::referral_changed));
        } else {
            judge(referral, *outgoing, now, plan);
        }
        plan.outgoing.push_back(*std::move(outgoing));
    }
    return plan;
}

// Copied from a file of ours it stands for what another body gave: nothing of our own begins under it.
std::optional<FileFault> Department::number_taken(const Referral& referral, const Outgoing& outgoing) const {
    if (ledger_.carried(referral.number) != nullptr) {
        return referral_fault(referral, "referral", Flaw::referral_twice);
    }
    for (const kit::AliasRow& alias : outgoing.aliases) {
        const auto rows = means_.journal.aliases(alias.kind, alias.native);
        const bool anothers = std::any_of(rows.begin(), rows.end(), [&](const kit::AliasRow& row) {
            return row.recipient == alias.recipient && row != alias;
        });
        if (!anothers) continue;
        const bool of_consent = alias.kind == kit::AliasKind::consent;
        return referral_fault(referral, of_consent ? "consent" : "referral", Flaw::referral_twice);
    }
    return std::nullopt;
}

// Two bodies that hear one name for her could find each other's records of her. Of a record without a case
// nothing else is known: its case is new, or is told to the department and then stands in the record.
bool Department::is_told_elsewhere(const Referral& referral, const Outgoing& outgoing, Plan& plan) const {
    if (referral.neutral_name.empty() || !referral.pseudonym) return false;
    const contract::Digest mark = means_.aliases.name(*referral.pseudonym, referral.neutral_name);
    const contract::OrganisationId& here = plan.names.emplace(mark, outgoing.message.to).first->second;
    return here != outgoing.message.to || means_.names.is_anothers(mark, here);
}

// Written as if it were sent, and thrown away: nothing of a file leaves before all of it can.
void Department::judge(const Referral& referral, const Outgoing& outgoing, contract::Instant now,
                       Plan& plan) const {
    if (is_told_elsewhere(referral, outgoing, plan)) {
        plan.faults.push_back(referral_fault(referral, "neutral_name", Flaw::neutral_name_told));
        return;
    }
    const auto& consent_id = outgoing.message.consent;
    const auto consent = consent_id ? means_.journal.consent(*consent_id) : std::nullopt;
    if (consent_id && means_.journal.is_revoked(*consent_id)) {
        plan.faults.push_back(referral_fault(referral, "consent", Flaw::consent_over));
        return;
    }
    plan.waits.back() = consent_id && !consent;
    if (plan.waits.back()) return;
    const auto written =
        means_.writer.write(outgoing.message, means_.directory(), consent ? &*consent : nullptr, now);
    if (written) return;
    if (const auto fault = fault_of(referral, written.error())) {
        plan.faults.push_back(*fault);
    } else {
        plan.not_now = true;
        means_.log.write(Level::warning, "referral_not_now", {{"code", written.error().code}});
    }
}

std::optional<contract::Pseudonym> Department::case_of(const Referral& referral) {
    if (referral.pseudonym) return referral.pseudonym;
    const auto known = means_.journal.referral(means_.aliases.referral(referral.number));
    if (known && known->pseudonym) return known->pseudonym;
    const kit::OpenCase order{means_.aliases.request(referral.number),
                              {referral.worker.value_or(settings_.desk.officer), settings_.desk.role},
                              false,
                              contract::Door::department};
    const auto opened = means_.open_case(order);
    // Her code is not kept: a file is no place for it. Her worker asks for one when she is there.
    if (opened) return opened->pseudonym;
    if (opened.error().code) {
        means_.log.write(Level::warning, "case_not_opened", {{"code", *opened.error().code}});
    }
    return std::nullopt;
}

// All of the file is judged and can go: a hub that is away only makes a referral without a case wait.
void Department::open_cases(const DepartmentFile& file, Plan& plan) {
    for (std::size_t i = 0; i < file.referrals.size(); ++i) {
        const auto pseudonym = case_of(file.referrals[i]);
        if (!pseudonym) plan.waits[i] = true;
        plan.outgoing[i].message.pseudonym = pseudonym;
    }
}

bool Department::put_in_outbox(const Outgoing& outgoing, contract::Instant now) {
    const auto accepted = means_.outbox.submit(outgoing.message, means_.directory(), now, outgoing.aliases);
    if (!accepted) {
        means_.log.write(Level::error, "referral_not_written", {{"code", accepted.error().code}});
    }
    return accepted.has_value();
}

void Department::remember(const Outgoing& outgoing) {
    const kit::Message& message = outgoing.message;
    const contract::ReferralId id = *message.referral;
    ledger_.send({id, message.to, *message.purpose, *message.basis, message.consent});
    if (!ledger_.standing(id)) ledger_.stand(id, {ReferralState::requested});
}

bool Department::submit(const Outgoing& outgoing, contract::Instant now) {
    if (!put_in_outbox(outgoing, now)) return false;
    remember(outgoing);
    return true;
}

// In one step of the journal: of a file either all that can go does, or nothing.
bool Department::submit_all(const Plan& plan, contract::Instant now) {
    kit::Journal::Step step(means_.journal);
    for (std::size_t i = 0; i < plan.outgoing.size(); ++i) {
        if (!plan.waits[i] && !put_in_outbox(plan.outgoing[i], now)) return false;
    }
    step.commit();
    for (std::size_t i = 0; i < plan.outgoing.size(); ++i) {
        if (!plan.waits[i]) remember(plan.outgoing[i]);
    }
    return true;
}

// What stands of a referral that has not gone: for her word, or only for the hub to be there again.
ReferralState Department::waiting_state(const Referral& referral) const {
    if (!referral.consent) return ReferralState::draft;
    const auto recipient = recipient_of(settings_.desk.routes, referral);
    const bool recorded =
        recipient && means_.journal.consent(means_.aliases.consent(referral.consent->number, *recipient));
    return recorded ? ReferralState::draft : ReferralState::awaiting_consent;
}

std::vector<Status> Department::statuses_of(const DepartmentFile& file, contract::Day today) {
    std::vector<Status> statuses;
    for (const Referral& referral : file.referrals) {
        const contract::ReferralId id = means_.aliases.referral(referral.number);
        const auto row = means_.journal.referral(id);
        // No case to name where the hub is away: the file was taken all the same, and is answered again.
        const auto pseudonym = row ? row->pseudonym : case_of(referral);
        const Standing standing = ledger_.standing(id).value_or(Standing{waiting_state(referral)});
        if (contract::is_terminal(standing.state)) continue;  // told with its reason when it ended
        statuses.push_back(status_of(referral.number, pseudonym, standing, {{}, {}, today, {}}));
    }
    return statuses;
}

void Department::answer_taken(const std::string& name, contract::ByteView bytes, const DepartmentFile& file,
                              contract::Day today) {
    const contract::Result<DepartmentFile, FileFaults> taken = file;
    StatusFile answer = answer_to(file.header, taken);
    answer.statuses = statuses_of(file, today);
    if (reply(name, answer)) put_away(name, Folder::Place::taken, bytes);
}

// True while this one's consent is not recorded; every other end is told once.
bool Department::still_waits(const Referral& referral, contract::Day since, contract::Instant now) {
    auto outgoing =
        message_of(referral, referral.pseudonym.value_or(stand_in()), settings_.desk, means_.aliases);
    if (!outgoing) return false;  // the routes were changed since
    const contract::ReferralId id = *outgoing->message.referral;
    if (ledger_.standing(id)) return false;
    const std::string key = "waited/" + id.text();
    // An end that has no name yet is decided anew at each look.
    std::erase_if(untold_, [&](const Untold& each) { return each.key == key; });
    const contract::Day today = contract::day_of(now);
    const auto end = [&](ReferralState state, std::optional<contract::Reason> reason) {
        const auto told = tell(
            {key, {status_of(referral.number, referral.pseudonym, {state}, {reason, {}, today, {}})}}, today);
        if (!std::holds_alternative<kit::Taken>(told)) return true;
        ledger_.stand(id, {state});
        return false;
    };
    const auto& consent = outgoing->message.consent;
    if (consent && means_.journal.is_revoked(*consent)) return end(ReferralState::withdrawn, {});
    if (consent && !means_.journal.consent(*consent)) {
        const bool over = today - since >= contract::limits::kAwaitingConsentLapse;
        return over ? end(ReferralState::expired, {}) : true;
    }
    Plan plan;
    plan.waits.push_back(true);
    judge(referral, *outgoing, now, plan);
    if (!plan.faults.empty()) {
        const Flaw flaw = plan.faults.front().flaw;
        if (flaw != Flaw::consent_over && flaw != Flaw::consent_groups) return end(ReferralState::failed, {});
        return end(ReferralState::declined, contract::Reason::consent_missing);
    }
    const auto pseudonym = plan.not_now ? std::nullopt : case_of(referral);
    if (!pseudonym) return true;
    outgoing->message.pseudonym = pseudonym;
    if (!submit(*outgoing, now)) return true;
    // Sent, whether or not this can be told today; the next step is told anyway.
    (void)tell(
        {key, {status_of(referral.number, pseudonym, {ReferralState::requested}, {{}, {}, today, {}})}},
        today);
    return false;
}

std::optional<contract::Bytes> Department::read_waiting(const contract::Digest& digest,
                                                        const WaitingFile& where) const {
    auto bytes = folder_.read_taken(where.stored, kFileBytes);
    if (!bytes || statement::sha256(*bytes) == digest) return bytes;
    means_.log.write(Level::error, "waiting_file_changed");
    return std::nullopt;
}

void Department::look_at_waiting(contract::Instant now) {
    const auto waiting = ledger_.waiting();  // a copy: files settle while it is walked
    for (const auto& [digest, where] : waiting) {
        const auto bytes = read_waiting(digest, where);
        if (!bytes) continue;
        const auto file = decode_department_file(*bytes, settings_.encoding);
        bool waits = false;
        if (file) {
            for (const Referral& referral : file->referrals) {
                waits = still_waits(referral, where.since, now) || waits;
            }
        }
        if (!waits) ledger_.settle(digest);
    }
}

// What the hub would not carry ends here, with the hub's own reason where the format has one.
void Department::tell_refused(contract::Instant now) {
    const contract::Day today = contract::day_of(now);
    for (const kit::RefusedRow& row : means_.journal.refused(kRefusalsLookedAt)) {
        const std::string key = "refused/" + row.id.text();
        if (row.type != contract::MessageType::referral_submitted || !row.referral) continue;
        if (ledger_.written(key)) {
            (void)finish(key);
            continue;
        }
        const contract::ReferralId id = *row.referral;
        const auto alias = means_.journal.alias_of(kit::AliasKind::referral, id.text());
        if (!alias) continue;
        StepTold told{{}, {}, today, {}};
        Standing standing{ReferralState::failed};
        const Code code = row.code.value_or(Code::internal);
        if (code == Code::agreement_missing) told.reason = contract::Reason::agreement_missing;
        if (code == Code::consent_missing || code == Code::consent_lapsed || code == Code::consent_revoked ||
            code == Code::consent_groups) {
            told.reason = contract::Reason::consent_missing;
        }
        if (told.reason) standing.state = ReferralState::declined;
        const auto referral = means_.journal.referral(id);
        const auto pseudonym = referral ? referral->pseudonym : std::nullopt;
        ledger_.stand(id, standing);  // the hub does not decide on it again
        (void)tell({key, {status_of(alias->native, pseudonym, standing, told)}}, today);
    }
}

}  // namespace kesher::social_services
