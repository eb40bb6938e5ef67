/*
 * Faults on demand: NEURONTP_SIM_FAULT is a comma-separated list of what@place[:rank][#n][=bytes]. Without a rank all
 * ranks have it, without #n it comes every time the place is passed, without =bytes at every size. docs/nccl.md lists
 * what and place.
 */
#include <stdio.h>

#include "common.h"

/* The part behind a mark, which is cut off; NULL where there is none. */
static char *cut(char *text, char mark) {
    char *at = strchr(text, mark);
    if (at != NULL) *at++ = '\0';
    return at;
}

static bool is_for_rank(const char *only, int rank, int peer) {
    if (only == NULL) return true;
    int first = -1, second = -1;
    int numbers = sscanf(only, "%d-%d", &first, &second);
    if (peer < 0) return numbers == 1 && first == rank;
    return numbers == 2 && ((first == rank && second == peer) || (first == peer && second == rank));
}

bool sim_find_fault(const char *what, const char *place, int rank, int peer, uint64_t count, size_t bytes) {
    const char *faults = getenv("NEURONTP_SIM_FAULT");
    if (faults == NULL) return false;
    char list[4096], wanted[64];
    snprintf(list, sizeof list, "%s", faults);
    snprintf(wanted, sizeof wanted, "%s@%s", what, place);
    char *rest = NULL;
    for (char *fault = strtok_r(list, ",", &rest); fault != NULL; fault = strtok_r(NULL, ",", &rest)) {
        const char *size = cut(fault, '='), *number = cut(fault, '#'), *only = cut(fault, ':');
        if (strcmp(fault, wanted) != 0 || !is_for_rank(only, rank, peer)) continue;
        if (number != NULL && strtoull(number, NULL, 10) != count) continue;
        if (size != NULL && strtoull(size, NULL, 10) != bytes) continue;
        return true;
    }
    return false;
}
