// What this room works with; built once by gateway/app.
#pragma once

#include "gateway/inbox/arrivals.h"
#include "gateway/keys/sealed_store.h"
#include "gateway/sequencer/sequencer.h"
#include "gateway/store/readers.h"

namespace kesher::inbox {

struct Rooms {
    sequencer::Sequencer& sequencer;
    store::Readers& readers;
    const keys::SealedStore& sealed_store;
    Arrivals& arrivals;
};

}  // namespace kesher::inbox
