// What the kit offers to a native half, and under whose number it speaks.
#pragma once

#include <functional>

#include "adapters/kit/aliases.h"
#include "adapters/kit/directory.h"
#include "adapters/kit/journal.h"
#include "adapters/kit/message_writer.h"
#include "adapters/kit/outbox.h"
#include "gateway/telemetry/log.h"

namespace kesher::record {

// All must outlive the native half. `directory` is asked at each turn: Runner::directory() in earnest, so it
// may be bound after the native half was made.
struct NativeMeans {
    kit::Journal& journal;
    kit::Outbox& outbox;
    const kit::MessageWriter& writer;
    const kit::AliasMaker& aliases;
    telemetry::Log& log;
    std::function<const kit::Directory&()> directory;
};

}  // namespace kesher::record
