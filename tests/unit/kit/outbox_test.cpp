// Nothing is said under a name that stands for something else.
#include "adapters/kit/outbox.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

TEST_CASE("A message under a number that stands for another referral is refused and nothing of it is kept") {
    Exchange exchange;
    Folder folder;
    Journal journal(folder / "journal", owner("ssd-5000"));
    const AliasMaker aliases{statement::Secret(Bytes(32, 7))};
    const ToldNames names{folder.path(), aliases};
    Outbox outbox(journal, exchange.writer, names);
    journal.put_consent(consent(exchange.sender, exchange.recipient));
    REQUIRE(journal.put_alias({AliasKind::referral, "A-1", id<ReferralId>(9).text(), std::nullopt}));
    const auto submit = [&](const std::string& number) {
        return outbox.submit(referral(exchange.recipient), exchange.directory, kNow,
                             {{AliasKind::referral, number, id<ReferralId>(1).text(), std::nullopt}});
    };
    const auto refused = submit("A-1");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::id_reused);
    CHECK_FALSE(journal.outgoing(id<MessageId>(1)));
    CHECK_FALSE(journal.referral(id<ReferralId>(1)));
    CHECK(submit("A-2").value().fresh);
    CHECK(journal.alias_of(AliasKind::referral, id<ReferralId>(1).text())->native == "A-2");
}
