#include "gateway/insight/logged_read.h"

namespace kesher::insight {

using namespace contract;

Read shown(const Rooms& rooms, const Reader& reader, std::string_view operation, std::vector<Seen> seen,
           std::string json, std::optional<log::Scope> scope) {
    const auto answer = rooms.sequencer.run(std::make_shared<ReadRequest>(
        Looking{reader.organisation, reader.certificate, operation, reader.auditor, std::move(scope)},
        std::move(seen), std::nullopt));
    if (answer.code) return Failure{*answer.code};
    return json;
}

Read hidden(const Rooms& rooms, const Reader& reader, std::string_view operation,
            std::optional<log::Scope> scope) {
    const auto answer = rooms.sequencer.run(std::make_shared<ReadRequest>(
        Looking{reader.organisation, reader.certificate, operation, reader.auditor, std::move(scope)},
        std::vector<Seen>{}, Code::not_found));
    return Failure{answer.code.value_or(Code::not_found)};
}

}  // namespace kesher::insight
