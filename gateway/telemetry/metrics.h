// Numbers for the operator, in the text form that Prometheus reads (exposition format 0.0.4).
//
// Names and label values are Words, published codes or HTTP statuses: the set of series is fixed by
// the code, and no label can hold anything about a person or a case. Asking twice for the same name
// and labels gives the same object; it lives as long as its Metrics. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gateway/telemetry/word.h"
#include "schemas/contract/codes.h"

namespace kesher::telemetry {

class LabelValue {
public:
    LabelValue(Word word) : text_(word.text()) {}
    template <std::size_t N>
    consteval LabelValue(const char (&literal)[N]) : text_(Word(literal).text()) {}
    LabelValue(contract::Code code) : text_(contract::text(code)) {}
    // 100 to 599; anything else is counted under "other".
    [[nodiscard]] static LabelValue of_status(int status);
    [[nodiscard]] std::string_view text() const { return text_; }

private:
    explicit LabelValue(std::string_view fixed) : text_(fixed) {}
    std::string_view text_;
};

struct Label {
    Word name;
    LabelValue value;
};
using Labels = std::vector<Label>;

class Counter {
public:
    void add(std::uint64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

class Gauge {
public:
    void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
    void add(std::int64_t by) { value_.fetch_add(by, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

class Histogram {
public:
    explicit Histogram(std::span<const double> upper_bounds);  // ascending; +Inf is added
    ~Histogram();
    void observe(double value);
    void observe(std::chrono::steady_clock::duration elapsed);  // in seconds
    [[nodiscard]] std::uint64_t count() const;

private:
    friend class Metrics;
    struct State;
    std::unique_ptr<State> state_;
};

// A background job tells when it last did its work; a job that stopped shows as a growing age.
class JobHealth {
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    explicit JobHealth(Clock clock);
    void succeeded();
    void failed() { failures_.add(); }
    // Since the last success; before the first one, since the job was made.
    [[nodiscard]] std::chrono::milliseconds age() const;

private:
    friend class Metrics;
    Clock clock_;
    std::atomic<std::chrono::steady_clock::rep> last_;
    Counter successes_;
    Counter failures_;
};

// Bounds in seconds from 1 ms to 30 s, for anything a caller waits for.
[[nodiscard]] std::span<const double> latency_bounds();

class Metrics {
public:
    explicit Metrics(JobHealth::Clock clock = [] { return std::chrono::steady_clock::now(); });
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // A name registered with another kind is a fault of ours: std::logic_error.
    [[nodiscard]] Counter& counter(Word name, Word help, Labels labels = {});
    [[nodiscard]] Gauge& gauge(Word name, Word help, Labels labels = {});
    [[nodiscard]] Histogram& histogram(Word name, Word help, std::span<const double> upper_bounds,
                                       Labels labels = {});
    // kesher_job_last_success_age_seconds, kesher_job_successes_total, kesher_job_failures_total.
    [[nodiscard]] JobHealth& job(Word name);

    [[nodiscard]] std::string exposition() const;  // text/plain; version=0.0.4

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kesher::telemetry
