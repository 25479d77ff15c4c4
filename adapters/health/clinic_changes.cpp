// What the clinic changed on its Tasks: found by owner and time, and by going through those that are open.
#include <algorithm>

#include "adapters/health/clinic_seen.h"
#include "adapters/health/fhir_codes.h"
#include "config/catalogue/never_shown.h"
#include "schemas/statement/hash.h"

namespace kesher::health {
namespace {

using contract::Failure;
using contract::ReferralEvent;
using contract::ReferralState;
using telemetry::Level;
using Kind = ServerFault::Kind;

constexpr std::size_t kPageMax = 1'000;
constexpr int kPages = 100;  // of one look; what is left comes with the next
// A server may show a change later than the time that it gives it.
constexpr auto kOverlap = std::chrono::minutes{1};
constexpr auto kFirstLook = std::chrono::hours{1};
// Of one turn, looked at between two referrals: in between the inbox is polled, where her withdrawal may be.
constexpr auto kTurn = std::chrono::seconds{10};

const Remark kFrozen{"ההפניה מוקפאת: השינוי יימסר כשההקפאה תוסר",
                     "The referral is frozen: the change is told once it is not"};

std::string query_of(const std::string& owner, contract::Instant since, std::size_t count) {
    return "owner=" + owner + "&_lastUpdated=ge" + contract::text(since) +
           "&_sort=_lastUpdated&_elements=identifier,status&_count=" + std::to_string(count);
}

}  // namespace

void Clinic::work(contract::Instant now) {
    turn_ends_ = steady_() + kTurn;
    record::acknowledge_revocations(means_, {settings_.officer, settings_.role}, ledger_, now);
    if (now < next_look_ && !cut_short_) return;
    next_look_ = now + settings_.look_every;
    if (!sweeping_ && now >= next_sweep_) begin_sweep(now);
    const bool sweeps = sweeping_;
    Looked all = sweeps ? sweep(now) : look(now);
    // A sweep that comes no further keeps nothing else from its turn.
    if (sweeps && all == Looked::away) all = look(now);
    cut_short_ = all == Looked::later;
    if (!cut_short_) tell_refused();
}

// What is over comes first: nothing of it should be there.
void Clinic::begin_sweep(contract::Instant now) {
    sweeping_ = true;
    // What changed before is for a sweep to find: this one, or the next where this one reads nothing.
    if (since_ == contract::Instant{}) since_ = now - kFirstLook;
    swept_any_ = false;
    failed_in_a_row_ = 0;
    for (const auto& all : {ledger_.may_arrive_late(), ledger_.open()}) {
        for (const Given& given : all) sweep_left_.push_back(given.id);
    }
}

// Over as many turns as it takes. What the server was away for comes last, so that it keeps no other from its
// turn. Where that is all that is left though others were read, it is theirs alone, and waits for the next.
// Where nothing could be read the next turn begins anew, with what was given meanwhile.
Clinic::Looked Clinic::sweep(contract::Instant now) {
    while (!sweep_left_.empty()) {
        const contract::ReferralId next = sweep_left_.front();
        sweep_left_.pop_front();
        if (look_at(*ledger_.given(next), now) == Looked::away) {
            sweep_left_.push_back(next);
            if (++failed_in_a_row_ < sweep_left_.size()) return Looked::away;
            sweep_left_.clear();
            if (swept_any_) break;
            sweeping_ = false;
            return Looked::away;
        }
        swept_any_ = true;
        failed_in_a_row_ = 0;
        if (is_time_up() && !sweep_left_.empty()) return Looked::later;
    }
    next_sweep_ = now + settings_.sweep_every;
    sweeping_ = false;
    return Looked::done;
}

bool Clinic::find_owner() {
    const auto found = server_.search("Organization", "identifier=" + std::string(systems::kOrganisation) +
                                                          "%7C" + settings_.organisation.text());
    if (!found) say(found.error());
    if (!found || found->page.found.empty()) return false;  // nothing was ever referred to it there
    owner_ = found->page.found.front().location;
    return true;
}

// Page by page after the time of the last: no link of the server's making is followed. Where its time is up
// the next turn goes on with the same page: what was told meanwhile is passed over by its version. What the
// server fails at is not waited for; the sweep comes to it, and to those behind it.
Clinic::Looked Clinic::look(contract::Instant now) {
    if (owner_.empty() && !find_owner()) return Looked::done;
    Page at = std::exchange(look_from_, {}).value_or(Page{since_ - kOverlap, page_});
    const auto time_is_up = [&] {
        if (is_time_up()) look_from_ = at;
        return look_from_.has_value();
    };
    for (int page = 0; page < kPages; ++page) {
        const auto answer = server_.search("Task", query_of(owner_, at.since, at.count));
        if (!answer) {
            say(answer.error());
            // The sweep reads one by one.
            return answer.error().kind == Kind::away ? Looked::away : Looked::done;
        }
        contract::Instant newest = at.since;
        for (const Found& found : answer->page.found) {
            newest = std::max(newest, found.updated.value_or(newest));
            const Given* given = found.referral ? ledger_.given(*found.referral) : nullptr;
            if (given == nullptr) continue;
            const auto handled = handled_.find(given->id);
            if (handled != handled_.end() && handled->second == found.version) continue;
            if (look_at(*given, now) == Looked::away) return Looked::away;
            if (time_is_up()) return Looked::later;
        }
        since_ = std::max(since_, newest);
        if (!answer->page.more && answer->page.entries < at.count) return Looked::done;
        if (newest == at.since) at.count = std::min(at.count * 2, kPageMax);
        at.since = newest;
        if (time_is_up()) return Looked::later;
    }
    return Looked::done;
}

Clinic::Looked Clinic::look_at(const Given& given, contract::Instant now) {
    record::settle(means_, ledger_, given.id);
    const Standing stood = ledger_.stood(given.id);
    if (contract::is_terminal(stood.state)) {
        return ledger_.may_arrive_late(given.id) ? look_for_late(given, now) : Looked::done;
    }
    // The notice will stop it; until then nothing more of it goes anywhere.
    if (given.consent && means_.journal.is_revoked(*given.consent)) return Looked::later;
    const auto failed = [&](const ServerFault& fault) {
        say(fault);
        return is_of_all(fault) ? Looked::away : Looked::later;
    };
    auto at = locate(given);
    if (!at) return failed(at.error());
    if (!*at) return Looked::later;
    auto body = server_.read((*at)->task);
    if (!body && body.error().kind == Kind::gone) {
        at = seek(given);
        if (!at) return failed(at.error());
        if (!*at) return Looked::later;
        body = server_.read((*at)->task);
    }
    if (!body) return failed(body.error());
    away_said_ = false;
    const auto report = read_task(*body);
    if (!report) return complain(given, **at, report.error().front());
    Seen seen{**at, stood, *report};
    std::optional<ServerFault> unread;
    const auto appointment = appointment_of(seen.report, unread);
    if (unread && unread->kind == Kind::away) return failed(*unread);
    if (unread) say(*unread);
    if (!appointment) return complain(given, seen.at, appointment.error().front());
    seen.appointment = *appointment;
    return judge(given, seen, now);
}

// Read where it matters: for a Task that is accepted. A place that says what nobody may read gets the
// neutral name.
contract::Result<std::optional<AppointmentReport>, FhirFaults> Clinic::appointment_of(
    const TaskReport& report, std::optional<ServerFault>& unread) {
    const auto fault = [](Flaw flaw) {
        return Failure{FhirFaults{{"Task.output.valueReference.reference", flaw}}};
    };
    if (!report.appointment || report.state != ReferralState::accepted) {
        return std::optional<AppointmentReport>();
    }
    if (!is_location(*report.appointment, "Appointment")) return fault(Flaw::value);
    const auto body = server_.read(*report.appointment);
    if (!body) {
        unread = body.error();
        return fault(Flaw::missing);
    }
    auto read = read_appointment(*body);
    if (!read) return Failure{read.error()};
    if (catalogue::NeverShown::built_in().found_in(read->appointment.place)) {
        read->appointment.place = settings_.place;
    }
    return std::optional(*std::move(read));
}

// Keyed: whoever reads the ledger cannot try dates until one fits.
contract::MessageId Clinic::name_of(const Given& given, const codec::Appointment& told) const {
    return means_.aliases.message(given.id,
                                  statement::sha256("appointment " + contract::text(told.slot) + ' ' +
                                                    std::to_string(told.minutes) + ' ' + told.place));
}

// What the mapping alone cannot see: it knows no earlier appointment, and not what the hub demands.
std::optional<FhirFault> Clinic::flaw_of(const Given& given, const Seen& seen) const {
    if (seen.report.referral != given.id) return FhirFault{"Task.identifier", Flaw::not_ours};
    const bool dated = seen.stood.state == ReferralState::scheduled && seen.appointment;
    if (!dated) return std::nullopt;
    if (seen.appointment->standing == AppointmentReport::Standing::called_off) {
        return FhirFault{"Appointment.status", Flaw::not_a_step};
    }
    const auto booked = ledger_.booked(given.id);
    const bool moved = seen.appointment->standing == AppointmentReport::Standing::booked && booked &&
                       *booked != name_of(given, seen.appointment->appointment);
    return moved ? std::optional(FhirFault{"Appointment.start", Flaw::not_a_step}) : std::nullopt;
}

Clinic::Looked Clinic::judge(const Given& given, const Seen& seen, contract::Instant now) {
    if (const auto flaw = flaw_of(given, seen)) return complain(given, seen.at, *flaw);
    if (seen.stood.frozen) {
        if (seen.report.state == ReferralState::on_hold) return Looked::done;
        return complain(given, seen.at, kFrozen);
    }
    const auto changes = steps_to(seen.stood, seen.report, seen.appointment);
    if (!changes) return complain(given, seen.at, changes.error().front());
    const bool causeless = std::any_of(changes->begin(), changes->end(), [](const Change& change) {
        return change.event.event == ReferralEvent::hold && !change.event.reason;
    });
    if (causeless) return complain(given, seen.at, FhirFault{"Task.statusReason", Flaw::missing});
    const Looked told = tell(given, seen, *changes, now);
    if (told == Looked::done) handled_.try_emplace(given.id).first->second = seen.report.version;
    return told;
}

Clinic::Looked Clinic::complain(const Given& given, const Placed& at, const FhirFault& fault) {
    return complain(given, at,
                    {words_of(fault, contract::Language::he), words_of(fault, contract::Language::en)});
}

// Said where those who can mend it look: on their own Task, once.
Clinic::Looked Clinic::complain(const Given& given, const Placed& at, const Remark& remark) {
    bool fresh = false;
    const auto answer = amend(at.task, given.id.text(), [&](const json::Value& resource) {
        std::string patch = Patch(resource).note(both(remark)).take();
        fresh = !patch.empty();
        return patch;
    });
    if (fresh) {
        means_.log.write(Level::warning, "task_not_told",
                         {{"why", telemetry::Diagnostic{remark.en}}, {"noted", bool(answer)}});
    }
    if (!answer) {
        say(answer.error());
        return is_of_all(answer.error()) ? Looked::away : Looked::later;
    }
    const auto page = read_task(*answer);
    if (page) handled_.try_emplace(given.id).first->second = page->version;
    return Looked::done;
}

}  // namespace kesher::health
