/*
 * NCCL's own diagnostics (2.31 and later): with NCCL_RUN_DIAGNOSTICS=1 rank 0 prints what it found to stdout at each init,
 * whatever NCCL_DEBUG says. It never fails an init. The fault broken@pair:a-b lets the check fail for a pair.
 */
#include <stdio.h>
#include <unistd.h>

#include "internal.h"

#define FIRST_VERSION 23100

static void print(const char *text) {
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    printf("%s:%d NCCL DIAG %s\n", host, (int)getpid(), text);
}

void sim_run_diagnostics(ncclComm_t comm) {
    const char *asked = sim_setting("NCCL_RUN_DIAGNOSTICS");
    int version = 0, tested = comm->ranks * (comm->ranks - 1), passed = tested;
    char line[256];
    ncclGetVersion(&version);
    if (comm->rank != 0 || version < FIRST_VERSION || asked == NULL || strcmp(asked, "1") != 0) return;
    print("=== NCCL Diagnostics ===");
    for (int a = 0; a < comm->ranks; a++) {
        for (int b = 0; b < comm->ranks; b++) {
            if (a == b || !sim_pair_fault("broken", a, b, 1)) continue;
            snprintf(line, sizeof line, "[INFO] p2p: write mismatch from rank %d to rank %d (neurontp simulation)", a, b);
            print(line);
            passed--;
        }
    }
    if (passed < tested)
        snprintf(line, sizeof line, "[INFO] p2p: only %d/%d GPU-to-GPU peer accesses passed verification", passed, tested);
    else
        snprintf(line, sizeof line, "[OK]   p2p: verified P2P access in both directions between every GPU pair "
                 "(%d peer accesses)", tested);
    if (tested > 0) print(line);
    snprintf(line, sizeof line, "NCCL diagnostics completed in 0.1 ms across %d ranks", comm->ranks);
    print(line);
    fflush(stdout);
}
