// A database of a test's own in the cluster of the CTest fixture `kesher_postgres`.
//
// Made by the product's own bootstrap and migrations, dropped at the end, so tests may run beside each
// other and leave nothing. By hand: deployment/postgres/cluster start build/dev/postgres, then the test.
#pragma once

#include <string>
#include <string_view>

namespace kesher::tests {

class FreshDatabase {
public:
    enum class Schema { migrated, empty };
    explicit FreshDatabase(Schema schema = Schema::migrated);
    ~FreshDatabase();
    FreshDatabase(const FreshDatabase&) = delete;
    FreshDatabase& operator=(const FreshDatabase&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    // libpq conninfo of this database for each role.
    [[nodiscard]] std::string hub() const { return as("kesher_hub"); }
    [[nodiscard]] std::string owner() const { return as("kesher_owner"); }
    [[nodiscard]] std::string retention() const { return as("kesher_retention"); }
    [[nodiscard]] std::string superuser() const { return as("postgres"); }

    // The superuser on the maintenance database, for what concerns the whole cluster.
    [[nodiscard]] static std::string cluster();
    // PostgreSQL's own log file so far.
    [[nodiscard]] static std::string cluster_log();

private:
    [[nodiscard]] std::string as(std::string_view role) const;
    std::string name_;
};

}  // namespace kesher::tests
