// What a copy of the database shows to somebody who has no key file of the hub, and what it shows to somebody
// who watches every row being written.
//
// Two rows are taken as joined where they share any value of eight bytes or more: an id, a digest, a
// sealed column, a time, a place in the log; and so on from row to row. What another woman's rows show
// as well (the bodies' own keys and names, the day) joins nothing and is left out.
#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <numeric>
#include <regex>
#include <set>

#include "audit/log/leaf.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Referred;
using tests::World;

namespace {

using Values = std::set<std::string>;

struct StoredRow {
    std::string table;
    Values values;
    bool shows(const std::string& value) const { return values.contains(value); }
};

std::string name_of(const std::array<std::uint8_t, 16>& id) { return "id " + hex(id); }
std::string bytes_value(ByteView bytes) { return "bytes " + hex(bytes); }

// One spelling for a value, whether a column or a leaf holds it.
void add_text(Values& values, const std::string& text) {
    if (text.size() < 8) return;
    if (const auto id = MessageId::parse(text)) {
        values.insert(name_of(id->bytes()));
        return;
    }
    const auto bytes = from_base64url(text);
    values.insert(bytes && bytes->size() >= 16 ? bytes_value(*bytes) : "text " + text);
}

void add_number(Values& values, std::int64_t number) {
    constexpr std::int64_t kTimesFrom = 100'000'000'000;  // milliseconds
    if (number >= kTimesFrom) values.insert("time " + std::to_string(number));
}

void add_json(Values& values, const std::string& json) {
    static const std::regex token("\"([^\"]*)\"|([0-9]{8,})");
    for (std::sregex_iterator it(json.begin(), json.end(), token), end; it != end; ++it) {
        if ((*it)[2].matched) {
            add_number(values, std::stoll((*it)[2].str()));
        } else {
            add_text(values, (*it)[1].str());
        }
    }
}

void add_leaf(Values& values, ByteView data) {
    const auto leaf = log::split_leaf(text_of(data)).value();
    add_json(values, leaf.record);
    if (!leaf.statement) return;
    std::stringstream parts(*leaf.statement);
    for (std::string part; std::getline(parts, part, '.');) {
        const Bytes bytes = from_base64url(part).value();
        add_json(values, std::string(text_of(bytes)));
        if (text_of(bytes).front() != '{') values.insert(bytes_value(bytes));
    }
}

struct ColumnOf {
    std::string name, type;
};

void add_column(Values& values, const store::Row& row, std::size_t at, const ColumnOf& column) {
    if (row.null(at)) return;
    if (column.name == "written_by") {
        values.insert("transaction " + std::string(row.text(at)));
        return;
    }
    if (column.name == "data") return add_leaf(values, row.view(at));
    if (column.type == "uuid") values.insert(name_of(row.uuid(at)));
    if (column.type == "text") add_text(values, row.text(at));
    if (column.type == "bytea" && row.view(at).size() >= 8) values.insert(bytes_value(row.view(at)));
    if (column.type != "int8") return;
    if (column.name.ends_with("idx")) values.insert("leaf " + std::to_string(row.bigint(at)));
    add_number(values, row.bigint(at));
}

// Every row of every table; what is new since a dump is what that one did not have.
std::vector<StoredRow> dump(const World& world, const std::string& schema = "public") {
    store::Connection superuser({.conninfo = world.database().superuser()}, {});
    std::map<std::string, std::vector<ColumnOf>> tables;
    for (const store::Row row : superuser.query("SELECT c.table_name::text, c.column_name::text, "
                                                "c.udt_name::text FROM information_schema.columns c "
                                                "WHERE c.table_schema = $1 AND c.table_name NOT LIKE "
                                                "'log_tile' ORDER BY 1, c.ordinal_position",
                                                store::Parameters{}.text(schema))) {
        tables[row.text(0)].push_back({row.text(1), row.text(2)});
    }
    std::vector<StoredRow> rows;
    for (const auto& [table, columns] : tables) {
        std::string names;
        for (const ColumnOf& column : columns) names += (names.empty() ? "" : ", ") + column.name;
        for (const store::Row row : superuser.query("SELECT " + names + " FROM " + schema + "." + table)) {
            StoredRow stored{table, {}};
            for (std::size_t at = 0; at < columns.size(); ++at) {
                add_column(stored.values, row, at, columns[at]);
            }
            rows.push_back(std::move(stored));
        }
    }
    return rows;
}

// Rows that share a value, and what these share with others, and so on.
class Joined {
public:
    Joined(std::vector<StoredRow> rows, const Values& common) : rows_(std::move(rows)), root_(rows_.size()) {
        std::iota(root_.begin(), root_.end(), 0U);
        std::map<std::string, std::size_t> first;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            for (const std::string& value : rows_[i].values) {
                if (common.contains(value)) continue;
                const auto [at, fresh] = first.emplace(value, i);
                if (!fresh) root_[group(i)] = group(at->second);
            }
        }
    }
    // The group of the only row of this table that shows the value.
    std::size_t group_of(const std::string& table, const std::string& value) const {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (rows_[i].table != table || !rows_[i].shows(value)) continue;
            if (found) throw std::runtime_error("two rows of " + table);
            found = group(i);
        }
        return found.value();
    }
    // The group of all rows of this table that show the value.
    std::size_t group_of_all(const std::string& table, const std::string& value) const {
        std::set<std::size_t> found;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (rows_[i].table == table && rows_[i].shows(value)) found.insert(group(i));
        }
        if (found.size() != 1) throw std::runtime_error(std::to_string(found.size()) + " groups in " + table);
        return *found.begin();
    }
    std::set<std::size_t> groups_of(const std::string& table) const {
        std::set<std::size_t> groups;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (rows_[i].table == table) groups.insert(group(i));
        }
        return groups;
    }

