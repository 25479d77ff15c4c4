// Attacks one hub that attacks.py raised, and says what held. Exit code 1 where anything did not.
#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/edge/attacks/stage.h"

int main(int argc, char** argv) {
    using namespace kesher::attacks;
    CLI::App cli{"kesher-attacker: bad input to a hub of this machine."};
    Where where;
    std::string floods = "all";
    std::string flood;
    bool every_flood = false;
    std::string seen;
    cli.add_option("--department", where.department)->required();
    cli.add_option("--health", where.health)->required();
    cli.add_option("--port", where.port)->required();
    cli.add_option("--local", where.local)->required();
    cli.add_option("--queue", where.queue)->required();
    cli.add_option("--share", where.share)->required();
    cli.add_option("--hub", where.hub)->required();
    cli.add_option("--database", where.database)->required();
    cli.add_option("--seen", seen, "Written: the codes that the hub gave where it had to")->required();
    cli.add_option("--floods", floods)->check(CLI::IsMember({"none", "all", "only"}));
    cli.add_option("--flood", flood, "Only the floods with this in their names");
    cli.add_flag("--every-flood", every_flood, "The long ones as well");
    CLI11_PARSE(cli, argc, argv);
    try {
        Stage stage(where);
        Report report;
        if (floods != "only") {
            try_every_refusal(stage, report);
            try_strangers(stage, report);
            try_full_queue(stage, report);
            try_without_database(stage, report);
            try_zoo(stage, report);
            try_mutations(stage, report, 1'000);
            report.write_seen(seen);
        }
        if (floods != "none") try_floods(stage, report, flood, every_flood);
        std::cout << report.findings() << " findings" << std::endl;
        return report.findings() == 0 ? 0 : 1;
    } catch (const std::exception& fault) {
        std::cerr << "kesher-attacker: " << fault.what() << "\n";
        return 1;
    }
}
