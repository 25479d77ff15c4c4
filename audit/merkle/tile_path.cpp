// The paths of tlog-tiles, each with one spelling: what parses is written again and compared.
#include <charconv>
#include <cstdio>

#include "audit/merkle/tile.h"

namespace kesher::merkle {
namespace {

constexpr std::string_view kPrefix = "tile/";
constexpr std::string_view kEntries = "tile/entries/";

// Groups of three digits, all but the last led by x: 1234067 is x001/x234/067.
std::string number_path(std::uint64_t n) {
    std::array<char, 4> group{};
    std::snprintf(group.data(), group.size(), "%03u", static_cast<unsigned>(n % 1000));
    std::string path(group.data());
    for (n /= 1000; n > 0; n /= 1000) {
        std::snprintf(group.data(), group.size(), "%03u", static_cast<unsigned>(n % 1000));
        path.insert(0, "x" + std::string(group.data()) + "/");
    }
    return path;
}

std::string with_width(std::string path, unsigned width) {
    if (width < kTileWidth) path += ".p/" + std::to_string(width);
    return path;
}

template <class Number>
std::optional<Number> decimal(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

struct Place {
    std::uint64_t n = 0;
    std::uint16_t width = kTileWidth;
};

// Reads digits wherever they stand; the caller compares with the only spelling.
std::optional<Place> parse_place(std::string_view text) {
    Place place;
    const std::size_t partial = text.find(".p/");
    if (partial != std::string_view::npos) {
        const auto width = decimal<std::uint16_t>(text.substr(partial + 3));
        if (!width || *width < 1 || *width >= kTileWidth) return std::nullopt;
        place.width = *width;
        text = text.substr(0, partial);
    }
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9') digits.push_back(c);
    }
    const auto n = decimal<std::uint64_t>(digits);
    if (!n) return std::nullopt;
    place.n = *n;
    return place;
}

}  // namespace

std::string path(const Tile& tile) {
    return with_width(std::string(kPrefix) + std::to_string(tile.level) + "/" + number_path(tile.n),
                      tile.width);
}

std::string path(const EntryBundle& bundle) {
    return with_width(std::string(kEntries) + number_path(bundle.n), bundle.width);
}

std::optional<Tile> parse_tile_path(std::string_view text) {
    if (!text.starts_with(kPrefix)) return std::nullopt;
    const std::string_view rest = text.substr(kPrefix.size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto level = decimal<std::uint8_t>(rest.substr(0, slash));
    const auto place = parse_place(rest.substr(slash + 1));
    if (!level || *level >= kTileLevels || !place) return std::nullopt;
    const Tile tile{*level, place->n, place->width};
    if (path(tile) != text) return std::nullopt;
    return tile;
}

std::optional<EntryBundle> parse_bundle_path(std::string_view text) {
    if (!text.starts_with(kEntries)) return std::nullopt;
    const auto place = parse_place(text.substr(kEntries.size()));
    if (!place) return std::nullopt;
    const EntryBundle bundle{place->n, place->width};
    if (path(bundle) != text) return std::nullopt;
    return bundle;
}

}  // namespace kesher::merkle