private:
    std::size_t group(std::size_t row) const {
        while (root_[row] != row) row = root_[row];
        return row;
    }
    std::vector<StoredRow> rows_;
    std::vector<std::size_t> root_;
};

struct Story {
    ConsentId for_health, for_nii;
    Referred to_health, to_nii;
};

// What each step leaves behind has a time of its own.
std::vector<codec::Delivery> take_all(World& world, const tests::Body& body) {
    std::vector<codec::Delivery> taken;
    for (;;) {
        world.pass(5ms);
        const auto batch = world.poll(body, 1);
        if (batch.empty()) return taken;
        world.pass(5ms);
        (void)world.acknowledge(body, batch.front(), AckOutcome::taken);
        taken.push_back(batch.front());
    }
}

// Keeps every version of every row, with the number of the transaction that wrote it: what xmin, a trigger,
// the WAL or a copy an hour give to whoever has the database server.
void watch(World& world) {
    world.as_superuser(R"(
        CREATE SCHEMA watched;
        CREATE FUNCTION watched.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $body$
        BEGIN
            EXECUTE format('INSERT INTO watched.%I SELECT ($1).*, pg_current_xact_id()::text', TG_TABLE_NAME)
                USING NEW;
            RETURN NULL;
        END $body$;
        DO $body$
        DECLARE name text;
        BEGIN
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                EXECUTE format('CREATE TABLE watched.%1$I AS SELECT *, NULL::text AS written_by FROM public.%1$I '
                               'WITH NO DATA', name);
                EXECUTE format('CREATE TRIGGER watched AFTER INSERT OR UPDATE ON public.%I FOR EACH ROW '
                               'EXECUTE FUNCTION watched.keep()', name);
            END LOOP;
        END $body$;)");
}

// One form signed for two bodies, two referrals, one of them answered, the other withdrawn. Between two steps
// that are hers, other things happen.
Story live_through(World& world, const std::function<void()>& meanwhile = [] {}) {
    const auto woman = world.open_case(world.department);
    const Digest form = statement::sha256(statement::random_bytes<32>());
    const auto for_health = world.agree(woman, world.health, {.form = form});
    meanwhile();
    const auto for_nii = world.agree(woman, world.nii,
                                     {.purposes = {Purpose::benefit_claim},
                                      .groups = {DataGroup::identity},
                                      .services = {Service::ben_income},
                                      .form = form});
    meanwhile();
    const auto to_health = world.refer(woman, world.health, for_health);
    const auto at_health = take_all(world, world.health);
    (void)take_all(world, world.department);
    meanwhile();
    const auto to_nii = world.refer(woman, world.nii, for_nii, Service::ben_income);
    (void)take_all(world, world.nii);
    (void)take_all(world, world.department);
    meanwhile();
    (void)world.must_send(world.health, world.event(world.health, at_health.front().pseudonym,
                                                    world.department, to_health, ReferralEvent::accept));
    (void)take_all(world, world.department);
    (void)world.must_send(world.department, world.revocation(world.department, woman, for_nii));
    (void)take_all(world, world.nii);
    (void)take_all(world, world.department);
    return {for_health, for_nii, to_health, to_nii};
}

struct Copied {
    World world;
    Joined joined;
    Story story;

