// kesher-verify says yes, no with the reason, or that it was called wrongly, by its exit code.
// Method: the program's own entry point on the samples; each case changes one argument or one file.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "audit/log/note.h"
#include "audit/verifier/run.h"
#include "samples.h"

using namespace kesher;

namespace {

struct Answer {
    int exit_code = 0;
    std::string out;
    std::string err;
};

Answer verify(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv{"kesher-verify"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream err;
    const int code = verifier::run(static_cast<int>(argv.size()), argv.data(), out, err);
    return {code, out.str(), err.str()};
}

const std::string vkey = "hub.example/audit+04c90d9b+AZBntXcz4cSqSi8zaB92afb31Fup4X48YYiGqdLWZKT9";

std::vector<std::string> question(const std::string& key = vkey, const std::string& leaf = "leaf.5") {
    return {"receipt",   "--leaf", samples::path(leaf), "--proof", samples::path("proof.5.tlog-proof"),
            "--log-key", key};
}
std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

// A file of this test process, gone with it.
class Scratch {
public:
    explicit Scratch(const std::string& bytes)
        : path_(std::filesystem::temp_directory_path() / ("kesher-verify-" + std::to_string(::getpid()))) {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~Scratch() { std::filesystem::remove(path_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

std::string policy(const std::string& quorum) {
    const auto& keys = samples::vectors()["keys"];
    return "witness health " + keys["w1"]["vkey"].get<std::string>() + "\nwitness justice " +
           keys["w2"]["vkey"].get<std::string>() + "\ngroup both all health justice\nquorum " + quorum + "\n";
}

}  // namespace

TEST_CASE("A receipt that holds is answered with exit code 0") {
    const auto answer = verify(question());
    CHECK(answer.exit_code == 0);
    CHECK(answer.out.starts_with("HOLDS: leaf 5 of hub.example/audit is this one, at size 300\n"));
    CHECK(answer.err.empty());
}

TEST_CASE("A receipt that does not hold is answered with the reason and exit code 1") {
    const auto answer = verify(question(vkey, "leaf.255"));
    CHECK(answer.exit_code == 1);
    CHECK(answer.out == "REFUSED: the proof does not lead from this leaf to the checkpoint's root\n");
}

TEST_CASE("A receipt that is no receipt is refused and not a usage error") {
    const auto answer = verify({"receipt", "--leaf", samples::path("leaf.5"), "--proof",
                                samples::path("leaf.5"), "--log-key", vkey});
    CHECK(answer.exit_code == 1);
    CHECK(answer.out == "REFUSED: the receipt is malformed\n");
}

TEST_CASE("Programs are answered in JSON") {
    const auto holds = nlohmann::json::parse(verify(with(question(), {"--json"})).out);
    CHECK(holds["holds"] == true);
    CHECK(holds["index"] == 5);
    CHECK(holds["size"] == 300);
    CHECK(holds["origin"] == "hub.example/audit");
    const auto refused = nlohmann::json::parse(verify(with(question(vkey, "leaf.0"), {"--json"})).out);
    CHECK(refused["holds"] == false);
    CHECK(refused["reason"].get<std::string>().starts_with("the proof"));
}

TEST_CASE("The log's key may stand in a file") {
    const Scratch key(vkey + "\n");
    CHECK(verify(question(key.path())).exit_code == 0);
    const Scratch two(vkey + "\n" + vkey + "\n");
    CHECK(verify(question(two.path())).exit_code == 2);
}

TEST_CASE("With a policy the cosignatures are needed and named") {
    const Scratch both(policy("both"));
    const auto answer = verify(with(question(), {"--policy", both.path(), "--json"}));
    REQUIRE(answer.exit_code == 0);
    const auto json = nlohmann::json::parse(answer.out);
    REQUIRE(json["cosigned"].size() == 2);
    CHECK(json["cosigned"][0]["witness"] == "health.example/witness");
    CHECK(json["cosigned"][0]["at"] == "2023-11-14T22:13:20.000Z");

    auto uncosigned = with(question(), {"--policy", both.path()});
    uncosigned[4] = samples::path("proof.5.extra.tlog-proof");
    CHECK(verify(uncosigned).out ==
          "REFUSED: too few witnesses of the policy have cosigned the checkpoint\n");
}

TEST_CASE("A wrong call is answered with exit code 2") {
    CHECK(verify({}).exit_code == 2);
    CHECK(verify({"replay"}).exit_code == 2);
    CHECK(verify({"receipt"}).exit_code == 2);
    CHECK(verify(with(question(), {"--more"})).exit_code == 2);
    CHECK(verify(question("no key and no file")).exit_code == 2);
    CHECK(verify(question(vkey, "no-such-leaf")).exit_code == 2);
    CHECK(verify(question(vkey, "tile")).exit_code == 2);
    CHECK(verify(question(samples::vectors()["keys"]["w1"]["vkey"])).exit_code == 2);
    const Scratch no_policy("quorum nobody\n");
    CHECK(verify(with(question(), {"--policy", no_policy.path()})).exit_code == 2);
}

TEST_CASE("A leaf longer than any log holds is not read whole") {
    const Scratch large(std::string(65'536, 'x'));
    auto arguments = question();
    arguments[2] = large.path();
    const auto answer = verify(arguments);
    CHECK(answer.exit_code == 2);
    CHECK(answer.err.find("too large") != std::string::npos);
}

TEST_CASE("Help is no error") {
    const auto answer = verify({"--help"});
    CHECK(answer.exit_code == 0);
    CHECK(answer.out.find("receipt") != std::string::npos);
}
