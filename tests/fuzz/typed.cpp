// What people type: a claim code on a page, the settings of a hub.
#include "config/settings.h"
#include "gateway/keys/claim_codes.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {

using contract::text_of;

// Read out and typed again it is the same code.
void claim_codes(contract::ByteView input) {
    const auto code = keys::ClaimCode::parse(text_of(input));
    if (!code) return;
    claim(code->reveal().size() == keys::ClaimCode::kLength);
    const auto again = keys::ClaimCode::parse(code->read_aloud());
    claim(again && *again == *code);
}

// A file is taken with every value in its range, or refused with at least one fault that names its place.
void settings(contract::ByteView input) {
    const auto values = config::parse_table(text_of(input), "fuzz.toml", config::hub_settings());
    if (values) {
        claim(values->text("hub.name").size() > 0);
        return;
    }
    claim(!values.error().empty());
    for (const config::SettingsFault& fault : values.error()) {
        claim(!fault.what.empty());
        claim(!config::text(fault).empty());
    }
}

}  // namespace kesher::fuzz