    static Copied of_one_woman() { return Copied(); }

private:
    Copied() : joined({}, {}), story(live_through(world)) {  // another woman's, for what is everybody's
        Values common;
        const std::vector<StoredRow> before = dump(world);
        for (const StoredRow& row : before) common.insert(row.values.begin(), row.values.end());
        story = live_through(world);
        std::vector<StoredRow> fresh;
        for (StoredRow& row : dump(world)) {
            const bool known = std::any_of(before.begin(), before.end(), [&](const StoredRow& old) {
                return old.table == row.table && old.values == row.values;
            });
            if (!known) fresh.push_back(std::move(row));
        }
        joined = Joined(std::move(fresh), common);
    }
};

}  // namespace

TEST_CASE("A copy of the database does not lead from one referral of a woman to another of hers") {
    const Copied copy = Copied::of_one_woman();
    const auto referral_to_health =
        copy.joined.group_of("referral", name_of(copy.story.to_health.id.bytes()));
    const auto referral_to_nii = copy.joined.group_of("referral", name_of(copy.story.to_nii.id.bytes()));
    CHECK(referral_to_health != referral_to_nii);
    // The same search does find what belongs to one referral: its consent, and its own deliveries.
    CHECK(copy.joined.group_of("consent", name_of(copy.story.for_health.bytes())) == referral_to_health);
    CHECK(copy.joined.group_of("consent", name_of(copy.story.for_nii.bytes())) == referral_to_nii);
    CHECK(copy.joined.groups_of("delivery") == std::set{referral_to_health, referral_to_nii});
}

TEST_CASE("A copy of the database does not lead from a case or a name of hers to anything that was done") {
    const Copied copy = Copied::of_one_woman();
    const auto referral_to_health =
        copy.joined.group_of("referral", name_of(copy.story.to_health.id.bytes()));
    const auto referral_to_nii = copy.joined.group_of("referral", name_of(copy.story.to_nii.id.bytes()));
    for (const char* table : {"case_file", "pseudonym", "case_request"}) {
        CAPTURE(table);
        const auto groups = copy.joined.groups_of(table);
        CHECK_FALSE(groups.empty());
        CHECK_FALSE(groups.contains(referral_to_health));
        CHECK_FALSE(groups.contains(referral_to_nii));
    }
    // Three names of one case, each by itself: the department's, the health service's, the institute's.
    CHECK(copy.joined.groups_of("pseudonym").size() == 3);
    const auto files = copy.joined.groups_of("case_file");
    for (const auto group : copy.joined.groups_of("pseudonym")) CHECK_FALSE(files.contains(group));
}

TEST_CASE(
    "Who watches every row being written is not led from one referral of a woman to another or to her case") {
    World world;
    (void)live_through(world);
    Values common;
    for (const StoredRow& row : dump(world)) common.insert(row.values.begin(), row.values.end());
    watch(world);
    const auto other = world.open_case(world.department);
    world.pass(std::chrono::milliseconds{1});  // orders of one millisecond share that
    std::vector<Referred> of_other;
    const Story story = live_through(world, [&] {
        of_other.push_back(world.refer(other, world.health, world.agree(other, world.health)));
        (void)take_all(world, world.health);
        (void)take_all(world, world.department);
    });
    // The number that was kept is the one that a copy shows as xmin.
    REQUIRE(world.count(
                "watched.message w JOIN message m USING (sender, id) WHERE m.xmin::text = w.written_by") ==
            world.count("watched.message"));
    const Joined joined(dump(world, "watched"), common);
    const auto group_of = [&](const Referred& referred) {
        // Written several times: at its submission, its release, its acknowledgement. All of them are one.
        return joined.group_of_all("referral", name_of(referred.id.bytes()));
    };
    const auto to_health = group_of(story.to_health);
    const auto to_nii = group_of(story.to_nii);
    CHECK(to_health != to_nii);
    for (const Referred& each : of_other) {
        CHECK(group_of(each) != to_health);
        CHECK(group_of(each) != to_nii);
    }
    // The same search finds what was done in one transaction: her name with a recipient and its first
    // release.
    CHECK(joined.groups_of("pseudonym").contains(to_health));
    CHECK(joined.groups_of("pseudonym").contains(to_nii));
    for (const char* table : {"case_file", "case_request"}) {
        CAPTURE(table);
        const auto groups = joined.groups_of(table);
        CHECK(groups.size() == 2);  // her case and the other one's
        CHECK_FALSE(groups.contains(to_health));
        CHECK_FALSE(groups.contains(to_nii));
        for (const Referred& each : of_other) CHECK_FALSE(groups.contains(group_of(each)));
    }
}

TEST_CASE("A case's own row is written when it is opened and by nothing that is sent for it") {
    World world;
    watch(world);
    (void)live_through(world);
    CHECK(world.count("watched.case_file") == 1);
    CHECK(world.count("watched.case_request") == 1);
    CHECK(world.count("watched.referral") > 2);
}
