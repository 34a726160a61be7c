#include "service.h"

namespace service {

// CMakeLists.txt defines the two for this file alone, so that no other is compiled again for a new version.
const std::string_view version = SERVICE_VERSION;
const std::string_view revision = SERVICE_REVISION;

}  // namespace service
