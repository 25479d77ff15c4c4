#include "adapters/program/running.h"

#include "adapters/kit/consent_notes.h"
#include "adapters/kit/enrolled.h"
#include "adapters/kit/keys_watch.h"
#include "adapters/kit/own_agreements.h"
#include "adapters/kit/own_profile.h"
#include "adapters/program/one_process.h"

namespace kesher::program {

using contract::Failure;
using kit::Unusable;

namespace {
constexpr std::chrono::milliseconds kShortestLook{1'000};  // a disk is not to be asked without a pause
}

struct Running::Parts {
    Parts(const Profile& given, OneProcess&& alone, kit::EnrolledBody opened)
        : profile(given),
          lock(std::move(alone)),
          body(std::move(opened)),
          journal(profile.journal, {body.keys.organisation(), body.pins.log_origin()}),
          watch(profile.keys, profile.passphrase_file),
          writer(body.keys.organisation(), body.pins.log_origin(), body.keys.signer(), body.keys.former()),
          aliases(body.keys.alias_key().clone()),
          names(profile.keys, aliases),
          outbox(journal, writer, names),
          notes(profile.keys, aliases),
          hub_ring(body.pins.ring()),
          witness(body.keys.witness(body.pins.name)) {
        side = profile.make_side({journal, outbox, writer, aliases, names, log,
                                  [this]() -> const kit::Directory& { return runner->directory(); },
                                  [this](const kit::OpenCase& order) { return open_case(order); }});
        runner = std::make_unique<kit::Runner>(
            kit::RunnerMeans{
                .self = body.keys.organisation(),
                .hub = *body.hub,
                .journal = journal,
                .native = *side,
                .writer = writer,
                .signer = body.keys.signer(),
                .opening = body.keys.opening(),
                .hub_ring = hub_ring,
                .witness = &witness,
                .log = log,
                .at_home = [this] { return look_at_home(); },
                .key_serial = [this] { return kit::own_key_serial(body.keys, body.hub->machine_now()); }},
            kit::RunnerSettings{.poll_wait = std::chrono::floor<std::chrono::seconds>(profile.poll_wait),
                                .look_every = std::max(profile.poll_wait, kShortestLook)});
    }

    // A native half that asks for every file of its folder must not wait for a hub that is away each time.
    kit::Answered<kit::OpenedCase> open_case(const kit::OpenCase& order) {
        if (body.hub->was_reached()) return kit::open_case(*body.hub, body.keys.signer(), order);
        return Failure{
            kit::HubFault{kit::HubFault::Kind::unreachable, {}, {contract::Retry::same, {}}, {}, {}, "away"}};
    }

    // Everything here and in the runner refers to body.keys, which change in place, between two steps of the
    // one thread that uses them. True where another list is in use now.
    bool look_at_keys() {
        auto found = watch.look();
        if (!found) return false;
        if (!*found || (*found)->organisation() != body.keys.organisation()) {
            const std::string why = *found ? "they are another organisation's" : found->error().sentence;
            log.write(telemetry::Level::error, "keys_not_renewed", {{"reason", telemetry::Diagnostic{why}}});
            return false;
        }
        const bool other_list = (*found)->key_list() != body.keys.key_list();
        body.keys = *std::move(*found);
        if (!other_list) return false;
        writer.sign_by(body.keys.signer(), body.keys.former());
        log.write(telemetry::Level::info, "keys_renewed", {{"serial", body.keys.list().serial}});
        return true;
    }

    bool look_at_home() {
        const bool other_keys = look_at_keys();
        const auto read = notes.read_new(journal);
        if (read.given + read.revoked > 0) {
            log.write(telemetry::Level::info, "consents_noted",
                      {{"given", read.given}, {"revoked", read.revoked}});
        }
        if (read.unreadable > 0) {
            log.write(telemetry::Level::warning, "consent_notes_unreadable", {{"notes", read.unreadable}});
        }
        const bool other_pins = kit::renew_pins(journal, profile.keys, body.keys, body.hub->machine_now());
        return other_keys || other_pins;
    }

    Profile profile;
    OneProcess lock;
    kit::EnrolledBody body;
    telemetry::Log log;
    kit::Journal journal;
    kit::KeysWatch watch;
    kit::MessageWriter writer;
    kit::AliasMaker aliases;
    kit::ToldNames names;
    kit::Outbox outbox;
    kit::ConsentNotes notes;
    statement::KeyRing hub_ring;
    log::NoteSigner witness;
    std::unique_ptr<kit::NativeSide> side;
    std::unique_ptr<kit::Runner> runner;
};

Running::Running(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Running::~Running() = default;

kit::Usable<std::unique_ptr<Running>> Running::open(const Profile& profile,
                                                    const std::filesystem::path& evidence) {
    auto body = kit::open_enrolled(profile.keys, profile.passphrase_file, evidence);
    if (!body) return Failure{body.error()};
    const auto wrong = [&](const std::string& what, const std::string& settings,
                           const std::string& enrolled) {
        return Failure{Unusable{"the settings say the " + what + " " + settings + ", " +
                                profile.keys.string() + " was enrolled with " + enrolled +
                                "; mend the settings"}};
    };
    if (body->keys.organisation() != profile.organisation) {
        return wrong("organisation", profile.organisation.text(), body->keys.organisation().text());
    }
    if (body->pins.name != profile.hub) return wrong("hub", profile.hub, body->pins.name);
    auto lock = OneProcess::hold(profile.keys);
    if (!lock) return Failure{lock.error()};
    return std::unique_ptr<Running>(
        new Running(std::make_unique<Parts>(profile, *std::move(lock), *std::move(body))));
}

bool Running::run(const std::stop_token& stop) {
    parts_->log.write(telemetry::Level::info, "adapter_started",
                      {{"organisation", parts_->profile.organisation}});
    const bool stopped = parts_->runner->run(stop);
    parts_->log.write(telemetry::Level::info, "adapter_ended", {{"in_order", stopped}});
    return stopped;
}

kit::Turned Running::run_once(const std::stop_token& stop) {
    kit::Turned sum;
    for (bool moved = true; moved && !stop.stop_requested();) {
        const kit::Turned turn = parts_->runner->once();
        sum.accepted += turn.accepted;
        sum.refused += turn.refused;
        sum.taken += turn.taken;
        sum.declined += turn.declined;
        sum.surplus += turn.surplus;
        sum.acknowledged += turn.acknowledged;
        sum.failed += turn.failed;
        sum.put_back = turn.put_back;  // these three wait: the same ones count in every turn
        sum.withdrawals_unproven = turn.withdrawals_unproven;
        sum.held = turn.held;
        sum.hub_reached = turn.hub_reached;
        sum.halted = turn.halted;
        moved = turn.accepted + turn.refused + turn.taken + turn.declined + turn.acknowledged > 0;
    }
    return sum;
}

void Running::abort() { parts_->body.hub->abort(); }

std::optional<std::string> Running::halt_reason() const { return parts_->journal.halt_reason(); }

std::size_t Running::waiting() const { return parts_->journal.count_of(kit::OutgoingState::waiting); }

}  // namespace kesher::program
