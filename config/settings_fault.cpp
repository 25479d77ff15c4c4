#include "config/settings_fault.h"

namespace kesher::config {

std::string text(const SettingsFault& fault) {
    std::string line = fault.file;
    if (fault.place.line > 0) {
        line += ':' + std::to_string(fault.place.line) + ':' + std::to_string(fault.place.column);
    }
    line += ": ";
    if (!fault.key.empty()) line += fault.key + ": ";
    return line + fault.what + ". " + fault.mend + '.';
}

}  // namespace kesher::config
