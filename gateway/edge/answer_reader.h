// Reads one HTTP/1.1 answer: by its length, its chunks or its end, within a bound and a deadline.
#pragma once

#include <cstddef>

#include "gateway/edge/client.h"
#include "gateway/edge/wire.h"
#include "schemas/contract/result.h"

namespace kesher::edge {

struct AnswerBounds {
    SteadyTime deadline;
    std::size_t bytes_max;  // of the body
    bool to_head_request;   // then no body follows, whatever the head says
};

enum class AnswerFault { closed, late, framing, too_large };

struct ReadAnswer {
    Answer answer;
    bool close;  // the connection is not fit for another call
};

// 1xx answers are skipped. An answer with two lengths, or a length and chunks, is `framing`.
[[nodiscard]] contract::Result<ReadAnswer, AnswerFault> read_answer(Wire& wire, const AnswerBounds& bounds);

}  // namespace kesher::edge
