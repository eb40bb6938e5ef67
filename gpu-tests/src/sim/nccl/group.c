/* Groups: what a thread calls between start and end is kept, and done at the end of the outermost one. */
#include "internal.h"

static _Thread_local int depth;
static _Thread_local size_t kept_count, join_count;
static _Thread_local struct sim_collective *kept;
static _Thread_local ncclComm_t *joins;

static void *grown(void *array, size_t count, size_t element) {
    if (count % 64 != 0) return array;
    void *larger = realloc(array, (count + 64) * element);
    if (larger == NULL) abort();
    return larger;
}

bool sim_group_keep(const struct sim_collective *collective) {
    if (depth == 0) return false;
    kept = grown(kept, kept_count, sizeof *kept);
    kept[kept_count++] = *collective;
    return true;
}

bool sim_group_keep_join(ncclComm_t comm) {
    if (depth == 0) return false;
    joins = grown(joins, join_count, sizeof *joins);
    joins[join_count++] = comm;
    return true;
}

EXPORT ncclResult_t ncclGroupStart(void) {
    depth++;
    return ncclSuccess;
}

static bool is_first_of_its_communicator(size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (kept[i].comm == kept[index].comm) return false;
    }
    return true;
}

/* The first failure; ncclInProgress where all went well and a communicator is non-blocking. */
EXPORT ncclResult_t ncclGroupEnd(void) {
    if (depth == 0) return sim_fail(ncclInvalidUsage, "ncclGroupEnd: not in a group call");
    if (--depth > 0) return ncclSuccess;
    ncclResult_t failure = ncclSuccess;
    bool in_progress = false;
    for (size_t i = 0; i < join_count + kept_count; i++) {
        size_t k = i - join_count;
        if (i >= join_count && !is_first_of_its_communicator(k)) continue;
        ncclResult_t result = i < join_count ? sim_await_join(joins[i]) : sim_issue(&kept[k], kept_count - k);
        if (result == ncclInProgress) in_progress = true;
        else if (failure == ncclSuccess) failure = result;
    }
    free(joins);
    free(kept);
    joins = NULL;
    kept = NULL;
    join_count = kept_count = 0;
    return failure != ncclSuccess ? failure : in_progress ? ncclInProgress : ncclSuccess;
}
