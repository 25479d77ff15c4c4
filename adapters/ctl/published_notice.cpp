#include "adapters/ctl/published_notice.h"

#include <algorithm>

#include "config/catalogue/catalogue.h"
#include "schemas/statement/hash.h"

namespace kesher::ctl {

using contract::Purpose;

std::optional<codec::Notice> published_notice(const std::vector<Purpose>& purposes,
                                              contract::Language language) {
    std::vector<Purpose> order = purposes;
    std::stable_partition(order.begin(), order.end(),
                          [](Purpose each) { return each != Purpose::status_feedback; });
    for (const Purpose purpose : order) {
        const auto* notice = catalogue::built_in_catalogue().newest_notice(purpose, language);
        if (notice == nullptr) continue;
        return codec::Notice{notice->id, static_cast<std::int32_t>(notice->version),
                             statement::sha256(notice->text)};
    }
    return std::nullopt;
}

}  // namespace kesher::ctl
