// One fuzz target a parser: whatever bytes come, they are refused or they are what we would have written.
//
// The same functions run in two programs: kesher-fuzz (clang, libFuzzer, ASan and UBSan) looks for inputs,
// and fuzz_replay runs the kept ones in every build. A claim that does not hold ends the program.
#pragma once

#include <cstdlib>
#include <span>
#include <string_view>

#include "schemas/contract/bytes.h"

namespace kesher::fuzz {

struct Target {
    std::string_view name;  // of its corpus folder too
    void (*run)(contract::ByteView input);
};
[[nodiscard]] std::span<const Target> targets();

// What a parser promises; never about the input being good.
inline void claim(bool holds) {
    if (!holds) std::abort();
}

// codec.cpp: all record types, chosen by the first byte; or whole single objects as they are sent
void records(contract::ByteView input);
// json.cpp
void json_documents(contract::ByteView input);
// statement.cpp: compact JWS and JWE as they come, and every document behind a signature that holds
void jws(contract::ByteView input);
void detached_jws(contract::ByteView input);
void statement_claims(contract::ByteView input);
void acks_claims(contract::ByteView input);
void key_lists(contract::ByteView input);
void profiles(contract::ByteView input);
void officers(contract::ByteView input);
void case_orders(contract::ByteView input);
void agreements(contract::ByteView input);
void jwe(contract::ByteView input);
void sealing(contract::ByteView input);
void certificates(contract::ByteView input);
// log.cpp
void notes(contract::ByteView input);
void receipts(contract::ByteView input);
void leaf_records(contract::ByteView input);
void leaves(contract::ByteView input);
void policies(contract::ByteView input);
void tile_paths(contract::ByteView input);
// edge.cpp
void request_heads(contract::ByteView input);
void answer_heads(contract::ByteView input);
void request_targets(contract::ByteView input);
// typed.cpp: what people type
void claim_codes(contract::ByteView input);
void settings(contract::ByteView input);
// far_side.cpp: what native systems send; of the two files the first byte is the encoding
void department_files(contract::ByteView input);
void status_files(contract::ByteView input);
void fhir_tasks(contract::ByteView input);
// benefits.cpp: what National Insurance's systems send
void xml_documents(contract::ByteView input);
void benefit_referrals(contract::ByteView input);
void benefit_statuses(contract::ByteView input);
// labor.cpp: what the labor arm's systems send
void labor_referrals(contract::ByteView input);
void labor_statuses(contract::ByteView input);
void labor_problems(contract::ByteView input);
void labor_key_sets(contract::ByteView input);

}  // namespace kesher::fuzz
