// Prints events as the labor arm's adapter writes them, one a line: for the referee of its pages.
#include <cstdio>

#include "adapters/labor/referral_event.h"
#include "adapters/labor/status_event.h"
#include "schemas/statement/hash.h"
#include "tests/unit/labor/labor_mapping.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;

int main() {
    const record::Mapping& mapping = labor::test::mapping();
    const auto print = [](const std::string& event) { std::printf("%s\n", event.c_str()); };
    std::mt19937 dice(20261125);
    const Service services[] = {Service::emp_counsel, Service::emp_voc, Service::emp_place};
    for (std::size_t i = 0; i < 200; ++i) {
        record::Referral referral = record::samples::drawn(dice);
        referral.service = services[i % std::size(services)];
        print(labor::write_referral(referral, mapping));
    }
    const auto day = parse_day("2026-11-24").value();
    const auto by = OrganisationId::parse("ssd-5000").value();
    const auto id = MessageId::of_keyed_hash(statement::sha256("an update"));
    record::Update update{ReferralId::of_keyed_hash(statement::sha256("a referral")), "", day};
    for (const std::string_view word : record::kUpdateWords) {
        update.event = word;
        update.reason = word == "cancel" ? std::optional(Reason::no_longer_needed) : std::nullopt;
        update.words = word == "hold" ? std::optional<std::string>("a word") : std::nullopt;
        if (word == "schedule") update.appointment = codec::Appointment{start_of(day), 45, "floor 2"};
        update.safety = update.words ? std::optional(codec::Safety{}) : std::nullopt;
        const std::string event = labor::write_update(id, by, update, mapping);
        print(event);
        print(labor::write_receipt("urn:kesher:organisation:labor", labor::read_event(event).value(),
                                   statement::sha256(event), day, {.words_left_out = word == "hold"},
                                   mapping));
        update.appointment.reset();
    }
}
