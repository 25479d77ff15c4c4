#include "tests/support/postgres.h"

#include <fstream>
#include <random>
#include <stdexcept>

#include "gateway/store/bootstrap.h"
#include "gateway/store/migrator.h"

namespace kesher::tests {
namespace {

std::string fresh_name() {
    std::random_device random;
    return "test_" + std::to_string(random()) + "_" + std::to_string(random());
}

store::Connection open(std::string conninfo) { return {{.conninfo = std::move(conninfo)}, {}}; }

}  // namespace

FreshDatabase::FreshDatabase(Schema schema) : name_(fresh_name()) {
    store::Connection superuser = open(cluster());
    store::bootstrap(superuser, name_);
    if (schema == Schema::empty) return;
    store::Connection migrations = open(owner());
    const auto applied = store::migrate(migrations);
    if (!applied) throw std::runtime_error(applied.error().text);
}

FreshDatabase::~FreshDatabase() {
    store::Connection superuser = open(cluster());
    superuser.script("DROP DATABASE " + name_ + " WITH (FORCE)");
}

std::string FreshDatabase::cluster() {
    std::ifstream file(KESHER_BINARY_DIR "/postgres/conninfo");
    std::string conninfo;
    if (!std::getline(file, conninfo)) {
        throw std::runtime_error("no cluster runs: deployment/postgres/cluster start " KESHER_BINARY_DIR
                                 "/postgres");
    }
    return conninfo;
}

std::string FreshDatabase::cluster_log() {
    std::ifstream place_file(KESHER_BINARY_DIR "/postgres/place");
    std::string place;
    std::getline(place_file, place);
    std::ifstream file(place + "/log/postgresql.log");
    if (!file) throw std::runtime_error("the cluster's log file is not where it should be");
    return {std::istreambuf_iterator<char>(file), {}};
}

// Of a keyword given twice, libpq takes the last.
std::string FreshDatabase::as(std::string_view role) const {
    return cluster() + " dbname=" + name_ + " user=" + std::string(role);
}

}  // namespace kesher::tests
