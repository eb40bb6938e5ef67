/* How often each GPU was looked at: what a state may wait for. */
#include "internal.h"

static unsigned looks[SIM_MOST_GPUS];

static bool known(int gpu) { return gpu >= 0 && gpu < SIM_MOST_GPUS; }

void sim_looked(int gpu) {
    if (known(gpu)) looks[gpu]++;
}

unsigned sim_looks(int gpu) { return known(gpu) ? looks[gpu] : 0; }
