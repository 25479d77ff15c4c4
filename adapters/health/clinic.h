// What a clinic's FHIR server and the exchange do to each other, without the kit's proofs: health_side.cpp
// adds those. For this room alone.
//
// Every write on the far side is one that may be done again: the transaction by its identifiers, each patch
// by the tag of its message. Every event of ours is known to the ledger before it is in the outbox: after a
// stop the journal says whether it was put there. A transaction that was sent and not answered for may still
// arrive: the ledger knows it before a byte goes out, and an end of such a referral is one only once nothing
// can come to be there that is not ended (clinic_late.cpp).
#pragma once

#include <deque>
#include <map>

#include "adapters/health/fhir_server.h"
#include "adapters/health/health_side.h"
#include "adapters/health/ledger.h"
#include "adapters/health/patch_write.h"
#include "adapters/health/steps.h"
#include "adapters/health/task_read.h"
#include "adapters/record/telling.h"
#include "adapters/record/told.h"

namespace kesher::health {

// A delivery, proven and opened.
struct Delivered {
    const statement::Statement& said;
    const codec::Payload& payload;
    const std::optional<codec::Sealed>& sealed;
    const contract::Pseudonym& pseudonym;
    const std::string& jws;
    contract::Day on;  // of the release
};

// Words for the people of the clinic, on their own Task.
struct Remark {
    std::string he, en;
};

class Clinic {
public:
    // Runs on, and never back: how long a turn took.
    using Steady = std::function<std::chrono::steady_clock::time_point()>;
    Clinic(const HealthSettings& settings, HealthMeans means, FhirServerSettings server,
           Steady steady = &std::chrono::steady_clock::now);

