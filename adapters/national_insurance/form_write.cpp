#include "adapters/national_insurance/form_write.h"

#include "adapters/record/israel_time.h"

namespace kesher::national_insurance {
namespace {

std::string two(long long number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

std::string compact(contract::Day day) {
    std::string text = contract::text(day);
    std::erase(text, '-');
    return text;
}
std::string day_and_hour(contract::Day day) { return compact(day) + "000000"; }

void write_appointment(Form& form, const codec::Appointment& appointment) {
    const record::WallTime wall = record::wall_time(appointment.slot);
    const std::chrono::hh_mm_ss time(wall.time);
    const auto offset =
        std::chrono::floor<std::chrono::minutes>(contract::start_of(wall.day) + wall.time - appointment.slot);
    form.open("appointment.element")
        .text("appointment.slot",
              compact(wall.day) + two(time.hours().count()) + two(time.minutes().count()) + "00")
        .number("appointment.offset", offset.count())
        .number("appointment.minutes", appointment.minutes)
        .text("appointment.place", appointment.place)
        .close();
}

void write_safety(Form& form, const record::Mapping& mapping, const codec::Safety& safety) {
    form.text("referral.contact",
              mapping.code("contact", safety.contact_prohibited ? "prohibited" : "allowed"));
    std::int64_t flags = 0;
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        if (!safety.has(flag)) continue;
        form.text("referral.flag", contract::kSafetyFlags.text(flag));
        ++flags;
    }
    form.number("referral.flags", flags);
}

}  // namespace kesher::national_insurance
