#include "adapters/ctl/published_notice.h"

#include "config/catalogue/catalogue.h"
#include "schemas/statement/hash.h"

namespace kesher::ctl {

using contract::Purpose;

std::optional<codec::Notice> published_notice(const std::vector<Purpose>& purposes,
                                              contract::Language language) {
    // What goes out is explained before what comes back.
    std::vector<Purpose> order = purposes;
    if (std::erase(order, Purpose::status_feedback) > 0) order.push_back(Purpose::status_feedback);
    for (const Purpose purpose : order) {
        const auto* notice = catalogue::built_in_catalogue().newest_notice(purpose, language);
        if (notice == nullptr) continue;
        return codec::Notice{notice->id, static_cast<std::int32_t>(notice->version),
                             statement::sha256(notice->text)};
    }
    return std::nullopt;
}

}  // namespace kesher::ctl
