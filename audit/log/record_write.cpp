#include <stdexcept>
#include <utility>

#include "audit/log/json_line.h"
#include "audit/log/record.h"
#include "audit/log/record_members.h"

namespace kesher::log {
namespace {

using contract::Digest;
using namespace spelling;

class Writer {
public:
    explicit Writer(std::string& out) : out_(out) { out_ += '{'; }
    Writer(std::string& out, std::string_view begun) : out_(out), first_(false) { out_ += begun; }
    void close() { out_ += '}'; }

    template <class T>
    void operator()(std::string_view key, const T& member) {
        name(key);
        value(member);
    }
    template <class T>
    void operator()(std::string_view key, const std::optional<T>& member) {
        if (member) (*this)(key, *member);
    }
    [[nodiscard]] static bool wants_facts(const Facts& facts) { return !facts.empty(); }

private:
    void name(std::string_view key) {
        if (!std::exchange(first_, false)) out_ += ',';
        append_json_text(out_, key);
        out_ += ':';
    }
    void value(std::string_view text) { append_json_text(out_, text); }
    void value(const Word& word) { value(std::string_view{word.text()}); }
    void value(const contract::OfficerId& id) { value(std::string_view{id.text()}); }
    void value(const contract::OrganisationId& id) { value(std::string_view{id.text()}); }
    template <class Tag>
    void value(const contract::UuidId<Tag>& id) {
        value(std::string_view{id.text()});
    }
    void value(const Digest& digest) { value(std::string_view{contract::base64url(digest.view())}); }
    void value(const Nonce& nonce) { value(std::string_view{contract::base64url(nonce)}); }
    void value(contract::Code code) { value(contract::text(code)); }
    template <Listed E>
    void value(E word) {
        value(list_of(word).text(word));
    }
    void value(bool truth) { out_ += truth ? "true" : "false"; }
    void value(std::int64_t number) { out_ += std::to_string(number); }
    void value(std::uint32_t number) { out_ += std::to_string(number); }
    void value(std::uint64_t number) {
        if (number > std::uint64_t{Facts::kIntegerMax}) throw std::invalid_argument("a number over 2^53 - 1");
        out_ += std::to_string(number);
    }
    void value(contract::Instant at) { out_ += std::to_string(at.time_since_epoch().count()); }
    template <class T>
    void value(const std::vector<T>& list) {
        out_ += '[';
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i > 0) out_ += ',';
            value(list[i]);
        }
        out_ += ']';
    }
    void value(const Facts& facts) {
        Writer object(out_);
        for (const auto& [key, fact] : facts.all()) {
            object.name(key.text());
            std::visit([&object](const auto& held) { object.value(held); }, fact);
        }
        object.close();
    }
    template <Object T>
    void value(const T& nested) {
        Writer object(out_);
        members(object, nested);
        object.close();
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace

std::string write(const Record& record) {
    std::string line;
    line.reserve(1'024);  // more than nearly every record has
    Writer writer(line, kVersion);
    members(writer, record);
    writer.close();
    return line;
}

}  // namespace kesher::log
