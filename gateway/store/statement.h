// A prepared statement: its SQL has one address, a constant beside its only caller.
//
// A connection prepares every statement it may run when it opens (libpq pipelines can run nothing
// else), and learns from the server which types the parameters and columns have. A parameter is cast
// in the SQL where its type would be a guess: unnest($1::bigint[], $2::bytea[]).
#pragma once

#include <string_view>

namespace kesher::store {

struct Statement {
    std::string_view name;  // unique among all statements of the hub; stands in errors in place of the SQL
    std::string_view sql;   // one command, parameters as $1, $2, ...
};

}  // namespace kesher::store
