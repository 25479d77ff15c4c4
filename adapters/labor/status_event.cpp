#include "adapters/labor/status_event.h"

#include <algorithm>

#include "adapters/labor/referral_event.h"
#include "config/catalogue/catalogue.h"
#include "schemas/json/read.h"

namespace kesher::labor {
namespace {

using contract::ReferralState;
using record::Mapping;

struct Answer {
    ResultKind kind;
    int status;
    std::string_view code;  // and the catalogue's key
};
constexpr std::array kAnswers{Answer{ResultKind::form, 422, "form"},
                              Answer{ResultKind::unknown_referral, 404, "unknown_referral"},
                              Answer{ResultKind::no_such_step, 409, "no_such_step"},
                              Answer{ResultKind::not_told, 403, "not_told"},
                              Answer{ResultKind::refused, 400, "refused"},
                              Answer{ResultKind::changed, 412, "changed"},
                              Answer{ResultKind::not_now, 503, "not_now"}};
constexpr int kTooManyRequests = 429;  // RFC 6585, section 4
constexpr json::Bounds kProblem{.bytes = 64 * 1024, .depth = 8};

std::string in_both_languages(std::string_view key) {
    const auto& words = catalogue::built_in_catalogue().words("native." + std::string(key));
    return words.he + " / " + words.en;
}

const Answer& answer_of(ResultKind kind) {
    const auto row = std::ranges::find(kAnswers, kind, &Answer::kind);
    return row == kAnswers.end() ? kAnswers.back() : *row;
}

// Their own reason or outcome beside the status takes the place of the one that the mapping gives it.
void read_beside(Members& data, Status& status) {
    if (auto error = data.part("data.error")) {
        if (const auto reason = error->plain("error.reason", contract::kReasons)) {
            if (record::reasons_of(status.meaning.state).has(*reason))
                status.meaning.reason = reason;
            else
                error->note("error.reason", Flaw::value);
        }
    }
    if (const auto outcome = data.plain("data.outcome", contract::kOutcomes)) {
        if (status.meaning.state == ReferralState::completed)
            status.meaning.outcome = outcome;
        else
            data.note("data.outcome", Flaw::value);
    } else if (status.meaning.state == ReferralState::completed && !status.meaning.outcome) {
        static_cast<void>(data.must("data.outcome", kShortBytes));  // the mapping names none either
    }
    status.words = data.text("data.need", kLongBytes);
    status.appointment = read_schedule(data);
    if ((status.meaning.state == ReferralState::scheduled) != status.appointment.has_value()) {
        data.note("data.schedule", status.appointment ? Flaw::value : Flaw::missing);
    }
}

std::optional<FieldFault> fault_in(const json::Value& each) {
    const json::Value* pointer = each.find("pointer");
    const json::Value* flaw = each.find("flaw");
    if (pointer == nullptr || pointer->text() == nullptr) return std::nullopt;
    const auto known =
        flaw == nullptr || flaw->text() == nullptr ? std::nullopt : record::kFlaws.parse(*flaw->text());
    return FieldFault{0, *pointer->text(), known.value_or(Flaw::value)};
}

}  // namespace

std::string write_update(const contract::MessageId& id, const contract::OrganisationId& by,
                         const Update& update, const Mapping& mapping) {
    json::Writer out = begin_event(id.text(), source_of(by), mapping.name("type.update"), update.on);
    out.text(mapping.name("attribute.referral"), update.referral.text());
    out.open_object("data").text("@context", "https://schema.org/");
    out.text(mapping.name("data.action"), "UpdateAction")
        .text(mapping.name("data.event"), mapping.code("event", update.event))
        .text(mapping.name("data.on"), contract::text(update.on));
    if (update.reason) out.text(mapping.name("data.reason"), contract::kReasons.text(*update.reason));
    if (update.words) out.text(mapping.name("data.need"), *update.words);
    if (update.appointment) write_schedule(out, mapping, *update.appointment);
    if (update.safety) write_policy(out, mapping, *update.safety);
    out.close().close();
    return out.take();
}

contract::Result<Status, FieldFaults> read_status(const CloudEvent& event, const Mapping& mapping) {
    FieldFaults faults;
    Members whole(event.whole, "", mapping, faults);
    Members data(event.data(), "/data", mapping, faults);
    if (!event.on) faults.push_back({0, "/time", Flaw::missing});
    const auto referral = whole.id<contract::ReferralId>("attribute.referral");
    if (!referral) static_cast<void>(whole.must("attribute.referral", kShortBytes));
    Status status{.referral = referral.value_or(contract::ReferralId::of_random({})),
                  .meaning = {ReferralState::delivered},
                  .on = event.on.value_or(contract::Day{})};
    std::string code = data.must("data.status", kShortBytes);
    const auto substatus = data.text("data.substatus", kShortBytes);
    if (substatus) code += '-' + *substatus;
    const std::string* meaning = mapping.meaning("status", code);
    if (meaning == nullptr) {
        if (!code.empty()) data.note(substatus ? "data.substatus" : "data.status", Flaw::unknown_code);
    } else {
        status.meaning = record::meaning_of(*meaning).value();  // the form of the mapping saw to it
        read_beside(data, status);
    }
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return status;
}

std::string write_receipt(std::string_view source, const CloudEvent& event, const contract::Digest& body,
                          contract::Day on, const CallResult& result, const Mapping& mapping) {
    json::Writer out =
        begin_event("receipt-" + contract::hex(body.view()), source, mapping.name("type.receipt"), on);
    out.open_object("data")
        .text(mapping.name("receipt.event"), event.id)
        .text(mapping.name("receipt.digest"), contract::hex(body.view()));
    if (result.words_left_out) {
        out.text(mapping.name("receipt.words"), in_both_languages("words_left_out"));
    }
    out.close().close();
    return out.take();
}

bool is_receipt_of(const CloudEvent& receipt, std::string_view id, const contract::Digest& body,
                   const Mapping& mapping) {
    if (receipt.type != mapping.name("type.receipt")) return false;
    FieldFaults faults;
    Members data(receipt.data(), "/data", mapping, faults);
    return data.raw("receipt.event") == id && data.raw("receipt.digest") == contract::hex(body.view());
}

int http_status(ResultKind kind) { return kind == ResultKind::taken ? 202 : answer_of(kind).status; }

std::string write_problem(const CallResult& result, const std::optional<Answering>& of) {
    const Answer& answer = answer_of(result.kind);
    json::Writer out;
    out.open_object()
        .text("type", "urn:kesher:labor:" + std::string(answer.code))
        .text("title", in_both_languages(answer.code))
        .number("status", answer.status)
        .text("code", answer.code);
    if (of) out.text("eventId", of->id).text("requestHash", contract::hex(of->body.view()));
    out.open_array("faults");
    for (const FieldFault& fault : result.faults) {
        out.open_object()
            .text("pointer", fault.field)
            .text("flaw", record::kFlaws.text(fault.flaw))
            .text("detail", in_both_languages(record::kFlaws.text(fault.flaw)))
            .close();
    }
    out.close().close();
    return out.take();
}

bool is_problem_of(std::string_view body, const Answering& event) {
    const auto problem = json::read(body, kProblem);
    const auto says = [&](std::string_view member, const std::string& text) {
        const json::Value* found = problem ? problem->find(member) : nullptr;
        return found != nullptr && found->text() != nullptr && *found->text() == text;
    };
    return says("eventId", event.id) && says("requestHash", contract::hex(event.body.view()));
}

std::optional<CallResult> read_problem(int status, std::string_view body) {
    if (status == kTooManyRequests) return CallResult{ResultKind::not_now};
    const auto problem = json::read(body, kProblem);
    const json::Value* code = problem ? problem->find("code") : nullptr;
    const auto row = code == nullptr || code->text() == nullptr
                         ? kAnswers.end()
                         : std::ranges::find(kAnswers, std::string_view(*code->text()), &Answer::code);
    // A status alone is not believed where it would say that something is not there, or is over there: a
    // proxy's 404 is no word on a referral.
    if (row == kAnswers.end() || row->status != status) return std::nullopt;
    CallResult result{row->kind};
    const json::Value* faults = problem->find("faults");
    if (row->kind == ResultKind::form && faults != nullptr && faults->array() != nullptr) {
        for (const json::Value& each : *faults->array()) {
            if (auto fault = fault_in(each)) result.faults.push_back(*std::move(fault));
        }
    }
    return result;
}

}  // namespace kesher::labor
