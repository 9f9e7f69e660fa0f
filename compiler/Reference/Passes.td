// SPDX-License-Identifier: Apache-2.0
// Passes that need the reference interpreter; the others are in passes/.
include "compiler/Reference/FoldConstants.td"
