// What the service does. Add your routes and handlers in api.cpp.

#pragma once

#include "http.h"

namespace api {

// The routes of the service, the probes apart. Handlers run on the threads of a pool: they may wait, and two may run at
// once.
http::Routes routes();

}  // namespace api
