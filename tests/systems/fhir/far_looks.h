// What stands on the foreign FHIR server, what its clinic's own staff does there, and what the native side
// answered: as the cases of this folder ask.
#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>

#include "adapters/health/referral_read.h"
#include "adapters/health/search_read.h"
#include "tests/systems/fhir/clinic_table.h"

namespace kesher::health::test {

inline MessageId message() { return MessageId::of_random(statement::random_bytes<16>()); }

inline bool is_taken(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Taken>(answer); }
inline bool is_there(const kit::TakenBefore& before) { return std::holds_alternative<kit::Taken>(before); }
inline bool is_held(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Held>(answer); }
inline bool is_unsure(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Unsure>(answer); }
inline std::optional<Code> declined(const kit::NativeAnswer& answer) {
    const auto* said = std::get_if<kit::Declined>(&answer);
    return said == nullptr ? std::nullopt : std::optional(said->code);
}

inline std::vector<std::string> found(const std::string& type, const std::string& uuid) {
    const auto answer =
        FarSide::running().get('/' + type + "?identifier=urn:ietf:rfc:3986%7Curn:uuid:" + uuid);
    REQUIRE(answer.status == 200);
    std::vector<std::string> places;
    const auto page = read_search(answer.body, type);
    for (const Found& each : page.value().found) places.push_back('/' + each.location);
    return places;
}
inline std::string the(const std::string& type, const std::string& uuid) {
    const auto places = found(type, uuid);
    REQUIRE(places.size() == 1);
    return places.front();
}
inline std::string task_of(const Referral& referral) { return the("Task", referral.referral.text()); }
inline std::string body_at(const std::string& path) {
    const auto answer = FarSide::running().get(path);
    REQUIRE(answer.status == 200);
    return answer.body;
}
inline json::Value at(const std::string& path) { return json::read(body_at(path), {1 << 24, 32}).value(); }
inline std::string status_at(const std::string& path) { return std::string(status_of(at(path))); }
inline std::size_t notes_at(const std::string& path) {
    const json::Value task = at(path);
    const json::Value* notes = task.find("note");
    return notes == nullptr ? 0 : notes->array()->size();
}
inline bool noted(const std::string& path, const std::string& words) {
    return body_at(path).find(words) != std::string::npos;
}

// The clinic's own staff, as they sit at their own screen.
inline void staff(const std::string& act, const Referral& referral, const std::string& more = "") {
    const std::string folder = KESHER_SOURCE_DIR "/tests/systems/fhir/";
    const std::string command = folder + "node_modules/.bin/node " + folder + "clinic.mjs --base " +
                                FarSide::running().url() + ' ' + act + " --referral " +
                                referral.referral.text() + ' ' + more + " >/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
}
// The same hand, straight at the resource.
inline void write_over(const std::string& path, std::string_view from, std::string_view to) {
    std::string body = body_at(path);
    const std::size_t place = body.find(from);
    REQUIRE(place != std::string::npos);
    REQUIRE(FarSide::running().put(path, body.replace(place, from.size(), to)).status == 200);
}

}  // namespace kesher::health::test