    [[nodiscard]] kit::NativeAnswer deliver(const Delivered& delivered);
    [[nodiscard]] kit::TakenBefore already_taken(const contract::OrganisationId& from,
                                                 const contract::MessageId& id);
    // Looks at referrals until its time is up (clinic_changes.cpp); the next turn goes on where it stopped.
    void work(contract::Instant now);

private:
    // clinic.cpp: what is referred
    [[nodiscard]] kit::NativeAnswer take_referral(const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer refuse_referral(const Delivered& delivered, kit::NativeAnswer refused,
                                                    bool earlier);
    [[nodiscard]] kit::TakenBefore found_by_tag(const contract::MessageId& id);
    [[nodiscard]] kit::NativeAnswer answer_to(const ServerFault& fault);
    // The same of what she is safe by: held whatever was said, until somebody has mended the server or the
    // settings. `unconfirmed`: the line by which they hear of it.
    [[nodiscard]] kit::NativeAnswer hold(const ServerFault& fault,
                                         telemetry::Word unconfirmed = "end_not_confirmed");
    void say(const ServerFault& fault);
    // The resource that bears this number of ours; no other, whatever the server answers.
    struct Sought {
        std::optional<std::string> location;
        contract::Digest answer;  // SHA-256 of the server's answer
    };
    [[nodiscard]] FhirAnswered<Sought> find(std::string_view type, std::string_view uuid);
    // FhirServer::amend, of a resource that bears this number; else nothing is written, `malformed`.
    [[nodiscard]] FhirAnswered<std::string> amend(const std::string& location, std::string_view uuid,
                                                  const FhirServer::MakePatch& patch);
    // Where the ledger has it; else where the server does. None where its Task is not there.
    [[nodiscard]] FhirAnswered<std::optional<Placed>> locate(const Given& given);
    // Where the server has it now, and from now on the ledger.
    [[nodiscard]] FhirAnswered<std::optional<Placed>> seek(const Given& given);

    // clinic_told.cpp: what the referrer, she, or the hub say of it
    struct Said;
    [[nodiscard]] kit::NativeAnswer take_event(const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer take_revocation(const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer take_word(const Delivered& delivered, const Given& given,
                                              const Said& said);
    // The Task as it stands then; none where it is not there.
    [[nodiscard]] FhirAnswered<std::optional<std::string>> tell_there(const Given& given, const Said& said);
    [[nodiscard]] FhirAnswered<std::string> tell_task(const contract::ReferralId& referral, const Placed& at,
                                                      const Said& said);
    void stand(const contract::ReferralId& referral, const Standing& stood);

    // clinic_end.cpp: what ends
    struct Ending {
        codec::ReferralEventPayload event;
        StatusWords words;
        bool of_consent = false;  // which is over too, and not the referral alone
        // What says so, and becomes the tag; none where nobody waits for it to be done.
        std::optional<contract::MessageId> message{};
    };
    // What became of it: everything is tried, whatever the server said of another part.
    struct Ended {
        std::optional<ServerFault> fault{};  // the first; none: of what is there nothing is open
        bool whole = true;                   // each of its parts is there
        std::size_t changed = 0;             // were open
        std::string answers{};               // the server's own
        void keep(const ServerFault& met) {
            if (!fault) fault = met;
        }
    };
    struct Sort;
    // `everywhere`: there may be several of each, and the ledger knows of one at most.
    [[nodiscard]] Ended end_what_is_there(const Given& given, const Ending& ending, bool everywhere);
    // Where they lie.
    std::vector<std::string> end_each(const Sort& sort, const Ending& ending, Ended& ended);
    void end_found(const Sort& sort, const Ending& ending, std::vector<std::string>& lie, Ended& ended);
    // Whether it was open.
    [[nodiscard]] FhirAnswered<bool> end_one(const std::string& location, const Sort& sort,
                                             const Ending& ending, Ended& ended);
    void end_consent(const contract::ConsentId& consent, const std::vector<Given>& under,
                     const Ending& ending, Ended& ended);

    // clinic_late.cpp: what ended while it may still arrive
    // Without a fault nothing of it is there, or can come to be there, that is not ended. `named`: her
    // pseudonym where the journal has none.
    [[nodiscard]] Ended end_for_good(const Given& given, const Ending& ending,
                                     const contract::Pseudonym& named);
    [[nodiscard]] std::optional<ServerFault> bury(const Given& given, const Ending& ending,
                                                  const contract::Pseudonym& named);

    // clinic_changes.cpp: what the clinic changed
    enum class Looked { done, later, away };
    struct Seen;
    [[nodiscard]] Looked look_for_late(const Given& given, contract::Instant now);  // clinic_late.cpp
    [[nodiscard]] bool is_time_up() const { return steady_() >= turn_ends_; }
    void begin_sweep(contract::Instant now);
    [[nodiscard]] Looked sweep(contract::Instant now);  // later: its time is up
    [[nodiscard]] Looked look(contract::Instant now);   // the same
    [[nodiscard]] bool find_owner();
    [[nodiscard]] Looked look_at(const Given& given, contract::Instant now);
    [[nodiscard]] Looked judge(const Given& given, const Seen& seen, contract::Instant now);
    [[nodiscard]] contract::Result<std::optional<AppointmentReport>, FhirFaults> appointment_of(
        const TaskReport& report, std::optional<ServerFault>& unread);
    [[nodiscard]] std::optional<FhirFault> flaw_of(const Given& given, const Seen& seen) const;
    [[nodiscard]] contract::MessageId name_of(const Given& given, const codec::Appointment& told) const;
    [[nodiscard]] Looked complain(const Given& given, const Placed& at, const Remark& remark);
    [[nodiscard]] Looked complain(const Given& given, const Placed& at, const FhirFault& fault);

    // clinic_events.cpp: what is told of it
    [[nodiscard]] Looked tell(const Given& given, const Seen& seen, const std::vector<Change>& changes,
                              contract::Instant now);
    [[nodiscard]] FhirAnswered<codec::Safety> safety_at(const Placed& at);
    void tell_refused();

    const HealthSettings settings_;
    HealthMeans means_;
    const std::size_t page_;
    FhirServer server_;
    Ledger ledger_;
    bool away_said_ = false;
    std::string owner_;  // "Organization/4": ours on the far side
    const Steady steady_;
    std::chrono::steady_clock::time_point turn_ends_{};
    bool cut_short_ = false;  // the last turn's time was up before it was through
    contract::Instant next_look_{}, next_sweep_{}, since_{};
    struct Page {
        contract::Instant since;
        std::size_t count;
    };
    std::optional<Page> look_from_{};  // where the last look's time was up
    bool sweeping_ = false;
    std::deque<contract::ReferralId> sweep_left_;  // in the order in which they are looked at
    bool swept_any_ = false;                       // of this sweep
    std::size_t failed_in_a_row_ = 0;
    std::map<std::string, std::string> over_;  // of what may come late: the version that had ended
    std::map<contract::ReferralId, std::string> handled_;  // the Task's version that was looked at
};

}  // namespace kesher::health
