#include "adapters/national_insurance/status_form.h"

#include <algorithm>

#include "adapters/national_insurance/fields.h"
#include "adapters/national_insurance/form_write.h"
#include "config/catalogue/catalogue.h"

namespace kesher::national_insurance {
namespace {

using contract::ReferralState;
using record::Mapping;

struct ResultCode {
    ResultKind kind;
    int code;
    std::string_view words;  // key of the catalogue
};
constexpr std::array kResults{ResultCode{ResultKind::taken, 0, "taken"},
                              ResultCode{ResultKind::unknown_referral, 200, "unknown_referral"},
                              ResultCode{ResultKind::no_such_step, 201, "no_such_step"},
                              ResultCode{ResultKind::not_told, 202, "not_told"},
                              ResultCode{ResultKind::refused, 299, "refused"},
                              ResultCode{ResultKind::not_now, 900, "not_now"}};
constexpr int kForm = 100;     // and the flaw's place in its list
constexpr int kFormEnd = 200;  // not any more
constexpr int kNotNow = 900;   // and all above

std::string in_both_languages(std::string_view key) {
    const auto& words = catalogue::built_in_catalogue().words("native." + std::string(key));
    return words.he + " / " + words.en;
}

// Their own reason or outcome beside the status takes the place of the one that the mapping gives it.
void read_beside(Fields& fields, Status& status) {
    if (const auto reason = fields.plain("status.reason", contract::kReasons)) {
        if (record::reasons_of(status.meaning.state).has(*reason))
            status.meaning.reason = reason;
        else
            fields.note("status.reason", Flaw::value);
    }
    if (const auto outcome = fields.plain("status.outcome", contract::kOutcomes)) {
        if (status.meaning.state == ReferralState::completed)
            status.meaning.outcome = outcome;
        else
            fields.note("status.outcome", Flaw::value);
    } else if (status.meaning.state == ReferralState::completed && !status.meaning.outcome) {
        static_cast<void>(fields.must("status.outcome", kShortBytes));  // the mapping names none either
    }
    status.words = fields.text("status.words", kLongBytes);
    status.appointment = read_appointment(fields);
    if ((status.meaning.state == ReferralState::scheduled) != status.appointment.has_value()) {
        fields.note("appointment.element", status.appointment ? Flaw::value : Flaw::missing);
    }
}

}  // namespace

std::string write_update(const Update& update, const Mapping& mapping) {
    XmlWriter out;
    Form form(mapping, out);
    out.open("n:" + mapping.name("call.update"), {{"xmlns:n", kNamespace}});
    form.open("update.element")
        .text("update.number", update.referral.text())
        .text("update.event", mapping.code("event", update.event))
        .text("update.on", day_and_hour(update.on));
    if (update.reason) form.text("update.reason", contract::kReasons.text(*update.reason));
    form.maybe("update.words", update.words);
    if (update.appointment) write_appointment(form, *update.appointment);
    if (update.safety) write_safety(form, mapping, *update.safety);
    form.close();
    out.close();
    return out.take();
}

std::string write_inquiry(const contract::MessageId& id, const Mapping& mapping) {
    XmlWriter out;
    Form form(mapping, out);
    out.open("n:" + mapping.name("call.inquiry"), {{"xmlns:n", kNamespace}});
    form.open("inquiry.element").text("inquiry.transfer", id.text()).close();
    out.close();
    return out.take();
}

contract::Result<Status, FieldFaults> read_status(const Element& body, const Mapping& mapping) {
    FieldFaults faults;
    Fields whole(body, mapping, faults);
    auto fields = whole.part("status.element");
    if (!fields) {
        if (faults.empty()) whole.note_missing("status.element");
        return contract::Failure{std::move(faults)};
    }
    Status status{
        .referral =
            fields->id<contract::ReferralId>("status.number").value_or(contract::ReferralId::of_random({})),
        .meaning = {ReferralState::delivered},
        .on = fields->day("status.on").value_or(contract::Day{}),
        .line = body.line};
    static_cast<void>(fields->must("status.number", kShortBytes));
    static_cast<void>(fields->must("status.on", kShortBytes));
    const std::string code = fields->must("status.code", kShortBytes);
    const std::string* meaning = mapping.meaning("status", code);
    if (meaning == nullptr) {
        if (!code.empty()) fields->note("status.code", Flaw::unknown_code);
    } else {
        status.meaning = record::meaning_of(*meaning).value();  // the form of the mapping saw to it
        read_beside(*fields, status);
    }
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return status;
}

std::string write_result(std::string_view call, const CallResult& result, const Mapping& mapping) {
    XmlWriter out;
    Form form(mapping, out);
    out.open("n:" + mapping.name(call) + "Response", {{"xmlns:n", kNamespace}});
    if (result.kind == ResultKind::form && !result.faults.empty()) {
        const FieldFault& first = result.faults.front();
        form.number("result.code", kForm + static_cast<int>(first.flaw))
            .number("result.line", first.line)
            .text("result.field", first.field)
            .text("result.words", in_both_languages(kFlaws.text(first.flaw)));
    } else {
        const auto row = std::ranges::find(kResults, result.kind, &ResultCode::kind);
        const ResultCode& said = row == kResults.end() ? kResults.back() : *row;
        form.number("result.code", said.code)
            .text("result.words", in_both_languages(result.words_left_out ? "words_left_out" : said.words));
    }
    out.close();
    return out.take();
}

std::optional<CallResult> read_result(const Element& body, std::string_view call, const Mapping& mapping) {
    if (body.space != kNamespace || body.name != mapping.name(call) + "Response") return std::nullopt;
    if (body.count("", "fault") > 0) return CallResult{ResultKind::refused};  // X-Road: non-technical
    FieldFaults faults;
    Fields fields(body, mapping, faults);
    const auto code = fields.number("result.code");
    if (!code || *code < 0) return std::nullopt;
    if (*code >= kNotNow) return CallResult{ResultKind::not_now};
    if (*code >= kForm && *code < kFormEnd) {
        const auto flaw = static_cast<std::size_t>(*code - kForm);
        const auto line = fields.number("result.line").value_or(0);
        const std::string field = fields.text("result.field", kShortBytes).value_or("");
        return CallResult{ResultKind::form,
                          {{line > 0 && line < 1'000'000 ? static_cast<unsigned>(line) : 0, field,
                            flaw < kFlaws.size() ? static_cast<Flaw>(flaw) : Flaw::value}}};
    }
    const auto row = std::ranges::find(kResults, static_cast<int>(std::min<std::int64_t>(*code, kNotNow)),
                                       &ResultCode::code);
    // Any other code of theirs is a refusal of what the form says.
    return CallResult{row == kResults.end() ? ResultKind::refused : row->kind};
}

}  // namespace kesher::national_insurance
