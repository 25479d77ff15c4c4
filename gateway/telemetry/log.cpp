#include "gateway/telemetry/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <system_error>
#include <utility>

namespace kesher::telemetry {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

std::string_view text(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            return "error";
    }
    return "error";
}

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit FunctionSink(Log::Sink take) : take_(std::move(take)) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        take_(std::string_view(message.payload.data(), message.payload.size()));
    }
    void flush_() override {}

private:
    Log::Sink take_;
};

// spdlog's own stderr sink drops what a full disk refuses and tells nobody; this one says so.
void write_to_stderr(std::string_view line) {
    const bool whole = std::fwrite(line.data(), 1, line.size(), stderr) == line.size() &&
                       std::fputc('\n', stderr) != EOF && std::fflush(stderr) == 0;
    if (!whole) {
        std::clearerr(stderr);
        throw std::system_error(errno, std::generic_category(), "standard error");
    }
}

std::string line_of(Level level, Word event, std::initializer_list<Field> fields) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    std::string line = "{\"at\":" + json_string(contract::text(contract::Instant{now}));
    line += ",\"level\":" + json_string(text(level));
    line += ",\"event\":" + json_string(event.text());
    for (const Field& field : fields) {
        line += ',' + json_string(field.name.text()) + ':' + field.value.json();
    }
    line += '}';
    return line;
}

}  // namespace

std::string Value::json() const {
    if (const auto* fixed = std::get_if<std::string_view>(&value_)) return json_string(*fixed);
    if (const auto* number = std::get_if<std::int64_t>(&value_)) return std::to_string(*number);
    if (const auto* truth = std::get_if<bool>(&value_)) return *truth ? "true" : "false";
    const auto& owned = std::get<std::string>(value_);
    return json_string(free_text_ ? std::string_view(owned).substr(0, Diagnostic::kBytesMax) : owned);
}

struct Log::State {
    State(Level level, spdlog::sink_ptr sink) : least(level), logger("kesher", std::move(sink)) {
        logger.set_level(spdlog_level(level));
        // The line is complete JSON: spdlog adds its newline and nothing else.
        logger.set_pattern("%v");
        logger.set_error_handler([this](const std::string&) { ++lost; });
    }
    Level least;
    std::atomic<std::uint64_t> lost{0};
    spdlog::logger logger;
};

Log::Log(Level least) : Log(least, write_to_stderr) {}
Log::Log(Level least, Sink sink)
    : state_(std::make_unique<State>(least, std::make_shared<FunctionSink>(std::move(sink)))) {}
Log::~Log() = default;

void Log::write(Level level, Word event, std::initializer_list<Field> fields) {
    if (level < state_->least) return;
    const std::string line = line_of(level, event, fields);
    // As a string view: a line is a value, never a format.
    state_->logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

std::uint64_t Log::lost() const { return state_->lost; }

}  // namespace kesher::telemetry
