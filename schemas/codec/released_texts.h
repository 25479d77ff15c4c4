// The .avsc files as the build found them; the .cpp is made by this folder's CMakeLists.txt.
#pragma once

#include <string_view>
#include <vector>

namespace kesher::codec {

struct ReleasedText {
    std::string_view file_name;  // "Draft.v1.avsc"
    std::string_view text;
};
[[nodiscard]] const std::vector<ReleasedText>& released_texts();

}  // namespace kesher::codec
