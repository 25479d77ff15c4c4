#include "gateway/sequencer/trial.h"

namespace kesher::sequencer {
namespace {

// A key that answers with a fault does not sign either.
bool signs(const log::NoteSigner& signer) {
    try {
        return signer.key().holds(signer.sign(kTrialText), kTrialText);
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

std::string_view text(Trial trial) {
    switch (trial) {
        case Trial::passed:
            return "ready";
        case Trial::key_does_not_sign:
            return "the log's key does not sign";
        case Trial::not_believed:
            return "what the database holds is not believed";
        case Trial::takes_no_writes:
            return "the database takes no writes";
        case Trial::has_no_room:
            return "the database has no room";
        case Trial::no_database:
            break;
    }
    return "no database";
}

Trial try_promise(const log::NoteSigner& signer, store::Connection& connection) {
    if (!signs(signer)) return Trial::key_does_not_sign;
    switch (store::try_commit(connection)) {
        case store::Trial::stored:
            return Trial::passed;
        case store::Trial::takes_no_writes:
            return Trial::takes_no_writes;
        case store::Trial::has_no_room:
            return Trial::has_no_room;
    }
    return Trial::no_database;
}

}  // namespace kesher::sequencer
