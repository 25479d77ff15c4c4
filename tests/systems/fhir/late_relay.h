// What stands before the foreign FHIR server: it passes on what it is asked, and keeps transactions back
// where the case says so, as a queue does whose server is busy. What it kept lands when the case lets it.
#pragma once

#include <regex>

#include "tests/systems/fhir/far_side.h"
#include "tests/unit/health/canned_server.h"

namespace kesher::health::test {

class LateRelay {
public:
    LateRelay() : canned_([this](const Request& request) { return answer(request); }) {}

    [[nodiscard]] std::string url() const { return canned_.url(); }
    // How many requests of this method came; of a resource by its id alone where `type` is named.
    [[nodiscard]] std::size_t asked(const std::string& method, const std::string& type = "") const {
        const std::string start = method + " /" + (type.empty() ? "" : type + '/');
        std::size_t count = 0;
        for (const Request& request : canned_.asked()) count += request.line.starts_with(start) ? 1 : 0;
        return count;
    }

    // What becomes of the next transaction, and what is said of it; nothing: the line is cut.
    enum class Fate { kept, done, dropped };
    void next(Fate fate, std::string answer) { next_.push_back({fate, std::move(answer)}); }
    // Every request is answered so, where that says something; else as the server does.
    void instead(CannedServer::Answer answer) { instead_ = std::move(answer); }

    // What was kept is done now, in its order. The statuses.
    std::vector<int> land() {
        return land([](const std::string& bundle) { return bundle; });
    }
    // The same, by a server that had judged the conditions before anything else of her came.
    std::vector<int> land_judged_before() {
        return land([](const std::string& bundle) {
            return std::regex_replace(
                bundle, std::regex(R"(,"ifNoneExist":"(?!identifier=urn:kesher:organisation)[^"]*")"), "");
        });
    }

private:
    struct Next {
        Fate fate;
        std::string answer;
    };

    std::vector<int> land(const std::function<std::string(const std::string&)>& as) {
        std::vector<int> statuses;
        for (const std::string& bundle : std::exchange(kept_, {}))
            statuses.push_back(tests::FarSide::running().post("/", as(bundle)).status);
        return statuses;
    }

    std::string answer(const Request& request) {
        if (const std::string said = instead_ ? instead_(request) : ""; !said.empty()) return said;
        const std::size_t path_at = request.line.find(' ') + 1;
        const std::string path = request.line.substr(path_at, request.line.rfind(' ') - path_at);
        tests::FarSide& far = tests::FarSide::running();
        if (request.line.starts_with("GET ")) return passed(far.get(path));
        if (request.line.starts_with("PATCH "))
            return passed(far.patch(path, request.body, match_of(request)));
        if (next_.empty()) return passed(far.post(path, request.body));
        const Next next = next_.front();
        next_.erase(next_.begin());
        if (next.fate == Fate::done) (void)far.post(path, request.body);
        if (next.fate == Fate::kept) kept_.push_back(request.body);
        return next.answer;
    }
    static std::string passed(const edge::Answer& answer) { return answered(answer.status, answer.body); }
    // Header values came in lower case: `w/"3"` of version 3, an id without capitals there.
    static std::string match_of(const Request& request) {
        const std::string name = "if-match: w/";
        const std::size_t at = request.head.find(name) + name.size();
        return "W/" + request.head.substr(at, request.head.find("\r\n", at) - at);
    }

    std::vector<Next> next_;
    std::vector<std::string> kept_;
    CannedServer::Answer instead_;
    CannedServer canned_;  // last: its thread uses the others
};

}  // namespace kesher::health::test
