#include "gateway/telemetry/metrics.h"

#include <array>
#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string_view>

namespace kesher::telemetry {
namespace {

constexpr std::array kLatencyBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                    0.25,  0.5,    1.0,   2.5,  5.0,   10.0, 30.0};

enum class Kind { counter, gauge, histogram };

std::string_view text(Kind kind) {
    switch (kind) {
        case Kind::counter:
            return "counter";
        case Kind::gauge:
            return "gauge";
        case Kind::histogram:
            return "histogram";
    }
    return "untyped";
}

// Only backslash, quote and newline have an escape in the exposition format.
std::string escaped(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    return out;
}

// `name="value",…` in the order given: the key of a series, and its text.
std::string label_text(const Labels& labels) {
    std::string out;
    for (const Label& label : labels) {
        if (!out.empty()) out += ',';
        out += label.name.text();
        out += "=\"" + escaped(label.value.text()) + '"';
    }
    return out;
}

std::string series(std::string_view name, const std::string& labels) {
    return labels.empty() ? std::string(name) : std::string(name) + '{' + labels + '}';
}

std::string decimal(double value) {
    std::array<char, 32> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.10g", value);
    return std::string(buffer.data(), static_cast<std::size_t>(length));
}

void append_line(std::string& out, const std::string& name, const std::string& value) {
    out += name + ' ' + value + '\n';
}

}  // namespace

LabelValue LabelValue::of_status(int status) {
    // Every three-digit status once, so that a label can point at a text that lives for ever.
    static const std::array<std::string, 500> kTexts = [] {
        std::array<std::string, 500> texts;
        for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = std::to_string(100 + i);
        return texts;
    }();
    if (status < 100 || status > 599) return LabelValue(std::string_view("other"));
    return LabelValue(std::string_view(kTexts[static_cast<std::size_t>(status - 100)]));
}

std::span<const double> latency_bounds() { return kLatencyBounds; }

struct Histogram::State {
    explicit State(std::span<const double> upper_bounds) : bounds(upper_bounds.begin(), upper_bounds.end()) {
        if (!std::is_sorted(bounds.begin(), bounds.end())) {
            throw std::logic_error("the bounds of a histogram ascend");
        }
        buckets.resize(bounds.size() + 1);
    }
    mutable std::mutex mutex;
    std::vector<double> bounds;
    std::vector<std::uint64_t> buckets;  // each counts its own; the exposition adds them up
    std::uint64_t count = 0;
    double sum = 0;
};

Histogram::Histogram(std::span<const double> upper_bounds) : state_(std::make_unique<State>(upper_bounds)) {}
Histogram::~Histogram() = default;

void Histogram::observe(double value) {
    const std::scoped_lock lock(state_->mutex);
    const auto at = std::lower_bound(state_->bounds.begin(), state_->bounds.end(), value);
    ++state_->buckets[static_cast<std::size_t>(at - state_->bounds.begin())];
    ++state_->count;
    state_->sum += value;
}

void Histogram::observe(std::chrono::steady_clock::duration elapsed) {
    observe(std::chrono::duration<double>(elapsed).count());
}

std::uint64_t Histogram::count() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->count;
}

JobHealth::JobHealth(Clock clock) : clock_(std::move(clock)), last_(clock_().time_since_epoch().count()) {}

void JobHealth::succeeded() {
    last_.store(clock_().time_since_epoch().count(), std::memory_order_relaxed);
    successes_.add();
}

std::chrono::milliseconds JobHealth::age() const {
    const std::chrono::steady_clock::time_point last{
        std::chrono::steady_clock::duration{last_.load(std::memory_order_relaxed)}};
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock_() - last);
}

namespace {

struct Family {
    Kind kind;
    std::string_view help;
    std::map<std::string, std::unique_ptr<Counter>> counters;
    std::map<std::string, std::unique_ptr<Gauge>> gauges;
    std::map<std::string, std::unique_ptr<Histogram>> histograms;
};

}  // namespace

struct Metrics::State {
    explicit State(JobHealth::Clock given) : clock(std::move(given)) {}

    Family& family(Word name, Word help, Kind kind) {
        const auto [at, fresh] = families.try_emplace(name.text(), Family{kind, help.text(), {}, {}, {}});
        if (!fresh && at->second.kind != kind) {
            throw std::logic_error("metric of two kinds: " + std::string(name.text()));
        }
        return at->second;
    }
    void append_histogram(std::string& out, std::string_view name, const std::string& labels,
                          const Histogram& histogram) const;
    void append_family(std::string& out, std::string_view name, const Family& family) const;
    void append_jobs(std::string& out) const;

