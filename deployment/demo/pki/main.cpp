// kesher-demo-pki: keys and certificates for the demo and the scenarios, on one machine, without asking.
//
//   kesher-demo-pki organisation --id ssd-5000 --dir D    what an organisation brings to its enrolment
//   kesher-demo-pki hub --host localhost --dir D          the hub's key directory (gateway/keys)
//   kesher-demo-pki certificate --hub D --id ssd-5000 --request tls.csr --out tls.pem
//                                                         a TLS certificate without an enrolment
// Exit codes: 0 made, 1 not made (with a sentence), 2 usage.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>

#include "adapters/kit/organisation_setup.h"
#include "gateway/keys/key_files.h"

namespace {

using namespace kesher;

struct Wish {
    std::string id;
    std::string directory;
    std::vector<std::string> hosts;
    std::string request;
    std::string out;
};

contract::Instant now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

contract::OrganisationId organisation_of(const Wish& wish) {
    const auto organisation = contract::OrganisationId::parse(wish.id);
    if (!organisation) throw std::runtime_error(wish.id + " is no organisation id: [a-z][a-z0-9-]{1,31}");
    return *organisation;
}

void must(const kit::Usable<contract::Done>& done) {
    if (!done) throw std::runtime_error(done.error().sentence);
}

// In earnest the root is made offline and a passphrase given (kesher-adapter init); here all keys lie plain
// in one directory, which is why this program is no part of an installation.
void make_organisation(const Wish& wish) {
    must(kit::make_organisation_keys(organisation_of(wish), wish.directory, statement::Plain{}, now()));
}

void make_hub(const Wish& wish) {
    const auto made = keys::create_key_directory({wish.directory, std::nullopt}, wish.hosts, now());
    if (!made) throw std::runtime_error(made.error().sentence);
}

void make_certificate(const Wish& wish) {
    const auto hub = keys::KeyDirectory::open({wish.directory, std::nullopt});
    if (!hub) throw std::runtime_error(hub.error().sentence);
    std::ifstream stream(wish.request, std::ios::binary);
    const std::string request{std::istreambuf_iterator<char>(stream), {}};
    const auto issued = hub->authority().issue_client(request, organisation_of(wish), now());
    if (!issued) throw std::runtime_error(wish.request + " is no certificate request that holds");
    must(kit::write_new_file(wish.out, issued->pem()));
}

void add_commands(CLI::App& app, Wish& wish) {
    auto* organisation =
        app.add_subcommand("organisation", "Keys, certificates and key list of an organisation");
    organisation->add_option("--id", wish.id, "Its id, such as ssd-5000")->required();
    organisation->add_option("--dir", wish.directory, "A missing or empty directory")->required();
    organisation->callback([&wish] { make_organisation(wish); });

    auto* hub = app.add_subcommand("hub", "The hub's key directory, without a passphrase");
    hub->add_option("--host", wish.hosts, "A name or address of its listeners; may be repeated")->required();
    hub->add_option("--dir", wish.directory, "A missing or empty directory")->required();
    hub->callback([&wish] { make_hub(wish); });

    auto* certificate = app.add_subcommand("certificate", "A TLS certificate of the hub's authority");
    certificate->add_option("--hub", wish.directory, "The hub's key directory")->required();
    certificate->add_option("--id", wish.id, "The organisation it names")->required();
    certificate->add_option("--request", wish.request, "PKCS#10 in PEM")->required();
    certificate->add_option("--out", wish.out, "Where the certificate goes")->required();
    certificate->callback([&wish] { make_certificate(wish); });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Keys and certificates for Kesher's demo. Not for an installation."};
    app.require_subcommand(1);
    Wish wish;
    add_commands(app, wish);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& usage) {
        app.exit(usage);
        return 2;
    } catch (const std::exception& failure) {
        std::cerr << "kesher-demo-pki: " << failure.what() << '\n';
        return 1;
    }
    return 0;
}
