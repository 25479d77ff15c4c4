#include "tests/fuzz/target.h"

namespace kesher::fuzz {

std::span<const Target> targets() {
    static constexpr Target kTargets[]{
        {"records", records},
        {"json", json_documents},
        {"jws", jws},
        {"detached_jws", detached_jws},
        {"statement_claims", statement_claims},
        {"acks_claims", acks_claims},
        {"key_lists", key_lists},
        {"profiles", profiles},
        {"officers", officers},
        {"case_orders", case_orders},
        {"agreements", agreements},
        {"jwe", jwe},
        {"sealing", sealing},
        {"certificates", certificates},
        {"notes", notes},
        {"receipts", receipts},
        {"leaf_records", leaf_records},
        {"leaves", leaves},
        {"policies", policies},
        {"tile_paths", tile_paths},
        {"request_heads", request_heads},
        {"answer_heads", answer_heads},
        {"request_targets", request_targets},
        {"claim_codes", claim_codes},
        {"settings", settings},
        {"department_files", department_files},
        {"status_files", status_files},
        {"fhir_tasks", fhir_tasks},
        {"xml_documents", xml_documents},
        {"benefit_referrals", benefit_referrals},
        {"benefit_statuses", benefit_statuses},
        {"labor_referrals", labor_referrals},
        {"labor_statuses", labor_statuses},
        {"labor_problems", labor_problems},
        {"labor_key_sets", labor_key_sets},
    };
    return kTargets;
}

}  // namespace kesher::fuzz
