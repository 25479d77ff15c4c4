// The commands, a group a file. Each adds itself to the parser and, when it is the one given, leaves what is
// to be done in `chosen`; options are read into objects that live as long as `chosen`.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "adapters/ctl/office.h"
#include "adapters/ctl/waiting_withdrawals.h"

namespace kesher::ctl {

using Chosen = std::function<Outcome(const Common&)>;

void add_operator_commands(CLI::App& app, Chosen& chosen);   // org, enrol token, officer, user
void add_log_commands(CLI::App& app, Chosen& chosen);        // log, doctor
void add_reading_commands(CLI::App& app, Chosen& chosen);    // board, agenda, access
void add_enrolment_commands(CLI::App& app, Chosen& chosen);  // enrol
void add_case_commands(CLI::App& app, Chosen& chosen);
void add_consent_commands(CLI::App& app, Chosen& chosen);
void add_message_commands(CLI::App& app, Chosen& chosen);
void add_draft_commands(CLI::App& app, Chosen& chosen);  // message draft, ask-consent
void add_profile_commands(CLI::App& app, Chosen& chosen);
void add_inbox_commands(CLI::App& app, Chosen& chosen);

// Opens the organisation and goes on with it; a withdrawal of hers that still waits here goes to the hub
// first.
[[nodiscard]] inline Outcome in_office(const Common& common, const std::function<Outcome(Office&)>& act) {
    const auto office = Office::open(common);
    if (!office) return contract::Failure{office.error()};
    const Passing passing = pass_on_withdrawals(**office);
    return beside(act(**office), passing);
}

// The same for her word itself and for what ends a referral: `act` writes it down before the hub is asked for
// anything, so that nothing which waits here can keep it unsaid.
[[nodiscard]] inline Outcome in_office_said_first(
    const Common& common, const std::function<Outcome(Office&, const PassWaiting&)>& act) {
    const auto office = Office::open(common);
    if (!office) return contract::Failure{office.error()};
    std::optional<Passing> passing;
    Outcome outcome = act(**office, [&](const kit::Written& own) {
        passing = pass_on_withdrawals(**office, own.id);
        return passing->own;
    });
    if (!passing) passing = pass_on_withdrawals(**office);  // what it says was not to be sent
    return beside(std::move(outcome), *passing);
}

}  // namespace kesher::ctl
