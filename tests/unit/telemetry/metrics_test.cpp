// What Prometheus reads, and the age of a background job's last success.
// Method: exact exposition text; a clock that the test moves.
#include <catch2/catch.hpp>
#include <thread>

#include "gateway/telemetry/metrics.h"

using namespace kesher;
using namespace kesher::telemetry;
using namespace std::chrono_literals;

TEST_CASE("The exposition has help and type once and one line a series in label order") {
    Metrics metrics;
    metrics
        .counter("kesher_requests_total", "Requests answered.",
                 {{"route", "/v1/messages/{id}"}, {"status", LabelValue::of_status(200)}})
        .add(3);
    metrics
        .counter("kesher_requests_total", "Requests answered.",
                 {{"route", "/v1/inbox"}, {"status", LabelValue::of_status(204)}})
        .add();
    metrics.gauge("kesher_queue", "Requests that wait.").set(-2);
    CHECK(metrics.exposition() ==
          "# HELP kesher_queue Requests that wait.\n"
          "# TYPE kesher_queue gauge\n"
          "kesher_queue -2\n"
          "# HELP kesher_requests_total Requests answered.\n"
          "# TYPE kesher_requests_total counter\n"
          "kesher_requests_total{route=\"/v1/inbox\",status=\"204\"} 1\n"
          "kesher_requests_total{route=\"/v1/messages/{id}\",status=\"200\"} 3\n");
}

TEST_CASE("A label is a word of our code a published code or a status and nothing else") {
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LabelValue, std::string>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LabelValue, std::string_view>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<LabelValue, int>);
    CHECK(LabelValue(contract::Code::busy).text() == "busy");
    CHECK(LabelValue::of_status(99).text() == "other");
    CHECK(LabelValue::of_status(100).text() == "100");
    CHECK(LabelValue::of_status(599).text() == "599");
    CHECK(LabelValue::of_status(600).text() == "other");
}

TEST_CASE("The same name and labels are the same counter and another kind is refused") {
    Metrics metrics;
    Counter& first = metrics.counter("kesher_refusals_total", "Refusals.", {{"code", contract::Code::busy}});
    Counter& again = metrics.counter("kesher_refusals_total", "Refusals.", {{"code", contract::Code::busy}});
    Counter& other =
        metrics.counter("kesher_refusals_total", "Refusals.", {{"code", contract::Code::deadline}});
    CHECK(&first == &again);
    CHECK(&first != &other);
    CHECK_THROWS_AS(metrics.gauge("kesher_refusals_total", "Refusals."), std::logic_error);
}

TEST_CASE("A histogram counts a value in every bucket from its bound on") {
    Metrics metrics;
    const std::vector<double> bounds{0.1, 1};
    Histogram& histogram = metrics.histogram("kesher_commit_seconds", "Commit.", bounds, {{"lane", "first"}});
    histogram.observe(0.1);  // a bound is inclusive
    histogram.observe(0.5);
    histogram.observe(2s);
    CHECK(metrics.exposition() ==
          "# HELP kesher_commit_seconds Commit.\n"
          "# TYPE kesher_commit_seconds histogram\n"
          "kesher_commit_seconds_bucket{lane=\"first\",le=\"0.1\"} 1\n"
          "kesher_commit_seconds_bucket{lane=\"first\",le=\"1\"} 2\n"
          "kesher_commit_seconds_bucket{lane=\"first\",le=\"+Inf\"} 3\n"
          "kesher_commit_seconds_sum{lane=\"first\"} 2.6\n"
          "kesher_commit_seconds_count{lane=\"first\"} 3\n");
    const std::vector<double> falling{1, 0.1};
    CHECK_THROWS_AS(metrics.histogram("kesher_other", "Other.", falling), std::logic_error);
}

TEST_CASE("A job that stopped shows as a growing age of its last success") {
    auto now = std::chrono::steady_clock::time_point{} + 1h;
    Metrics metrics([&] { return now; });
    JobHealth& job = metrics.job("expiry");
    now += 5s;
    CHECK(job.age() == 5s);  // never succeeded: since it was made
    job.succeeded();
    CHECK(job.age() == 0s);
    now += 90s;
    job.failed();
    CHECK(job.age() == 90s);
    CHECK(metrics.exposition() ==
          "# HELP kesher_job_last_success_age_seconds Since the job last did its work.\n"
          "# TYPE kesher_job_last_success_age_seconds gauge\n"
          "kesher_job_last_success_age_seconds{job=\"expiry\"} 90\n"
          "# HELP kesher_job_successes_total Times the job did its work.\n"
          "# TYPE kesher_job_successes_total counter\n"
          "kesher_job_successes_total{job=\"expiry\"} 1\n"
          "# HELP kesher_job_failures_total Times the job failed.\n"
          "# TYPE kesher_job_failures_total counter\n"
          "kesher_job_failures_total{job=\"expiry\"} 1\n");
}

TEST_CASE("Counting from many threads loses nothing") {
    Metrics metrics;
    Counter& counter = metrics.counter("kesher_requests_total", "Requests.");
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 1'000; ++n) counter.add();
            });
        }
    }
    CHECK(counter.value() == 4'000);
}
