/* Groups: what a thread calls between start and end is kept, and done at the end of the outermost one. */
#include "internal.h"

#define MAX_KEPT 256

static _Thread_local int depth, kept_count, join_count;
static _Thread_local struct sim_collective kept[MAX_KEPT];
static _Thread_local ncclComm_t joins[MAX_KEPT];

bool sim_group_keep(const struct sim_collective *collective) {
    if (depth == 0 || kept_count == MAX_KEPT) return false;
    kept[kept_count++] = *collective;
    return true;
}

bool sim_group_keep_join(ncclComm_t comm) {
    if (depth == 0 || join_count == MAX_KEPT) return false;
    joins[join_count++] = comm;
    return true;
}

EXPORT ncclResult_t ncclGroupStart(void) {
    depth++;
    return ncclSuccess;
}

/* The first failure; ncclInProgress where all went well and a communicator is non-blocking. */
EXPORT ncclResult_t ncclGroupEnd(void) {
    if (depth == 0) return sim_fail(ncclInvalidUsage, "ncclGroupEnd: not in a group call");
    if (--depth > 0) return ncclSuccess;
    ncclResult_t failure = ncclSuccess;
    bool in_progress = false;
    for (int i = 0; i < join_count + kept_count; i++) {
        ncclResult_t result = i < join_count ? sim_await_join(joins[i]) : sim_issue(&kept[i - join_count]);
        if (result == ncclInProgress) in_progress = true;
        else if (failure == ncclSuccess) failure = result;
    }
    join_count = kept_count = 0;
    return failure != ncclSuccess ? failure : in_progress ? ncclInProgress : ncclSuccess;
}
