// The native half of a department's adapter: its folder on one side, the kit on the other.
//
// Referrals that the department drops go out, what the exchange says comes back as files; what others refer
// to the department comes as files, what it answers goes back as events. The receipt of a delivery is a
// commitment to the file that carries it (ledger.h), not its plain SHA-256.
#pragma once

#include <functional>
#include <memory>

#include "adapters/kit/native_side.h"
#include "adapters/kit/outbox.h"
#include "adapters/kit/own_cases.h"
#include "adapters/social_services/settings.h"
#include "gateway/telemetry/log.h"

namespace kesher::social_services {

// All must outlive the side. `directory` is asked at each turn: Runner::directory() in earnest, so it may be
// bound after the side was made. `open_case` is kit::open_case.
struct DepartmentMeans {
    kit::Journal& journal;
    kit::Outbox& outbox;
    const kit::MessageWriter& writer;
    const kit::AliasMaker& aliases;
    const kit::ToldNames& names;
    telemetry::Log& log;
    std::function<const kit::Directory&()> directory;
    std::function<kit::Answered<kit::OpenedCase>(const kit::OpenCase&)> open_case;
};

// Throws LedgerBroken where the ledger cannot be opened.
[[nodiscard]] std::unique_ptr<kit::NativeSide> make_department_side(const DepartmentSettings& settings,
                                                                    DepartmentMeans means);

}  // namespace kesher::social_services