    JobHealth::Clock clock;
    mutable std::mutex mutex;
    std::map<std::string_view, Family> families;
    std::map<std::string_view, std::unique_ptr<JobHealth>> jobs;
};

Metrics::Metrics(JobHealth::Clock clock) : state_(std::make_unique<State>(std::move(clock))) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(Word name, Word help, Labels labels) {
    const std::scoped_lock lock(state_->mutex);
    auto& held = state_->family(name, help, Kind::counter).counters[label_text(labels)];
    if (!held) held = std::make_unique<Counter>();
    return *held;
}

Gauge& Metrics::gauge(Word name, Word help, Labels labels) {
    const std::scoped_lock lock(state_->mutex);
    auto& held = state_->family(name, help, Kind::gauge).gauges[label_text(labels)];
    if (!held) held = std::make_unique<Gauge>();
    return *held;
}

Histogram& Metrics::histogram(Word name, Word help, std::span<const double> upper_bounds, Labels labels) {
    const std::scoped_lock lock(state_->mutex);
    auto& held = state_->family(name, help, Kind::histogram).histograms[label_text(labels)];
    if (!held) held = std::make_unique<Histogram>(upper_bounds);
    return *held;
}

JobHealth& Metrics::job(Word name) {
    const std::scoped_lock lock(state_->mutex);
    auto& held = state_->jobs[name.text()];
    if (!held) held = std::make_unique<JobHealth>(state_->clock);
    return *held;
}

void Metrics::State::append_histogram(std::string& out, std::string_view name, const std::string& labels,
                                      const Histogram& histogram) const {
    const Histogram::State& held = *histogram.state_;
    const std::scoped_lock lock(held.mutex);
    const std::string before = labels.empty() ? "" : labels + ',';
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < held.buckets.size(); ++i) {
        total += held.buckets[i];
        const std::string bound = i < held.bounds.size() ? decimal(held.bounds[i]) : "+Inf";
        append_line(out, std::string(name) + "_bucket{" + before + "le=\"" + bound + "\"}",
                    std::to_string(total));
    }
    append_line(out, series(std::string(name) + "_sum", labels), decimal(held.sum));
    append_line(out, series(std::string(name) + "_count", labels), std::to_string(held.count));
}

void Metrics::State::append_family(std::string& out, std::string_view name, const Family& family) const {
    out += "# HELP " + std::string(name) + ' ' + std::string(family.help) + '\n';
    out += "# TYPE " + std::string(name) + ' ' + std::string(text(family.kind)) + '\n';
    for (const auto& [labels, counter] : family.counters) {
        append_line(out, series(name, labels), std::to_string(counter->value()));
    }
    for (const auto& [labels, gauge] : family.gauges) {
        append_line(out, series(name, labels), std::to_string(gauge->value()));
    }
    for (const auto& [labels, histogram] : family.histograms) append_histogram(out, name, labels, *histogram);
}

void Metrics::State::append_jobs(std::string& out) const {
    if (jobs.empty()) return;
    const auto append = [&](std::string_view name, std::string_view kind, std::string_view help,
                            auto value_of) {
        out += "# HELP " + std::string(name) + ' ' + std::string(help) + '\n';
        out += "# TYPE " + std::string(name) + ' ' + std::string(kind) + '\n';
        for (const auto& [job, health] : jobs) {
            append_line(out, series(name, "job=\"" + escaped(job) + '"'), value_of(*health));
        }
    };
    append(
        "kesher_job_last_success_age_seconds", "gauge", "Since the job last did its work.",
        [](const JobHealth& health) { return decimal(std::chrono::duration<double>(health.age()).count()); });
    append("kesher_job_successes_total", "counter", "Times the job did its work.",
           [](const JobHealth& health) { return std::to_string(health.successes_.value()); });
    append("kesher_job_failures_total", "counter", "Times the job failed.",
           [](const JobHealth& health) { return std::to_string(health.failures_.value()); });
}

std::string Metrics::exposition() const {
    const std::scoped_lock lock(state_->mutex);
    std::string out;
    for (const auto& [name, family] : state_->families) state_->append_family(out, name, family);
    state_->append_jobs(out);
    return out;
}

}  // namespace kesher::telemetry
