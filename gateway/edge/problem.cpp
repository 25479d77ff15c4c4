#include "gateway/edge/problem.h"

#include "gateway/telemetry/log.h"

namespace kesher::edge {
namespace {

using telemetry::json_string;

std::chrono::seconds wait_of(const Problem& problem) {
    return problem.retry_after.value_or(kRetryAfterDefault);
}

std::string retry_word(const Problem& problem) {
    switch (contract::facts_of(problem.code).retry) {
        case contract::Retry::no:
            return "no";
        case contract::Retry::same:
            return "same";
        case contract::Retry::after:
            return "after " + std::to_string(wait_of(problem).count());
    }
    return "no";
}

std::string member_json(const MemberValue& value) {
    if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
    return json_string(std::get<std::string>(value));
}

}  // namespace

std::string problem_json(const Problem& problem) {
    const contract::CodeFacts& facts = contract::facts_of(problem.code);
    std::string json = "{\"type\":" + json_string("urn:kesher:problem:" + std::string(facts.word));
    const auto add = [&json](std::string_view name, std::string_view value_json) {
        json += ',' + json_string(name) + ':' + std::string(value_json);
    };
    add("title", json_string(facts.title));
    add("status", std::to_string(facts.status));
    add("code", json_string(facts.word));
    add("side", json_string(contract::text(facts.side)));
    add("retry", json_string(retry_word(problem)));
    if (!facts.remedy.empty()) add("remedy", json_string(facts.remedy));
    if (problem.incident) add("incident", json_string(problem.incident->text()));
    if (problem.at) add("at", json_string(contract::text(*problem.at)));
    for (const auto& [name, value] : problem.extra) add(name, member_json(value));
    return json + '}';
}

Response problem_response(const Problem& problem) {
    const contract::CodeFacts& facts = contract::facts_of(problem.code);
    Response response;
    response.status = facts.status;
    response.content_type = "application/problem+json";
    response.headers.push_back({"Cache-Control", "no-store"});
    if (facts.retry == contract::Retry::after) {
        response.headers.push_back({"Retry-After", std::to_string(wait_of(problem).count())});
    }
    response.body = problem_json(problem);
    response.refusal = problem.code;
    response.incident = problem.incident;
    return response;
}

}  // namespace kesher::edge
