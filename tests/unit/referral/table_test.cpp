// The referral moves as the page says and in no other way.
// Method: the page's table again, as text, read by a few lines that know nothing of the code's own
// table; every state, event and actor is asked of both and of apply.
#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <sstream>

#include "tests/unit/referral/builders.h"

using namespace kesher::referral;
using namespace kesher::referral::test;

namespace {

// event | from | to | who. `-` no referral yet; `open` any non-terminal; `any` every state;
// HELD remembers, BACK returns to what was held from, SAME changes a flag only.
constexpr std::string_view kPage = R"(
draft         | -                                                | DRAFT            | REF SUB
ask_consent   | DRAFT                                            | AWAITING_CONSENT | REF
submit        | - DRAFT AWAITING_CONSENT                         | REQUESTED        | REF SUB
deliver       | REQUESTED                                        | DELIVERED        | HUB
accept        | DELIVERED WAITLISTED                             | ACCEPTED         | REC
waitlist      | DELIVERED ACCEPTED                               | WAITLISTED       | REC
decline       | DELIVERED ACCEPTED WAITLISTED SCHEDULED ON_HOLD  | DECLINED         | REC
redirect      | DELIVERED ACCEPTED WAITLISTED SCHEDULED ON_HOLD  | DECLINED         | REC
schedule      | ACCEPTED IN_PROGRESS ON_HOLD                     | SCHEDULED        | REC SUB
start         | ACCEPTED SCHEDULED WAITLISTED                    | IN_PROGRESS      | REC
no_show       | SCHEDULED                                        | ACCEPTED         | REC
hold          | ACCEPTED SCHEDULED IN_PROGRESS                   | HELD             | REC SUB
resume        | ON_HOLD                                          | BACK             | REC SUB
complete      | IN_PROGRESS SCHEDULED                            | COMPLETED        | REC
fail          | ACCEPTED SCHEDULED IN_PROGRESS ON_HOLD           | FAILED           | REC
withdraw      | open                                             | WITHDRAWN        | SUB HUB
cancel        | open                                             | CANCELLED        | REF
expire        | DRAFT AWAITING_CONSENT REQUESTED DELIVERED WAITLISTED | EXPIRED       | HUB
undeliverable | REQUESTED                                        | FAILED           | HUB
freeze        | open                                             | SAME             | PO
unfreeze      | open                                             | SAME             | PO
mark_error    | any                                              | ERRONEOUS        | REF
mark_error    | ERRONEOUS                                        | SAME             | PO
)";

// `mark_error` of the referring side is once for all: from ERRONEOUS there is only the confirmation.
bool once_for_all(std::string_view event, std::string_view from, std::string_view who) {
    return event == "mark_error" && from == "ERRONEOUS" && who == "REF";
}

std::vector<std::string> words_of(std::string text) {
    std::istringstream words{std::move(text)};
    std::vector<std::string> found;
    for (std::string word; words >> word;) found.push_back(word);
    return found;
}

std::vector<std::string> expanded(const std::string& from) {
    std::vector<std::string> states;
    for (const std::string& word : words_of(from)) {
        if (word != "open" && word != "any") states.push_back(word);
        for (const S state : word == "open"  ? open_states()
                             : word == "any" ? all_states()
                                             : std::vector<S>{}) {
            states.emplace_back(kReferralStates.text(state));
        }
    }
    return states;
}

using Key = std::tuple<std::string, std::string, std::string>;  // event, from, who

std::map<Key, std::string> read_page() {
    std::map<Key, std::string> page;
    std::istringstream lines{std::string{kPage}};
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) continue;
        std::array<std::string, 4> column;
        std::istringstream columns{line};
        for (std::string& cell : column) std::getline(columns, cell, '|');
        const std::string event = words_of(column[0]).at(0);
        for (const std::string& from : expanded(column[1])) {
            for (const std::string& who : words_of(column[3])) {
                if (!once_for_all(event, from, who)) page[{event, from, who}] = words_of(column[2]).at(0);
            }
        }
    }
    return page;
}

const std::map<Key, std::string>& page() {
    static const std::map<Key, std::string> read = read_page();
    return read;
}

std::string name_of(By by) {
    static const std::map<By, std::string> names{
        {By::ref, "REF"}, {By::rec, "REC"}, {By::sub, "SUB"}, {By::hub, "HUB"}, {By::po, "PO"}};
    return names.at(by);
}

// What the page says, or nothing where it says nothing.
std::string expected(std::string_view from, E event, By by) {
    const auto found =
        page().find({std::string{kReferralEvents.text(event)}, std::string{from}, name_of(by)});
    return found == page().end() ? "" : found->second;
}

std::string in_page_words(const Transition& row) {
    switch (row.to.target) {
        case Target::held:
            return "HELD";
        case Target::remembered:
            return "BACK";
        case Target::unchanged:
            return "SAME";
        case Target::state:
            break;
    }
    return std::string{kReferralStates.text(row.to.state)};
}

S state_after(S from, const std::string& to) {
    if (to == "HELD") return S::on_hold;
    if (to == "BACK") return S::in_progress;  // what standing(ON_HOLD) was held from
    if (to == "SAME") return from;
    return kReferralStates.parse(to).value();
}

template <class Visit>
void for_each_case(Visit visit) {
    for (const S from : all_states()) {
        for (const E event : all_events()) {
            for (const By by : kEverybody) visit(from, event, by);
        }
    }
}

}  // namespace

