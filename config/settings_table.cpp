// Every setting of the hub. kesher.example.toml is written from here; a test holds the two together.
#include <array>

#include "config/settings.h"

namespace kesher::config {
namespace {

constexpr std::string_view kHeading =
    "Settings of kesher-hub, each with its default and the reason one would change it. Read once at start; "
    "an "
    "unknown name, a value out of range or a secret in this file stops the start and is named with its line. "
    "Paths that are not absolute count from this file's folder. Durations carry their unit: ms, s, m, h, d.";

constexpr std::array kTable{
    Setting{
        "hub.name", Kind::host, "\"exchange.example.org\"", "",
        "The hub's name, like a host name. It stands in every statement, receipt and checkpoint, so it is "
        "chosen once and never changed; and it is public, so it says nothing about what the exchange is for.",
        Need::required},
    Setting{"hub.log", Kind::count, "1", "1..99",
            "Number of the log that this hub writes. The first log's origin is <name>/log, the n-th "
            "<name>/log/<n>. "
            "A new number begins a new log, after the old one was closed for good."},

    Setting{"listeners.organisations.address", Kind::address, "\"0.0.0.0\"", "",
            "Where organisations' adapters connect, with their certificates. :: listens on IPv6 too."},
    Setting{"listeners.organisations.port", Kind::count, "8443", "1..65535", "TCP port."},
    Setting{
        "listeners.organisations.threads", Kind::count, "128", "2..1024",
        "Connections served at the same time. An adapter that waits for its inbox holds up to two, so take "
        "twice the number of organisations and 64 more."},
    Setting{
        "listeners.organisations.connections_each", Kind::count, "16", "4..512",
        "Connections that one organisation may hold at the same time, so that none takes all threads. With "
        "one more its longest idle one ends. At most half of the threads."},
    Setting{"listeners.organisations.host", Kind::host, "\"\"", "",
            "Name by which adapters call this listener, if it is not hub.name. It stands in token files and "
            "in the "
            "listener's certificate."},

    Setting{"listeners.officers.address", Kind::address, "\"127.0.0.1\"", "",
            "Where officers' browsers reach the portal. Open it to the ministries' network, never to all."},
    Setting{"listeners.officers.port", Kind::count, "8444", "1..65535", "TCP port."},
    Setting{"listeners.officers.threads", Kind::count, "16", "2..256", "Requests served at the same time."},
    Setting{"listeners.officers.host", Kind::host, "\"\"", "",
            "Name in the address that officers type, if it is not hub.name."},

    Setting{"listeners.newcomers.address", Kind::address, "\"0.0.0.0\"", "",
            "Where an organisation enrols. While no token is outstanding every call is answered 404."},
    Setting{"listeners.newcomers.port", Kind::count, "8445", "1..65535", "TCP port."},
    Setting{"listeners.newcomers.threads", Kind::count, "8", "1..16",
            "Connections served at the same time. Few: enrolment is rare, and the callers are not known yet. "
            "Half of them may be shaking hands with one address."},
    Setting{"listeners.newcomers.host", Kind::host, "\"\"", "",
            "Name by which newcomers call this listener, if it is not hub.name."},

    Setting{"listeners.person.address", Kind::address, "\"127.0.0.1\"", "",
            "Where a person reads what happens with her request. Put a proxy that keeps no log of addresses "
            "before it."},
    Setting{"listeners.person.port", Kind::count, "8446", "1..65535", "TCP port."},
    Setting{"listeners.person.threads", Kind::count, "16", "2..256", "Requests served at the same time."},
    Setting{"listeners.person.host", Kind::host, "\"\"", "",
            "Name in the address that she types, if it is not hub.name. Give it one of its own that says "
            "nothing: "
            "it stays in the browser's history."},

    Setting{"listeners.local.address", Kind::address, "\"127.0.0.1\"", "",
            "Where health and metrics are read, without TLS. Keep it on this machine."},
    Setting{"listeners.local.port", Kind::count, "9464", "1..65535", "TCP port."},
    Setting{"listeners.local.threads", Kind::count, "2", "1..8", "Requests served at the same time."},

    Setting{"database.conninfo", Kind::text, "\"dbname=kesher\"", "",
            "PostgreSQL connection string of libpq, in keywords. Never with a password: use peer, a client "
            "certificate, or password_file."},
    Setting{
        "database.password_file", Kind::file, "\"\"", "",
        "Password file of libpq (host:port:database:user:password, mode 0600). Empty where none is needed."},
    Setting{"database.readers", Kind::count, "8", "1..64",
            "Connections for reading, besides the sequencer's own. More than PostgreSQL has cores gains "
            "nothing."},

    Setting{"keys.directory", Kind::file, "\"/var/lib/kesher/keys\"", "",
            "Folder of the hub's key files, one a purpose, each encrypted. On another disk than the "
            "database: whoever "
            "takes only one of the two learns nothing."},
    Setting{"keys.passphrase_file", Kind::file, "\"/run/credentials/kesher-hub/passphrase\"", "",
            "File whose first line opens the key files. Let the service manager hand it over, so that it "
            "lies on no "
            "disk.",
            Need::required},

    Setting{"release.spread", Kind::duration, "\"24h\"", "0s..48h",
            "Every routine referral waits a random time up to this, so that two recipients cannot pair their "
            "lists by the clock and no wait tells that she was referred elsewhere too. What cannot wait is "
            "sent as "
            "urgent. 0s only where nobody real is referred. Below the 72 hours after which an undelivered "
            "referral ends."},

    Setting{"limits.batch_requests", Kind::count, "1024", "1..1024",
            "Requests that the sequencer decides in one commit. Lower it where a commit takes too long."},
    Setting{
        "limits.queue_requests", Kind::count, "8192", "64..8192",
        "Requests that may wait for the sequencer; the next gets 429, as it does where ordinary calls hold "
        "three quarters of the listener's threads, or of their body's connections. Lower it where callers "
        "should hear sooner."},
    Setting{"limits.bytes_in_flight", Kind::count, "67108864", "8388608..67108864",
            "Bytes of request bodies over 96 KiB held in memory at once, a quarter for one organisation that "
            "sends "
            "several; the next gets 429. Smaller ones always fit. Lower it on a small machine."},
    Setting{
        "limits.verified_refusals_per_minute", Kind::count, "60", "1..60",
        "Refusals of one organisation and code that get a leaf of their own in a minute; further ones are "
        "counted in one. Lower it where a faulty adapter fills the log."},
    Setting{"limits.inbox_wait", Kind::duration, "\"30s\"", "1s..30s",
            "How long an empty inbox keeps the caller waiting. Lower it where a proxy cuts idle connections "
            "sooner."},
    Setting{
        "limits.request_deadline", Kind::duration, "\"30s\"", "1s..30s",
        "From the first to the last byte of a request. Lower it where slow senders hold too many threads."},
    Setting{"limits.keep_alive", Kind::duration, "\"5s\"", "0s..5s",
            "How long a connection may idle between requests."},

    Setting{
        "state.checkpoint_file", Kind::file, "\"/var/lib/kesher/state/checkpoint\"", "",
        "The last signed checkpoint, written after every commit. On another disk than the database: an older "
        "database put back is then noticed at start."},

    Setting{"log.level", Kind::choice, "\"info\"", "error|warn|info|debug",
            "What the program's own log tells. No level tells anything about a person or a case."},

    Setting{"catalogue.directory", Kind::file, "\"\"", "",
            "Folder of the catalogue (services, organisations, words, notices). Empty: the one built in."},
};

}  // namespace

std::span<const Setting> hub_settings() { return kTable; }
std::string hub_example() { return example_text(kHeading, kTable); }

}  // namespace kesher::config
