// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_RUNTIME_CORE_EXECUTOR_H
#define LATHE_RUNTIME_CORE_EXECUTOR_H

#include "runtime/include/lathe/lathe.h"

namespace lathe::backend {

/// How an instance gives work to a pool.
lathe_executor pool_executor(lathe_pool *pool);

} // namespace lathe::backend

#endif // LATHE_RUNTIME_CORE_EXECUTOR_H