TEST_CASE("The page is read whole") {
    CHECK(page().size() == 115);
    CHECK(expected("DELIVERED", E::accept, By::rec) == "ACCEPTED");
    CHECK(expected("COMPLETED", E::mark_error, By::ref) == "ERRONEOUS");
    CHECK(expected("COMPLETED", E::withdraw, By::sub).empty());
}

TEST_CASE("Every state and event and actor is in the table exactly as on the page") {
    int asked = 0;
    for_each_case([&](S from, E event, By by) {
        ++asked;
        CAPTURE(kReferralStates.text(from), kReferralEvents.text(event), name_of(by));
        const Transition* row = find_transition(from, event, by);
        CHECK((row == nullptr ? "" : in_page_words(*row)) == expected(kReferralStates.text(from), event, by));
    });
    CHECK(asked == 16 * 22 * 5);
}

TEST_CASE("A referral begins with a draft or a submission and with nothing else") {
    for (const E event : all_events()) {
        for (const By by : kEverybody) {
            CAPTURE(kReferralEvents.text(event), name_of(by));
            const Transition* row = find_transition(std::nullopt, event, by);
            CHECK((row == nullptr ? "" : in_page_words(*row)) == expected("-", event, by));
        }
    }
}

TEST_CASE("Every event is applied where the page lists it and refused where it does not") {
    for_each_case([&](S from, E event, By by) {
        if (event == E::draft || event == E::submit) return;  // they make it: submission_test
        CAPTURE(kReferralStates.text(from), kReferralEvents.text(event), name_of(by));
        Referral referral = standing(from);
        referral.frozen = event == E::unfreeze && !is_terminal(from);
        const auto answer = attempt(referral, complete_request(event, by));
        const std::string to = expected(kReferralStates.text(from), event, by);
        if (to.empty()) {
            REQUIRE_FALSE(answer);
            CHECK(answer.error() == Code::event_not_allowed);
            return;
        }
        REQUIRE(answer);
        CHECK(answer->referral.state == state_after(from, to));
        CHECK(answer->steps.size() == 1);
        CHECK(answer->referral.version == referral.version + 1);
    });
}

TEST_CASE("Drafting and submitting do not pass as events of a referral that is there") {
    for (const S state : all_states()) {
        for (const By by : kEverybody) {
            CHECK(attempt(state, E::draft, by).error() == Code::event_not_allowed);
            CHECK(attempt(state, E::submit, by).error() == Code::event_not_allowed);
        }
    }
}

TEST_CASE("A withdrawal is taken in every state that is not an end whatever else stands against it") {
    for (const S state : open_states()) {
        for (const By by : {By::sub, By::hub}) {
            for (const bool frozen : {false, true}) {
                CAPTURE(kReferralStates.text(state), name_of(by), frozen);
                Referral referral = standing(state);
                referral.frozen = frozen;
                referral.referrer_last = today;
                EventRequest request{.event = E::withdraw, .by = by, .caller = std::nullopt};
                if (by == By::sub) request.caller = department;
                request.expected_version = 1;
                request.reason = Reason::service_ended;
                request.outcome = Outcome::provided;
                request.occurred_on = yesterday;
                request.has_sealed = true;
                const auto answer =
                    attempt(referral, request, {Code::consent_lapsed, Code::agreement_missing});
                REQUIRE(answer);
                CHECK(answer->referral.state == S::withdrawn);
                CHECK_FALSE(answer->referral.frozen);
            }
        }
    }
}

TEST_CASE("No event leads out of an end but the finding that it was an error") {
    for (const S state : terminal_states()) {
        for (const E event : all_events()) {
            for (const By by : kEverybody) {
                CAPTURE(kReferralStates.text(state), kReferralEvents.text(event), name_of(by));
                Referral referral = standing(state);
                referral.released = true;
                const auto answer = attempt(referral, complete_request(event, by));
                if (answer) CHECK(answer->referral.state == S::erroneous);
            }
        }
    }
}

TEST_CASE("From every open state some end can be reached by each side") {
    for (const S state : open_states()) {
        CAPTURE(kReferralStates.text(state));
        CHECK(attempt(state, E::withdraw, By::sub)->referral.state == S::withdrawn);
        CHECK(attempt(state, E::cancel, By::ref)->referral.state == S::cancelled);
    }
}

TEST_CASE("What a party may do now is what would be taken from it now") {
    for_each_case([&](S state, E event, By by) {
        if (event == E::draft || event == E::submit) return;
        for (const bool released : {false, true}) {
            for (const bool frozen : {false, true}) {
                for (const bool ended : {false, true}) {
                    CAPTURE(kReferralStates.text(state), kReferralEvents.text(event), name_of(by), released,
                            frozen, ended);
                    Referral referral = standing(state);
                    referral.released = released;
                    referral.frozen = frozen && !is_terminal(state);
                    Verdicts verdicts;
                    if (ended) verdicts.consent = Code::consent_lapsed;
                    const bool taken{attempt(referral, complete_request(event, by), verdicts)};
                    const bool of_a_party = by == By::ref || by == By::rec || by == By::sub;
                    CHECK(events_allowed(referral, by, ended && of_a_party).has(event) == taken);
                }
            }
        }
    });
}
