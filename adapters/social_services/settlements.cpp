#include "adapters/social_services/settlements.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

namespace kesher::social_services {

// data/city-symbol.csv, built in (CMakeLists.txt).
std::string_view city_symbol_csv();

namespace {

// The next field of a CSV row (RFC 4180); quoted fields double their quotes.
std::string next_field(std::string_view& row) {
    std::string field;
    bool quoted = !row.empty() && row.front() == '"';
    if (quoted) row.remove_prefix(1);
    while (!row.empty()) {
        const char c = row.front();
        row.remove_prefix(1);
        if (quoted && c == '"') {
            if (row.empty() || row.front() != '"') {
                quoted = false;
                continue;
            }
            row.remove_prefix(1);
        } else if (!quoted && c == ',') {
            break;
        }
        field += c;
    }
    return field;
}

struct Table {
    std::deque<std::string> names;  // keeps the letters that the views below show
    std::vector<Settlement> rows;   // by symbol
};

Table read_table() {
    Table table;
    std::string_view csv = city_symbol_csv();
    csv.remove_prefix(csv.find('\n') + 1);
    while (!csv.empty()) {
        const std::size_t end = std::min(csv.find('\n'), csv.size() - 1);
        std::string_view row = csv.substr(0, end);
        csv.remove_prefix(end + 1);
        if (row.ends_with('\r')) row.remove_suffix(1);
        const std::string symbol = next_field(row);
        std::uint16_t number = 0;
        const auto [stop, error] = std::from_chars(symbol.data(), symbol.data() + symbol.size(), number);
        if (error != std::errc{} || stop != symbol.data() + symbol.size()) {
            throw std::runtime_error("city-symbol.csv has a row without a symbol");
        }
        const std::string_view he = table.names.emplace_back(next_field(row));
        const std::string_view en = table.names.emplace_back(next_field(row));
        if (number != 0) table.rows.push_back({number, he, en});
    }
    std::sort(table.rows.begin(), table.rows.end(),
              [](const Settlement& a, const Settlement& b) { return a.symbol < b.symbol; });
    return table;
}

const Table& table() {
    static const Table read = read_table();
    return read;
}

}  // namespace

std::optional<Settlement> settlement(std::uint16_t symbol) {
    const auto& rows = table().rows;
    const auto found =
        std::lower_bound(rows.begin(), rows.end(), symbol,
                         [](const Settlement& row, std::uint16_t wanted) { return row.symbol < wanted; });
    if (found == rows.end() || found->symbol != symbol) return std::nullopt;
    return *found;
}

std::size_t settlement_count() { return table().rows.size(); }

}  // namespace kesher::social_services
